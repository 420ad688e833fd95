"""Of several subsets of points the most symmetric, and of these the most even."""

from __future__ import annotations

from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

_NEAREST = 8


def most_balanced(
    points: FloatArray,
    subsets: IntArray,
    *,
    frame: FloatArray,
    rng: np.random.Generator,
    occupied: FloatArray | None = None,
) -> IntArray:
    """Return the subset that most operations of the cube map on itself; of equals the most even.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å relative to the centre of the cube.
    subsets : (s, n) int array
        Points of each subset.
    frame : (3, 3) float array
        Orthonormal rows: axes of the cube.
    rng : numpy.random.Generator
        Decides between equals.
    occupied : (k, 3) float array, optional
        Points to keep away from as well, in Å.

    Returns
    -------
    (n,) int array
        The subset.
    """
    order = symmetry_order(points @ frame.T, subsets)
    subsets = subsets[order == order.max()]
    energy = riesz_energy(points, subsets, np.empty((0, 3)) if occupied is None else occupied)
    subsets = subsets[energy <= energy.min() * (1 + 1e-9)]
    best: IntArray = subsets[rng.integers(len(subsets))]
    return best


def symmetry_order(points: FloatArray, subsets: IntArray, tolerance: float = 0.05) -> IntArray:
    """Count the operations of the cube about the origin that map each subset on itself.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å, the axes of the cube along x, y and z.
    subsets : (s, n) int array
        Points of each subset.
    tolerance : float, optional
        Largest distance in Å of a point from the image of another. Operations that do not map
        all points on points do not count.

    Returns
    -------
    (s,) int array
        From 1 to 48.

    Examples
    --------
    >>> line = np.array([[-1.0, 0, 0], [0, 0, 0], [1, 0, 0]])
    >>> symmetry_order(line, np.array([[0, 1], [0, 2]]))
    array([ 8, 16])
    """
    from scipy.spatial import cKDTree

    tree = cKDTree(points)
    keys = np.random.default_rng(0).integers(2**62, size=len(points))
    sums = keys[subsets].sum(axis=1)
    order = np.zeros(len(subsets), dtype=np.int64)
    for axes, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        distance, image = map(np.asarray, tree.query(points[:, list(axes)] * signs))
        if distance.max() <= tolerance:
            order += keys[image][subsets].sum(axis=1) == sums
    return order


def riesz_energy(points: FloatArray, subsets: IntArray, occupied: FloatArray) -> FloatArray:
    """Return the sum of 1/r² over the pairs of each subset, the lower the more even.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å.
    subsets : (s, n) int array
        Points of each subset.
    occupied : (k, 3) float array
        Points in Å to keep away from as well; of each point's distances the eight shortest count.

    Returns
    -------
    (s,) float array
        Energies in Å⁻².
    """
    square = np.maximum(((points[:, None] - points[None]) ** 2).sum(axis=2), 1e-12)
    energy: FloatArray = _crowding(points, occupied)[subsets].sum(axis=1)
    for left, right in combinations(range(subsets.shape[1]), 2):
        energy = energy + 1 / square[subsets[:, left], subsets[:, right]]
    return energy


def _crowding(points: FloatArray, occupied: FloatArray) -> FloatArray:
    """Sum 1/r² of each point over its nearest occupied places."""
    from scipy.spatial import cKDTree

    if not len(occupied):
        return np.zeros(len(points))
    number = min(_NEAREST, len(occupied))
    distance = np.asarray(cKDTree(occupied).query(points, k=number)[0]).reshape(-1, number)
    crowding: FloatArray = (1 / np.maximum(distance**2, 1e-12)).sum(axis=1)
    return crowding
