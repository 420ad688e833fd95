"""Exchange chosen for unchosen points until a vector sum is as near to zero as it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_NEIGHBOURS = 8  # sites in one face around a site
_DRIFTS = 60
_FEW = 0.02  # share of the chosen that move below which neighbours no longer suffice
_PAIRS = 100_000
_DOUBLES = 2_000
_EQUALS = 8


def descend(
    vectors: FloatArray,
    points: FloatArray,
    chosen: IntArray,
    *,
    residual: FloatArray,
    tolerance: float,
    rng: np.random.Generator,
) -> IntArray:
    """Lower the length of ``residual + vectors[chosen].sum(axis=0)`` by exchanges.

    A large sum is worn down by many exchanges of near neighbours at once, those first that leave
    less crowded places. A small one is met by the single exchange, or by the two at once, whose
    change is nearest to it, found with a k-d tree on the differences. The cost of a round is
    that of sorting the neighbour list.

    Parameters
    ----------
    vectors : (m, 3) float array
        What each point adds to the sum.
    points : (m, 3) float array
        Where the points lie, in Å; neighbours are exchanged.
    chosen : (n,) int array
        Points chosen at first.
    residual : (3,) float array
        The part of the sum that stays.
    tolerance : float
        Length of the sum at which to stop.
    rng : numpy.random.Generator
        Decides between exchanges of equal merit.

    Returns
    -------
    (n,) int array
        The chosen points, ascending.

    Examples
    --------
    >>> line = np.arange(-2.0, 3.0)[:, None] * [1, 0, 0]
    >>> descend(line, line, np.array([3, 4]), residual=np.zeros(3), tolerance=1e-6,
    ...         rng=np.random.default_rng(0)).sum()
    np.int64(4)
    """
    mask = np.zeros(len(points), dtype=bool)
    mask[chosen] = True
    total = residual + vectors[mask].sum(axis=0)
    if mask.all() or not mask.any() or np.linalg.norm(total) <= tolerance:
        return np.flatnonzero(mask)
    near = _neighbours(points)
    total = _drift(vectors, near, mask, total, tolerance=tolerance, rng=rng)
    for _ in range(8):
        if np.linalg.norm(total) <= tolerance:
            break
        out, into = _best_single(vectors, near, mask, total)
        after = total + (vectors[into] - vectors[out]).sum(axis=0)
        if np.linalg.norm(after) > np.linalg.norm(total) - 1e-9:
            out, into = _best_double(vectors, total, *_exchanges(near, mask, rng))
            after = total + (vectors[into] - vectors[out]).sum(axis=0)
        if np.linalg.norm(after) > np.linalg.norm(total) - 1e-9:
            break
        mask[out], mask[into] = False, True
        total = after
    return np.flatnonzero(mask)


def _neighbours(points: FloatArray) -> IntArray:
    """Return the nearest other points of each point."""
    from scipy.spatial import cKDTree

    number = min(_NEIGHBOURS, len(points) - 1)
    _, near = cKDTree(points).query(points, k=number + 1)
    found: IntArray = np.asarray(near, dtype=np.int64)[:, 1:]
    return found


def _crowd(near: IntArray, mask: BoolArray) -> IntArray:
    """Count the chosen neighbours of each point."""
    count: IntArray = np.count_nonzero(mask[near], axis=1).astype(np.int64)
    return count


def _local(near: IntArray, mask: BoolArray) -> tuple[IntArray, IntArray]:
    """Return all exchanges of a chosen point for an unchosen neighbour."""
    out, column = np.nonzero(mask[:, None] & ~mask[near])
    into: IntArray = near[out, column]
    return out.astype(np.int64), into


def _drift(
    vectors: FloatArray,
    near: IntArray,
    mask: BoolArray,
    total: FloatArray,
    *,
    tolerance: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Exchange many neighbours at once, in place, while the sum is longer than one exchange."""
    for _ in range(_DRIFTS):
        length = float(np.linalg.norm(total))
        out, into = _local(near, mask)
        change = vectors[into] - vectors[out]
        reach = float(np.linalg.norm(change, axis=1).max(initial=0.0))
        if length <= max(tolerance, reach):
            break
        gain = -change @ total / length
        useful = np.flatnonzero(gain > 0.5 * np.linalg.norm(change, axis=1))
        crowd = _crowd(near, mask)
        merit = crowd[into[useful]] - crowd[out[useful]]
        useful = useful[np.lexsort((rng.permutation(len(useful)), merit))]
        useful = useful[np.sort(np.unique(out[useful], return_index=True)[1])]
        useful = useful[np.sort(np.unique(into[useful], return_index=True)[1])]
        useful = useful[np.cumsum(gain[useful]) <= length]
        out, into = out[useful], into[useful]
        if len(useful) < _FEW * np.count_nonzero(mask) and gain[useful].sum() < 0.5 * length:
            out, into = _across(vectors, mask, total)
        after = total + (vectors[into] - vectors[out]).sum(axis=0)
        if not len(out) or np.linalg.norm(after) >= length:
            break
        mask[out], mask[into] = False, True
        total = after
    return total


def _across(vectors: FloatArray, mask: BoolArray, total: FloatArray) -> tuple[IntArray, IntArray]:
    """Return exchanges over any distance, the largest gain first, as many as shorten the sum."""
    length = float(np.linalg.norm(total))
    share = vectors @ total / length
    order = np.argsort(share, kind="stable")
    into, out = order[~mask[order]], order[::-1][mask[order[::-1]]]
    number = min(len(into), len(out))
    gain = share[out[:number]] - share[into[:number]]
    number = int(np.count_nonzero((np.cumsum(gain) <= length) & (gain > 0)))
    return out[:number], into[:number]


def _exchanges(
    near: IntArray, mask: BoolArray, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Return the exchanges to try: all of a small set, else local ones and some far ones."""
    inside, outside = np.flatnonzero(mask), np.flatnonzero(~mask)
    if len(inside) * len(outside) <= _PAIRS:
        return np.repeat(inside, len(outside)), np.tile(outside, len(inside))
    out, into = _local(near, mask)
    sample = rng.permutation(len(out))[: _PAIRS // 2]
    far = _PAIRS - len(sample)
    return (
        np.concatenate([out[sample], rng.choice(inside, far)]),
        np.concatenate([into[sample], rng.choice(outside, far)]),
    )


def _best_single(
    vectors: FloatArray, near: IntArray, mask: BoolArray, total: FloatArray
) -> tuple[IntArray, IntArray]:
    """Return the exchange that leaves the shortest sum; of equals the least crowded."""
    from scipy.spatial import cKDTree

    inside, outside = np.flatnonzero(mask), np.flatnonzero(~mask)
    number = min(_EQUALS, len(outside))
    wanted = vectors[inside] - total
    length, found = map(np.asarray, cKDTree(vectors[outside]).query(wanted, k=number))
    length = length.reshape(-1, number)
    row, column = np.nonzero(length <= length.min() + 1e-6)
    out, into = inside[row], outside[found.reshape(-1, number)[row, column]]
    crowd = _crowd(near, mask)
    best = [np.argmin(crowd[into] - crowd[out])]
    return out[best], into[best]


def _best_double(
    vectors: FloatArray, total: FloatArray, out: IntArray, into: IntArray
) -> tuple[IntArray, IntArray]:
    """Return the two exchanges of four points that together leave the shortest sum."""
    from scipy.spatial import cKDTree

    change = vectors[into] - vectors[out]
    few = _distinct(change)
    first = few[np.linspace(0, len(few) - 1, min(len(few), _DOUBLES)).astype(np.int64)]
    number = min(_EQUALS, len(few))
    distance, second = map(np.asarray, cKDTree(change[few]).query(-total - change[first], k=number))
    second = few[second].reshape(-1, number)
    clash = (out[second] == out[first][:, None]) | (into[second] == into[first][:, None])
    distance = np.where(clash, np.inf, distance.reshape(-1, number))
    row, column = np.unravel_index(int(np.argmin(distance)), distance.shape)
    both = np.array([first[row], second[row, column]])
    if not np.isfinite(distance[row, column]):
        both = both[:1]
    return out[both], into[both]


def _distinct(change: FloatArray) -> IntArray:
    """Return two exchanges of each change; a lattice has thousands that are the same."""
    keys = np.round(change @ np.array([1.0, np.sqrt(2.0), np.sqrt(3.0)]), 6)
    _, first = np.unique(keys, return_index=True)
    rest = np.setdiff1d(np.arange(len(keys)), first)
    _, second = np.unique(keys[rest], return_index=True)
    found: IntArray = np.concatenate([first, rest[second]])
    return found
