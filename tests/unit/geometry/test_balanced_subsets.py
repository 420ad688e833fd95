"""Balanced subsets: exact for few points, good and even for many."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild.geometry.balanced_subsets import (
    balanced_subset,
    inversion_orbits,
    mean_spacing,
)

CORNERS = np.array(list(np.ndindex(2, 2, 2))) * 2.0 - 1


def choose(points, count, *, weight=1.0, residual=(0, 0, 0), seed=0, **options):
    return balanced_subset(
        points,
        count,
        weight=weight,
        residual=np.asarray(residual, dtype=float),
        rng=np.random.default_rng(seed),
        **options,
    )


@pytest.mark.parametrize("count", [1, 3, 6, 9])
@pytest.mark.parametrize("weight", [-1.0, 2.0])
def test_no_subset_is_better(count, weight):
    points = np.random.default_rng(count).normal(size=(10, 3))
    residual = np.array([0.3, -1.0, 2.0])
    found = choose(points, count, weight=weight, residual=residual)
    best = min(
        np.linalg.norm(residual + weight * points[list(s)].sum(axis=0))
        for s in combinations(range(10), count)
    )
    length = np.linalg.norm(residual + weight * points[found].sum(axis=0))
    assert length <= best + 1e-3


def test_symmetry_decides_between_equals():
    four = CORNERS[choose(CORNERS, 4)]
    distances = np.linalg.norm(four[:, None] - four[None], axis=2)[~np.eye(4, dtype=bool)]
    assert distances == pytest.approx(2 * np.sqrt(2))


def test_symmetry_is_that_of_the_given_axes():
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]
    four = (CORNERS @ turn)[choose(CORNERS @ turn, 4, axes=turn)]
    distances = np.linalg.norm(four[:, None] - four[None], axis=2)[~np.eye(4, dtype=bool)]
    assert distances == pytest.approx(2 * np.sqrt(2))


def test_pairs_are_related_by_inversion():
    found = CORNERS[choose(CORNERS, 2)]
    assert np.array_equal(found[0], -found[1])


def test_evenness_decides_where_no_dipole_counts():
    line = np.arange(6.0)[:, None] * [1, 0, 0]
    found = choose(line, 2, directions=np.zeros(3, dtype=bool))
    assert found.tolist() == [0, 5]


def test_only_the_counted_components_vanish():
    points = np.array([[1.0, 0, 5], [-1, 0, 5], [1, 0.1, -5], [3, 0, 0]])
    found = choose(points, 2, directions=np.array([True, True, False]))
    assert found.tolist() == [0, 1]


def test_occupied_places_are_avoided_between_equals():
    ring = np.array([[np.cos(t), np.sin(t), 0] for t in np.arange(4) * np.pi / 2])
    for seed in range(5):
        found = choose(ring, 2, occupied=ring[[0, 2]] * 1.1, seed=seed)
        assert found.tolist() == [1, 3]


def test_seed_decides_between_the_last_equals():
    seen = {tuple(choose(CORNERS, 2, seed=seed)) for seed in range(40)}
    assert seen == {(0, 7), (1, 6), (2, 5), (3, 4)}
    assert choose(CORNERS, 2, seed=3).tolist() == choose(CORNERS, 2, seed=3).tolist()


def test_too_many_points_are_refused():
    with pytest.raises(ValueError, match="9 of 8"):
        choose(CORNERS, 9)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_many_points_are_even_and_without_dipole(share):
    rng = np.random.default_rng(7)
    points = rng.normal(size=(20_000, 3))
    points *= 200 / np.linalg.norm(points, axis=1)[:, None]
    count = int(share * len(points))
    residual = np.array([400.0, -2000.0, 30.0])
    found = choose(points, count, weight=-1.0, residual=residual)
    assert len(np.unique(found)) == count
    assert np.linalg.norm(residual - points[found].sum(axis=0)) < 0.1
    few = found if share < 0.5 else np.setdiff1d(np.arange(len(points)), found)
    random = points[rng.choice(len(points), len(few), replace=False)]
    assert mean_spacing(points[few]) > 1.2 * mean_spacing(random)


def test_many_pairs_are_related_by_inversion():
    grid = np.indices((30, 30, 30)).reshape(3, -1).T - 14.5
    radius = np.linalg.norm(grid, axis=1)
    shell = grid[(radius < 14) & (radius > 13)]
    found = shell[choose(shell, len(shell) // 3 // 2 * 2)]
    assert cKDTree(found).query(-found)[0].max() == 0
    assert not found.sum(axis=0).any()


def test_inversion_orbits_count_pairs_and_centres():
    points = np.array([[1.0, 2, 3], [0, 0, 0], [-1, -2, -3.01], [4, 0, 0]])
    assert inversion_orbits(points).tolist() == [0, 1, 0, 2]
    assert len(set(inversion_orbits(points, tolerance=1e-3).tolist())) == 4


def test_mean_spacing_of_a_lattice_and_of_one_point():
    assert mean_spacing(np.arange(5.0)[:, None] * [3, 0, 0]) == pytest.approx(3)
    assert mean_spacing(np.zeros((1, 3))) == np.inf


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_of_very_many_points(count):
    points = np.random.default_rng(1).normal(size=(30_000, 3)) * 50
    residual = np.array([30.0, 20.0, -10.0])
    found = choose(points, count, residual=residual)
    length = np.linalg.norm(residual + points[found].sum(axis=0))
    assert len(found) == count
    if count == 1:
        assert length == pytest.approx(np.linalg.norm(residual + points, axis=1).min())
    assert length < 8
