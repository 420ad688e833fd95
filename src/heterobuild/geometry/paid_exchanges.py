"""Exchange chosen points for dearer ones until a vector sum vanishes, at the least cost."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

_MOST = {2: (120, 300), 3: (40, 40)}
"""Chosen and other points of which all pairs or triples are tried."""

_APART = 1e4  # Å between kinds, so that no search finds one for another
_ROUNDS = 8
_SAME = 1e-6
_NEAREST = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class _Exchange:
    """Points that go and come, what that costs, and how long the sum is then."""

    length: float
    extra: float
    out: IntArray
    into: IntArray


def pay_for_balance(
    vectors: FloatArray,
    *,
    cost: FloatArray,
    kind: FloatArray,
    chosen: IntArray,
    residual: FloatArray,
    nearly: float,
    gain: float,
    rng: np.random.Generator,
) -> IntArray:
    """Shorten ``residual + vectors[chosen].sum(axis=0)`` by exchanges at the least cost.

    One, two or three points are exchanged at a time: of the exchanges whose sum is short enough
    the cheapest, then that of fewest points; where there is none, the one with the shortest sum,
    and so on. Then exchanges follow that cost less and leave the sum short. Partners are found
    with k-d trees, so the time grows as m log m.

    Parameters
    ----------
    vectors : (m, 3) float array
        What each point adds to the sum.
    cost : (m,) float array
        Cost of each point.
    kind : (m,) float array
        The sum of the kinds chosen stays.
    chosen : (n,) int array
        Points chosen at first.
    residual : (3,) float array
        The part of the sum that stays.
    nearly : float
        Length of the sum that is short enough.
    gain : float
        Gain in length that is worth a higher cost.
    rng : numpy.random.Generator
        Decides between equals, and of many points which are paired.

    Returns
    -------
    (n,) int array
        The chosen points, ascending.

    Examples
    --------
    >>> line = np.arange(-2.0, 3.0)[:, None] * [1, 0, 0]
    >>> pay_for_balance(line, cost=np.array([9.0, 2, 9, 1, 1]), kind=np.ones(5),
    ...                 chosen=np.array([3, 4]), residual=np.zeros(3), nearly=0.1,
    ...                 gain=0.1, rng=np.random.default_rng(0))
    array([1, 3])
    """
    mask = np.zeros(len(vectors), dtype=bool)
    mask[chosen] = True
    placed = np.column_stack([vectors, _APART * kind])
    for _ in range(_ROUNDS):
        total = residual + vectors[mask].sum(axis=0)
        length = float(np.linalg.norm(total))
        if mask.all() or not mask.any():
            break
        target = np.append(total, 0.0)
        inside, outside = (rng.permutation(np.flatnonzero(m)) for m in (mask, ~mask))
        trials = [_best(placed, cost, inside, outside, target=target, size=1, nearly=nearly)]
        for size, (some, others) in _MOST.items():
            out, into = _mixed(inside, cost, some), _mixed(outside, cost, others)
            if min(len(out), len(into)) >= size:
                trials.append(
                    _best(placed, cost, out, into, target=target, size=size, nearly=nearly)
                )
        best = min(trials, key=lambda one: _merit(one, nearly))
        cheaper = length <= nearly and best.extra < -_SAME
        shorter = length > nearly and best.length <= max(nearly, length - gain)
        if not (shorter or (cheaper and best.length <= nearly)):
            break
        mask[best.out], mask[best.into] = False, True
    return np.flatnonzero(mask)


def _merit(found: _Exchange, nearly: float) -> tuple[float, float, int]:
    """Return what makes an exchange better: a short sum, then a low cost, then few points."""
    return (max(found.length, nearly), round(found.extra, 6), len(found.out))


def _mixed(members: IntArray, cost: FloatArray, most: int) -> IntArray:
    """Return some points, as many of each cost as there are; of equals the first."""
    order = members[np.argsort(cost[members], kind="stable")]
    _, first, count = np.unique(cost[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(first, count)
    return order[np.argsort(rank, kind="stable")[:most]]


def _best(
    placed: FloatArray,
    cost: FloatArray,
    inside: IntArray,
    outside: IntArray,
    *,
    target: FloatArray,
    size: int,
    nearly: float,
) -> _Exchange:
    """Return the best exchange of so many points for as many others."""
    from scipy.spatial import cKDTree

    out = _distinct(_tuples(inside, size), placed, -cost)
    into = _distinct(_tuples(outside, size), placed, cost)
    number = min(_NEAREST, len(into))
    tree = cKDTree(placed[into].sum(axis=1))
    found = tree.query(placed[out].sum(axis=1) - target, k=number)
    length, near = (np.asarray(part).reshape(-1, number) for part in found)
    extra = cost[into].sum(axis=1)[near] - cost[out].sum(axis=1)[:, None]
    enough = length <= nearly
    paid = np.where(enough, extra, np.inf) if enough.any() else np.zeros_like(extra)
    equal = np.flatnonzero(paid.ravel() <= paid.min() + 1e-9)
    row, column = np.unravel_index(equal[np.argmin(length.ravel()[equal])], length.shape)
    return _Exchange(
        length=float(length[row, column]),
        extra=float(extra[row, column]),
        out=out[row],
        into=into[near[row, column]],
    )


def _tuples(members: IntArray, size: int) -> IntArray:
    """Return all choices of so many members."""
    if size == 1:
        return members[:, None]
    flat = chain.from_iterable(combinations(range(len(members)), size))
    count = size * comb(len(members), size)
    return members[np.fromiter(flat, dtype=np.int64, count=count).reshape(-1, size)]


def _distinct(tuples: IntArray, placed: FloatArray, cost: FloatArray) -> IntArray:
    """Return the cheapest of all choices with the same sum; a lattice has many of them."""
    order = np.argsort(cost[tuples].sum(axis=1), kind="stable")
    sums = placed[tuples[order]].sum(axis=1)
    keys = np.round(sums @ np.sqrt([1.0, 2.0, 3.0, 5.0]), 4)
    return tuples[order[np.unique(keys, return_index=True)[1]]]
