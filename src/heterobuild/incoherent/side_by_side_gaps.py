"""How near two grains come: ions of their faces touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.incoherent.touching import kinds_of, touching

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray

_TRIALS = 12
"""Shifts along the line that are tried within the shorter repeat."""


def least_offset(left: Atoms, right: Atoms, length: float, *, gap: float) -> float:
    """Return the smallest step across the line by which the right atoms clear the left ones.

    Each pair of atoms that pass one another nearer than they may touch asks for a step; the
    largest is taken.

    Parameters
    ----------
    left, right : ase.Atoms
        Labelled atoms, periodic along x.
    length : float
        Their period in Å.
    gap : float
        Distance in Å that all pairs keep at least; 0 where touching is enough.

    Returns
    -------
    float
        Step along y in Å that is added to the right atoms; −inf where nothing is opposite.
    """
    from scipy.spatial import cKDTree

    ours, our_code = kinds_of(left)
    theirs, their_code = kinds_of(right)
    limit = np.array([[max(touching(a, b), gap) for b in theirs] for a in ours])
    places, points = left.positions.copy(), right.positions.copy()
    places[:, 0] %= length
    points[:, 0] %= length
    reach = float(limit.max())
    copies = int(np.ceil(reach / length))
    steps = np.arange(-copies, copies + 1) * length
    images = np.concatenate([places + [step, 0, 0] for step in steps])
    code = np.tile(our_code, len(steps))
    tree, other = cKDTree(images[:, [0, 2]]), cKDTree(points[:, [0, 2]])
    pairs = tree.sparse_distance_matrix(other, reach, output_type="ndarray")
    far = limit[code[pairs["i"]], their_code[pairs["j"]]]
    near = pairs["v"] < far
    i, j = pairs["i"][near], pairs["j"][near]
    if not len(i):
        return -np.inf
    need = np.sqrt(far[near] ** 2 - pairs["v"][near] ** 2)
    return float((images[i, 1] - points[j, 1] + need).max())


def trial_shifts(period: float) -> FloatArray:
    """Return the shifts along the line that are tried.

    Parameters
    ----------
    period : float
        Shorter repeat of the two grains in Å.

    Returns
    -------
    (n,) float array
        Shifts in Å, 0 first.
    """
    found: FloatArray = np.arange(_TRIALS) * period / _TRIALS
    return found
