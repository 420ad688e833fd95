"""Owners of points against brute force over all images."""

from itertools import product

import numpy as np
import pytest

from heterobuild.geometry.tessellations import (
    Tessellation,
    grain_volumes,
    least_powers,
    sampling_points,
    spread_seeds,
    wrapped,
)

CELL = np.array([[50.0, 0, 0], [8, 55, 0], [-9, 12, 48]])


def grains(count, weighted, seed=0):
    rng = np.random.default_rng(seed)
    seeds = rng.random((count, 3)) @ CELL
    weights = 150 * rng.random(count) if weighted else np.zeros(count)
    return Tessellation(cell=CELL, seeds=seeds, weights=weights)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("count", [1, 2, 30])
def test_owner_has_the_least_power_of_all_images(weighted, count):
    cells = grains(count, weighted)
    points = (4 * np.random.default_rng(9).random((300, 3)) - 2) @ CELL
    owner, power, away = least_powers(cells, points)
    steps = np.array(list(product(range(-4, 5), repeat=3))) @ CELL
    square = ((points[:, None, None] - cells.seeds[:, None] - steps) ** 2).sum(axis=3).min(axis=2)
    every = square - cells.weights
    assert power == pytest.approx(every.min(axis=1), abs=1e-6)
    assert every[np.arange(300), owner] == pytest.approx(power, abs=1e-6)
    assert (away**2).sum(axis=1) - cells.weights[owner] == pytest.approx(power, abs=1e-6)


def test_some_grains_only():
    cells = grains(12, weighted=True)
    points = np.random.default_rng(1).random((200, 3)) @ CELL
    chosen = np.array([1, 4, 7])
    owner, power, _ = least_powers(cells, points, chosen)
    assert np.isin(owner, chosen).all()
    assert (power >= least_powers(cells, points)[1] - 1e-9).all()


def test_seeds_keep_apart_across_the_boundary():
    seeds = spread_seeds(60, CELL, np.random.default_rng(3))
    steps = np.array(list(product((-1, 0, 1), repeat=3))) @ CELL
    apart = np.linalg.norm(seeds[:, None, None] - seeds[:, None] - steps, axis=3)
    apart[apart < 1e-9] = np.inf
    edge = (np.linalg.det(CELL) / 60) ** (1 / 3)
    assert seeds.shape == (60, 3)
    assert apart.min() > 0.35 * edge


def test_volumes_of_two_halves():
    """Seeds a quarter and three quarters along: half the cell each; a weight moves the wall."""
    cell = 40.0 * np.eye(3)
    seeds = np.array([[10.0, 0, 0], [30.0, 0, 0]])
    even = Tessellation(cell=cell, seeds=seeds, weights=np.zeros(2))
    points = sampling_points(cell, 64_000)
    assert grain_volumes(even, points) == pytest.approx([32_000, 32_000])
    # Each of the two walls moves by the difference of weights over twice the distance of 20 Å.
    moved = Tessellation(cell=cell, seeds=seeds, weights=np.array([160.0, 0.0]))
    assert grain_volumes(moved, points) == pytest.approx([28 * 1600, 12 * 1600])


def test_wrapped_points_are_images():
    points = 200 * np.random.default_rng(2).standard_normal((40, 3))
    found = wrapped(points, CELL) @ np.linalg.inv(CELL)
    assert ((found >= 0) & (found < 1)).all()
    steps = points @ np.linalg.inv(CELL) - found
    assert steps == pytest.approx(np.rint(steps), abs=1e-9)
