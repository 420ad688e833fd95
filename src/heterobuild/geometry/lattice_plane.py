"""Integer geometry of lattice planes: a basis for (hkl), reduction, supercells.

Everything here is exact integer arithmetic except the reduction, which compares lengths.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray


def plane_basis(normal: tuple[int, int, int]) -> IntArray:
    """Return a basis of the integer lattice adapted to a plane.

    Parameters
    ----------
    normal : tuple of int
        Coprime components of the plane's normal in the reciprocal basis (Miller indices).

    Returns
    -------
    (3, 3) int array
        Rows u, v, w with normal·u = normal·v = 0, normal·w = 1 and determinant +1.

    Raises
    ------
    ValueError
        If the components are all zero or have a common factor.

    Examples
    --------
    >>> basis = plane_basis((1, 1, 1))
    >>> (basis @ [1, 1, 1]).tolist(), round(np.linalg.det(basis))
    ([0, 0, 1], 1)
    """
    h, k, m = (int(value) for value in normal)
    if gcd(gcd(h, k), m) != 1:
        raise ValueError(f"the components {normal} of a plane normal must be coprime")
    g, x, y = _bezout(h, k)
    if g == 0:
        return np.array([[1, 0, 0], [0, m, 0], [0, 0, m]], dtype=np.int64)
    u = np.array([k // g, -h // g, 0], dtype=np.int64)
    _, p, q = _bezout(g, m)
    v = np.array([-x * m, -y * m, g], dtype=np.int64)
    w = np.array([x * p, y * p, q], dtype=np.int64)
    basis = np.array([u, v, w])
    if round(float(np.linalg.det(basis))) < 0:
        basis[0] *= -1
    return basis


def lattice_basis(translations: FloatArray) -> FloatArray:
    """Return a primitive basis of the lattice made by Z³ and a group of centring vectors.

    Parameters
    ----------
    translations : (m, 3) float array
        All m centring vectors modulo 1, the zero vector included, as fractions.

    Returns
    -------
    (3, 3) float array
        Rows, upper triangular, with determinant 1/m.

    Examples
    --------
    >>> lattice_basis(np.array([[0, 0, 0], [0.5, 0.5, 0.5]]))
    array([[0.5, 0.5, 0.5],
           [0. , 1. , 0. ],
           [0. , 0. , 1. ]])
    """
    order = len(translations)
    rows = np.rint(np.asarray(translations) * order).astype(np.int64)
    rows = np.vstack([rows, order * np.eye(3, dtype=np.int64)])
    return hermite(rows)[:3] / order


def hermite(rows: IntArray) -> IntArray:
    """Return the row-style Hermite normal form: the same lattice, one canonical basis.

    Parameters
    ----------
    rows : (m, n) int array
        Generators of an integer lattice.

    Returns
    -------
    (m, n) int array
        Upper triangular, pivots positive, entries above a pivot in [0, pivot); zero rows last.

    Examples
    --------
    >>> hermite(np.array([[2, 1], [0, 3], [4, 5]])).tolist()
    [[2, 1], [0, 3], [0, 0]]
    """
    form = np.array(rows, dtype=np.int64)
    pivot = 0
    for column in range(form.shape[1]):
        while True:
            below = np.flatnonzero(form[pivot:, column]) + pivot
            if below.size == 0:
                break
            smallest = below[np.argmin(np.abs(form[below, column]))]
            form[[pivot, smallest]] = form[[smallest, pivot]]
            if form[pivot, column] < 0:
                form[pivot] *= -1
            factors = form[:, column] // form[pivot, column]
            factors[pivot] = 0
            form -= factors[:, None] * form[pivot]
            if not form[pivot + 1 :, column].any():
                pivot += 1
                break
        if pivot == len(form):
            break
    return form


def reduce_plane(cell: FloatArray) -> IntArray:
    """Return the proper change of basis to the shortest vectors of a plane lattice.

    Lagrange–Gauss reduction. The first vector is a shortest one. Of several bases with the same
    lengths one with an angle of at least 90° is preferred, then the one whose first vector
    points most along +x, then +y, so that the result does not depend on the given basis.

    Parameters
    ----------
    cell : (2, 2) or (2, 3) float array
        Row vectors in Å.

    Returns
    -------
    (2, 2) int array
        Matrix U with determinant +1; ``U @ cell`` is reduced.

    Examples
    --------
    >>> reduce_plane(np.array([[1.0, 0.0], [5.0, 1.0]])).tolist()
    [[1, 0], [-5, 1]]
    """
    metric = np.asarray(cell) @ np.asarray(cell).T
    change = np.eye(2, dtype=np.int64)
    while True:
        m = change @ metric @ change.T
        if m[1, 1] < m[0, 0] * (1 - 1e-9):
            change = np.array([-change[1], change[0]])
            continue
        shift = round(float(m[0, 1] / m[0, 0]) - 1e-9)
        if shift == 0:
            break
        change[1] -= shift * change[0]
    return _preferred(change, np.asarray(cell))


def _preferred(reduced: IntArray, cell: FloatArray) -> IntArray:
    """Pick among all equally short proper bases: an obtuse angle, then u most along +x."""
    steps = np.stack(np.meshgrid(*[np.arange(-1, 2)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    rows = steps @ reduced
    size = ((rows @ cell) ** 2).sum(axis=1)
    short, long = (((vector @ cell) ** 2).sum() for vector in reduced)
    tolerance = 1e-9 * float(long)
    choices = [
        np.array([first, second])
        for first in rows[np.abs(size - short) < tolerance]
        for second in rows[np.abs(size - long) < tolerance]
        if first[0] * second[1] - first[1] * second[0] == 1
    ]

    def preference(choice: IntArray) -> tuple[bool, list[float]]:
        u, v = choice @ cell
        return bool(u @ v < tolerance), np.round([*u, *v], 6).tolist()

    return max(choices, key=preference)


def coset_points(matrix: IntArray) -> IntArray:
    """Return one lattice point of each coset: the cells inside a supercell.

    Parameters
    ----------
    matrix : (2, 2) int array
        Rows are the supercell's vectors in lattice vectors.

    Returns
    -------
    (abs(det), 2) int array
        Lattice points, all different modulo the supercell.

    Examples
    --------
    >>> coset_points(np.array([[1, 1], [-1, 1]])).tolist()
    [[0, 0], [0, 1]]
    """
    form = hermite(np.asarray(matrix))
    i, j = np.meshgrid(np.arange(form[0, 0]), np.arange(form[1, 1]), indexing="ij")
    return np.column_stack([i.ravel(), j.ravel()]).astype(np.int64)


def _bezout(a: int, b: int) -> tuple[int, int, int]:
    """Return (g, x, y) with a·x + b·y = g = gcd(a, b) ≥ 0."""
    old, new, x0, x1, y0, y1 = a, b, 1, 0, 0, 1
    while new:
        q = old // new
        old, new = new, old - q * new
        x0, x1 = x1, x0 - q * x1
        y0, y1 = y1, y0 - q * y1
    return (old, x0, y0) if old >= 0 else (-old, -x0, -y0)
