"""Walls on square and hexagonal lattices, against lengths and areas known in closed form."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.reporting.walls import find_walls

EDGE = 6.0
SQUARE = np.array(list(product(range(9), repeat=2)), dtype=float) * EDGE


def length(walls):
    return np.linalg.norm(walls[:, 1] - walls[:, 0], axis=1).sum()


@pytest.mark.parametrize("noise", [0.0, 0.15])
def test_square_core_has_its_perimeter_around_it(noise):
    core = np.all((SQUARE > 2.5 * EDGE) & (SQUARE < 5.5 * EDGE), axis=1)
    moved = SQUARE + np.random.default_rng(1).normal(scale=noise, size=SQUARE.shape)
    walls = find_walls(moved, np.where(core, 1, 2))
    assert len(walls) == 12
    assert length(walls) == pytest.approx(12 * EDGE, rel=0.002 + 0.1 * noise)
    assert walls.min() == pytest.approx(2.5 * EDGE, abs=0.01 + 3 * noise)
    assert walls.max() == pytest.approx(5.5 * EDGE, abs=0.01 + 3 * noise)


def test_lines_lie_between_the_regions_and_nowhere_else():
    region = np.where(np.linalg.norm(SQUARE - 4 * EDGE, axis=1) < 2.2 * EDGE, 1, 2)
    crossed = set()
    for one, other in find_walls(SQUARE, region):
        around = np.argsort(np.linalg.norm(SQUARE - (one + other) / 2, axis=1))[:2]
        assert set(region[around]) == {1, 2}
        crossed.add(tuple(sorted(around.tolist())))
    apart = np.linalg.norm(SQUARE[:, None] - SQUARE[None], axis=2)
    bordering = np.argwhere(np.triu((apart < 1.1 * EDGE) & (region[:, None] != region[None])))
    assert crossed == {tuple(pair) for pair in bordering.tolist()}


def test_corners_of_walls_meet():
    core = np.all((SQUARE > 2.5 * EDGE) & (SQUARE < 5.5 * EDGE), axis=1)
    moved = SQUARE + np.random.default_rng(2).normal(scale=0.1, size=SQUARE.shape)
    ends = find_walls(moved, np.where(core, 1, 2)).reshape(-1, 2)
    _, count = np.unique(np.round(ends, 6), axis=0, return_counts=True)
    assert set(count.tolist()) == {2}


def test_wall_ends_at_the_surface():
    walls = find_walls(SQUARE, np.where(SQUARE[:, 0] < 4.5 * EDGE, 1, 2))
    assert walls[..., 0] == pytest.approx(np.full((9, 2), 4.5 * EDGE))
    assert walls[..., 1].min() == pytest.approx(-0.75 * EDGE)
    assert walls[..., 1].max() == pytest.approx(8.75 * EDGE)


def test_parts_with_a_hole_between_them_have_no_wall():
    far = SQUARE + [9 * EDGE + 12.0, 0.0]
    assert len(find_walls(np.concatenate([SQUARE, far]), np.repeat([1, 2], 81))) == 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_points(count):
    walls = find_walls(SQUARE[:count], np.arange(count) + 1)
    assert walls.shape == (max(0, count - 1), 2, 2)
