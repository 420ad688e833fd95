"""Compare all choices among points of several classes, the cheapest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import chain, combinations
from math import comb, prod
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.symmetric_subsets import most_balanced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_LIMIT = 1_000_000  # subsets that are looked at; about a second


def cheapest_balanced_subset(
    points: FloatArray,
    vectors: FloatArray,
    *,
    cost: FloatArray,
    kind: FloatArray,
    chosen: IntArray,
    residual: FloatArray,
    nearly: float,
    gain: float,
    frame: FloatArray,
    tolerance: float,
    rng: np.random.Generator,
) -> IntArray | None:
    """Choose points whose vectors sum to nearly nothing with the rest, at the least cost.

    Points of one kind and cost are a class. The numbers taken from the classes are tried in the
    order of their cost, then of the points exchanged, and of each all choices are compared, until
    a sum is short enough. Where none is, all choices have been seen, and those count as equal
    whose length differs by less than `gain` from the least. Within the numbers so found the
    shortest sum decides, then symmetry, evenness and chance.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å relative to the centre of symmetry.
    vectors : (m, 3) float array
        What each point adds to the sum.
    cost : (m,) float array
        Cost of each point.
    kind : (m,) float array
        The number chosen of each kind stays.
    chosen : (n,) int array
        A cheapest choice.
    residual : (3,) float array
        The part of the sum that stays.
    nearly : float
        Length of the sum that is short enough.
    gain : float
        Gain in length that is worth a higher cost.
    frame : (3, 3) float array
        Orthonormal rows: axes of the symmetry.
    tolerance : float
        Lengths that differ by less are equal.
    rng : numpy.random.Generator
        Decides between equals.

    Returns
    -------
    (n,) int array or None
        The chosen points, ascending; None where there are too many choices to compare.

    Examples
    --------
    Of a short and a long row of points one is to be chosen; the cheap ones lie on one side only:

    >>> points = np.array([[1.0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 0]])
    >>> cheapest_balanced_subset(
    ...     points, points, cost=np.array([1.0, 1, 2, 2]), kind=np.zeros(4), chosen=np.array([0]),
    ...     residual=np.zeros(3), nearly=0.1, gain=0.1, frame=np.eye(3),
    ...     tolerance=1e-3, rng=np.random.default_rng(0))
    array([3])
    """
    classes = _classes(vectors, cost, kind)
    seen: list[tuple[float, tuple[int, ...]]] = []
    spent = 0
    for counts in _profiles(classes, np.isin(np.arange(len(points)), chosen)):
        spent += prod(map(comb, map(len, classes.members), counts))
        if spent > _LIMIT:
            return None
        seen.append((float(_lengths(classes, counts, residual).min()), counts))
        if seen[-1][0] <= nearly:
            break
    least = min(length for length, _ in seen)
    counts = next(counts for length, counts in seen if length <= max(nearly, least + gain))
    lengths = _lengths(classes, counts, residual)
    equal = np.flatnonzero(lengths <= lengths.min() + tolerance)
    subsets = _subsets(classes, counts, equal)
    return np.sort(most_balanced(points, subsets, frame=frame, rng=rng))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Classes:
    """Points of one kind and cost, and the choices among them that were listed so far."""

    members: list[IntArray]
    kind: list[float]
    cost: list[float]
    vectors: FloatArray
    listed: dict[tuple[int, int], tuple[IntArray, FloatArray]] = field(default_factory=dict)


def _classes(vectors: FloatArray, cost: FloatArray, kind: FloatArray) -> _Classes:
    """Sort points into classes, by kind, then by cost."""
    keys = np.column_stack([kind, np.round(cost, 6)])
    values, number = np.unique(keys, axis=0, return_inverse=True)
    members = [np.flatnonzero(number.reshape(-1) == k) for k in range(len(values))]
    of_kind, of_cost = values.T.tolist()
    return _Classes(members=members, kind=of_kind, cost=of_cost, vectors=vectors)


def _parts(classes: _Classes, counts: tuple[int, ...]) -> list[tuple[IntArray, FloatArray]]:
    """Return all choices of each class, and their sums."""
    for number, count in enumerate(counts):
        if (number, count) not in classes.listed:
            own = classes.members[number]
            own = own[_combinations(len(own), count)]
            classes.listed[number, count] = own, classes.vectors[own].sum(axis=1)
    return [classes.listed[pair] for pair in enumerate(counts)]


def _lengths(classes: _Classes, counts: tuple[int, ...], residual: FloatArray) -> FloatArray:
    """Return the lengths of all sums, the choice in the last class running fastest."""
    sums = residual[None]
    for _, own in _parts(classes, counts):
        sums = (sums[:, None] + own).reshape(-1, 3)
    length: FloatArray = np.linalg.norm(sums, axis=1)
    return length


def _subsets(classes: _Classes, counts: tuple[int, ...], rows: IntArray) -> IntArray:
    """Return the points of some choices."""
    parts = [own for own, _ in _parts(classes, counts)]
    places = np.unravel_index(rows, [len(own) for own in parts])
    return np.hstack([own[place] for own, place in zip(parts, places, strict=True)])


def _combinations(number: int, count: int) -> IntArray:
    """Return all choices of some of the first numbers."""
    flat = chain.from_iterable(combinations(range(number), count))
    size = comb(number, count)
    return np.fromiter(flat, dtype=np.int64, count=size * count).reshape(size, count)


def _profiles(classes: _Classes, mask: BoolArray) -> Iterator[tuple[int, ...]]:
    """Yield how many points each class gives, by the cost, then by the points exchanged."""
    first = tuple(int(mask[own].sum()) for own in classes.members)
    heap = [(0.0, 0, first)]
    known = {first}
    while heap:
        extra, _, counts = heappop(heap)
        yield counts
        for low, high in combinations(range(len(counts)), 2):
            room = len(classes.members[high]) - counts[high]
            if classes.kind[low] != classes.kind[high] or not counts[low] or not room:
                continue
            moved = list(counts)
            moved[low], moved[high] = counts[low] - 1, counts[high] + 1
            after = tuple(moved)
            if after not in known:
                known.add(after)
                number = sum(max(0, n - m) for n, m in zip(after, first, strict=True))
                paid = extra + classes.cost[high] - classes.cost[low]
                heappush(heap, (round(paid, 6), number, after))
