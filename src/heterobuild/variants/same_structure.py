"""Do two models of one interface superpose: an independent test, on the atoms themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ase import Atoms

    from heterobuild.arrays import FloatArray

LATTICE = 1e-3
"""Relative difference of cells that superpose."""


def superpose(first: Atoms, second: Atoms, *, tolerance: float = 0.1) -> bool:
    """Tell whether a motion or a mirror that keeps the normal's line maps one model on another.

    Parameters
    ----------
    first, second : ase.Atoms
        Models whose first two vectors lie in the plane and have no smaller cell of their own.
    tolerance : float, optional
        Distance in Å within which atoms are at the same place.

    Returns
    -------
    bool
        True where every atom of the one falls on an atom of the same element of the other.

    Examples
    --------
    >>> from ase import Atoms
    >>> row = Atoms("HO", [[0, 0, 0], [1, 0, 0]], cell=[3, 4, 9], pbc=True)
    >>> turned = Atoms("HO", [[0, 0, 5], [0, 1, 5]], cell=[4, 3, 9], pbc=True)
    >>> far = Atoms("HO", [[0, 0, 0], [1.5, 0, 0]], cell=[3, 4, 9], pbc=True)
    >>> superpose(row, turned), superpose(row, far)
    (True, False)
    """
    if sorted(first.numbers) != sorted(second.numbers):
        return False
    kinds, counts = np.unique(first.numbers, return_counts=True)
    rarest = int(kinds[np.argmin(counts)])
    anchor = first.positions[first.numbers == rarest][0]
    targets = second.positions[second.numbers == rarest]
    for motion in _motions(np.asarray(first.cell), np.asarray(second.cell)):
        moved = first.positions @ motion
        for target in targets:
            if _falls_on(moved + (target - anchor @ motion), first, second, tolerance):
                return True
    return False


def _motions(ours: FloatArray, theirs: FloatArray) -> Iterator[FloatArray]:
    """Yield the rotations and mirrors that map one cell's lattice onto the other's."""
    steps = np.stack(np.meshgrid(*[np.arange(-2, 3)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    rows = steps @ theirs[:2, :2]
    size = float(np.linalg.norm(ours[:2, :2], axis=1).max())
    lengths = np.linalg.norm(rows, axis=1)
    choices = [
        rows[np.abs(lengths - np.linalg.norm(vector)) < LATTICE * size] for vector in ours[:2, :2]
    ]
    for one in choices[0]:
        for two in choices[1]:
            flat = np.linalg.solve(ours[:2, :2], np.array([one, two]))
            if np.abs(flat @ flat.T - np.eye(2)).max() > 2 * LATTICE:
                continue
            for sense in (1.0, -1.0):
                motion = np.zeros((3, 3))
                motion[:2, :2], motion[2, 2] = flat, sense
                turns = ours @ motion @ np.linalg.inv(theirs)
                if np.abs(turns - np.rint(turns)).max() < 3 * LATTICE:
                    yield motion


def _falls_on(places: FloatArray, first: Atoms, second: Atoms, tolerance: float) -> bool:
    """Tell whether atoms at given places are those of the second model."""
    from scipy.spatial import cKDTree

    inverse = np.linalg.inv(second.cell)
    lift = np.array(second.cell)
    for kind in np.unique(second.numbers):
        ours = _wrapped(places[first.numbers == kind] @ inverse)
        theirs = _wrapped(second.positions[second.numbers == kind] @ inverse)
        _, nearest = cKDTree(theirs, boxsize=np.ones(3)).query(ours)
        apart = ours - theirs[nearest]
        apart = (apart - np.rint(apart)) @ lift
        if np.linalg.norm(apart, axis=1).max() > tolerance:
            return False
        if len(np.unique(nearest)) < len(theirs):
            return False
    return True


def _wrapped(fractions: FloatArray) -> FloatArray:
    """Return fractions in [0, 1)."""
    inside: FloatArray = np.mod(fractions, 1.0)
    inside[inside >= 1.0] = 0.0
    return inside
