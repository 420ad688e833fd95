"""Orders of point groups; symmetry, evenness and chance decide in this order."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.geometry.symmetric_subsets import most_balanced, riesz_energy, symmetry_order

CORNERS = np.array(list(np.ndindex(2, 2, 2))) * 2.0 - 1


@pytest.mark.parametrize(
    ("subset", "order"),
    [
        ([0], 6),  # 3m
        ([0, 7], 12),  # -3m
        ([0, 1], 4),  # mm2
        ([0, 3], 4),  # mm2
        ([0, 3, 5, 6], 24),  # -43m
        ([0, 1, 2, 3], 8),  # 4mm
        ([0, 1, 6, 7], 8),  # mmm
        (range(8), 48),  # m-3m
    ],
)
def test_orders_of_point_groups(subset, order):
    assert symmetry_order(CORNERS, np.array([subset])).tolist() == [order]


def test_orbits_and_stabilisers_multiply_to_the_group():
    pairs = np.array(list(combinations(range(8), 2)))
    order = symmetry_order(CORNERS, pairs)
    # Three orbits of pairs: edges, diagonals of faces, diagonals of the cube.
    assert np.unique(order, return_counts=True)[0].tolist() == [4, 12]
    assert (1 / order).sum() * 48 == pytest.approx(12**2 / 1 + 12**2 / 1 + 4**2 / 1)


def test_operations_that_move_other_points_away_do_not_count():
    bent = np.vstack([CORNERS, [[0.0, 0, 3]]])
    assert symmetry_order(bent, np.array([range(8)])).tolist() == [8]


def test_riesz_energy_sums_inverse_squares():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 2, 0]])
    energy = riesz_energy(points, np.array([[0, 1, 2]]), np.array([[0.0, 0, 4]]))
    assert energy[0] == pytest.approx(1 + 1 / 4 + 1 / 5 + 1 / 16 + 1 / 17 + 1 / 20)


def test_a_diagonal_of_the_cube_has_the_most_symmetry():
    pairs = np.array(list(combinations(range(8), 2)))
    seen = {tuple(the_best(CORNERS, pairs, seed)) for seed in range(40)}
    assert seen == {(0, 7), (1, 6), (2, 5), (3, 4)}


def test_symmetry_goes_before_evenness():
    line = np.array([-3.0, -1, 1, 3])[:, None] * [1, 0, 0]
    assert the_best(line, np.array([[1, 2], [1, 3]])) == [1, 2]


def test_occupied_places_are_avoided():
    ring = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    subsets = np.array([[0, 2], [1, 3]])
    assert the_best(ring, subsets, occupied=ring[[0, 2]] * 1.1) == [1, 3]
    assert {tuple(the_best(ring, subsets, seed)) for seed in range(20)} == {(0, 2), (1, 3)}


def the_best(points, subsets, seed=0, **options):
    rng = np.random.default_rng(seed)
    return most_balanced(points, subsets, frame=np.eye(3), rng=rng, **options).tolist()
