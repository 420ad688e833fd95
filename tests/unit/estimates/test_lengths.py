import pytest

from heterobuild.errors import UnknownNameError
from heterobuild.estimates.lengths import (
    bond_length,
    octahedron_height,
    pseudocubic_length,
    sheet_length,
)
from heterobuild.estimates.library_fits import perovskite_fit


def test_any_known_ions_give_a_length():
    for a in ("K", "Rb", "Cs", "NH4", "MA", "FA", "GUA"):
        for b in ("Mg", "Ca", "Ba", "Zn", "Ge", "Sn", "Pb", "Eu"):
            lengths = [pseudocubic_length(a, b, x).value for x in ("F", "Cl", "Br", "I")]
            assert lengths == sorted(lengths)
            assert 3.5 < lengths[0] < lengths[-1] < 7.5


def test_the_error_is_that_of_the_fit_inside_and_larger_outside():
    fit = perovskite_fit()
    assert pseudocubic_length("Cs", "Pb", "Br").error == fit.error
    assert pseudocubic_length("Li", "Ba", "I").error > 1.3 * fit.error


def test_rules_are_told():
    assert "24 perovskites" in pseudocubic_length("Cs", "Pb", "Br").rule
    assert "23 perovskites" in pseudocubic_length("Cs", "Pb", "Br", without=["CsPbBr3"]).rule
    assert "MAPbI3" in sheet_length("Pb", "I", 1).rule
    assert "2 in-plane lengths" in octahedron_height("Pb", "I", 3).rule


def test_unknown_ions_are_refused():
    with pytest.raises(UnknownNameError, match="Xx"):
        pseudocubic_length("Cs", "Xx", "Br")


def test_thicker_sheets_add_whole_octahedra():
    heights = [octahedron_height("Pb", "I", n).value for n in (2, 3, 4)]
    step = sheet_length("Pb", "I", 3).value
    assert heights[1] - heights[0] == pytest.approx(step)
    assert heights[2] - heights[1] == pytest.approx(step)


def test_a_single_sheet_is_two_bonds_thick():
    assert octahedron_height("Sn", "I").value == pytest.approx(
        2 * bond_length("Sn", "I").value, rel=0.02
    )
