"""Exchanges that lower a vector sum, against brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.geometry.swap_descent import descend


def start(vectors, chosen, residual, seed=0):
    return descend(
        vectors,
        vectors,
        np.asarray(chosen),
        residual=np.asarray(residual, dtype=float),
        tolerance=1e-9,
        rng=np.random.default_rng(seed),
    )


def test_comes_close_to_the_best_of_all_subsets():
    excess = []
    for seed in range(20):
        points = np.random.default_rng(seed).normal(size=(14, 3))
        best = min(np.linalg.norm(points[list(s)].sum(axis=0)) for s in combinations(range(14), 5))
        found = start(points, range(5), np.zeros(3), seed)
        assert len(np.unique(found)) == 5
        excess.append(np.linalg.norm(points[found].sum(axis=0)) / best)
    assert min(excess) == pytest.approx(1.0)
    assert np.median(excess) < 2.5


def test_lattice_sum_vanishes_exactly():
    grid = np.indices((9, 9, 1)).reshape(3, -1).T - [4.0, 4.0, 0.0]
    found = start(grid, range(20), np.zeros(3))
    assert len(found) == 20
    assert not grid[found].sum(axis=0).any()


def test_far_sum_is_carried_over_many_steps():
    points = np.random.default_rng(1).uniform(-50, 50, size=(4000, 3))
    chosen = np.argsort(points[:, 0])[:800]
    assert np.linalg.norm(points[chosen].sum(axis=0)) > 3e4
    found = start(points, chosen, np.array([5000.0, 0, 0]))
    assert np.linalg.norm(points[found].sum(axis=0) + [5000, 0, 0]) < 0.1


def test_unreachable_sum_takes_the_extreme_points():
    line = np.arange(-10.0, 11.0)[:, None] * [1, 0, 0]
    found = start(line, range(5), [-1000.0, 0, 0])
    assert set(found) == {16, 17, 18, 19, 20}


def test_no_choice_changes_nothing():
    points = np.eye(3)
    assert start(points, range(3), np.ones(3)).tolist() == [0, 1, 2]
    assert len(start(points, np.empty(0, dtype=int), np.ones(3))) == 0
