"""The face of a particle that lies down, and areas in the plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import MOLECULE, SITE, Site, rigid_units, take

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray

FLAT = 1.0
"""Å; units whose centres are within this of the lowest one form the face that lies down. Planes
of perovskites are about 3 Å apart and rumpled by less than 1 Å."""


def lowest_plane(atoms: Atoms) -> tuple[float, FloatArray]:
    """Return the face that lies down: its mean height, and where its units are.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled particle as it lies; ligands do not count.

    Returns
    -------
    height : float
        In Å.
    points : (m, 2) float array
        Centres of its rigid units in the plane, in Å.
    """
    own = take(atoms, np.flatnonzero(atoms.arrays[SITE] != Site.LIGAND))
    unit, _ = rigid_units(own.arrays[MOLECULE])
    centres = unit_centres(own.positions, own.numbers, unit)
    down = centres[centres[:, 2] < centres[:, 2].min() + FLAT]
    return float(down[:, 2].mean()), down[:, :2]


def hull_area(points: FloatArray) -> float:
    """Return the area of the convex hull of points in a plane.

    Parameters
    ----------
    points : (m, 2) float array
        Points in Å.

    Returns
    -------
    float
        In Å²; 0 of fewer than three points and of points on a line.

    Examples
    --------
    >>> hull_area(np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 3.0], [0.0, 3.0], [1.0, 1.0]]))
    6.0
    """
    spread = points - points.mean(axis=0)
    if len(points) < 3 or np.linalg.matrix_rank(spread, tol=1e-3) < 2:
        return 0.0
    from scipy.spatial import ConvexHull

    return round(float(ConvexHull(points).volume), 9)
