"""Sizes and shares of grains, measured by points of their own."""

import numpy as np
import pytest

from heterobuild.geometry.tessellation_sizes import (
    phases_of_grains,
    shifted_to_shares,
    sized_grains,
)
from heterobuild.geometry.tessellations import (
    Tessellation,
    least_powers,
    sampling_points,
    spread_seeds,
)

CELL = np.diag([80.0, 90.0, 70.0])


def voronoi(count, seed=1):
    rng = np.random.default_rng(seed)
    return Tessellation(cell=CELL, seeds=spread_seeds(count, CELL, rng), weights=np.zeros(count))


def by_random_points(grains):
    points = np.random.default_rng(5).random((60_000, 3)) @ CELL
    owner = least_powers(grains, points)[0]
    return np.bincount(owner, minlength=len(grains.seeds)) / len(points)


def test_laguerre_grains_have_wanted_volumes():
    wanted = np.random.default_rng(2).lognormal(0.0, 0.6, 20)
    found = by_random_points(sized_grains(voronoi(20), wanted))
    assert found / (wanted / wanted.sum()) == pytest.approx(np.ones(20), abs=0.15)
    before = by_random_points(voronoi(20))
    assert np.abs(before / (wanted / wanted.sum()) - 1).max() > 0.5


@pytest.mark.parametrize("shares", [[0.3, 0.7], [0.2, 0.5, 0.3]])
def test_phases_have_exact_shares_after_the_shift(shares):
    grains = voronoi(24)
    points = sampling_points(CELL, 40_000)
    owner = least_powers(grains, points)[0]
    volumes = np.bincount(owner, minlength=24).astype(float)
    phase = phases_of_grains(volumes, shares)
    moved = shifted_to_shares(grains, phase, shares, points)
    found = by_random_points(moved)
    reached = np.bincount(phase, weights=found, minlength=len(shares))
    assert reached == pytest.approx(np.array(shares), abs=0.01)


def test_every_phase_has_a_grain():
    assert set(phases_of_grains(np.array([10.0, 9.0, 8.0]), [0.98, 0.01, 0.01])) == {0, 1, 2}
    phase = phases_of_grains(np.ones(100), [0.25, 0.75])
    assert np.bincount(phase).tolist() == [25, 75]
