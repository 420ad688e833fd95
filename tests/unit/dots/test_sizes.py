"""Numbers and sizes of dots."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.dots.sizes import Placement, dot_forms
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.particles.options import ParticleShape

CUBIC = load_crystal("CsPbBr3_cubic")
BALL = ParticleShape(kind="sphere", radius=15.0)


def forms(shape: ParticleShape, *, volume: float = 1e6, **placement: object):
    return dot_forms(shape, CUBIC, Placement(**placement), volume=volume, seed=4)


def test_equal_dots_share_one_form():
    found = forms(BALL, count=5)
    assert len(found) == 5
    assert len({id(form) for form in found}) == 1


def test_the_volume_fraction_gives_the_number():
    share = 0.2
    expected = share * 1e6 / (4 / 3 * np.pi * 15.0**3)
    assert abs(len(forms(BALL, volume_fraction=share)) - expected) <= 1


def test_a_distribution_has_its_mean_and_spread():
    radii = np.array(
        [
            form.shape.half[0]
            for form in forms(BALL, volume=1e8, count=800, distribution="normal", spread=0.1)
        ]
    )
    assert radii.mean() == pytest.approx(15.0, rel=0.02)
    assert radii.std() / radii.mean() == pytest.approx(0.1, rel=0.15)


def test_more_dots_than_volume_are_refused_before_they_are_made():
    ball = 4 / 3 * np.pi * 15.0**3
    assert len(forms(BALL, count=70)) == 70
    with pytest.raises(NothingFitsError) as caught:
        forms(BALL, count=1_000_000, distribution="normal", spread=0.01)
    share = float(str(caught.value.measured).rpartition(" ")[2])
    assert share == pytest.approx(1e6 * ball / 1e6, rel=2e-3)


@pytest.mark.parametrize(
    "shape",
    [
        ParticleShape(octahedra=5),
        ParticleShape(kind="cuboid", octahedra=(4, 5, 6)),
        ParticleShape(kind="octahedron", octahedra=6),
        ParticleShape(kind="rod", section="round", octahedra=(4, 6)),
        ParticleShape(kind="platelet", octahedra=(5,), monolayers=3),
        ParticleShape(kind="ellipsoid", lengths=(30.0, 35.0, 40.0)),
    ],
)
def test_all_kinds_can_differ_in_size(shape):
    found = forms(shape, volume=1e8, count=20, distribution="log-normal", spread=0.3)
    sizes = {tuple(np.round(form.shape.half, 3)) for form in found}
    assert len(sizes) > 3
    assert len({form.kind for form in found}) == 1


@pytest.mark.parametrize(
    ("shape", "placement", "words"),
    [
        (BALL, {"count": 0}, "at least 1"),
        (BALL, {"volume_fraction": 1.2}, "between 0 and 1"),
        (ParticleShape(kind="wire", octahedra=3), {}, "an end in all directions"),
    ],
)
def test_what_cannot_be_is_refused(shape, placement, words):
    with pytest.raises(UsageError, match=words):
        forms(shape, **placement)
