"""Stereocentres of a molecule, found from its bonds, and the hand they have in copies of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.validation.bond_graph import BondGraph


def stereocentres(graph: BondGraph) -> IntArray:
    """Return the atoms with four neighbours that the bonds tell apart.

    Parameters
    ----------
    graph : BondGraph
        Bonds and classes of the molecule.

    Returns
    -------
    (k, 4) int array
        Each centre, followed by three of its neighbours in the order of their classes.
    """
    corners = []
    for atom, row in enumerate(graph.bonds):
        near = np.flatnonzero(row)
        near = near[np.argsort(graph.classes[near], kind="stable")]
        if len(near) == 4 and len(np.unique(graph.classes[near])) == 4:
            corners.append([atom, *near[:3]])
    return np.array(corners, dtype=np.int64).reshape(-1, 4)


def hands(graph: BondGraph, points: FloatArray) -> FloatArray:
    """Return the hands of the stereocentres in copies of a molecule.

    Parameters
    ----------
    graph : BondGraph
        Graph of all copies.
    points : (m, n, 3) float array
        Positions in Å.

    Returns
    -------
    (m, k) float array
        For each class of centres, in the order of the classes, the sum of the signs of their
        triple products. A mirror image has the opposite numbers.
    """
    corners = stereocentres(graph)
    if len(corners) == 0:
        return np.zeros((len(points), 0))
    arms = points[:, corners[:, 1:]] - points[:, corners[:, :1]]
    signs = np.sign(np.linalg.det(arms))
    classes, group = np.unique(graph.classes[corners[:, 0]], return_inverse=True)
    sums: FloatArray = signs @ np.eye(len(classes))[group]
    return sums
