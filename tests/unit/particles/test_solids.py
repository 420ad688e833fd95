from __future__ import annotations

import typing

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.particles.options import ParticleShape, ShapeKind
from heterobuild.particles.orientation import orient
from heterobuild.particles.sizes import size_of
from heterobuild.particles.solids import make_solids

SIZES = {
    "platelet": {"octahedra": 8, "monolayers": 3},
    "rod": {"octahedra": (5, 9)},
    "wulff": {"octahedra": 9, "facets": {"100": 1.0, "111": 1.2}},
}


FORMS = [(kind, "square") for kind in typing.get_args(ShapeKind)]


@pytest.mark.parametrize(("kind", "section"), [*FORMS, ("rod", "round"), ("wire", "round")])
@pytest.mark.parametrize("name", ["CsPbBr3_cubic", "CsPbI3_gamma"])
def test_room_lies_in_the_form_and_both_in_the_box(name, kind, section):
    options = ParticleShape(kind=kind, section=section, **SIZES.get(kind, {"octahedra": 9}))
    crystal = load_phase(name)
    found = make_solids(options, crystal, size_of(options), orient(options, crystal))
    half = np.array(found.shape.half)
    box = np.where(np.isfinite(half), half, 50.0)
    points = np.random.default_rng(1).uniform(-1.2, 1.2, (40_000, 3)) * box
    inside = found.shape.distance(points) <= 0
    room = found.carving.distance(points) <= 0
    assert room.any()
    assert (inside | ~room).all()
    assert (np.abs(points[inside]) <= half + 1e-9).all()
    assert (np.isinf(half) == [False, False, kind == "wire"]).all()
    assert set(found.parity) <= {"A", "B"}
    for key, value in found.taken.items():
        assert key.endswith(("_A", "_A3", "_octahedra"))
        assert value


def test_sizes_of_round_and_plain_forms():
    crystal = load_phase("CsPbBr3_cubic")

    def taken(**given):
        options = ParticleShape(**given)
        return make_solids(options, crystal, size_of(options), orient(options, crystal)).taken

    rod = taken(kind="rod", section="round", radius=15, lengths=50)
    assert rod["taken_octahedra"] == [None, None, 9]
    assert rod["taken_A"] == pytest.approx([30, 30, 9 * 5.874])
    tilted = taken(kind="rod", section="round", radius=15, lengths=50, axis=(1, 1, 1))
    assert tilted == {"taken_A": [30, 30, 50]}
    assert taken(kind="ellipsoid", octahedra=(2, 3, 4))["taken_A"] == pytest.approx(
        [2 * 5.874, 3 * 5.874, 4 * 5.874]
    )
