"""Wulff's construction: the polyhedron of least surface energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.polyhedra import polyhedron, scaled

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.geometry.polyhedra import Polyhedron


def orbit(vector: FloatArray, operations: FloatArray) -> FloatArray:
    """Return all vectors that symmetry makes of one.

    Parameters
    ----------
    vector : (3,) array
        A direction, or indices of a face.
    operations : (m, 3, 3) array
        Operations that act from the right, ``vector' = vector @ operation``, in the basis of
        `vector`.

    Returns
    -------
    (k, 3) array
        Different vectors, the largest first component first.

    Examples
    --------
    >>> turn = np.array([[0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    >>> orbit(np.array([1, 0, 0]), np.array([np.eye(3, dtype=int), turn])).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    images = np.asarray(vector) @ np.asarray(operations)
    size = max(float(np.abs(images).max()), 1e-300)
    rounded = np.round(images / size, 9) + 0.0
    _, first = np.unique(rounded, axis=0, return_index=True)
    chosen: FloatArray = images[first[::-1]] + 0.0
    return chosen


def wulff(
    faces: FloatArray,
    energies: FloatArray,
    operations: FloatArray,
    *,
    basis: FloatArray | None = None,
    radius: float | None = None,
    volume: float | None = None,
) -> tuple[Polyhedron, IntArray]:
    """Build the polyhedron of least surface energy at constant volume.

    Wulff's construction (10.1524/zkri.1901.34.1.449): each face has a distance from the centre in
    proportion to its energy.

    Parameters
    ----------
    faces : (f, 3) array
        One face of each family: its normal, or its indices with `basis`.
    energies : (f,) float array
        Surface energy of each family, any unit, all positive.
    operations : (m, 3, 3) array
        Point group in the basis of `faces`, see `orbit`.
    basis : (3, 3) float array, optional
        Rows onto which the components of `faces` count, such as reciprocal vectors; Cartesian
        axes unless given.
    radius : float, optional
        Radius in Å of the inscribed sphere.
    volume : float, optional
        Volume in Å³, where no radius is given. With neither the energies are distances in Å.

    Returns
    -------
    Polyhedron
        The polyhedron; redundant faces have no area.
    (k,) int array
        Family of each of its faces, counted from 0.

    Raises
    ------
    ValueError
        If an energy is not positive, or the faces do not close.

    Examples
    --------
    >>> turns = [np.diag(s) for s in np.ndindex(2, 2, 2)]
    >>> signs = np.array([2 * turn - np.eye(3, dtype=int) for turn in turns])
    >>> octahedron, family = wulff(np.ones((1, 3)), np.ones(1), signs, radius=1.0)
    >>> len(family), round(octahedron.volume / (4 * 3**0.5), 9)
    (8, 1.0)
    """
    families = [orbit(face, operations) for face in np.asarray(faces)]
    family = np.repeat(np.arange(len(families)), [len(images) for images in families])
    normals = np.vstack(families) if basis is None else np.vstack(families) @ basis
    body = polyhedron(normals, np.asarray(energies, dtype=np.float64)[family])
    if radius is not None:
        body = scaled(body, radius / float(body.distances.min()))
    elif volume is not None:
        body = scaled(body, float(np.cbrt(volume / body.volume)))
    return body, family.astype(np.int64)
