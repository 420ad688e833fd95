"""Whole numbers of ions for wanted shares: largest remainder, and what rounding changes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray

LARGEST_DENOMINATOR = 1000
"""Shares are read as fractions of at most this denominator: three decimals."""

_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Composition:
    """How many of some sites each ion takes.

    Parameters
    ----------
    site : str
        Role of the sites.
    ions : tuple of str
        Ions or molecules.
    asked : tuple of float
        Wanted shares.
    counts : tuple of int
        Sites that each takes.
    """

    site: str
    ions: tuple[str, ...]
    asked: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The number of sites."""
        return sum(self.counts)

    @property
    def got(self) -> tuple[float, ...]:
        """The shares after rounding."""
        return tuple(round(count / self.total, _DIGITS) for count in self.counts)

    @property
    def error(self) -> float:
        """The largest change of a share by rounding."""
        return max(abs(a - g) for a, g in zip(self.asked, self.got, strict=True))


def largest_remainder(amounts: FloatArray, total: int) -> IntArray:
    """Round amounts to whole numbers with a given sum.

    Each takes its whole part; what is left goes to the largest remainders, of equal ones to the
    larger amount, then to the earlier one.

    Parameters
    ----------
    amounts : (k,) float array
        Amounts, not negative, that sum to `total`.
    total : int
        Sum of the result.

    Returns
    -------
    (k,) int array
        Whole numbers, each less than 1 from its amount.

    Examples
    --------
    >>> largest_remainder(np.array([5.1, 0.9]), 6).tolist()
    [5, 1]
    """
    exact = np.round(np.asarray(amounts, dtype=np.float64), _DIGITS)
    counts: IntArray = np.floor(exact).astype(np.int64)
    left = total - int(counts.sum())
    order = np.lexsort((np.arange(len(exact)), -exact, -np.round(exact - counts, _DIGITS)))
    counts[order[:left]] += 1
    return counts


def whole_counts(shares: FloatArray, total: int, excess: FloatArray) -> IntArray:
    """Return how many sites each ion takes, without changing the charge.

    Parameters
    ----------
    shares : (k,) float array
        Wanted shares, which sum to one.
    total : int
        Number of sites.
    excess : (k,) float array
        Charge of each ion in e beyond that of the site. Ions with too little and too much charge
        are taken in equal numbers.

    Returns
    -------
    (k,) int array
        Whole numbers with the sum `total`, by largest remainder.

    Examples
    --------
    >>> whole_counts(np.array([0.8, 0.1, 0.1]), 15, np.array([0, -1, 1])).tolist()
    [11, 2, 2]
    """
    counts = np.zeros(len(shares), dtype=np.int64)
    paired = float(shares[excess < 0].sum())
    pairs = min(int(np.floor(paired * total + 0.5 + 10.0**-_DIGITS)), total // 2)
    for part, number in (
        (excess < 0, pairs),
        (excess > 0, pairs),
        (excess == 0, total - 2 * pairs),
    ):
        if shares[part].sum() > 0:
            counts[part] = largest_remainder(shares[part] / shares[part].sum() * number, number)
    return counts


def counts_by_bin(targets: FloatArray, bins: IntArray) -> IntArray:
    """Return how many sites of each bin each ion takes, what rounding leaves carried on.

    Parameters
    ----------
    targets : (n, k) float array
        Wanted shares of the ions at each site; rows sum to one.
    bins : (n,) int array
        Bin of each site, 0, 1, …, in the order in which remainders are carried on.

    Returns
    -------
    (b, k) int array
        Whole numbers; the sums over all bins differ from the wanted ones by less than k.
    """
    size = np.bincount(bins)
    wanted = np.column_stack([np.bincount(bins, weights=column) for column in targets.T])
    counts = np.zeros(wanted.shape, dtype=np.int64)
    carry = np.zeros(wanted.shape[1])
    for i, n in enumerate(size.tolist()):
        amounts = np.maximum(wanted[i] + carry, 0.0)
        amounts *= n / amounts.sum() if amounts.sum() else 0.0
        counts[i] = largest_remainder(amounts, n)
        carry += wanted[i] - counts[i]
    return counts


def check_shares(shares: Sequence[float], where: str) -> None:
    """Refuse shares that are negative or do not sum to one.

    Parameters
    ----------
    shares : sequence of float
        Shares of the ions on some sites.
    where : str
        Which sites, for the message.

    Raises
    ------
    UsageError
        If they cannot be shares.
    """
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise UsageError(
            "the shares on a mixed site are not negative and sum to one",
            where=where,
            measured=" + ".join(f"{share:g}" for share in shares),
            next_step="correct the formula",
        )


def cells_for(shares: Sequence[float], sites: int) -> int:
    """Return the smallest number of cells in which shares are whole numbers of sites.

    Parameters
    ----------
    shares : sequence of float
        Shares of the ions.
    sites : int
        Sites in one cell.

    Returns
    -------
    int
        Number of cells.

    Examples
    --------
    >>> cells_for([0.85, 0.15], 1), cells_for([0.4, 0.6], 3), cells_for([0.25, 0.75], 4)
    (20, 5, 1)
    """
    parts = (Fraction(share).limit_denominator(LARGEST_DENOMINATOR) for share in shares)
    return lcm(*(part.denominator // gcd(part.denominator, sites) for part in parts))
