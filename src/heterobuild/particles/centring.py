"""What lies at the centre of a particle so that as many octahedra as possible fit across it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.geometry.shapes import Shape

Parity: TypeAlias = tuple[Literal["A", "B"], Literal["A", "B"], Literal["A", "B"]]

LETTERS: tuple[Literal["A", "B"], Literal["A", "B"]] = ("B", "A")


def parity_of_counts(counts: tuple[int | None, int | None, int | None]) -> Parity:
    """Return the centre of a box of whole octahedra.

    Parameters
    ----------
    counts : tuple of int or None
        Octahedra along each pseudo-cubic axis; None where it is endless.

    Returns
    -------
    tuple of {"A", "B"}
        B, at the centre of an octahedron, for odd numbers and endless ones; A, halfway between
        two, for even ones.

    Examples
    --------
    >>> parity_of_counts((3, 4, None))
    ('B', 'A', 'B')
    """
    first, second, third = (LETTERS[0 if n is None else (n + 1) % 2] for n in counts)
    return first, second, third


def best_parity(room: Shape, axes: FloatArray) -> Parity:
    """Return the centre that lets most octahedra fit across a form along its three axes.

    Axes along which the form is as long as along another get the same centre, so that a sphere
    keeps its symmetry. Of equally good centres the first of B, A is taken.

    Parameters
    ----------
    room : Shape
        Convex solid for the B sites.
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows.

    Returns
    -------
    tuple of {"A", "B"}
        What lies in the centre along each axis.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> best_parity(sphere(1.5), np.eye(3)), best_parity(sphere(1.7), np.eye(3))
    (('B', 'B', 'B'), ('A', 'A', 'A'))
    """
    odd, even = _rows_across(room, axes, [("B",) * 3, ("A",) * 3]).tolist()
    kinds = sorted(set(zip(odd, even, strict=True)))
    group = [kinds.index(pair) for pair in zip(odd, even, strict=True)]
    choices: list[Parity] = [
        (letters[group[0]], letters[group[1]], letters[group[2]])
        for letters in itertools.product(LETTERS, repeat=len(kinds))
    ]
    if len(kinds) == 1:
        return choices[int(sum(even) > sum(odd))]
    return choices[int(_rows_across(room, axes, choices).sum(axis=1).argmax())]


def across(room: Shape, axes: FloatArray, parity: Parity) -> IntArray:
    """Count the octahedra in the row nearest the centre along each axis.

    Parameters
    ----------
    room : Shape
        Convex solid for the B sites.
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows.
    parity : tuple of {"A", "B"}
        What lies in the centre along each axis.

    Returns
    -------
    (3,) int array
        Numbers of octahedra; 0 along an axis that is endless.
    """
    counts: IntArray = _rows_across(room, axes, [parity])[0]
    return counts


def _rows_across(room: Shape, axes: FloatArray, parities: Sequence[Parity]) -> IntArray:
    """Count octahedra as `across` does for several centres, all points measured at once."""
    finite = sum(value for value in room.half if np.isfinite(value))
    rows = []
    for parity in parities:
        offset = np.array([0.5 if letter == "A" else 0.0 for letter in parity])
        for axis in range(3):
            reach = int(4 * finite / np.linalg.norm(axes[axis])) + 2
            steps = np.tile(offset, (2 * reach + 1, 1))
            steps[:, axis] += np.arange(-reach, reach + 1)
            rows.append(steps)
    inside = room.distance(np.concatenate(rows) @ axes) <= 0
    ends = np.cumsum([len(steps) for steps in rows])
    parts = np.split(inside, ends[:-1])
    counts = [0 if part[0] or part[-1] else int(part.sum()) for part in parts]
    return np.array(counts, dtype=np.int64).reshape(-1, 3)
