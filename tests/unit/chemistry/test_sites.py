from fractions import Fraction

import pytest

from heterobuild.chemistry.notation import read_units
from heterobuild.chemistry.sites import assign_sites, by_share, spacer_charge, total
from heterobuild.errors import UsageError


def sites(formula):
    found = assign_sites(read_units(formula), formula)
    return {site: {unit: int(n) for unit, n in part.items()} for site, part in found.items()}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("BA2MAPb2I7", ({"BA": 2}, {"MA": 1}, {"Pb": 2}, {"I": 7})),
        ("Cs2NaBiCl6", ({}, {"Cs": 2}, {"Na": 1, "Bi": 1}, {"Cl": 6})),
        ("Rb2LiInCl6", ({}, {"Rb": 2}, {"Li": 1, "In": 1}, {"Cl": 6})),
        ("MA2KBiCl6", ({}, {"MA": 2}, {"K": 1, "Bi": 1}, {"Cl": 6})),
        ("Cs2PbI2Cl2", ({"Cs": 2}, {}, {"Pb": 1}, {"I": 2, "Cl": 2})),
        ("EA4Pb3Cl10", ({"EA": 2}, {"EA": 2}, {"Pb": 3}, {"Cl": 10})),
        ("EA2MA2Pb3Cl10", ({"EA": 2}, {"MA": 2}, {"Pb": 3}, {"Cl": 10})),
        ("Cs4PbBr6", ({}, {"Cs": 4}, {"Pb": 1}, {"Br": 6})),
        ("CsCu2I3", ({}, {"Cs": 1}, {"Cu": 2}, {"I": 3})),
        ("LaCl3", ({}, {}, {"La": 1}, {"Cl": 3})),
    ],
)
def test_where_ions_go(formula, expected):
    assert tuple(sites(formula).values()) == expected


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("SrTiO3", "O is no halide"),
        ("CsPb", "no halide"),
        ("CsBr", "no metal"),
        ("oleate2PbI4", "anion"),
        ("DFPPO2PbI4", "neutral"),
        ("GUAMAPbI4", "alternate"),
    ],
)
def test_ions_without_a_place(formula, reason):
    with pytest.raises(UsageError, match=reason):
        assign_sites(read_units(formula), formula)


def test_spacers_of_two_charges_do_not_mix():
    assert spacer_charge({"BA": Fraction(2)}, "") == 1
    assert spacer_charge({"4AMP": Fraction(1)}, "") == 2
    assert spacer_charge({"Cs": Fraction(2)}, "") == 1
    assert spacer_charge({}, "") == 0
    with pytest.raises(UsageError, match="BA"):
        spacer_charge({"BA": Fraction(1), "4AMP": Fraction(1)}, "x")


def test_larger_shares_come_first_then_names():
    half = Fraction(1, 2)
    assert by_share({"MA": half, "FA": half, "Cs": Fraction(2)}) == (
        ("Cs", Fraction(2)),
        ("FA", half),
        ("MA", half),
    )
    assert total({}) == 0
