"""Sites that leave the least dipole, then the most symmetric ones, then even ones."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.balanced_subsets import (
    balanced_subset,
    inversion_orbits,
    mean_spacing,
)
from heterobuild.geometry.even_spread import even_subset
from heterobuild.geometry.swap_descent import descend
from heterobuild.geometry.symmetric_subsets import most_balanced

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_EXHAUSTIVE = 50_000  # subsets that are all looked at
_RESTARTS = 4
_SMALL = 3000  # points up to which several starts are tried
_TOLERANCE = 1e-3  # e·Å, far below what a relaxation changes


def least_dipole_subset(
    points: FloatArray,
    moments: FloatArray,
    count: int,
    *,
    charge: float = 0.0,
    residual: FloatArray,
    directions: BoolArray | None = None,
    occupied: FloatArray | None = None,
    start: IntArray | None = None,
    rng: np.random.Generator,
) -> IntArray:
    """Choose points so that ``residual + moments[chosen].sum(axis=0)`` is shortest.

    Up to 50 000 subsets are compared one by one: by the length of the sum, by the number of
    rotations and reflections of a cube along x, y and z that map them on themselves, by evenness,
    then at random. Of more subsets even ones are drawn, of pairs related by inversion, and
    exchanges lower the sum. Charges of one size on vacant sites are the case of
    `heterobuild.geometry.balanced_subsets.balanced_subset`.

    Parameters
    ----------
    points : (m, 3) float array
        Sites in Å.
    moments : (m, 3) float array
        What a ligand at each site adds to the dipole of the whole, in e·Å.
    count : int
        How many to choose.
    charge : float, optional
        Charge in e that each adds to the whole; not zero on vacant sites.
    residual : (3,) float array
        Dipole of everything else in e·Å about the origin.
    directions : (3,) bool array, optional
        Components of the dipole that count; all by default. Along a periodic direction a dipole
        is not defined.
    occupied : (k, 3) float array, optional
        Points to keep away from as well, in Å.
    start : (count,) int array, optional
        Points to begin the exchanges with; as few as may be are exchanged then. It does not
        count for charges on vacant sites.
    rng : numpy.random.Generator
        Decides between equals.

    Returns
    -------
    (count,) int array
        The chosen points, ascending.

    Examples
    --------
    Two dipoles that point outward from the corners of a square stand on a diagonal:

    >>> square = np.array([[1.0, 1, 0], [1, -1, 0], [-1, 1, 0], [-1, -1, 0]])
    >>> chosen = least_dipole_subset(square, 4.0 * square, 2, residual=np.zeros(3),
    ...                              rng=np.random.default_rng(0))
    >>> square[chosen].sum(axis=0)
    array([0., 0., 0.])
    """
    if count in {0, len(points)}:
        return np.arange(count)
    around = np.empty((0, 3)) if occupied is None else occupied
    if charge:
        return balanced_subset(
            moments / charge,
            count,
            weight=charge,
            residual=residual,
            directions=directions,
            occupied=around,
            rng=rng,
        )
    if directions is not None:
        moments, residual = moments * directions, residual * directions
    if start is not None:
        return descend(moments, points, start, residual=residual, tolerance=_TOLERANCE, rng=rng)
    middle = points.mean(axis=0)
    places, around = points - middle, around - middle
    if comb(len(points), count) <= _EXHAUSTIVE:
        return _best_of_all(places, moments, count, residual=residual, occupied=around, rng=rng)
    return _best_of_some(places, moments, count, residual=residual, occupied=around, rng=rng)


def _best_of_all(
    points: FloatArray,
    moments: FloatArray,
    count: int,
    *,
    residual: FloatArray,
    occupied: FloatArray,
    rng: np.random.Generator,
) -> IntArray:
    """Look at every subset."""
    subsets = np.array(list(combinations(range(len(points)), count)), dtype=np.int64)
    length = np.linalg.norm(residual + moments[subsets].sum(axis=1), axis=1)
    subsets = subsets[length <= length.min() + _TOLERANCE]
    return most_balanced(points, subsets, frame=np.eye(3), rng=rng, occupied=occupied)


def _best_of_some(
    points: FloatArray,
    moments: FloatArray,
    count: int,
    *,
    residual: FloatArray,
    occupied: FloatArray,
    rng: np.random.Generator,
) -> IntArray:
    """Draw even subsets, lower their sums, and keep the best."""
    orbit = inversion_orbits(points)
    inert = not np.abs(moments - moments[0]).max() > _TOLERANCE / len(points)
    trials = []
    for _ in range(1 if inert or len(points) > _SMALL else _RESTARTS):
        found = even_subset(points, count, orbit=orbit, occupied=occupied, rng=rng)
        if not inert:
            found = descend(
                moments, points, found, residual=residual, tolerance=_TOLERANCE, rng=rng
            )
        trials.append(found)
    length = np.array(
        [float(np.linalg.norm(residual + moments[found].sum(axis=0))) for found in trials]
    )
    spacing = np.array([-mean_spacing(points[found]) for found in trials])
    return trials[int(np.lexsort((spacing, np.floor_divide(length, _TOLERANCE)))[0])]


def least_dipole_mixture(
    points: FloatArray,
    moments: FloatArray,
    numbers: IntArray,
    *,
    residual: FloatArray,
    directions: BoolArray | None = None,
    rng: np.random.Generator,
) -> IntArray:
    """Choose which kind stands at which of some sites that are all taken.

    Parameters
    ----------
    points : (m, 3) float array
        Sites in Å.
    moments : (k, m, 3) float array
        What each kind adds to the dipole at each site, in e·Å.
    numbers : (k,) int array
        How many there are of each kind; they sum to m.
    residual : (3,) float array
        Dipole of everything else in e·Å.
    directions : (3,) bool array, optional
        Components of the dipole that count; all by default. Along a periodic direction a dipole
        is not defined.
    rng : numpy.random.Generator
        Decides between equals.

    Returns
    -------
    (m,) int array
        Kind at each site, from 0. The rarest kinds are spread first, each with the mean of those
        that follow on the other sites.

    Examples
    --------
    >>> line = np.array([[-2.0, 0, 0], [-1, 0, 0], [1, 0, 0], [2, 0, 0]])
    >>> least_dipole_mixture(line, np.array([line, 0 * line]), np.array([3, 1]),
    ...                      residual=np.array([-2.0, 0, 0]), rng=np.random.default_rng(0)).tolist()
    [1, 0, 0, 0]
    """
    kind = np.full(len(points), -1, dtype=np.int64)
    done = np.array(residual, dtype=np.float64)
    order = np.argsort(numbers, kind="stable")
    for step, k in enumerate(order.tolist()):
        left, rest = np.flatnonzero(kind < 0), order[step + 1 :]
        if not len(rest) or not numbers[rest].sum():
            kind[left] = k
            break
        others = np.average(moments[rest][:, left], axis=0, weights=numbers[rest])
        chosen = left[
            least_dipole_subset(
                points[left],
                moments[k, left] - others,
                int(numbers[k]),
                residual=done + others.sum(axis=0),
                directions=directions,
                rng=rng,
            )
        ]
        kind[chosen] = k
        done += moments[k, chosen].sum(axis=0)
    return kind
