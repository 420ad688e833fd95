"""Bounds of sums on lattices against the shortest of all sums."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.geometry.lattice_bounds import least_length

CUBE = np.indices((3, 3, 3)).reshape(3, -1).T


def shortest(vectors, count, residual):
    subsets = np.array(list(combinations(range(len(vectors)), count)))
    return np.linalg.norm(residual + vectors[subsets].sum(axis=1), axis=1).min()


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_reached_among_many_points(count, seed):
    rng = np.random.default_rng(seed)
    cell = np.array([[5.9, 0, 0], [0.4, 6.1, 0], [2.9, 3.0, 4.0]])
    vectors = -(CUBE - 1 + rng.integers(0, 2, 3) / 2) @ cell
    residual = rng.integers(-1, 2, 3) / 2 @ cell
    bound = least_length(residual + vectors[:count].sum(axis=0), vectors, np.ones(27))
    assert bound == pytest.approx(shortest(vectors, count, residual), abs=1e-6)


def test_half_integers_leave_half_a_diagonal():
    points = (CUBE - 0.5) * [4.0, 4.0, 0.0]
    total = points[:3].sum(axis=0)
    assert least_length(total, points, np.ones(27)) == pytest.approx(2 * np.sqrt(2))
    assert least_length(points[:4].sum(axis=0), points, np.ones(27)) == pytest.approx(0)


def test_components_out_of_the_lattice_stay():
    line = np.arange(4.0)[:, None] * [3, 0, 0]
    assert least_length(np.array([7.0, 0, 2]), line, np.ones(4)) == pytest.approx(np.sqrt(5))
    assert least_length(np.array([3.0, 4, 0]), line[:1], np.ones(1)) == pytest.approx(5)


def test_kinds_are_not_exchanged_for_one_another():
    points = np.array([[0.0, 0, 0], [2, 0, 0], [1, 0, 0], [3, 0, 0]])
    total = np.array([1.0, 0, 0])
    assert least_length(total, points, np.array([1.0, 1, 2, 2])) == pytest.approx(1)
    assert least_length(total, points, np.ones(4)) == pytest.approx(0)


def test_no_lattice_sets_no_bound():
    points = np.random.default_rng(0).normal(size=(40, 3))
    assert least_length(np.array([1.0, 2, 3]), points, np.ones(40)) == 0
