import numpy as np
import pytest

from heterobuild.estimates.radii_fit import fit_lengths, fit_ratio, predict

RNG = np.random.default_rng(4)
TERMS = np.column_stack([np.ones(12), RNG.uniform(1, 2, (12, 2))])
LENGTHS = TERMS @ [0.5, 1.5, 0.3] + RNG.normal(0, 0.02, 12)
NAMES = [f"c{i}" for i in range(12)]


def test_coefficients_are_those_of_the_normal_equations():
    fit = fit_lengths(NAMES, TERMS, LENGTHS)
    expected = np.linalg.solve(TERMS.T @ TERMS, TERMS.T @ LENGTHS)
    np.testing.assert_allclose(fit.coefficients, expected, rtol=1e-9)


def test_deviations_are_those_of_fits_that_leave_one_out():
    fit = fit_lengths(NAMES, TERMS, LENGTHS)
    for i in range(12):
        rest = np.arange(12) != i
        other = np.linalg.lstsq(TERMS[rest], LENGTHS[rest], rcond=None)[0]
        assert fit.deviations[i] == pytest.approx(TERMS[i] @ other / LENGTHS[i] - 1, abs=1e-12)
    assert fit.error == pytest.approx(np.abs(fit.deviations).mean())


def test_error_grows_outside_the_range_and_only_there():
    fit = fit_lengths(NAMES, TERMS, LENGTHS)
    centre = TERMS.mean(axis=0)
    assert predict(fit, centre) == (pytest.approx(centre @ fit.coefficients), fit.error)
    near = predict(fit, np.array([1.0, 3.0, 1.5]))[1]
    far = predict(fit, np.array([1.0, 6.0, 1.5]))[1]
    assert fit.error < near < far


def test_ratio_and_its_error():
    ratio, error = fit_ratio(np.array([1.0, 2.2]), np.array([1.0, 2.0]))
    assert ratio == pytest.approx(1.05)
    assert error == pytest.approx((abs(1.1 / 1.0 - 1) + abs(1.0 / 1.1 - 1)) / 2)
    assert fit_ratio(np.array([1.02]), np.array([1.0])) == (1.02, pytest.approx(0.02))
