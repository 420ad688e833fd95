"""Which points of a periodic cell are near one another, all images counted, in any cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray


def face_heights(cell: FloatArray) -> FloatArray:
    """Return the distances between opposite faces of a cell.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å, rows.

    Returns
    -------
    (3,) float array
        Heights in Å along the normals of the faces b×c, c×a and a×b.

    Examples
    --------
    >>> skew = np.array([[2.0, 0.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, 3.0]])
    >>> face_heights(skew).round(6).tolist()
    [1.414214, 2.0, 3.0]
    """
    heights: FloatArray = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    return heights


def near_pairs(
    points: FloatArray,
    cell: FloatArray,
    pbc: Sequence[bool],
    reach: float,
    others: FloatArray | None = None,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return all pairs of points within a reach, every image counted.

    The images that can matter follow from the heights of the cell, so that the answer is exact
    for skew and for small cells too, where a point sees several images of another one.

    Parameters
    ----------
    points : (n, 3) float array
        Coordinates in Å, anywhere.
    cell : (3, 3) float array
        Cell in Å, rows.
    pbc : sequence of three bool
        Whether the cell repeats along each of its vectors.
    reach : float
        Largest distance in Å.
    others : (m, 3) float array or None, optional
        Second points. None: the pairs among the points, each pair of two points once (the lower
        number first), and each point with its own images.

    Returns
    -------
    first, second : (p,) int array
        Numbers of the points.
    vectors : (p, 3) float array
        From the first point to the image of the second, in Å.

    Examples
    --------
    >>> first, second, vectors = near_pairs(np.zeros((1, 3)), 4.0 * np.eye(3), (True,) * 3, 4.5)
    >>> len(first), np.linalg.norm(vectors, axis=1).max()
    (6, np.float64(4.0))
    """
    from scipy.spatial import cKDTree

    reduced = _reduced(cell, pbc)
    here = _wrapped(points, reduced, pbc)
    there, number, steps = _images(
        here if others is None else _wrapped(others, reduced, pbc), reduced, pbc, reach
    )
    if not len(here) or not len(there):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty((0, 3))
    start, end = here @ reduced, there @ reduced
    found = cKDTree(start).sparse_distance_matrix(cKDTree(end), reach, output_type="ndarray")
    first, image = found["i"].astype(np.int64), found["j"].astype(np.int64)
    second = number[image]
    if others is None:
        kept = (first < second) | ((first == second) & steps[image].any(axis=1))
        first, second, image = first[kept], second[kept], image[kept]
    order = np.lexsort((image, second, first))
    first, second, image = first[order], second[order], image[order]
    return first, second, end[image] - start[first]


def wall_gaps(
    points: FloatArray,
    radii: FloatArray,
    cell: FloatArray,
    pbc: Sequence[bool],
    reach: float,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the pairs of balls whose walls are nearer than a reach.

    Parameters
    ----------
    points : (n, 3) float array
        Centres in Å.
    radii : (n,) float array
        Radii in Å.
    cell : (3, 3) float array
        Cell in Å, rows.
    pbc : sequence of three bool
        Whether the cell repeats along each of its vectors.
    reach : float
        Largest distance from wall to wall in Å.

    Returns
    -------
    first, second : (p,) int array
        Numbers of the balls; equal where a ball is near its own image.
    gaps : (p,) float array
        Distances from wall to wall in Å, negative where balls overlap; smallest first.

    Examples
    --------
    >>> centres = np.array([[1.0, 0.0, 0.0], [9.0, 0.0, 0.0]])
    >>> first, second, gaps = wall_gaps(centres, np.ones(2) / 2, 10 * np.eye(3), (True,) * 3, 5.0)
    >>> first.tolist(), second.tolist(), gaps.round(9).tolist()
    ([0], [1], [1.0])
    """
    if not len(points):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0)
    far = 2 * float(np.max(radii)) + reach
    first, second, vectors = near_pairs(points, cell, pbc, max(far, 0.0))
    gaps = np.linalg.norm(vectors, axis=1) - radii[first] - radii[second]
    kept = np.flatnonzero(gaps < reach)
    kept = kept[np.argsort(gaps[kept].round(9), kind="stable")]
    return first[kept], second[kept], gaps[kept]


def _reduced(cell: FloatArray, pbc: Sequence[bool]) -> FloatArray:
    """Return the shortest vectors of the periodic lattice: fewer images are needed."""
    from ase.geometry.minkowski_reduction import minkowski_reduce

    short: FloatArray = minkowski_reduce(np.asarray(cell, dtype=np.float64), list(pbc))[0]
    return short


def _wrapped(points: FloatArray, cell: FloatArray, pbc: Sequence[bool]) -> FloatArray:
    """Return fractions, between 0 and 1 along the periodic vectors."""
    fractions: FloatArray = np.asarray(points, dtype=np.float64) @ np.linalg.inv(cell)
    return np.where(np.asarray(pbc), fractions - np.floor(fractions), fractions)


def _images(
    fractions: FloatArray, cell: FloatArray, pbc: Sequence[bool], reach: float
) -> tuple[FloatArray, IntArray, IntArray]:
    """Return all images within reach of the cell: fractions, numbers, steps of the cell."""
    margins = (reach + 1e-9) / face_heights(cell)
    number = np.arange(len(fractions))
    steps = np.zeros((len(fractions), 3), dtype=np.int64)
    for axis in np.flatnonzero(pbc):
        most = int(np.ceil(margins[axis])) + 1
        shifts = np.arange(-most, most + 1)
        placed = fractions[number, axis] + shifts[:, None]
        kept = (placed >= -margins[axis]) & (placed <= 1 + margins[axis])
        shift, row = np.nonzero(kept)
        number, steps = number[row], steps[row]
        steps[:, axis] += shifts[shift]
    return fractions[number] + steps, number, steps
