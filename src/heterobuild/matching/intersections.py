"""Intersections of superlattices of one plane lattice, many at once, in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

MOST_LATTICES = 2000
"""Common superlattices kept at most, the smallest first; nobody looks through more."""

BLOCK = 1_000_000
"""Pairs of superlattices that are intersected at a time, which bounds the memory."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattices:
    """Superlattices that each came from one choice a film.

    Parameters
    ----------
    forms : (k, 3) int array
        Hermite normal forms [[a, b], [0, d]] as rows a, b, d.
    strain : (k,) float array
        Largest strain of the choices.
    chosen : (k, n) int array
        Which match of each of n films.
    """

    forms: IntArray
    strain: FloatArray
    chosen: IntArray

    def __len__(self) -> int:
        """Return the number of superlattices."""
        return len(self.forms)

    @staticmethod
    def of_reference() -> Lattices:
        """Return the lattice itself, before any film is chosen.

        Returns
        -------
        Lattices
            One, without a choice.
        """
        return Lattices(
            forms=np.array([[1, 0, 1]]), strain=np.zeros(1), chosen=np.zeros((1, 0), dtype=np.int64)
        )


def lattice_forms(matrices: IntArray) -> IntArray:
    """Return the Hermite normal forms of superlattices.

    Parameters
    ----------
    matrices : (k, 2, 2) int array
        Rows are vectors of a superlattice.

    Returns
    -------
    (k, 3) int array
        a, b, d of [[a, b], [0, d]] with a, d > 0 and 0 ≤ b < d.

    Examples
    --------
    >>> lattice_forms(np.array([[[1, 1], [-1, 1]], [[0, 3], [-2, 0]]])).tolist()
    [[1, 1, 2], [2, 0, 3]]
    """
    (p, q), (r, s) = np.moveaxis(np.asarray(matrices), 0, -1)
    size = np.abs(p * s - q * r)
    a = np.gcd(p, r)
    d = size // a
    # x p + y r = a: b is what the same combination has along the second vector.
    x, y = _bezout(p, r)
    return np.stack([a, (x * q + y * s) % d, d], axis=1)


def intersect(first: Lattices, forms: IntArray, strain: FloatArray, *, most: int) -> Lattices:
    """Intersect superlattices with those of one more film.

    Parameters
    ----------
    first : Lattices
        What the films so far have in common.
    forms : (m, 3) int array
        Superlattices of the next film.
    strain : (m,) float array
        Its strain on each.
    most : int
        Largest index of an intersection, in cells of the lattice.

    Returns
    -------
    Lattices
        Each intersection once, with its least strained choices, small ones first.
    """
    size, other = first.forms[:, 0] * first.forms[:, 2], forms[:, 0] * forms[:, 2]
    blocks = []
    for index in np.unique(size):
        # The index of an intersection is a multiple of both.
        rows = np.flatnonzero(size == index)
        columns = np.flatnonzero(np.lcm(index, other) <= most)
        for some in np.array_split(rows, -(-len(rows) * len(columns) // BLOCK) or 1):
            met, i, j = _meet(first.forms[some], forms[columns], most)
            blocks.append((met, some[i], columns[j]))
    met, i, j = (np.concatenate(part) for part in zip(*blocks, strict=True))
    worst = np.maximum(first.strain[i], strain[j])
    order = np.lexsort((j, i, worst.round(10), met[:, 1], met[:, 0], met[:, 0] * met[:, 2]))
    met, i, j, worst = met[order], i[order], j[order], worst[order]
    fresh = np.ones(len(met), dtype=bool)
    fresh[1:] = (met[1:] != met[:-1]).any(axis=1)
    return Lattices(
        forms=met[fresh],
        strain=worst[fresh],
        chosen=np.column_stack([first.chosen[i[fresh]], j[fresh]]),
    )


def _meet(first: IntArray, second: IntArray, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the intersections of all pairs up to an index, and which pairs they are."""
    least = np.lcm(first[:, None, 0], second[None, :, 0])
    i, j = np.nonzero(least * np.lcm(first[:, None, 2], second[None, :, 2]) <= most)
    (a, b, d), (p, q, r) = first[i].T, second[j].T
    # x = t·lcm(a, p); the second coordinate is t·u modulo d and t·v modulo r.
    lead = least[i, j]
    u, v = lead // a * b, lead // p * q
    g = np.gcd(d, r)
    t = g // np.gcd(g, u - v)
    small = lead * t * (d // g * r) <= most
    i, j, d, r, g, lead = (values[small] for values in (i, j, d, r, g, lead))
    u, v, t = u[small] * t[small], v[small] * t[small], t[small]
    inverse, _ = _bezout(d // g, r // g)
    offset = (u + d * ((v - u) // g * inverse % (r // g))) % (d // g * r)
    return np.stack([lead * t, offset, d // g * r], axis=1), i, j


def _bezout(p: IntArray, q: IntArray) -> tuple[IntArray, IntArray]:
    """Return x, y with x p + y q = gcd(p, q) ≥ 0, element by element."""
    old, new = p.copy(), q.copy()
    x, nx = np.ones_like(p), np.zeros_like(p)
    y, ny = np.zeros_like(p), np.ones_like(p)
    while new.any():
        held = new != 0
        ratio = np.where(held, old // np.where(held, new, 1), 0)
        old, new = np.where(held, new, old), np.where(held, old - ratio * new, new)
        x, nx = np.where(held, nx, x), np.where(held, x - ratio * nx, nx)
        y, ny = np.where(held, ny, y), np.where(held, y - ratio * ny, ny)
    sign = np.where(old < 0, -1, 1)
    return x * sign, y * sign
