from __future__ import annotations

import pytest

from heterobuild.alloys.member_crystals import choose_members
from heterobuild.alloys.member_phases import label_of, nearest_crystal, perovskite_phase
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals import load_phase


def phases(formula, **options):
    shares = choose_members(parse_compound(formula), **options)
    return {share.member.crystal.space_group for share in shares}


# Phases at room temperature as reported: a little FA or Cl does not change CsPbI3 or MAPbI3;
# MAPb(1-x)Sn(x)I3 is I4cm up to x = 0.5 (10.1021/ic401215x); MAPb(I1-xBrx)3 is cubic from about
# x = 0.2 (10.1021/nl400349b); FA0.83Cs0.17Pb(I0.6Br0.4)3 is pseudo-cubic (10.1126/science.aad5845).
@pytest.mark.parametrize(
    ("formula", "group"),
    [
        ("Cs0.95FA0.05PbI3", "Pnma"),
        ("MAPbI2.99Cl0.01", "I4/mcm"),
        ("MAPb(I0.9Br0.1)3", "I4/mcm"),
        ("MAPb(I0.6Br0.4)3", "Pm-3m"),
        ("MAPb0.5Sn0.5I3", "I4/mcm"),
        ("FA0.83Cs0.17Pb(I0.6Br0.4)3", "Pm-3m"),
        ("FA0.6MA0.4PbI3", "Pm-3m"),
        ("CsPb(Br0.5I0.5)3", "Pnma"),
    ],
)
def test_phases_at_room_temperature(formula, group):
    assert phases(formula) == {group}


def test_the_temperature_counts():
    assert phases("CsPb(Br0.5I0.5)3", temperature=600.0) == {"Pm-3m"}


def test_nothing_known_gives_no_phase():
    assert perovskite_phase([[], []], [0.5, 0.5], 298.0) is None
    assert nearest_crystal([], 298.0) is None


def test_of_equal_shares_the_less_symmetric_phase():
    cubic, tilted = load_phase("CsSnBr3_cubic"), load_phase("CsPbBr3_orthorhombic")
    found = [[(cubic, "cubic")], [(tilted, "orthorhombic")]]
    assert perovskite_phase(found, [0.5, 0.5], 298.0) == "orthorhombic"
    assert perovskite_phase(found, [0.55, 0.45], 298.0) == "cubic"


def test_labels_of_other_structure_types():
    assert label_of(load_phase("Cs4PbBr6"), "a4bx6") == "R-3c"
