"""Prices of points against the mixed-integer answer and simple cases."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from heterobuild.geometry.priced_classes import price_points


@pytest.mark.parametrize("seed", range(15))
def test_prices_bound_the_cost_of_every_balanced_choice(seed):
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-2, 3, (12, 3)).astype(float)
    cost = rng.integers(1, 6, 12).astype(float)
    chosen = np.isin(np.arange(12), rng.choice(12, 5, replace=False))
    target = vectors[rng.choice(12, 5, replace=False)].sum(axis=0)
    worth = price_points(vectors, cost=cost, kind=np.ones(12), chosen=chosen, residual=-target)
    subsets = np.array(list(combinations(range(12), 5)))
    balanced = subsets[(vectors[subsets].sum(axis=1) == target).all(axis=1)]
    assert len(balanced)
    # Costs and worths of balanced choices differ by one constant: the prices pay for the sum.
    differ = cost[balanced].sum(axis=1) - worth[balanced].sum(axis=1)
    assert np.ptp(differ) < 1e-6
    assert worth[balanced].sum(axis=1).min() >= worth[worth < 0].sum() - 1e-6
    assert np.count_nonzero(worth < 0) <= 5 <= np.count_nonzero(worth <= 0)


def test_each_kind_has_its_own_number():
    vectors = np.array([[1.0, 0, 0], [-1, 0, 0], [2, 0, 0], [-2, 0, 0]])
    kind, chosen = np.array([1.0, 1, 2, 2]), np.array([True, False, True, False])
    worth = price_points(vectors, cost=np.ones(4), kind=kind, chosen=chosen, residual=np.zeros(3))
    for value in (1, 2):
        own = worth[kind == value]
        assert np.count_nonzero(own < 0) <= 1 <= np.count_nonzero(own <= 0)


def test_a_sum_that_cannot_vanish_is_made_short():
    line = np.arange(1.0, 6.0)[:, None] * [1, 0, 0]
    worth = price_points(
        line,
        cost=np.array([5.0, 4, 3, 2, 1]),
        kind=np.zeros(5),
        chosen=np.array([False, False, False, True, True]),
        residual=np.zeros(3),
    )
    assert set(np.flatnonzero(worth <= 0)) >= {0, 1}
    assert (worth[3:] > 0).all()
