from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.cap_turns import turned_caps
from heterobuild.compounds import load_crystal
from heterobuild.slabs import cut_slab
from heterobuild.slabs.caps import cap_slab


@pytest.fixture(scope="module")
def pair(facing):
    def parts(caps, coverage=1.0, repeats=(2, 2)):
        slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1, symmetric=True)
        capped = cap_slab(slab, top=caps, coverage=coverage)
        lower, _, frame = facing(slab, capped, repeats=repeats)
        return lower, frame

    return parts


def test_quarters_turn_each_head_about_its_square(pair):
    lower, frame = pair({"PEA": 1.0})
    ions = lower.atoms.arrays["molecule"] == 0
    head = lower.atoms.numbers == 7
    square = np.array([0.5, 0.5]) * 5.874
    first = lower.atoms.positions[head, :2] - square
    away = first - np.rint(first / 5.874) * 5.874
    turned = turned_caps(lower, frame.whole, top=True)
    assert len(turned) == 3
    for quarter, part in enumerate(turned, 1):
        assert (part.atoms.positions[ions] == lower.atoms.positions[ions]).all()
        moved = part.atoms.positions[head, :2] - square
        moved -= np.rint(moved / 5.874) * 5.874
        angle = np.pi / 2 * quarter
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        assert moved == pytest.approx(away @ turn, abs=1e-6)


def test_molecules_stay_rigid_and_upright(pair):
    lower, frame = pair({"PEA": 1.0})
    one = np.flatnonzero(lower.atoms.arrays["molecule"] == 1)
    shape = lower.atoms.get_all_distances()[np.ix_(one, one)]
    for part in turned_caps(lower, frame.whole, top=True):
        assert part.atoms.get_all_distances()[np.ix_(one, one)] == pytest.approx(shape)
        assert part.atoms.positions[one, 2] == pytest.approx(lower.atoms.positions[one, 2])


@pytest.mark.parametrize(
    ("caps", "coverage"), [({"PEA": 1.0}, 0.5), ({"PEA": 0.5, "BA": 0.5}, 1.0), (None, 1.0)]
)
def test_open_and_mixed_layers_are_not_turned(pair, caps, coverage):
    lower, frame = pair(caps, coverage)
    assert turned_caps(lower, frame.whole, top=True) == []


def test_the_bare_face_has_nothing_to_turn(pair):
    lower, frame = pair({"PEA": 1.0})
    assert turned_caps(lower, frame.whole, top=False) == []
