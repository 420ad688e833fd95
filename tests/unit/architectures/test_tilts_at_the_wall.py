"""Options of stacks that let tilts pass a wall."""

import numpy as np
import pytest

from heterobuild.architectures.multilayer import Multilayer
from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits
from heterobuild.slabs import cut_slab
from heterobuild.tilts.angles import tilt_angles
from heterobuild.validation import check

LIMITS = MatchLimits(max_strain=0.08, max_area=100)


@pytest.fixture(scope="module")
def slabs():
    return [
        cut_slab(load_crystal(name), "001pc", layers=4)
        for name in ("CsPbBr3_cubic", "CsPbBr3_orthorhombic")
    ]


def told(built):
    (step,) = [step for step in built.steps if step.name == "tilts"]
    return {
        part: [
            np.abs([0.0 if angle is None else angle for angle in plane["angles_deg"]])
            for plane in step.values["planes"]
            if plane["part"] == part
        ]
        for part in dict.fromkeys(plane["part"] for plane in step.values["planes"])
    }


def test_tilts_are_told_where_they_are_kept(slabs):
    planes = told(Vertical(limits=LIMITS).build(*slabs))
    assert planes["substrate"][0] == pytest.approx(tilt_angles(slabs[1].crystal).angles, abs=0.01)
    assert not np.any(planes["film"])


def test_kept_is_what_there_was(slabs):
    one = Vertical(limits=LIMITS).build(*slabs)
    other = Vertical(limits=LIMITS, tilts="kept", tilt_planes=7).build(*slabs)
    assert (one.atoms.positions == other.atoms.positions).all()


@pytest.mark.parametrize("below", ["substrate", "film"])
@pytest.mark.parametrize("periodic", ["slab", "superlattice", "sandwich"])
def test_a_film_takes_the_tilts_of_its_substrate(slabs, below, periodic):
    options = Vertical(
        limits=LIMITS, tilts="matched", tilt_planes=4, below=below, periodic=periodic
    )
    built = options.build(*slabs)
    wanted = tilt_angles(slabs[1].crystal).angles
    for name, planes in told(built).items():
        inner = planes[1:-1] if name.startswith("film") else planes
        assert inner[0] == pytest.approx(wanted, rel=0.02)
    report = check(built, crystals={slab.crystal.name: slab.crystal for slab in slabs})
    assert report.passed


def test_copies_of_the_cell_have_the_same_tilts(slabs):
    one = Vertical(limits=LIMITS, tilts="ramped").build(*slabs)
    many = Vertical(limits=LIMITS, tilts="ramped", repeat=(3, 2)).build(*slabs)
    first, second = (
        next(step for step in built.steps if step.name == "tilts") for built in (one, many)
    )
    assert first.values == second.values


def test_a_multilayer_follows_its_reference(slabs):
    stack = Multilayer(limits=LIMITS, tilts="ramped", tilt_planes=2)
    built = stack.build(slabs[1], slabs[0], names=("floor", "film"))
    wanted = np.array(tilt_angles(slabs[1].crystal).angles)
    planes = told(built)["film"]
    assert planes[0] == pytest.approx(0.75 * wanted, rel=0.04)
    assert planes[1] == pytest.approx(0.25 * wanted, rel=0.04)
    assert np.max(planes[2:]) < 0.05


@pytest.mark.parametrize(
    ("options", "why"), [({"tilts": "rigid"}, "tilts"), ({"tilt_planes": 0}, "tilt_planes")]
)
def test_impossible_options_are_refused(options, why):
    for architecture in (Vertical, Multilayer):
        with pytest.raises(UsageError, match=why):
            architecture(**options)


def test_tilts_need_a_common_network(slabs):
    with pytest.raises(UsageError, match="do not share corners"):
        Vertical(limits=LIMITS, tilts="matched", shift=(0.25, 0.25)).build(*slabs)
