import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.prototypes.family_members import FAMILIES, family_members, nearest_member

VACANCY = next(family for family in FAMILIES if family.prototype == "a2bx6")


@pytest.mark.parametrize("formula", ["FA2PtI6", "Cs2PtI6", "MA2SnI6", "Cs2ZrI6", "FA2HfBr6"])
def test_tellurium_is_no_template_for_metals_without_a_lone_pair(formula):
    members = family_members(VACANCY)
    assert any(member.formula == "Cs2TeI6" for member in members)
    assert nearest_member(members, parse_compound(formula)).formula != "Cs2TeI6"


@pytest.mark.parametrize("formula", ["Rb2TeCl6", "FA2TeI6"])
def test_tellurium_is_the_template_for_tellurium(formula):
    assert nearest_member(family_members(VACANCY), parse_compound(formula)).formula == "Cs2TeI6"


def test_the_template_does_not_depend_on_a():
    members = family_members(VACANCY)
    chosen = {nearest_member(members, parse_compound(f"{a}2PtI6")).name for a in ("Cs", "FA", "MA")}
    assert len(chosen) == 1


def test_members_of_a_compound_are_left_out_together():
    every, rest = family_members(VACANCY), family_members(VACANCY, without=["Cs2SnI6_cubic"])
    assert {m.formula for m in every} - {m.formula for m in rest} == {"Cs2SnI6"}
