"""Estimated lengths against measured ones that were not used: within the library and beyond."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.compounds import load_crystal
from heterobuild.crystals.phase_names import find_phase
from heterobuild.estimates.lengths import pseudocubic_length
from heterobuild.estimates.library_fits import LONE_PAIR, perovskite_fit
from heterobuild.estimates.measured_lengths import bonds
from heterobuild.prototypes.builders import build_prototype
from heterobuild.prototypes.leave_one_out import leave_one_out, mean_errors

ROWS = leave_one_out()

# Å; cubic halide perovskites that the library does not hold, from published tables of cubic
# perovskites.
ELSEWHERE = {
    ("K", "Co", "F"): 4.069,
    ("K", "Fe", "F"): 4.121,
    ("K", "Zn", "F"): 4.055,
    ("Rb", "Mn", "F"): 4.240,
    ("Rb", "Ca", "F"): 4.453,
    ("Rb", "Cd", "F"): 4.399,
    ("Cs", "Cd", "F"): 4.467,
    ("Tl", "Mn", "Cl"): 5.02,
    ("Cs", "Eu", "Cl"): 5.61,
}

# Mean and largest relative error allowed: what was reached, rounded up. The targets are 1 % for
# pseudo-cubic lengths and 5 % for other lengths.
REACHED = {
    "pseudo-cubic length": (0.005, 0.015),
    "bond of B to X": (0.010, 0.035),
    "in-plane length of a sheet": (0.011, 0.035),
    "thickness of a single sheet": (0.010, 0.020),
    "a of abx3, delta": (0.015, 0.020),
    "b of abx3, delta": (0.015, 0.025),
    "c of abx3, delta": (0.010, 0.020),
    "a of abx3, 2H": (0.010, 0.015),
    "c of abx3, 2H": (0.015, 0.045),
    "a of a4bx6, 0D": (0.010, 0.015),
    "c of a4bx6, 0D": (0.010, 0.015),
    "a of ab2x5, 2D": (0.010, 0.010),
    "c of ab2x5, 2D": (0.015, 0.015),
    "a of ab2x3, 1D": (0.010, 0.010),
    "b of ab2x3, 1D": (0.010, 0.010),
    "c of ab2x3, 1D": (0.030, 0.030),
    "a of double_perovskite, double-perovskite": (0.010, 0.025),
    "a of a2bx6, vacancy-ordered": (0.010, 0.020),
}


def test_errors_of_compounds_left_out():
    found = mean_errors()
    assert set(found) == set(REACHED)
    for quantity, (mean, largest, _) in found.items():
        assert mean <= REACHED[quantity][0], quantity
        assert largest <= REACHED[quantity][1], quantity


def test_target_of_one_percent_for_pseudocubic_lengths():
    mine = [row for row in ROWS if row.quantity == "pseudo-cubic length"]
    assert len(mine) >= 24
    assert np.mean([abs(row.error) for row in mine]) <= 0.01
    assert max(abs(row.error) for row in mine) < 0.02


def test_lead_and_tin_halides_are_within_half_a_percent_on_average():
    mine = [
        row
        for row in ROWS
        if row.quantity == "pseudo-cubic length" and ("Pb" in row.formula or "Sn" in row.formula)
    ]
    assert len(mine) >= 13
    assert np.mean([abs(row.error) for row in mine]) < 0.005


def test_stated_errors_are_honest():
    """Of errors with a long tail, twice the mean covers about nine in ten."""
    inside = []
    for row in ROWS:
        if row.quantity == "pseudo-cubic length":
            a, b, x = (parse_compound(row.formula).on(site).parent for site in "ABX")
            stated = pseudocubic_length(a, b, x, without=[row.formula]).error
            inside.append(abs(row.error) <= 2 * stated)
    assert np.mean(inside) >= 0.85


def test_perovskites_that_the_library_does_not_hold():
    errors = {ions: pseudocubic_length(*ions).value / a - 1 for ions, a in ELSEWHERE.items()}
    assert max(map(abs, errors.values())) < 0.015
    assert np.mean(np.abs(list(errors.values()))) < 0.0075


def test_lone_pairs_are_needed():
    """Without the term for the pair, germanium halides come out 5 % too small."""
    fit = perovskite_fit()
    _, _, pair, _ = fit.coefficients
    for formula, measured in zip(fit.names, fit.lengths, strict=True):
        b = parse_compound(formula).on("B").parent
        if b == "Ge":
            value = pseudocubic_length("Cs", "Ge", formula.removeprefix("CsGe")[:-1]).value
            assert value / measured - 1 == pytest.approx(0, abs=0.01)
            assert (value - pair * (1.19 - 0.73)) / measured - 1 < -0.05
    assert LONE_PAIR == ("Ge", "Sn", "Pb")


@pytest.mark.parametrize("name", ["Cs4PbBr6", "Cs4PbCl6", "Cs4PbI6", "CsPb2Br5", "CsPb2Cl5"])
def test_families_are_rebuilt_with_their_first_shell(name):
    """From the formula alone, the phase itself unused: six or eight bonds of Pb."""
    measured = load_crystal(name)
    made = build_prototype(parse_compound(name), without=[name])
    assert made.space_group_number == measured.space_group_number
    np.testing.assert_allclose(made.cell, measured.cell, rtol=0.015, atol=1e-9)
    shells = [np.sort(bonds(crystal.atoms)[2]) for crystal in (made, measured)]
    count = 6 * made.z if "4Pb" in name else 16 * made.z
    np.testing.assert_allclose(shells[0][:count], shells[1][:count], rtol=0.03)


@pytest.mark.parametrize("name", ["CsPbBr3_delta", "CsPbI3_delta", "CsSnI3_delta"])
def test_delta_phases_are_rebuilt_with_their_first_shell(name):
    """The six bonds of the metal, which are spread from 2.9 to 3.5 Å, to 0.2 Å each."""
    phase = find_phase(name)[0]
    made = build_prototype(parse_compound(phase.formula), "delta", without=[name])
    measured = load_crystal(name)
    np.testing.assert_allclose(np.diag(made.cell), np.diag(measured.cell), rtol=0.03)
    mine, theirs = (np.sort(bonds(crystal.atoms)[2])[:24] for crystal in (made, measured))
    np.testing.assert_allclose(mine, theirs, atol=0.2)
    assert mine.mean() == pytest.approx(theirs.mean(), rel=0.03)


@pytest.mark.parametrize(
    "name", ["Cs2AgBiBr6", "Cs2AgBiCl6", "Cs2NaInCl6", "Cs2SnI6", "Cs2SnBr6", "Cs2ZrCl6", "K2SnCl6"]
)
def test_cubic_double_and_vacancy_ordered_perovskites_are_rebuilt(name):
    made, measured = build_prototype(parse_compound(name), without=[name]), load_crystal(name)
    assert made.cell[0, 0] == pytest.approx(measured.cell[0, 0], rel=0.025)
    mine, theirs = (np.sort(bonds(crystal.atoms)[2]) for crystal in (made, measured))
    np.testing.assert_allclose(mine, theirs, rtol=0.04)
