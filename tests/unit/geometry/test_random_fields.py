"""Random fields against closed forms of Gaussian fields, and against brute force."""

import numpy as np
import pytest

from heterobuild.geometry.phase_maps import wall_areas
from heterobuild.geometry.random_fields import (
    correlation,
    field_grid,
    gaussian_field,
    mean_square_slope,
    room_for,
    sampled,
    wall_area_per_volume,
)

CELL = 300.0 * np.eye(3)
SKEW = np.array([[60.0, 0, 0], [10, 64, 0], [-8, 6, 70]])
SPECTRA = ("smooth", "spinodal")


def grid_of(count):
    line = np.arange(count) / count
    return np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1).reshape(-1, 3)


def values(spectrum, seed, length=15.0, count=100):
    field = gaussian_field(CELL, length, spectrum=spectrum, rng=np.random.default_rng(seed))
    return sampled(field, grid_of(count)).reshape((count,) * 3)


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_measured_correlation_is_the_stated_one(spectrum):
    field = values(spectrum, 2)
    steps = np.arange(0, 11)
    measured = [
        np.mean([(field * np.roll(field, n, axis)).mean() for axis in range(3)]) for n in steps
    ]
    expected = correlation(spectrum, 15.0, steps * 3.0)
    assert np.abs(np.array(measured) / measured[0] - expected).max() < 0.08
    assert np.exp(-1) == pytest.approx(correlation(spectrum, 15.0, np.array([15.0]))[0], abs=1e-9)


@pytest.mark.parametrize("spectrum", SPECTRA)
@pytest.mark.parametrize("fraction", [0.5, 0.25])
def test_wall_area_is_that_of_an_endless_gaussian_field(spectrum, fraction):
    field = values(spectrum, 3)
    codes = np.where(field <= np.quantile(field, fraction), 1, 2)
    expected = wall_area_per_volume(mean_square_slope(spectrum, 15.0), fraction)
    assert wall_areas(codes, CELL)[1, 2] / 300.0**3 == pytest.approx(expected, rel=0.04)


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_mean_square_slope_is_the_curvature_of_the_correlation(spectrum):
    h = 1e-3
    curvature = (correlation(spectrum, 20.0, np.array([h]))[0] - 1) * 2 / h**2
    assert mean_square_slope(spectrum, 20.0) == pytest.approx(-curvature, rel=1e-4)


def test_values_are_gaussian():
    field = values("smooth", 5)
    assert (field**4).mean() == pytest.approx(3, abs=0.25)
    assert abs((field**3).mean()) < 0.15


def test_skew_cells_have_the_same_correlation_along_x_and_z():
    """The grid of a skew cell is skew; the field is not."""
    cell = 5 * SKEW
    field = gaussian_field(cell, 20.0, rng=np.random.default_rng(1))
    points = np.random.default_rng(2).random((40_000, 3)) @ cell
    inverse = np.linalg.inv(cell)
    here = sampled(field, points @ inverse)
    for axis in np.eye(3):
        there = sampled(field, (points + 14.0 * axis) @ inverse)
        expected = correlation("smooth", 20.0, np.array([14.0]))[0]
        assert (here * there).mean() == pytest.approx(expected, abs=0.05)


def test_field_repeats_with_the_cell_and_with_the_seed():
    first, again, other = (
        gaussian_field(SKEW, 15.0, rng=np.random.default_rng(seed)) for seed in (7, 7, 8)
    )
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - other).max() > 0.1
    points = np.random.default_rng(1).random((50, 3))
    assert sampled(first, points) == pytest.approx(sampled(first, points + [1, -2, 3]), abs=1e-9)
    corner = sampled(first, np.array([[0.0, 0, 0]]))[0]
    assert corner == pytest.approx(first[0, 0, 0], abs=1e-9)


def test_sizes():
    assert field_grid(np.diag([60.0, 30.0, 600.0]), 20.0) == (18, 9, 180)
    assert room_for(np.diag([60.0, 30.0, 600.0]), 20.0) == pytest.approx(1.5)
    with pytest.raises(ValueError, match="no wave of the cell"):
        gaussian_field(np.eye(3), 1e4, rng=np.random.default_rng(0))
