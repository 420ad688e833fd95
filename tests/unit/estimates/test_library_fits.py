import numpy as np
import pytest

from heterobuild.estimates.library_fits import (
    bond_fit,
    bond_terms,
    octahedra_across,
    perovskite_fit,
    perovskite_terms,
    sheet_ions,
    sheet_ratio,
    terminal_ratio,
)


def test_terms_are_the_radii_of_shannon():
    """Pb 1.19, Sn 1.10, Cs 1.88 with twelve neighbours, I 2.20, F 1.285 with two."""
    np.testing.assert_allclose(perovskite_terms("Cs", "Sn", "I"), [1, 3.30, 0.09, 1.88])
    np.testing.assert_allclose(bond_terms("Sr", "F"), [1, 1.18 + 1.285, 0])


def test_slopes_are_physical():
    """All ions push the lattice apart; a cube of touching spheres would have slope 2 in rB + rX,
    and a lone pair gives back a part of what Sn and Ge lack against Pb."""
    _, bond, pair, cation = perovskite_fit().coefficients
    assert 0 < cation < bond < 2
    assert 0 < pair < bond


def test_leaving_out_by_phase_or_formula_is_the_same():
    by_phase = perovskite_fit(frozenset({"CsPbI3_beta"}))
    by_formula = perovskite_fit(frozenset({"CsPbI3"}))
    assert "CsPbI3" not in by_phase.names
    np.testing.assert_array_equal(by_phase.coefficients, by_formula.coefficients)
    assert len(perovskite_fit().names) == len(by_phase.names) + 1


def test_bonds_are_near_half_the_pseudocubic_length():
    fit = bond_fit()
    cubes = dict(zip(perovskite_fit().names, perovskite_fit().lengths, strict=True))
    ratios = np.array([2 * d / cubes[n] for n, d in zip(fit.names, fit.lengths, strict=True)])
    assert (ratios > 0.999).all()  # tilts make the cube smaller than the octahedron
    assert (ratios < 1.04).all()


def test_ratios_of_sheets():
    single, thick = sheet_ratio(single=True), sheet_ratio(single=False)
    assert single[2] + thick[2] == 16
    assert single[0] == pytest.approx(1, abs=0.02)
    assert thick[0] == pytest.approx(1, abs=0.01)
    assert terminal_ratio()[0] == pytest.approx(1, abs=0.03)
    fewer = sheet_ratio(single=True, without=frozenset({"PEA2PbI4"}))
    assert fewer[2] == single[2] - 1


def test_ions_of_sheets():
    assert sheet_ions("BA2MAPb2I7") == ("Pb", "I", "I")
    assert sheet_ions("Cs2PbI2Cl2") == ("Pb", "Cl", "I")
    assert [octahedra_across(f) for f in ("PEA2SnI4", "BA2MA3Pb4I13")] == [1, 4]
