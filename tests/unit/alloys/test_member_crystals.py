from __future__ import annotations

import pytest

from heterobuild.alloys.member_crystals import choose_members, label_of
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals import load_phase
from heterobuild.errors import UsageError


def names(formula, **options):
    shares = choose_members(parse_compound(formula), **options)
    return {share.member.crystal.name: round(share.weight, 9) for share in shares}


def test_weights_are_products_of_shares():
    assert names("FA0.85Cs0.15Pb(Br0.4I0.6)3") == {
        "FAPbI3_alpha": 0.51,
        "FAPbBr3_cubic": 0.34,
        "CsPbI3_alpha": 0.09,
        "CsPbBr3_cubic": 0.06,
    }


def test_the_yellow_phase_is_no_member_of_a_perovskite():
    assert load_phase("CsPbI3").name == "CsPbI3_delta"
    assert names("CsPb(Br0.4I0.6)3") == {"CsPbI3_gamma": 0.6, "CsPbBr3_orthorhombic": 0.4}


def test_the_stable_phase_of_the_largest_member_is_preferred():
    # CsPbBr3 is orthorhombic at room temperature; FAPbBr3 is known cubic only.
    assert set(names("CsPb(Br0.9Cl0.1)3")) == {"CsPbBr3_orthorhombic", "CsPbCl3_orthorhombic"}
    assert set(names("Cs0.9FA0.1PbBr3")) == {"CsPbBr3_orthorhombic", "FAPbBr3_orthorhombic"}
    assert set(names("Cs0.1FA0.9PbBr3")) == {"CsPbBr3_cubic", "FAPbBr3_cubic"}


def test_the_temperature_chooses_where_no_phase_is_stable():
    assert set(names("CsPb(Br0.4I0.6)3", temperature=600.0)) == {"CsPbI3_alpha", "CsPbBr3_cubic"}


@pytest.mark.parametrize(
    ("phase", "wanted"),
    [
        ("cubic", {"CsPbI3_alpha", "CsPbBr3_cubic"}),
        ("gamma", {"CsPbI3_gamma", "CsPbBr3_orthorhombic"}),
        ("P4/mbm", {"CsPbI3_beta", "CsPbBr3_tetragonal"}),
        ("delta", {"CsPbI3_delta", "CsPbBr3_delta"}),
    ],
)
def test_a_wanted_phase_by_any_of_its_names(phase, wanted):
    assert set(names("CsPb(Br0.4I0.6)3", phase=phase)) == wanted


def test_what_the_library_lacks_is_estimated_in_the_phase_of_the_others():
    shares = choose_members(parse_compound("Cs0.9Rb0.1PbBr3"))
    measured, estimated = (share.member.crystal for share in shares)
    assert measured.origin == "library"
    assert estimated.origin == "model"
    assert estimated.formula == "RbPbBr3"
    assert estimated.space_group == measured.space_group == "Pnma"


def test_a_measured_phase_of_one_member_is_wanted_of_all():
    shares = choose_members(parse_compound("FA0.9Cs0.1PbBr3"), phase="tetragonal")
    assert [share.member.crystal.origin for share in shares] == ["model", "library"]
    assert {share.member.crystal.space_group for share in shares} == {"P4/mbm"}


def test_an_unknown_phase_is_refused():
    with pytest.raises(UsageError, match="unknown phase 'purple'"):
        choose_members(parse_compound("CsPb(Br0.4I0.6)3"), phase="purple")


def test_a_phase_that_is_measured_of_none_is_estimated_of_all():
    shares = choose_members(parse_compound("CsPb0.9Ag0.05Bi0.05Br3"), phase="I4/mcm")
    assert [share.member.crystal.space_group for share in shares] == ["I4/mcm", "Fm-3m"]
    assert [share.member.crystal.origin for share in shares] == ["model", "library"]
    with pytest.raises(UsageError, match="unknown phase"):
        choose_members(parse_compound("Cs4Pb(Br0.5I0.5)6"), phase="I4/mcm")


def test_members_without_a_common_phase_keep_their_own():
    shares = choose_members(parse_compound("CsGe0.9Sn0.1I3"))
    assert [share.member.phase for share in shares] == ["trigonal", "orthorhombic"]
    assert [share.member.crystal.origin for share in shares] == ["library", "library"]
    # Nothing is known of RbGeI3, and there is no model of trigonal phases.
    shares = choose_members(parse_compound("Cs0.9Rb0.1GeI3"))
    assert [share.member.crystal.origin for share in shares] == ["library", "model"]
    assert shares[0].member.phase == "trigonal"
    # A double perovskite has no orthorhombic model.
    assert set(names("CsPb0.99Ag0.005Bi0.005Br3")) == {"CsPbBr3_orthorhombic", "Cs2AgBiBr6_cubic"}


def test_where_nothing_is_known_all_are_estimated_in_one_phase():
    shares = choose_members(parse_compound("K0.5Rb0.5PbBr3"))
    assert {share.member.crystal.origin for share in shares} == {"model"}
    assert {share.usual for share in shares} == {None}
    assert len({share.member.phase for share in shares}) == 1


def test_other_structure_types_are_found_in_their_family():
    assert set(names("Cs4Pb(Br0.5I0.5)6")) == {"Cs4PbBr6", "Cs4PbI6"}
    assert set(names("PEA2Pb(Br0.2I0.8)4")) == {"PEA2PbBr4", "PEA2PbI4"}


def test_labels():
    assert label_of(load_phase("MAPbI3_tetragonal"), "abx3") == "tetragonal"
    assert label_of(load_phase("Cs4PbBr6"), "a4bx6") == "R-3c"
    assert label_of(load_phase("CsPbBr3_delta"), "abx3") == "delta"
