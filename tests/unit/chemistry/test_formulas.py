from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heterobuild.chemistry.formulas import expand_formula, hill_formula, unit_formula
from heterobuild.errors import UsageError


@pytest.mark.parametrize(
    ("counts", "formula"),
    [
        ({"Br": 19, "Pb": 6, "Cs": 7}, "Cs7Pb6Br19"),
        ({"Cl": 18, "Pb": 6, "MA": 6}, "MA6Pb6Cl18"),
        ({"I": 4, "R-MBA": 2, "Pb": 1}, "(R-MBA)2PbI4"),
        ({"Pb": 2, "I": 7, "MA": 1, "BA": 2}, "BA2MAPb2I7"),
        ({"Bi": 1, "Ag": 1, "Cs": 2, "Br": 6}, "Cs2AgBiBr6"),
        ({"O": 3, "Ti": 1, "Sr": 1}, "SrTiO3"),
        ({"2T": 2, "Pb": 1, "I": 4}, "(2T)2PbI4"),
        ({"Pb": 1, "Br": 2, "Cs": 0}, "PbBr2"),
        ({}, ""),
    ],
)
def test_units_in_field_order(counts, formula):
    assert unit_formula(counts) == formula


def test_order_of_insertion_does_not_matter():
    counts = {"Cs": 1, "FA": 3, "Pb": 4, "I": 9, "Br": 3}
    assert unit_formula(counts) == unit_formula(dict(reversed(counts.items())))


def test_an_order_of_ones_own():
    assert unit_formula({"Pb": 1, "Br": 3, "Cs": 1}, order=["Br", "Pb"]) == "Br3PbCs"


def test_hill_formula_without_carbon_is_alphabetic():
    assert hill_formula([17, 1]) == "ClH"
    assert hill_formula([1, 1, 8]) == "H2O"
    assert hill_formula([]) == ""


def test_hill_formula_agrees_with_pymatgen():
    from pymatgen.core import Composition

    numbers = [6] * 18 + [1] * 13 + [9] * 2 + [8, 15]
    theirs = Composition("C18H13F2OP").hill_formula.replace(" ", "")
    assert hill_formula(numbers) == theirs


@pytest.mark.parametrize(
    ("formula", "counts"),
    [
        ("CsPbBr3", {"Cs": 1, "Pb": 1, "Br": 3}),
        ("CH3NH3PbI3", {"MA": 1, "Pb": 1, "I": 3}),
        ("CH(NH2)2SnI3", {"FA": 1, "Sn": 1, "I": 3}),
        ("(C4H12N)2(CH3NH3)2Pb3I10", {"BA": 2, "MA": 2, "Pb": 3, "I": 10}),
        ("(R-C8H12N)2PbI4", {"R-MBA": 2, "Pb": 1, "I": 4}),
        ("RMBA2PbI4", {"R-MBA": 2, "Pb": 1, "I": 4}),
        ("2T2PbI4", {"2T": 2, "Pb": 1, "I": 4}),
        ("3AMP_PbI4", {"3AMP": 1, "Pb": 1, "I": 4}),
        ("PMA2CH3NH3Pb2I7", {"PMA": 2, "MA": 1, "Pb": 2, "I": 7}),
        ("pFPEA2PbI4", {"pFPEA": 2, "Pb": 1, "I": 4}),
        ("(NH4)2SnBr6", {"NH4": 2, "Sn": 1, "Br": 6}),
        ("Cs₂[PbI₂]Cl₂", {"Cs": 2, "Pb": 1, "I": 2, "Cl": 2}),
        ("CsBrCsBr", {"Cs": 2, "Br": 2}),
    ],
)
def test_expand(formula, counts):
    assert expand_formula(formula) == counts


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("", "no element"),
        ("MAPb0.5Sn0.5I3", "fraction"),
        ("CsPbX3", "X3"),
        ("Cs(PbBr3", "not closed"),
        ("CsPb)Br3", "closes too early"),
        ("(C8H12N)2PbI4", "PEA, R-MBA, S-MBA"),
        ("cspbbr3", "cspbbr3"),
        ("PbIx", "x"),
    ],
)
def test_what_cannot_be_read_says_why(formula, reason):
    with pytest.raises(UsageError) as caught:
        expand_formula(formula)
    assert reason in str(caught.value)


UNITS = ("Cs", "MA", "FA", "BA", "R-MBA", "2T", "pFPEA", "Pb", "Sn", "Br", "I", "Cl", "C", "O")


@given(st.dictionaries(st.sampled_from(UNITS), st.integers(1, 500), min_size=1))
def test_reading_undoes_writing(counts):
    assert expand_formula(unit_formula(counts)) == counts
