"""Subsets with the least dipole, against brute force."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest

from heterobuild.ligands.balanced_sites import least_dipole_mixture, least_dipole_subset


def shortest(moments, count, residual):
    sums = [moments[list(c)].sum(axis=0) for c in combinations(range(len(moments)), count)]
    return min(np.linalg.norm(residual + total) for total in sums)


@pytest.mark.parametrize("seed", range(5))
def test_small_sets_reach_the_least_sum_of_all(seed):
    rng = np.random.default_rng(seed)
    points, moments = rng.normal(size=(2, 11, 3))
    residual = rng.normal(size=3)
    found = least_dipole_subset(points, moments, 4, residual=residual, rng=rng)
    reached = np.linalg.norm(residual + moments[found].sum(axis=0))
    assert reached == pytest.approx(shortest(moments, 4, residual), abs=2e-3)


def test_charges_on_vacant_sites_cancel_what_was_there():
    cube = np.array(list(np.ndindex(3, 3, 3))) * 5.9 - 5.9
    residual = np.array([5.9, 0.0, 0.0])
    found = least_dipole_subset(
        cube, -cube, 3, charge=-1.0, residual=residual, rng=np.random.default_rng(0)
    )
    assert residual - cube[found].sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)


def test_many_dipoles_on_a_sphere_vanish():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(400, 3))
    points *= 20.0 / np.linalg.norm(points, axis=1)[:, None]
    found = least_dipole_subset(points, 0.2 * points, 101, residual=np.zeros(3), rng=rng)
    # One more or less would leave 4 e·Å, a random draw about 40.
    assert np.linalg.norm(0.2 * points[found].sum(axis=0)) < 0.05


def test_directions_that_do_not_count_are_left_alone():
    line = np.array([[1.0, 0, -9], [-1, 0, -8], [2, 0, 7], [-3, 0, 9]])
    found = least_dipole_subset(
        line,
        line,
        2,
        residual=np.zeros(3),
        directions=np.array([True, True, False]),
        rng=np.random.default_rng(0),
    )
    assert found.tolist() == [0, 1]


def test_a_start_without_dipole_stays():
    line = np.arange(-4.0, 5.0)[:, None] * [1.0, 0, 0]
    start = np.array([1, 7])
    found = least_dipole_subset(
        line, line, 2, residual=np.zeros(3), start=start, rng=np.random.default_rng(0)
    )
    assert found.tolist() == [1, 7]


def test_a_mixture_is_as_good_as_the_best_of_all():
    rng = np.random.default_rng(2)
    points = rng.normal(size=(7, 3)) * 10.0
    moments = np.stack([0 * points, points])
    residual = np.array([3.0, -8.0, 1.0])
    kind = least_dipole_mixture(points, moments, np.array([4, 3]), residual=residual, rng=rng)
    assert np.bincount(kind).tolist() == [4, 3]
    every = {tuple(order) for order in permutations([0, 0, 0, 0, 1, 1, 1])}
    sums = [residual + points[np.array(order) == 1].sum(axis=0) for order in every]
    best = min(np.linalg.norm(total) for total in sums)
    reached = np.linalg.norm(residual + points[kind == 1].sum(axis=0))
    assert reached == pytest.approx(best, abs=2e-3)
