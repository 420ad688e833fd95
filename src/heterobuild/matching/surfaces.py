"""What a search needs to know of a surface: its cell, its rotations, its atoms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.model import Crystal, Slab
from heterobuild.slabs import stack_planes, surface_cell
from heterobuild.slabs.orientation import crystal_to_slab

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

    _Rows: TypeAlias = tuple[tuple[int, int], tuple[int, int]]
    Side: TypeAlias = "Slab | tuple[Crystal, object] | Surface | FloatArray"


HALF_TURN = [[-1, 0], [0, -1]]
"""The half-turn about the normal, acting on row coordinates."""


WHOLE = 1e-3
"""Fraction of a pseudo-cubic edge within which a surface vector is a sum of whole ones."""

SAME_LENGTH = 1e-4
"""Relative difference below which two vectors of a bare lattice count as equally long."""

LONGEST = 1e6
"""Å; longer vectors of a surface cell are mistakes of the unit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """A surface in the plane.

    Parameters
    ----------
    cell : (2, 2) float array
        Primitive surface vectors in Å, right-handed.
    turns : (k, 2, 2) int array
        Rotations that leave the surface as it is, acting on row coordinates.
    atoms : int or None
        Atoms in one cell of a slab; None where there is no slab.
    axes : (3, 3) float array or None
        Conventional axes of the crystal in the frame of the surface, rows in Å; None for a bare
        cell.
    steps : (2,) int array or None
        Number of pseudo-cubic edges that each surface vector is the sum of, modulo two; None
        where there are no such axes.
    """

    cell: FloatArray
    turns: IntArray
    atoms: int | None = None
    axes: FloatArray | None = None
    steps: IntArray | None = None

    @property
    def area(self) -> float:
        """Area of the cell in Å²."""
        return _area(self.cell)

    @property
    def has_half_turn(self) -> bool:
        """Whether a half-turn leaves the surface as it is."""
        return HALF_TURN in self.turns.tolist()


def surface_of(side: Side, name: str = "surface") -> Surface:
    """Return what the search needs of a slab, a crystal with a face, or a bare cell.

    Parameters
    ----------
    side : Slab, (Crystal, face), Surface or (2, 2) float array
        A Surface is returned as it is. A face is anything that `heterobuild.slabs.face_indices`
        reads. A bare cell has the rotations of its lattice; a crystal of which only the cell is
        known has none, so that nothing is merged that might differ.
    name : str, optional
        Which side it is, for errors.

    Returns
    -------
    Surface
        The surface.

    Raises
    ------
    UsageError
        If a cell is singular, flat, left-handed or not finite, or a face cannot be read.
    """
    if isinstance(side, Surface):
        return side
    if isinstance(side, Slab):
        stacking = side.stacking
        axes = stacking.crystal.cell @ crystal_to_slab(stacking)
        return Surface(
            cell=stacking.cell[:2, :2],
            turns=stacking.turns,
            atoms=len(side.atoms),
            axes=axes,
            steps=_steps(stacking.crystal, stacking.basis[:2]),
        )
    if isinstance(side, tuple):
        return _face(*side)
    cell = _require_cell(side, name)
    return Surface(cell=cell, turns=lattice_turns(cell), steps=np.ones(2, dtype=np.int64))


def lattice_turns(cell: FloatArray) -> IntArray:
    """Return the proper rotations of a plane lattice.

    Parameters
    ----------
    cell : (2, 2) float array
        Lattice vectors in Å.

    Returns
    -------
    (k, 2, 2) int array
        2, 4 or 6 matrices acting on row coordinates.

    Examples
    --------
    >>> len(lattice_turns(np.eye(2)))
    4
    """
    (p, q), (r, t) = cell.tolist()
    a, b, c = p * p + q * q, p * r + q * t, r * r + t * t
    u, v = (1, 0), (0, 1)
    while True:
        if c < a * (1 - SAME_LENGTH):
            a, b, c, u, v = c, -b, a, v, (-u[0], -u[1])
        shift = round(b / a)
        if shift == 0:
            break
        c, b = c - 2 * shift * b + shift**2 * a, b - shift * a
        v = (v[0] - shift * u[0], v[1] - shift * u[1])
    alike = abs(a - c) < SAME_LENGTH * a
    if alike and abs(b) < SAME_LENGTH * a:
        turn, order = ((0, 1), (-1, 0)), 4
    elif alike and abs(2 * abs(b) - a) < SAME_LENGTH * a:
        turn, order = (((0, 1), (-1, 1)) if b > 0 else ((1, 1), (-1, 0))), 6
    else:
        turn, order = ((-1, 0), (0, -1)), 2
    step = _product(((v[1], -u[1]), (-v[0], u[0])), _product(turn, (u, v)))
    turns: list[_Rows] = [((1, 0), (0, 1))]
    for _ in range(order - 1):
        turns.append(_product(turns[-1], step))
    return np.array(turns)


def _product(left: _Rows, right: _Rows) -> _Rows:
    (a, b), (c, d) = left
    (p, q), (r, s) = right
    return (a * p + b * r, a * q + b * s), (c * p + d * r, c * q + d * s)


def _area(cell: FloatArray) -> float:
    (a, b), (c, d) = cell.tolist()
    return float(a * d - b * c)


def _face(crystal: Crystal, face: object) -> Surface:
    if crystal.atoms is None:
        return Surface(cell=surface_cell(crystal, face), turns=np.eye(2, dtype=np.int64)[None])
    stacking = stack_planes(crystal, face)
    axes = crystal.cell @ crystal_to_slab(stacking)
    steps = _steps(crystal, stacking.basis[:2])
    return Surface(cell=stacking.cell[:2, :2], turns=stacking.turns, axes=axes, steps=steps)


def _steps(crystal: Crystal, vectors: FloatArray) -> IntArray | None:
    """Count the pseudo-cubic edges in surface vectors, given in the conventional axes."""
    if crystal.pseudocubic is None:
        return None
    edges = vectors @ np.linalg.inv(crystal.pseudocubic)
    whole = np.rint(edges)
    if np.abs(edges - whole).max() > WHOLE:
        return None
    steps: IntArray = whole.sum(axis=1).astype(np.int64) % 2
    return steps


def _require_cell(side: object, name: str) -> FloatArray:
    try:
        cell = np.asarray(side, dtype=np.float64)
    except (TypeError, ValueError):
        cell = np.zeros(0)
    if cell.shape != (2, 2) or not all(map(math.isfinite, cell.ravel().tolist())):
        raise UsageError(
            "a surface cell is two finite vectors in the plane",
            where=name,
            measured=" ".join(str(side).split())[:60],
            next_step="give a (2, 2) array in Å, a slab, or a crystal with a face",
        )
    longest = max(map(abs, cell.ravel().tolist()))
    if longest > LONGEST:
        raise UsageError(
            "a surface cell is too large",
            where=name,
            measured=f"a vector of {longest:.3g} Å",
            allowed=f"up to {LONGEST:g} Å",
            next_step="give the cell in Å",
        )
    area = _area(cell)
    if area <= 1e-3 * _longer_edge(cell) ** 2:
        raise UsageError(
            "a surface cell must be right-handed and not flat",
            where=name,
            measured=f"area {area:g} Å²",
            next_step="swap the two vectors, or give independent ones",
        )
    return cell


def _longer_edge(cell: FloatArray) -> float:
    """Return the longer one of the two shortest independent vectors, or of those given if flat."""
    (a, b), (c, d) = cell.tolist()
    u, v = complex(a, b), complex(c, d)
    while True:
        if abs(v) < abs(u):
            u, v = v, u
        square = abs(u) ** 2
        step = round((v * u.conjugate()).real / square) if square > 0 else 0
        shorter = v - step * u
        if abs(shorter) >= abs(v) * (1 - SAME_LENGTH):
            return abs(v)
        v = shorter
