"""Heights of the undistorted perovskite, so that tilted octahedra have flat planes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import SITE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal

LARGEST_SHIFT = 0.3
"""Largest distance of an ion from its ideal site as a fraction of the pseudo-cubic edge; half
the distance between two sites is 0.35."""

PARITY = {Site.A: 3, Site.B: 0, Site.X: 1}
"""Number of half-integer pseudo-cubic coordinates of a site when B is the origin."""


def ideal_heights(
    crystal: Crystal, atoms: Atoms, centres: FloatArray, unit: IntArray, rotation: FloatArray
) -> FloatArray | None:
    """Return the heights that the ions of a tilted perovskite have without the tilts.

    Parameters
    ----------
    crystal : Crystal
        The crystal; only one with pseudo-cubic axes can have ideal heights.
    atoms : ase.Atoms
        Labelled atoms, turned upright.
    centres : (m, 3) float array
        Centres of the rigid units in Å.
    unit : (n_atoms,) int array
        Rigid unit of each atom.
    rotation : (3, 3) float array
        Proper rotation of row vectors from the crystal's frame to that of `atoms`.

    Returns
    -------
    (m,) float array or None
        Heights in Å, each within a distortion of the actual one; None where the crystal is not
        a distorted ABX3.
    """
    if crystal.pseudocubic is None:
        return None
    _, first = np.unique(unit, return_index=True)
    sites = atoms.arrays[SITE][first]
    counts = [int((sites == site).sum()) for site in (Site.A, Site.B, Site.X)]
    if counts[0] != counts[1] or counts[2] != 3 * counts[1] or sum(counts) != len(sites):
        return None
    axes = crystal.pseudocubic @ crystal.cell @ rotation
    origin = centres[sites == Site.B][0]
    twice = 2 * (centres - origin) @ np.linalg.inv(axes)
    ideal = np.rint(twice)
    halves = (ideal % 2 != 0).sum(axis=1)
    wanted = np.array([PARITY[Site(site)] for site in sites.tolist()])
    if np.abs(twice - ideal).max() > 2 * LARGEST_SHIFT or (halves != wanted).any():
        return None
    heights: FloatArray = origin[2] + (ideal / 2 @ axes)[:, 2]
    return heights
