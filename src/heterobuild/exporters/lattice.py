"""The cell in the forms that files want: parameters, fractions, restricted triclinic box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

_TIE = 1e-12
_STRAIGHT = 1e-12


def require_right_handed(cell: FloatArray, where: str) -> None:
    """Refuse a cell that has no volume or is left-handed.

    Parameters
    ----------
    cell : (3, 3) float array
        Row vectors in Å.
    where : str
        Name of the structure in the message.

    Raises
    ------
    UsageError
        If the triple product of the vectors is not positive.
    """
    volume = float(np.linalg.det(cell))
    scale = float(np.prod(np.linalg.norm(cell, axis=1)))
    if not volume > 1e-9 * scale:
        raise UsageError(
            "the cell is not right-handed" if volume < 0 else "the cell has no volume",
            where=where,
            measured=f"a · (b × c) = {volume:.6g} Å³",
            allowed="a positive volume",
            next_step="exchange two cell vectors; LAMMPS would build the mirror image",
        )


def fractional(cell: FloatArray, positions: FloatArray) -> FloatArray:
    """Return positions as fractions of the cell vectors, not wrapped.

    Parameters
    ----------
    cell : (3, 3) float array
        Row vectors in Å.
    positions : (n, 3) float array
        Cartesian positions in Å.

    Returns
    -------
    (n, 3) float array
        Fractions f with ``f @ cell == positions``.
    """
    return np.asarray(np.linalg.solve(cell.T, positions.T).T, dtype=np.float64)


def cell_parameters(cell: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the lengths and angles of a cell.

    Parameters
    ----------
    cell : (3, 3) float array
        Row vectors in Å.

    Returns
    -------
    (3,) float array
        a, b, c in Å.
    (3,) float array
        α, β, γ in degrees, exact for right angles.

    Examples
    --------
    >>> cell_parameters(np.diag([4.0, 5.0, 6.0]))[1].tolist()
    [90.0, 90.0, 90.0]
    """
    first, second = cell[[1, 2, 0]], cell[[2, 0, 1]]
    sine = np.linalg.norm(np.cross(first, second), axis=1)
    cosine = np.einsum("ij,ij->i", first, second)
    return np.linalg.norm(cell, axis=1), np.degrees(np.arctan2(sine, cosine))


def restricted_triclinic(cell: FloatArray) -> tuple[FloatArray, IntArray]:
    """Turn a cell properly so that a lies along x and b in the xy plane, with small tilts.

    Multiples of a and b are taken from b and c until no tilt is more than half the edge it
    leans along, which LAMMPS demands; this changes the cell vectors, not the lattice.

    Parameters
    ----------
    cell : (3, 3) float array
        Row vectors in Å, right-handed.

    Returns
    -------
    (3, 3) float array
        Lower triangular box vectors in Å, positive diagonal.
    (3, 3) int array
        Matrix M of determinant one; the rows of ``M @ cell`` are the box vectors before the
        rotation.

    References
    ----------
    LAMMPS, 10.1016/j.cpc.2021.108171, section on triclinic boxes.

    Examples
    --------
    >>> box, change = restricted_triclinic(np.array([[4.0, 0, 0], [4, 3, 0], [0, 0, 5]]))
    >>> box.tolist()
    [[4.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 5.0]]
    """
    box = _lower_triangular(cell)
    change = np.eye(3, dtype=np.int64)
    for row, column in ((1, 0), (2, 1), (2, 0)):
        turns = _excess(box[row, column] / box[column, column])
        box[row] -= turns * box[column]
        change[row] -= turns * change[column]
        edge = box[column, column]
        tilt = np.clip(box[row, column], -0.5 * edge, 0.5 * edge)
        box[row, column] = 0.0 if abs(tilt) < _STRAIGHT * edge else tilt
    return box, change


def _lower_triangular(cell: FloatArray) -> FloatArray:
    """Return the lower triangular factor with positive diagonal: the cell after a rotation."""
    if not np.triu(cell, 1).any() and (np.diag(cell) > 0).all():
        return np.array(cell, dtype=np.float64)
    upper = np.linalg.qr(np.asarray(cell, dtype=np.float64).T)[1]
    lower: FloatArray = upper.T * np.sign(np.diag(upper))
    return lower


def _excess(tilt: float) -> int:
    """Return the whole edges in a relative tilt; exactly one half stays as it is."""
    return 0 if abs(tilt) <= 0.5 + _TIE else round(float(tilt))
