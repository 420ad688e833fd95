"""Local strain of the lattice: steps between neighbouring B cations against those of their phase.

Octahedra that turn take up strain without being strained themselves, so in tilted crystals the
lattice and its octahedra have different strains; this is the one of the lattice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elasticity import VOIGT
from heterobuild.geometry.strain import right_stretches

if TYPE_CHECKING:
    from heterobuild.arrays import CodeArray, FloatArray

FLAT = 0.05
"""Ratio of the least to the largest spread of the steps from a B cation below which they lie in a
plane and tell nothing about the strain across it."""


def lattice_strain(
    pairs: tuple[CodeArray, CodeArray],
    built: FloatArray,
    moved: FloatArray,
    stretch: FloatArray,
) -> FloatArray:
    """Measure the strain at each B cation from the steps to its neighbours.

    The deformation is the map of the stress-free steps that fits the new ones best (least
    squares); the strain is its symmetric stretch U less one. A step between two phases has the
    mean of their lengths.

    Parameters
    ----------
    pairs : tuple of (m,) int array
        Numbers i, j of neighbouring B cations, each pair once.
    built, moved : (m, 3) float array
        Steps from i to j in Å as built and after the relaxation.
    stretch : (n,) float array
        For each B cation the length of its own phase over that of the lattice as built, minus 1.

    Returns
    -------
    (n, 6) float array
        In Voigt order xx, yy, zz, yz, xz, xy with tensor shears; not a number where the
        neighbours lie in a plane.

    Examples
    --------
    >>> i, j = np.array([0, 0, 0]), np.array([1, 2, 3])
    >>> steps = 6.0 * np.eye(3)
    >>> lattice_strain((i, j), steps, 1.02 * steps, np.zeros(4))[0].round(6).tolist()
    [0.02, 0.02, 0.02, 0.0, 0.0, 0.0]
    """
    i, j = pairs
    n = len(stretch)
    free = built * (1 + (stretch[i] + stretch[j]) / 2)[:, None]
    spread, mixed = np.zeros((n, 9)), np.zeros((n, 9))
    outer = np.einsum("mi,mj->mij", free, free).reshape(-1, 9)
    cross = np.einsum("mi,mj->mij", free, moved).reshape(-1, 9)
    for ends in (i, j):
        for k in range(9):
            spread[:, k] += np.bincount(ends, weights=outer[:, k], minlength=n)
            mixed[:, k] += np.bincount(ends, weights=cross[:, k], minlength=n)
    matrices = spread.reshape(n, 3, 3)
    values = np.linalg.eigvalsh(matrices)
    solid = values[:, 0] > FLAT * np.maximum(values[:, 2], 1e-300)
    gradient = np.linalg.solve(matrices[solid], mixed.reshape(n, 3, 3)[solid])
    strain = right_stretches(gradient) - np.eye(3)
    found = np.full((n, 6), np.nan)
    for column, (p, q) in enumerate(VOIGT):
        found[solid, column] = strain[:, p, q]
    return found


def mean_strain(free: FloatArray, moved: FloatArray) -> FloatArray | None:
    """Measure the strain common to many steps.

    Parameters
    ----------
    free, moved : (m, 3) float array
        Steps in Å of the stress-free lattice and as they are.

    Returns
    -------
    (3, 3) float array or None
        U − 1 of the map that fits best (least squares); None where the steps lie in a plane.

    Examples
    --------
    >>> mean_strain(np.eye(3), np.diag([1.0, 1.0, 0.98])).round(6).diagonal().tolist()
    [0.0, 0.0, -0.02]
    """
    spread = free.T @ free
    values = np.linalg.eigvalsh(spread)
    if values[0] <= FLAT * max(values[2], 1e-300):
        return None
    strain: FloatArray = right_stretches(np.linalg.solve(spread, free.T @ moved)[None])[0]
    return strain - np.eye(3)
