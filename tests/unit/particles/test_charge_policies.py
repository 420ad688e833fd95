"""Counts of ions against brute force, and what each policy may touch."""

from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest

from heterobuild.labels import Site
from heterobuild.particles.charge_policies import (
    ION_POLICIES,
    POLICIES,
    order_of,
    plan_counts,
    usable,
)
from heterobuild.particles.options import SurfacePolicy


def brute_force(total, effect, cost):
    """Return least charge left and least cost, from all subsets taken cheapest first."""
    values = sorted(set(effect[effect * total < 0].tolist()))
    sums = [np.concatenate([[0], np.cumsum(np.sort(cost[effect == v]))]) for v in values]
    best = (abs(total), 0.0)
    for counts in product(*(range(len(s)) for s in sums)):
        left = abs(total + sum(n * v for n, v in zip(counts, values, strict=True)))
        best = min(best, (round(left, 9), sum(s[n] for s, n in zip(sums, counts, strict=True))))
    return best


@pytest.mark.parametrize("seed", range(60))
def test_counts_are_the_cheapest_exact_ones(seed):
    rng = np.random.default_rng(seed)
    effect = -rng.choice([[1.0, 2], [2, 3], [1, 3], [1, 2, 4], [3, 4, 2]][seed % 5], size=24)
    cost = rng.integers(1, 8, size=24).astype(float)
    total = float(rng.integers(1, 40))
    plan = plan_counts(total, effect, cost)
    paid = sum(np.sort(cost[effect == v])[:n].sum() for v, n in plan.counts.items())
    assert total + sum(v * n for v, n in plan.counts.items()) == plan.left
    assert (abs(plan.left), paid) == brute_force(total, effect, cost)


def test_units_that_raise_the_charge_are_not_used():
    plan = plan_counts(2.0, np.array([1.0, -1, -1, -1]), np.array([0.0, 3, 1, 2]))
    assert plan.counts == {-1.0: 2}
    assert plan.neutral


def test_what_is_left_when_there_are_too_few():
    plan = plan_counts(-5.0, np.ones(3), np.zeros(3))
    assert (plan.counts, plan.left, plan.neutral) == ({1.0: 3}, -2.0, False)
    assert plan_counts(4.0, np.empty(0), np.empty(0)).left == 4


def test_an_odd_charge_is_not_met_by_divalent_ions():
    assert plan_counts(3.0, np.full(9, -2.0), np.zeros(9)).left in {1.0, -1.0}


def test_order_of_preference():
    assert order_of("auto", 3.0) == ("remove-A", "add-X")
    assert order_of("auto", -3.0) == ("add-A", "remove-X")
    assert order_of("remove-X", 3.0) == ("remove-X",)


def test_only_the_surface_and_the_named_role_may_change():
    site = np.array([Site.A, Site.A, Site.A, Site.X, Site.X, Site.SPACER])
    bonds = np.array([8, 3, 2, 1, 2, 2])
    full = np.array([8, 8, 8, 2, 2, 4])
    present = np.array([True, True, False, True, True, True])
    options = {"site": site, "bonds": bonds, "full": full, "present": present}
    found = {
        name: np.flatnonzero(usable(p, **options)).tolist() for name, p in ION_POLICIES.items()
    }
    assert found == {"remove-A": [1, 5], "add-A": [2], "remove-X": [3], "add-X": []}


def test_names_of_type_and_table_agree():
    assert set(get_args(SurfacePolicy)) == set(POLICIES)
