"""Choices from several classes against all subsets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.geometry.class_profiles import cheapest_balanced_subset

NEARLY = 0.3


def choose(points, vectors, cost, chosen, *, kind=None, residual=(0, 0, 0), seed=0):
    return cheapest_balanced_subset(
        points,
        vectors,
        cost=np.asarray(cost, dtype=float),
        kind=np.zeros(len(points)) if kind is None else kind,
        chosen=np.asarray(chosen),
        residual=np.asarray(residual, dtype=float),
        nearly=NEARLY,
        gain=NEARLY,
        frame=np.eye(3),
        tolerance=1e-3,
        rng=np.random.default_rng(seed),
    )


def every_choice(vectors, cost, kind, chosen, residual):
    """Length and cost of all subsets with the same number of each kind."""
    size, wanted = len(chosen), sorted(kind[chosen])
    subsets = np.array(
        [s for s in combinations(range(len(cost)), size) if sorted(kind[list(s)]) == wanted]
    )
    lengths = np.linalg.norm(residual + vectors[subsets].sum(axis=1), axis=1)
    return lengths, cost[subsets].sum(axis=1)


@pytest.mark.parametrize("seed", range(40))
def test_no_short_sum_is_cheaper(seed):
    rng = np.random.default_rng(seed)
    number, size = int(rng.integers(6, 13)), int(rng.integers(1, 6))
    vectors = rng.integers(-3, 4, (number, 3)) + rng.normal(scale=0.1, size=(number, 3))
    cost = rng.integers(1, 5, number).astype(float)
    kind = rng.integers(1, 3, number).astype(float) if seed % 2 else np.ones(number)
    first = np.concatenate(
        [
            np.flatnonzero(kind == value)[np.argsort(cost[kind == value])[: (size + k) // 2 + 1]]
            for k, value in enumerate(np.unique(kind))
        ]
    )
    residual = rng.normal(size=3)
    found = choose(vectors, vectors, cost, first, kind=kind, residual=residual)
    lengths, costs = every_choice(vectors, cost, kind, first, residual)
    enough = max(NEARLY, lengths.min() + NEARLY)
    assert sorted(kind[found]) == sorted(kind[first])
    assert np.linalg.norm(residual + vectors[found].sum(axis=0)) <= enough
    assert cost[found].sum() == costs[lengths <= enough].min()


def test_symmetry_decides_within_the_classes():
    corners = np.array(list(np.ndindex(2, 2, 2))) * 2.0 - 1
    faces = np.concatenate([np.eye(3), -np.eye(3)]) * 2
    points = np.vstack([corners[:1], faces, [[2.0, 0, 0.5]]])
    cost = np.array([1.0, *[2.0] * 6, 3.0])
    chosen = choose(points, points, cost, [0, 1, 2])
    assert chosen.size == 3
    seen = {tuple(choose(points[1:7], points[1:7], [2.0] * 6, [0, 1], seed=k)) for k in range(30)}
    assert seen == {(0, 3), (1, 4), (2, 5)}


def test_too_many_choices_are_left_to_others():
    points = np.random.default_rng(0).normal(size=(60, 3))
    assert choose(points, points, np.arange(60) // 30, np.arange(12)) is None
