"""Exchanges against brute force, and of very many points."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.geometry.paid_exchanges import pay_for_balance


def pay(vectors, cost, chosen, *, kind=None, residual=(0, 0, 0), nearly=0.1, seed=0):
    return pay_for_balance(
        np.asarray(vectors, dtype=float),
        cost=np.asarray(cost, dtype=float),
        kind=np.ones(len(cost)) if kind is None else kind,
        chosen=np.asarray(chosen),
        residual=np.asarray(residual, dtype=float),
        nearly=nearly,
        gain=nearly,
        rng=np.random.default_rng(seed),
    )


@pytest.mark.parametrize("seed", range(30))
def test_cheapest_of_up_to_three_exchanges(seed):
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-2, 3, (14, 3)).astype(float)
    cost = np.sort(rng.integers(1, 5, 14)).astype(float)
    residual = -vectors[[0, 3, 9, 11]].sum(axis=0)
    found = pay(vectors, cost, np.arange(4), residual=residual)
    subsets = np.array([s for s in combinations(range(14), 4) if min(s) < 4])
    balanced = subsets[~(residual + vectors[subsets].sum(axis=1)).any(axis=1)]
    assert len(balanced)
    assert not (residual + vectors[found].sum(axis=0)).any()
    assert cost[found].sum() <= cost[balanced].sum(axis=1).min()


def test_a_dear_choice_without_sum_becomes_cheaper():
    corners = np.array(list(np.ndindex(2, 2, 2))) * 2.0 - 1
    cost = np.array([1.0, 3, 3, 2, 2, 3, 3, 1])
    assert pay(corners, cost, [1, 2, 5, 6]).tolist() == [0, 3, 4, 7]


def test_kinds_keep_their_sum():
    rng = np.random.default_rng(3)
    vectors, kind = rng.integers(-3, 4, (40, 3)), rng.choice([-2.0, -1.0], 40)
    cost, chosen = rng.integers(1, 4, 40), np.arange(9)
    found = pay(vectors, cost, chosen, kind=kind, residual=[5.0, -3, 1])
    assert kind[found].sum() == kind[chosen].sum()
    assert len(found) == 9
    assert not (np.array([5, -3, 1]) + vectors[found].sum(axis=0)).any()


def test_what_cannot_be_shortened_stays():
    line = np.arange(1.0, 7.0)[:, None] * [1, 0, 0]
    assert pay(line, np.ones(6), [0, 1]).tolist() == [0, 1]
    assert pay(line, np.ones(6), np.arange(6)).tolist() == list(range(6))


def test_many_points_of_a_lattice():
    grid = np.indices((40, 40, 40)).reshape(3, -1).T - 19.5
    radius = np.linalg.norm(grid, axis=1)
    shell = grid[(radius < 20) & (radius > 18.5)]
    cost = 1 + (shell[:, 2] > 0).astype(float)
    chosen = np.random.default_rng(1).permutation(np.flatnonzero(cost == 1))[:200]
    residual = np.array([3.0, -4, 9]) - shell[chosen].sum(axis=0)
    found = pay(shell, cost, chosen, residual=residual)
    assert len(shell) > 5000
    assert np.linalg.norm(residual + shell[found].sum(axis=0)) < 0.1
    assert cost[found].sum() == 200
