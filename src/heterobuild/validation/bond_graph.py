"""The graph of bonds of a molecule, and its shape in numbers that no order of atoms changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elements import covalent_table
from heterobuild.validation.neighbours import BOND

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_LONGEST = 1000.0
"""Above the size of any molecule in Å; separates the classes of distances."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BondGraph:
    """Which atoms of a molecule are bonded, and which ones the bonds tell apart.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    bonds : (n, n) bool array
        Symmetric matrix of bonds.
    classes : (n,) int array
        Class of each atom; the same for the same molecule in any order of its atoms.
    """

    numbers: IntArray
    bonds: BoolArray
    classes: IntArray


def bond_matrices(numbers: IntArray, points: FloatArray) -> BoolArray:
    """Return the bonds of copies of a molecule: pairs within 1.3 of the covalent radii.

    Parameters
    ----------
    numbers : (m, n) int array
        Atomic numbers.
    points : (m, n, 3) float array
        Positions in Å.

    Returns
    -------
    (m, n, n) bool array
        Symmetric matrices.
    """
    radii = np.nan_to_num(covalent_table(), nan=1.5)[numbers]
    m, n = numbers.shape
    bonds = np.zeros((m, n, n), dtype=np.bool_)
    for k in range(n - 1):
        apart = np.linalg.norm(points[:, k + 1 :] - points[:, k : k + 1], axis=2)
        bonds[:, k, k + 1 :] = apart < BOND * (radii[:, k + 1 :] + radii[:, k : k + 1])
    return bonds | bonds.transpose(0, 2, 1)


def bond_graph(numbers: IntArray, bonds: BoolArray) -> BondGraph:
    """Sort the atoms of a molecule into classes by its bonds.

    The classes are refined by those of the neighbours until nothing changes, after Morgan
    (10.1021/c160017a018).

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    bonds : (n, n) bool array
        Symmetric matrix of bonds.

    Returns
    -------
    BondGraph
        The graph.

    Examples
    --------
    >>> ring = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=bool)
    >>> bond_graph(np.array([6, 8, 6]), ring).classes.tolist()
    [0, 1, 0]
    """
    classes = np.unique(numbers, return_inverse=True)[1]
    before, now = 0, len(np.unique(classes))
    near = [np.flatnonzero(row) for row in bonds]
    while now > before:
        keys = [
            (int(classes[atom]), *sorted(classes[others].tolist()))
            for atom, others in enumerate(near)
        ]
        order = {key: k for k, key in enumerate(sorted(set(keys)))}
        classes = np.array([order[key] for key in keys])
        before, now = now, len(order)
    return BondGraph(numbers=numbers, bonds=bonds, classes=classes.astype(np.int64))


def shape(graph: BondGraph, points: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return all distances inside copies of a molecule, bonds first, in a canonical order.

    Two molecules of one graph and one shape give the same numbers in whatever order their atoms
    come, and so do mirror images.

    Parameters
    ----------
    graph : BondGraph
        Graph of all copies.
    points : (m, n, 3) float array
        Positions in Å.

    Returns
    -------
    distances : (m, p) float array
        Distances in Å of all p pairs, sorted inside each class of pairs.
    keys : (p,) int array
        Class of each pair. It tells molecules of different graphs apart.
    """
    n = len(graph.numbers)
    i, j = np.triu_indices(n, 1)
    a, b = graph.classes[i], graph.classes[j]
    free = ~graph.bonds[i, j]
    key = (free * n + np.minimum(a, b)) * n + np.maximum(a, b)
    rank = np.unique(key, return_inverse=True)[1]
    distances = np.linalg.norm(points[:, i] - points[:, j], axis=2)
    ranked: FloatArray = np.sort(distances + _LONGEST * rank, axis=1)
    return ranked - _LONGEST * np.sort(rank), np.sort(key).astype(np.int64)
