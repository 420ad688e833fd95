"""Choose points that lie evenly apart, none of them clumped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_SHRINK = 1.25  # of the exclusion radius from one round to the next
_TRIES = 12  # points offered a round for each one that is chosen already
_FEW = 0.02  # share of new points below which the radius shrinks


def even_subset(
    points: FloatArray,
    count: int,
    *,
    orbit: IntArray,
    occupied: FloatArray,
    rng: np.random.Generator,
) -> IntArray:
    """Choose points far from one another, by discs of shrinking radius.

    In each round points are drawn in random order, and one is taken where no chosen one lies
    within the radius; then the radius shrinks. The choice has the character of blue noise, and
    the cost grows as m log m. Of more than half of the points those left out are spread instead.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å.
    count : int
        How many to choose.
    orbit : (m,) int array
        Points with the same number, from 0, are chosen together; the last orbit is split where
        `count` asks for it.
    occupied : (k, 3) float array
        Points to keep away from as well, in Å.
    rng : numpy.random.Generator
        Source of the random order.

    Returns
    -------
    (count,) int array
        The chosen points, ascending.

    Examples
    --------
    >>> line = np.arange(9.0)[:, None] * [1, 0, 0]
    >>> chosen = even_subset(line, 3, orbit=np.arange(9), occupied=np.empty((0, 3)),
    ...                      rng=np.random.default_rng(0))
    >>> bool(np.diff(chosen).min() > 1)
    True
    """
    if 2 * count > len(points):
        empty = np.empty((0, 3))
        rest = even_subset(points, len(points) - count, orbit=orbit, occupied=empty, rng=rng)
        return np.setdiff1d(np.arange(len(points)), rest)
    order = rng.permutation(int(orbit.max(initial=-1)) + 1)
    taken = _shrinking_discs(points, count, orbit=orbit, occupied=occupied, order=order)
    missing = count - int(taken.sum())
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    left = np.flatnonzero(~taken)
    taken[left[np.argsort(rank[orbit[left]], kind="stable")][:missing]] = True
    return np.flatnonzero(taken)


def _shrinking_discs(
    points: FloatArray, count: int, *, orbit: IntArray, occupied: FloatArray, order: IntArray
) -> BoolArray:
    """Take whole orbits, at most `count` points, and return which points those are."""
    sizes = np.bincount(orbit, minlength=len(order))
    chosen = np.zeros(len(order), dtype=bool)
    span = float(np.linalg.norm(np.ptp(points, axis=0))) if len(points) else 0.0
    taken = _distances(points, occupied, np.inf)
    radius, number = span, 0
    while sizes[~chosen].min(initial=count + 1) <= count - number and radius > 1e-6 * span:
        offered = np.zeros(len(order), dtype=bool)
        free = order[~chosen[order]]
        offered[free[: max(64, _TRIES * int(chosen.sum()))]] = True
        members = np.flatnonzero(offered[orbit])
        distance = _distances(points[members], points[chosen[orbit]], radius)
        distance = np.minimum(distance, taken[members])
        near = distance < radius
        offered[orbit[members[near]]] = False
        new = _independent(points, orbit, offered, order=order, radius=radius)
        new = new[np.cumsum(sizes[new]) <= count - number]
        chosen[new] = True
        number = int(sizes[chosen].sum())
        if len(new) <= _FEW * chosen.sum():
            farthest = float(distance[near].max(initial=0.0)) if near.all() else radius
            radius = min(radius / _SHRINK, farthest * (1 - 1e-6))
    return chosen[orbit]


def _distances(points: FloatArray, obstacles: FloatArray, limit: float) -> FloatArray:
    """Return the distance of each point to the nearest obstacle; infinite beyond the limit."""
    from scipy.spatial import cKDTree

    if not len(obstacles):
        return np.full(len(points), np.inf)
    distance, _ = cKDTree(obstacles).query(points, distance_upper_bound=limit)
    return np.asarray(distance)


def _independent(
    points: FloatArray, orbit: IntArray, offered: BoolArray, *, order: IntArray, radius: float
) -> IntArray:
    """Return offered orbits no two of which come within the radius, in random order."""
    from scipy.spatial import cKDTree

    alive = offered.copy()
    members = np.flatnonzero(offered[orbit])
    if not len(members):
        return np.empty(0, dtype=np.int64)
    pairs = cKDTree(points[members]).query_pairs(radius, output_type="ndarray")
    edges = orbit[members[pairs]]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    edges = edges[edges[:, 0] != edges[:, 1]]
    edges = np.take_along_axis(edges, np.argsort(rank[edges], axis=1), axis=1)
    won = np.zeros_like(alive)
    while alive.any():
        later = np.zeros_like(alive)
        later[edges[:, 1]] = True
        first = alive & ~later
        won |= first
        alive &= ~first
        alive[edges[first[edges[:, 0]], 1]] = False
        edges = edges[alive[edges].all(axis=1)]
    return order[won[order]]
