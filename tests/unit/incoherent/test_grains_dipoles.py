from itertools import combinations

import numpy as np

from heterobuild.incoherent.grains_dipoles import SMALL, neutral_pairs, with_small_dipole


def surface(count, seed=0, radius=25.0):
    points = np.random.default_rng(seed).standard_normal((count, 3))
    return radius * points / np.linalg.norm(points, axis=1)[:, None]


def test_exchanges_end_near_zero_and_keep_the_number():
    points = surface(200)
    start = points[:, 0] > np.sort(points[:, 0])[-61]
    dipole = -points[start].sum(axis=0)
    chosen, left = with_small_dipole(points, start, -1.0, dipole)
    assert chosen.sum() == start.sum() == 60
    assert np.abs(left + points[chosen].sum(axis=0)).max() < 1e-9
    assert np.linalg.norm(dipole) > 500
    assert np.linalg.norm(left) < 4 * SMALL


def test_few_units_against_all_choices():
    """No choice of three of nine is better by much than the one that exchanges reach."""
    points, offset = surface(9, seed=3), np.array([8.0, -4.0, 2.0])
    start = np.arange(9) < 3
    _, left = with_small_dipole(points, start, 1.0, offset + points[start].sum(axis=0))
    best = min(
        np.linalg.norm(offset + points[list(three)].sum(axis=0))
        for three in combinations(range(9), 3)
    )
    assert np.linalg.norm(left) < best + 8.0
    assert np.linalg.norm(left) < np.linalg.norm(offset + points[start].sum(axis=0))


def test_pairs_take_the_dipole_away():
    plus, minus = surface(60, 1), surface(60, 2)
    first, second, left = neutral_pairs(plus, minus, np.array([60.0, 50.0, -40.0]), most=10)
    assert len(set(first.tolist())) == len(first) == len(set(second.tolist()))
    moved = minus[second].sum(axis=0) - plus[first].sum(axis=0)
    assert np.abs(left - moved - [60, 50, -40]).max() < 1e-9
    assert np.linalg.norm(left) < 4
    assert 2 <= len(first) <= 10
    assert len(neutral_pairs(plus, minus, np.zeros(3), most=10)[0]) == 0
