"""Distances between convex solids that are given by their corners."""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UnknownNameError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

SOLIDS = ("sphere", "cube", "octahedron", "rhombic-dodecahedron")
"""Solids that one radius describes."""


def corners(solid: str) -> FloatArray:
    """Return the corners of a solid whose inscribed ball has the radius 1.

    Parameters
    ----------
    solid : {"sphere", "cube", "octahedron", "rhombic-dodecahedron"}
        The solid, with faces {100}, {111} or {110}. A sphere has its centre as only corner.

    Returns
    -------
    (c, 3) float array
        Corners around the origin.

    Raises
    ------
    UnknownNameError
        If there is no such solid.

    Examples
    --------
    >>> corners("octahedron").round(3)[0].tolist()
    [-1.732, 0.0, 0.0]
    """
    if solid not in SOLIDS:
        raise UnknownNameError(
            f"unknown solid {solid!r}", allowed=", ".join(SOLIDS), next_step="choose one of them"
        )
    cube = np.array(list(product((-1.0, 1.0), repeat=3)))
    axes = np.array(sorted({p for s in (-1.0, 1.0) for p in permutations((s, 0.0, 0.0))}))
    if solid == "sphere":
        return np.zeros((1, 3))
    if solid == "cube":
        return cube
    if solid == "octahedron":
        tips: FloatArray = np.sqrt(3.0) * axes
        return tips
    return np.vstack([np.sqrt(2.0) * axes, cube / np.sqrt(2.0)])


def hull_distance(first: FloatArray, second: FloatArray) -> float:
    """Return the distance between the convex hulls of two sets of corners.

    The nearest points are weighted means of the corners; the weights, not negative and with the
    sum 1 on each side, follow from non-negative least squares.

    Parameters
    ----------
    first : (n, 3) float array
        Corners in Å.
    second : (m, 3) float array
        Corners in Å.

    Returns
    -------
    float
        Distance in Å to about 1e-6 of the size of the solids; 0 where they touch or overlap.

    Examples
    --------
    >>> from heterobuild.geometry.convex_hulls import corners
    >>> round(hull_distance(corners("cube"), corners("cube") + [2.5, 0.0, 0.0]), 6)
    0.5
    """
    from scipy.optimize import nnls

    centre = first.mean(axis=0)
    size = float(max(np.ptp(first, axis=0).max(), np.ptp(second, axis=0).max(), 1e-12))
    left, right = (first - centre) / size, (second - centre) / size
    weight = 1e4 * max(1.0, float(np.abs(right).max()))
    sums = np.zeros((2, len(left) + len(right)))
    sums[0, : len(left)] = weight
    sums[1, len(left) :] = weight
    matrix = np.vstack([np.hstack([left.T, -right.T]), sums])
    shares, _ = nnls(matrix, np.array([0.0, 0.0, 0.0, weight, weight]), maxiter=1000)
    here, there = shares[: len(left)], shares[len(left) :]
    apart = here @ left / here.sum() - there @ right / there.sum()
    distance = float(np.linalg.norm(apart)) * size
    return distance if distance > 1e-6 * size else 0.0
