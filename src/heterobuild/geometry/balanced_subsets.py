"""Choose some of many points so that a vector sum vanishes and the choice is symmetric and even."""

from __future__ import annotations

from itertools import chain, combinations
from math import comb, lgamma, log
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.even_spread import even_subset
from heterobuild.geometry.lattice_bounds import least_length
from heterobuild.geometry.swap_descent import descend
from heterobuild.geometry.symmetric_subsets import most_balanced

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_EXHAUSTIVE = 400_000  # subsets that are all looked at; below a second
_TABLE = 1000  # points up to which all pairs are tabulated
_RESTARTS = 12  # while no sum is as short as can be
_FEW = 4
_SMALL = 500  # points up to which the most even of several starts is taken
_MANY = 3000  # points up to which more than one start is tried


def balanced_subset(
    points: FloatArray,
    count: int,
    *,
    weight: float,
    residual: FloatArray,
    rng: np.random.Generator,
    directions: BoolArray | None = None,
    occupied: FloatArray | None = None,
    axes: FloatArray | None = None,
    tolerance: float = 1e-3,
) -> IntArray:
    """Choose points so that ``residual + weight * points[chosen].sum(axis=0)`` is shortest.

    Up to 400 000 subsets of at most 1000 points are compared one by one: by the length of the
    sum, by the number of rotations and reflections that map the subset on itself, by evenness,
    then at random. Of more subsets an even one is drawn, of pairs related by inversion where the
    rest of the sum allows it, and exchanges lower the sum.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å.
    count : int
        How many to choose, at most m.
    weight : float
        Charge in e that each chosen point brings.
    residual : (3,) float array
        Dipole in e·Å of everything else, about the origin of the points.
    rng : numpy.random.Generator
        Decides between equals.
    directions : (3,) bool array, optional
        Components of the sum that count; all by default. Along a periodic direction a dipole is
        not defined.
    occupied : (k, 3) float array, optional
        Points to keep away from as well, in Å.
    axes : (3, 3) float array, optional
        Orthonormal rows: the cubic axes whose rotations and reflections count as symmetry; x, y
        and z by default.
    tolerance : float, optional
        Lengths in e·Å that differ by less are equal. Default 0.001, far below what a relaxation
        changes.

    Returns
    -------
    (count,) int array
        The chosen points, ascending.

    Raises
    ------
    ValueError
        If more points are asked for than there are.

    Examples
    --------
    Two of the four corners of a square leave no dipole where they lie on a diagonal:

    >>> square = np.array([[1.0, 1, 0], [1, -1, 0], [-1, 1, 0], [-1, -1, 0]])
    >>> chosen = balanced_subset(square, 2, weight=-1.0, residual=np.zeros(3),
    ...                          rng=np.random.default_rng(0))
    >>> square[chosen].sum(axis=0)
    array([0., 0., 0.])
    """
    if count > len(points):
        raise ValueError(f"{count} of {len(points)} points cannot be chosen")
    if count in {0, len(points)}:
        return np.arange(count)
    centre = points.mean(axis=0)
    counted = np.ones(3) if directions is None else np.asarray(directions, dtype=float)
    frame = np.eye(3) if axes is None else axes
    places = points - centre
    rest = (residual + weight * count * centre) * counted
    vectors = weight * places * counted
    others = np.empty((0, 3)) if occupied is None else occupied - centre
    if len(points) <= _TABLE and _subsets(len(points), count) <= log(_EXHAUSTIVE):
        return _compare_all(
            places,
            vectors,
            count,
            rest=rest,
            occupied=others,
            frame=frame,
            tolerance=tolerance,
            rng=rng,
        )
    return _even_and_descend(
        places, vectors, count, rest=rest, occupied=others, tolerance=tolerance, rng=rng
    )


def inversion_orbits(points: FloatArray, *, tolerance: float = 0.05) -> IntArray:
    """Give two points that inversion through the origin relates the same number.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å relative to the centre.
    tolerance : float, optional
        Largest distance in Å of a point from the image of its partner.

    Returns
    -------
    (m,) int array
        Number of the pair or single point, from 0.

    Examples
    --------
    >>> inversion_orbits(np.array([[1.0, 0, 0], [0, 2, 0], [-1, 0, 0]]))
    array([0, 1, 0])
    """
    from scipy.spatial import cKDTree

    distance, partner = map(np.asarray, cKDTree(points).query(-points))
    index = np.arange(len(points))
    mutual = (distance <= tolerance) & (partner[partner] == index)
    first = np.where(mutual, np.minimum(index, partner), index)
    return np.unique(first, return_inverse=True)[1].reshape(-1)


def _subsets(number: int, count: int) -> float:
    """Return the natural logarithm of the number of subsets."""
    return lgamma(number + 1) - lgamma(count + 1) - lgamma(number - count + 1)


def _compare_all(
    points: FloatArray,
    vectors: FloatArray,
    count: int,
    *,
    rest: FloatArray,
    occupied: FloatArray,
    frame: FloatArray,
    tolerance: float,
    rng: np.random.Generator,
) -> IntArray:
    """Look at every subset, or at every rest where that has fewer points."""
    inverted = 2 * count > len(points)
    size = len(points) - count if inverted else count
    subsets = np.fromiter(
        chain.from_iterable(combinations(range(len(points)), size)),
        dtype=np.int64,
        count=size * comb(len(points), size),
    ).reshape(-1, size)
    chosen = vectors[subsets].sum(axis=1)
    total = rest + (vectors.sum(axis=0) - chosen if inverted else chosen)
    length = np.linalg.norm(total, axis=1)
    subsets = subsets[length <= length.min() + tolerance]
    others = np.empty((0, 3)) if inverted else occupied
    best = most_balanced(points, subsets, frame=frame, occupied=others, rng=rng)
    return np.setdiff1d(np.arange(len(points)), best) if inverted else best


def _even_and_descend(
    points: FloatArray,
    vectors: FloatArray,
    count: int,
    *,
    rest: FloatArray,
    occupied: FloatArray,
    tolerance: float,
    rng: np.random.Generator,
) -> IntArray:
    """Draw even subsets, lower their sums, and keep the best."""
    step = float(np.abs(vectors).max() / np.abs(points).max()) * mean_spacing(points)
    pairs = np.linalg.norm(rest) <= max(tolerance, step / 2)
    orbit = inversion_orbits(points) if pairs else np.arange(len(points))
    least = least_length(rest + vectors[:count].sum(axis=0), vectors, np.zeros(len(points)))
    trials, length = [], []
    for number in range(1, _RESTARTS + 1 if len(points) <= _MANY else 2):
        start = even_subset(points, count, orbit=orbit, occupied=occupied, rng=rng)
        found = descend(vectors, points, start, residual=rest, tolerance=least + tolerance, rng=rng)
        trials.append(found)
        length.append(float(np.linalg.norm(rest + vectors[found].sum(axis=0))))
        if min(length) <= least + tolerance and (len(points) > _SMALL or number >= _FEW):
            break
    spacing = np.array([-mean_spacing(points[found]) for found in trials])
    best = int(np.lexsort((spacing, np.floor_divide(length, tolerance)))[0])
    return trials[best]


def mean_spacing(points: FloatArray) -> float:
    """Return the mean distance of points to their nearest neighbour.

    Parameters
    ----------
    points : (n, 3) float array
        Points in Å.

    Returns
    -------
    float
        Mean distance in Å; infinite for fewer than two points.
    """
    from scipy.spatial import cKDTree

    if len(points) < 2:
        return float("inf")
    return float(np.asarray(cKDTree(points).query(points, k=2)[0])[:, 1].mean())
