"""Even subsets against random ones, lattices and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from heterobuild.geometry.even_spread import even_subset

NOTHING = np.empty((0, 3))


def sphere(number, seed):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(number, 3))
    return points / np.linalg.norm(points, axis=1)[:, None] * np.sqrt(number)


def singles(points):
    return np.arange(len(points))


def nearest(points):
    return cKDTree(points).query(points, k=2)[0][:, 1]


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.5])
def test_chosen_points_keep_apart(share):
    points = sphere(3000, 1)
    count = int(share * len(points))
    chosen = even_subset(
        points, count, orbit=singles(points), occupied=NOTHING, rng=np.random.default_rng(0)
    )
    random = np.random.default_rng(3).choice(len(points), count, replace=False)
    assert len(np.unique(chosen)) == count
    ratio = nearest(points[chosen]) / nearest(points[random]).mean()
    assert ratio.mean() > (1.15 if share == 0.5 else 1.3)
    assert nearest(points[chosen]).min() > 3 * nearest(points[random]).min()


def test_points_left_out_of_more_than_half_keep_apart():
    points = sphere(1000, 2)
    chosen = even_subset(
        points, 900, orbit=singles(points), occupied=NOTHING, rng=np.random.default_rng(0)
    )
    rest = np.setdiff1d(np.arange(1000), chosen)
    random = np.random.default_rng(3).choice(1000, 100, replace=False)
    assert len(chosen) == 900
    assert nearest(points[rest]).mean() > 1.4 * nearest(points[random]).mean()


def test_a_sparse_choice_comes_near_the_best_packing_on_a_sphere():
    points = sphere(4000, 5)
    chosen = even_subset(
        points, 12, orbit=singles(points), occupied=NOTHING, rng=np.random.default_rng(1)
    )
    icosahedron = 1.0515 * np.sqrt(4000)
    assert pdist(points[chosen]).min() > 0.6 * icosahedron


def test_orbits_stay_together_but_for_one():
    half = sphere(200, 3)
    points = np.concatenate([half, -half])
    orbit = np.tile(np.arange(200), 2)
    for count in (40, 41, 250, 251):
        chosen = even_subset(
            points, count, orbit=orbit, occupied=NOTHING, rng=np.random.default_rng(0)
        )
        members = np.bincount(orbit[chosen], minlength=200)
        assert len(chosen) == count
        assert (members == 1).sum() == count % 2


def test_occupied_places_are_avoided():
    line = np.arange(20.0)[:, None] * [1, 0, 0]
    chosen = even_subset(
        line, 2, orbit=singles(line), occupied=line[:10], rng=np.random.default_rng(0)
    )
    assert (chosen > 11).all()


def test_equal_points_and_empty_choices():
    points = np.zeros((5, 3))
    rng = np.random.default_rng(0)
    assert len(even_subset(points, 2, orbit=np.arange(5), occupied=NOTHING, rng=rng)) == 2
    assert len(even_subset(points, 0, orbit=np.arange(5), occupied=NOTHING, rng=rng)) == 0
    assert len(even_subset(points, 5, orbit=np.arange(5), occupied=NOTHING, rng=rng)) == 5
