"""Wood's notation of a supercell: how long, how turned against the vectors of a lattice."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

SAME_DIRECTION = 1.5
"""Degrees; tilted perovskites turn their pseudo-cubic axes by less than 1°."""

WHOLE = 0.03
"""How far a squared ratio of lengths may be from a whole number, as a fraction of it."""

REBASES = np.array(
    [
        np.reshape(entries, (2, 2))
        for entries in product((0, 1, -1), repeat=4)
        if abs(entries[0] * entries[3] - entries[1] * entries[2]) == 1
    ]
)
"""Other bases of the same lattice, of either handedness."""

QUARTERS = np.array([np.reshape(row, 2) for row in product(np.arange(-8, 9) / 2, repeat=2)])
"""Rows of half-integers up to 4, in which surface cells are looked for on a cube."""


def wood_label(supercell: FloatArray | IntArray, cell: FloatArray) -> str:
    """Name a supercell of a plane lattice in the notation of Wood.

    Parameters
    ----------
    supercell : (2, 2) array
        Rows are its vectors in lattice vectors.
    cell : (2, 2) float array
        Lattice vectors in Å.

    Returns
    -------
    str
        Such as ``(√3 × √3)R30°``; the number of cells where the vectors do not include the
        angle of the lattice.

    Examples
    --------
    >>> wood_label(np.array([[1, 1], [-1, 1]]), np.eye(2))
    '(√2 × √2)R45°'
    >>> wood_label(np.array([[1, 2], [-1, 1]]), np.eye(2))
    '3 cells'
    """
    best: tuple[float, str] | None = None
    for rebase in REBASES:
        vectors = rebase @ supercell @ cell
        turns = [_turn(cell[i], vectors[i]) for i in range(2)]
        if abs(turns[0] - turns[1]) > SAME_DIRECTION:
            continue
        ratios = np.linalg.norm(vectors, axis=1) / np.linalg.norm(cell, axis=1)
        roots = [_root(float(ratio)) for ratio in ratios]
        if "" in roots:
            continue
        turn = abs(sum(turns)) / 2
        turned = "" if turn < SAME_DIRECTION else f"R{turn:.3g}°"
        found = (round(turn, 3), f"({roots[0]} × {roots[1]}){turned}")
        best = found if best is None else min(best, found)
    return best[1] if best else f"{abs(float(np.linalg.det(supercell))):.3g} cells"


def cell_on_edges(cell: FloatArray, edges: FloatArray) -> FloatArray | None:
    """Express a surface cell in the edges of a cube.

    Parameters
    ----------
    cell : (2, 2) float array
        Surface cell in Å.
    edges : (2, 2) float array
        Two edges of the cube in the same face in Å, turned in any way.

    Returns
    -------
    (2, 2) float array or None
        Half-integers; None where the cell is larger than four edges.

    Examples
    --------
    >>> cell_on_edges(np.diag([2.0, 2.0]) ** 0.5, np.eye(2)).tolist()
    [[-1.0, -1.0], [1.0, -1.0]]
    """
    wanted, metric = cell @ cell.T, edges @ edges.T
    tolerance = 1e-4 * float(wanted.max())
    size = np.einsum("ki,ij,kj->k", QUARTERS, metric, QUARTERS)
    first, second = (QUARTERS[np.abs(size - wanted[i, i]) < tolerance] for i in range(2))
    inner = first @ metric @ second.T
    area = np.outer(first[:, 0], second[:, 1]) - np.outer(first[:, 1], second[:, 0])
    i, j = np.nonzero((np.abs(inner - wanted[0, 1]) < tolerance) & (area > 0))
    return np.array([first[i[0]], second[j[0]]]) if len(i) else None


def _turn(start: FloatArray, end: FloatArray) -> float:
    """Return the angle between two lines in degrees in (−90, 90]."""
    angle = np.degrees(np.arctan2(end[1], end[0]) - np.arctan2(start[1], start[0]))
    return 90.0 - float((90.0 - angle) % 180.0)


def _root(ratio: float) -> str:
    """Return a ratio as a whole number or its square root; empty where it is neither."""
    square = round(ratio**2)
    if square < 1 or abs(ratio**2 - square) > WHOLE * square:
        return ""
    root = round(square**0.5)
    return str(root) if root * root == square else f"√{square}"
