"""Which of many equal ions to take away so that a grain has next to no dipole, in short time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

SMALL = 1.0
"""e·Å; a dipole that is small enough: a fifth of an ion moved by one cell."""

SWAPS = 400
"""Most exchanges."""


def with_small_dipole(
    points: FloatArray, chosen: BoolArray, effect: float, dipole: FloatArray
) -> tuple[BoolArray, FloatArray]:
    """Exchange chosen units for others while that makes the dipole smaller.

    In each step every chosen unit is compared with the one that is nearest to where its partner
    should be, and the best exchange is made: cost in proportion to units times steps.

    Parameters
    ----------
    points : (m, 3) float array
        Places of equal units in Å.
    chosen : (m,) bool array
        Which of them change at the start.
    effect : float
        Change of the charge in e by each one that changes.
    dipole : (3,) float array
        Dipole in e·Å with these changes.

    Returns
    -------
    chosen : (m,) bool array
        As many as before.
    dipole : (3,) float array
        Dipole with these.

    Examples
    --------
    >>> line = np.column_stack([np.arange(10.0), np.zeros(10), np.zeros(10)])
    >>> start = np.arange(10) < 2
    >>> chosen, left = with_small_dipole(line, start, -1.0, np.array([8.0, 0, 0]))
    >>> float(line[chosen, 0].sum()), left.tolist()
    (9.0, [0.0, 0.0, 0.0])
    """
    from scipy.spatial import cKDTree

    chosen, dipole = chosen.copy(), np.array(dipole, dtype=np.float64)
    for _ in range(SWAPS):
        inside, outside = np.flatnonzero(chosen), np.flatnonzero(~chosen)
        size = float(np.linalg.norm(dipole))
        if size < SMALL or not len(inside) or not len(outside):
            break
        near = np.asarray(cKDTree(points[outside]).query(points[inside] - dipole / effect)[1])
        moves = effect * (points[outside[near]] - points[inside])
        after = np.linalg.norm(dipole + moves, axis=1)
        best = int(np.argmin(after.round(9)))
        if after[best] > size - 1e-6:
            break
        chosen[inside[best]], chosen[outside[near[best]]] = False, True
        dipole += moves[best]
    return chosen, dipole


def neutral_pairs(
    plus: FloatArray, minus: FloatArray, dipole: FloatArray, *, most: int
) -> tuple[IntArray, IntArray, FloatArray]:
    """Take away pairs of opposite unit charges while that makes the dipole smaller.

    Parameters
    ----------
    plus, minus : (m, 3) float array
        Places in Å of units of +1 e and of −1 e that may go.
    dipole : (3,) float array
        Dipole of the whole in e·Å.
    most : int
        Most pairs.

    Returns
    -------
    first, second : (n,) int array
        Units that go.
    dipole : (3,) float array
        Dipole without them.

    Examples
    --------
    >>> ends = np.array([[5.0, 0, 0], [-5.0, 0, 0]])
    >>> first, second, left = neutral_pairs(ends, ends, np.array([10.0, 0, 0]), most=3)
    >>> first.tolist(), second.tolist(), left.tolist()
    ([0], [1], [0.0, 0.0, 0.0])
    """
    from scipy.spatial import cKDTree

    first, second = np.arange(len(plus)), np.arange(len(minus))
    taken: list[tuple[int, int]] = []
    dipole = np.array(dipole, dtype=np.float64)
    while len(taken) < most and len(first) and len(second):
        size = float(np.linalg.norm(dipole))
        if size < SMALL:
            break
        near = np.asarray(cKDTree(minus[second]).query(plus[first] - dipole)[1])
        moves = minus[second[near]] - plus[first]
        after = np.linalg.norm(dipole + moves, axis=1)
        best = int(np.argmin(after.round(9)))
        if after[best] > size - SMALL:
            break
        taken.append((int(first[best]), int(second[near[best]])))
        dipole = dipole + moves[best]
        second = np.delete(second, near[best])
        first = np.delete(first, best)
    pairs = np.array(taken, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1], dipole
