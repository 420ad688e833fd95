"""Points that fill a cell evenly as a lattice, and the lattice point nearest to a point."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import NothingFitsError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray

_CELLS: dict[str, tuple[tuple[tuple[float, float, float], ...], tuple[float, float, float]]] = {
    "sc": (((0, 0, 0),), (1, 1, 1)),
    "bcc": (((0, 0, 0), (0.5, 0.5, 0.5)), (2 / 3**0.5,) * 3),
    "fcc": (((0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)), (2**0.5,) * 3),
    "hcp": (
        ((0, 0, 0), (0.5, 0.5, 0), (0.5, 1 / 6, 0.5), (0, 2 / 3, 0.5)),
        (1, 3**0.5, (8 / 3) ** 0.5),
    ),
    "square": (((0, 0, 0),), (1, 1, 0)),
    "hexagonal": (((0, 0, 0), (0.5, 0.5, 0)), (1, 3**0.5, 0)),
}
"""Sites of a cell as fractions, and its edges over the distance of neighbours; an edge of 0: one
layer in the middle of the third direction."""

MOST_STRETCHED = 2.0
"""Largest ratio by which one edge of the lattice may be stretched against another."""

_NEARBY = 200
"""How far from the wanted number the numbers that fit are looked for."""


def lattice_arrangement(
    kind: str,
    cell: FloatArray,
    *,
    count: int | None = None,
    spacing: float | None = None,
) -> FloatArray:
    """Fill a cell evenly with the sites of a lattice.

    The axes of the lattice lie along the vectors of the cell and are stretched to fit it. The
    sites are centred in the cell.

    Parameters
    ----------
    kind : {"sc", "bcc", "fcc", "hcp", "square", "hexagonal"}
        The lattice. Square and hexagonal ones are one layer in the middle of the third vector,
        for slabs.
    cell : (3, 3) float array
        Cell in Å, rows.
    count : int or None, optional
        Exact number of sites.
    spacing : float or None, optional
        Wanted distance of neighbours in Å; the nearest whole numbers of cells are taken.

    Returns
    -------
    (n, 3) float array
        Sites in Å.

    Raises
    ------
    UnknownNameError
        If there is no such lattice.
    UsageError
        If not exactly one of count and spacing is given, or it is not positive.
    NothingFitsError
        If the number does not fill the cell evenly, with the next ones that do.

    Examples
    --------
    >>> lattice_arrangement("bcc", 8.0 * np.eye(3), count=2).tolist()
    [[2.0, 2.0, 2.0], [6.0, 6.0, 6.0]]
    """
    if kind not in _CELLS:
        raise UnknownNameError(
            f"unknown lattice {kind!r}", allowed=", ".join(_CELLS), next_step="choose one of them"
        )
    if (count is None) == (spacing is None):
        raise UsageError("give either the number of dots or their spacing", where=f"lattice {kind}")
    wanted = count if count is not None else spacing
    if wanted is None or not 0 < wanted < np.inf:
        raise UsageError("number and spacing of dots are positive", measured=wanted)
    sites, edges = np.array(_CELLS[kind][0]), np.array(_CELLS[kind][1])
    lengths = np.linalg.norm(cell, axis=1)
    if spacing is not None:
        parts = lengths / np.where(edges > 0, edges, np.inf) / spacing
        cells = np.maximum(np.rint(parts), 1).astype(np.int64)
    else:
        cells = _whole_cells(kind, lengths, int(wanted))
    flat = edges == 0
    centred = sites + (1 - sites.max(axis=0) - sites.min(axis=0)) / 2
    corners = np.array(list(product(*[range(n) for n in cells.tolist()])))
    fractions = (corners[:, None] + np.where(flat, 0.5, centred)) / cells
    placed: FloatArray = fractions.reshape(-1, 3) @ cell
    return placed


def snap_to_lattice(
    points: FloatArray, lattice: FloatArray, origin: Sequence[float] | FloatArray = (0.0, 0.0, 0.0)
) -> FloatArray:
    """Return the lattice point nearest to each point.

    The nearest one is found for skew lattices too: rounding in the shortest vectors comes near,
    and every point that could be nearer is tried.

    Parameters
    ----------
    points : (n, 3) float array
        Coordinates in Å.
    lattice : (3, 3) float array
        Primitive translations in Å, rows.
    origin : (3,) float array, optional
        One point of the lattice in Å, such as an A or a B site.

    Returns
    -------
    (n, 3) float array
        Lattice points in Å; of several equally near ones the first along the short vectors.

    Examples
    --------
    >>> snap_to_lattice(np.array([[7.0, 1.0, 9.5]]), 6.0 * np.eye(3), (3.0, 3.0, 3.0)).tolist()
    [[9.0, 3.0, 9.0]]
    """
    from ase.geometry.minkowski_reduction import minkowski_reduce

    short = minkowski_reduce(np.asarray(lattice, dtype=np.float64))[0]
    inverse = np.linalg.inv(short)
    moved = np.asarray(points, dtype=np.float64) - np.asarray(origin)
    base = np.rint(moved @ inverse)
    reach = np.linalg.norm(short, axis=1).sum() * np.linalg.norm(inverse, axis=0)
    spans = [range(-int(n), int(n) + 1) for n in np.floor(reach + 1e-9)]
    steps = np.array(list(product(*spans)))
    vectors = steps @ short
    vectors_squared = np.einsum("ij,ij->i", vectors, vectors)
    possible = vectors_squared <= np.linalg.norm(short, axis=1).sum() ** 2 + 1e-9
    steps, vectors, vectors_squared = steps[possible], vectors[possible], vectors_squared[possible]
    left = moved - base @ short
    nearer = np.argmin((vectors_squared - 2 * left @ vectors.T).round(9), axis=1)
    snapped: FloatArray = (base + steps[nearer]) @ short + np.asarray(origin)
    return snapped


def _whole_cells(kind: str, lengths: FloatArray, count: int) -> IntArray:
    """Return the numbers of cells along the vectors that hold exactly the wanted sites."""
    cells = _best_division(kind, lengths, count)
    if cells is not None:
        return cells
    near = [
        number
        for number in range(max(1, count - _NEARBY), count + _NEARBY)
        if _best_division(kind, lengths, number) is not None
    ]
    below, above = [n for n in near if n < count][-1:], [n for n in near if n > count][:1]
    raise NothingFitsError(
        f"{count} sites of a lattice {kind} do not fill the cell evenly",
        measured=f"edges of {', '.join(f'{length:.4g}' for length in lengths)} Å",
        next_step=f"take {' or '.join(str(n) for n in below + above) or 'another number'} dots, "
        "another lattice, or place them at random",
    )


def _best_division(kind: str, lengths: FloatArray, count: int) -> IntArray | None:
    """Return the division of the cell with the least stretched lattice, or None."""
    sites, edges = len(_CELLS[kind][0]), np.array(_CELLS[kind][1])
    if count % sites:
        return None
    total = count // sites
    divisors = [n for n in range(1, total + 1) if total % n == 0]
    choices = [
        (first, second, total // (first * second))
        for first in divisors
        for second in divisors
        if (total // first) % second == 0 and (edges[2] > 0 or first * second == total)
    ]
    used = edges > 0
    scaled = lengths[used] / np.array(choices)[:, used] / edges[used]
    stretched = scaled.max(axis=1) / scaled.min(axis=1)
    best = int(np.argmin(stretched.round(9)))
    return np.array(choices[best]) if stretched[best] <= MOST_STRETCHED + 1e-9 else None
