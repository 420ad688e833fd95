from fractions import Fraction

import pytest

from heterobuild.chemistry.formula_faults import (
    explain_charge,
    explain_composition,
    explain_tetrahedra,
    explain_unequal_charges,
    written_charge,
)
from heterobuild.chemistry.notation import read_units
from heterobuild.chemistry.sites import assign_sites
from heterobuild.chemistry.structure_types import nearest_type


def judged(formula):
    sites = assign_sites(read_units(formula), formula)
    return sites, nearest_type(sites, 1 if sites["spacer"] else 0)


@pytest.mark.parametrize(
    ("charge", "written"),
    [("1/10", "+0.1"), ("-1", "-1"), ("0", "+0"), ("1/3", "+1/3"), ("2", "+2")],
)
def test_charges_are_written_with_their_sign(charge, written):
    assert written_charge(Fraction(charge)) == written


def test_suggestions_keep_the_shares():
    error = explain_composition("x", *judged("MA0.5FA0.5PbI4"), neutral=False)
    assert "FA0.5MA0.5PbI3" in error.next_step


def test_usual_charges_are_suggested_before_unusual_ones():
    error = explain_composition("x", *judged("CsPbBr4"), neutral=False)
    assert error.next_step.endswith("CsPbBr3, CsPb2Br5, Cs4PbBr6, Cs2PbBr6")


def test_a_dopant_is_told_what_compensates_it():
    error = explain_charge("CsPb0.9In0.1Br3", *judged("CsPb0.9In0.1Br3"))
    assert "In +3 on Pb +2 adds +0.1 e" in error.next_step


def test_the_other_errors_name_metal_and_charge():
    assert "Zn" in explain_tetrahedra("Cs2ZnCl4", "Zn").what
    assert "Ag +1" in str(explain_unequal_charges("x", {"Ag": 1, "Bi": 3}).measured)


@pytest.mark.parametrize(
    ("formula", "command"),
    [
        ("CsPb0.97Bi0.03Br3", "export CsPbBr3 --dope Bi=0.03 --compensation vacancy-A"),
        ("CsPb0.9Ag0.1Br3", "export CsPbBr3 --dope Ag=0.1 --compensation vacancy-X"),
        (
            "FAPb0.95Bi0.05(Br0.4I0.6)3",
            "export 'FAPb(I0.6Br0.4)3' --dope Bi=0.05 --compensation vacancy-A",
        ),
    ],
)
def test_a_dopant_is_told_the_command(formula, command):
    assert command in explain_charge(formula, *judged(formula)).next_step
