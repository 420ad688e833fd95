from __future__ import annotations

import numpy as np
import pytest

from heterobuild.alloys.counts import (
    Composition,
    cells_for,
    check_shares,
    counts_by_bin,
    largest_remainder,
    whole_counts,
)
from heterobuild.errors import UsageError


def test_remainders_go_to_the_largest() -> None:
    # Hamilton's method, by hand: 1.7, 1.2, 3.1 -> 2, 1, 3.
    assert largest_remainder(np.array([1.7, 1.2, 3.1]), 6).tolist() == [2, 1, 3]


def test_equal_remainders_go_to_the_larger_amount_then_to_the_first() -> None:
    assert largest_remainder(np.array([0.5, 2.5]), 3).tolist() == [0, 3]
    assert largest_remainder(np.array([1.5, 1.5]), 3).tolist() == [2, 1]


def test_whole_amounts_are_kept_despite_rounding_noise() -> None:
    assert largest_remainder(np.array([0.1 + 0.2, 0.7]) * 10, 10).tolist() == [3, 7]


@pytest.mark.parametrize("total", [1, 7, 20, 33])
def test_pairs_keep_the_charge(total: int) -> None:
    excess = np.array([0.0, -1.0, 1.0])
    counts = whole_counts(np.array([0.6, 0.2, 0.2]), total, excess)
    assert counts.sum() == total
    assert counts @ excess == 0
    assert abs(counts[1] - 0.2 * total) <= 0.5


def test_without_excess_counts_are_the_largest_remainders() -> None:
    shares = np.array([0.85, 0.15])
    assert whole_counts(shares, 6, np.zeros(2)).tolist() == [5, 1]


def test_a_profile_keeps_its_total_and_carries_remainders() -> None:
    share = np.linspace(0, 1, 11)
    targets = np.repeat(np.column_stack([1 - share, share]), 4, axis=0)
    bins = np.repeat(np.arange(11), 4)
    counts = counts_by_bin(targets, bins)
    assert counts.sum(axis=1).tolist() == [4] * 11
    assert counts.sum(axis=0).tolist() == [22, 22]
    cumulative = np.cumsum(counts[:, 1]) - np.cumsum(4 * share)
    assert np.abs(cumulative).max() <= 0.5 + 1e-9


def test_composition_tells_the_rounding() -> None:
    entry = Composition(site="A", ions=("FA", "Cs"), asked=(0.85, 0.15), counts=(5, 1))
    assert entry.total == 6
    assert entry.got == pytest.approx((5 / 6, 1 / 6))
    assert entry.error == pytest.approx(0.85 - 5 / 6)


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(UsageError, match=r"sum to one.*0\.4 \+ 0\.5"):
        check_shares([0.4, 0.5], "X sites")
    with pytest.raises(UsageError, match="not negative"):
        check_shares([1.2, -0.2], "X sites")


@pytest.mark.parametrize(
    ("shares", "sites", "cells"),
    [([0.85, 0.15], 1, 20), ([0.4, 0.6], 3, 5), ([1 / 3, 2 / 3], 3, 1), ([0.125, 0.875], 4, 2)],
)
def test_smallest_number_of_cells(shares: list[float], sites: int, cells: int) -> None:
    assert cells_for(shares, sites) == cells
    for fewer in range(1, cells):
        amounts = np.array(shares) * fewer * sites
        assert np.abs(amounts - np.rint(amounts)).max() > 1e-3
