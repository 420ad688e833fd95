"""How near sets of atoms come to one another in a plane lattice, for many arrangements at once.

A clearance is the least of all distances over the shortest allowed one of each pair: 1 just
touches the limit, more is better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

_BATCH = 100_000
"""Distances computed at once; they stay in the cache of a processor."""


def plane_shifts(cell: FloatArray, reach: float, *, origin: bool = True) -> FloatArray:
    """Return the lattice translations of a plane that are not longer than a reach.

    Parameters
    ----------
    cell : (2, 2) float array
        In-plane vectors in Å, rows.
    reach : float
        In Å.
    origin : bool, optional
        Whether to keep the zero translation.

    Returns
    -------
    (s, 3) float array
        Translations in Å, the zero one first, then by length.

    Examples
    --------
    >>> len(plane_shifts(6.0 * np.eye(2), 6.5))
    5
    """
    most = np.ceil(reach * np.linalg.norm(np.linalg.inv(cell), axis=0)).astype(int)
    grid = np.stack(np.meshgrid(*[np.arange(-n, n + 1) for n in most], indexing="ij"), axis=-1)
    shifts = grid.reshape(-1, 2) @ cell
    lengths = np.round(np.linalg.norm(shifts, axis=1), 9)
    order = np.lexsort((shifts[:, 1], shifts[:, 0], lengths))
    kept = order[lengths[order] <= reach][0 if origin else 1 :]
    return np.column_stack([shifts[kept], np.zeros(len(kept))])


def clearances(first: FloatArray, second: FloatArray, floors: FloatArray) -> FloatArray:
    """Return the least ratio of distance to shortest allowed distance.

    Parameters
    ----------
    first : (k, n, 3) float array
        Coordinates in Å of the first atoms of each arrangement.
    second : (k, m, 3) or (1, m, 3) float array
        Those of the second, for each arrangement or the same for all.
    floors : (n, m) float array
        Shortest allowed distances in Å.

    Returns
    -------
    (k,) float array
        The clearances; infinite where there is nothing to touch.

    Examples
    --------
    >>> atoms = np.zeros((1, 1, 3)), np.array([[[0.0, 0.0, 4.0], [0.0, 3.0, 0.0]]])
    >>> clearances(*atoms, np.array([[2.0, 2.0]])).tolist()
    [1.5]
    """
    least = np.full(len(first), np.inf)
    if not second.shape[1]:
        return least
    weights = 1.0 / floors**2
    left, right = _extended(first, second)
    step = max(1, _BATCH // floors.size)
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        squares = left[part] @ (right[part] if len(right) > 1 else right)
        squares *= weights
        least[part] = squares.reshape(len(squares), -1).min(axis=1)
    roots: FloatArray = np.sqrt(np.maximum(least, 0.0))
    return roots


def nearest(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the distance from each of the first atoms to the nearest of the second.

    Parameters
    ----------
    first : (k, n, 3) float array
        Coordinates in Å.
    second : (k, m, 3) or (1, m, 3) float array
        Coordinates in Å.

    Returns
    -------
    (k, n) float array
        Distances in Å.
    """
    least = np.empty(first.shape[:2])
    left, right = _extended(first, second)
    step = max(1, _BATCH // (first.shape[1] * second.shape[1]))
    for start in range(0, len(first), step):
        part = slice(start, start + step)
        squares = left[part] @ (right[part] if len(right) > 1 else right)
        least[part] = squares.min(axis=2)
    roots: FloatArray = np.sqrt(np.maximum(least, 0.0))
    return roots


def _extended(first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return matrices whose products are squared distances, (k, n, 5) and (k, 5, m)."""
    left = np.empty((*first.shape[:2], 5))
    left[..., :3] = -2.0 * first
    left[..., 3] = np.einsum("kni,kni->kn", first, first)
    left[..., 4] = 1.0
    right = np.empty((len(second), 5, second.shape[1]))
    right[:, :3] = second.transpose(0, 2, 1)
    right[:, 3] = 1.0
    right[:, 4] = np.einsum("kni,kni->kn", second, second)
    return left, right


def with_images(points: FloatArray, shifts: FloatArray) -> FloatArray:
    """Return atoms and their images, all of one translation together.

    Parameters
    ----------
    points : (k, m, 3) float array
        Coordinates in Å.
    shifts : (s, 3) float array
        Translations in Å.

    Returns
    -------
    (k, s m, 3) float array
        Coordinates in Å.
    """
    moved = points[:, None, :, :] + shifts[None, :, None, :]
    return moved.reshape(len(points), -1, 3)
