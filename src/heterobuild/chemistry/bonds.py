"""Covalent bonds between atoms, and what follows from the graph they make.

Only non-metals bond here, so that ions never join a molecule. All functions work on whole arrays
of atoms; none loops over atoms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elements import covalent_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray, IntArray

    Colours = NDArray[np.uint64]

TOLERANCE = 1.25
ROUNDS = 40
_HALOGENS = (9, 17, 35, 53)
_FRAMEWORK = (5, 6, 7, 8, 14, 15, 16, 34)
_BONDING = (1, *_FRAMEWORK, *_HALOGENS)


def find_bonds(
    numbers: IntArray,
    positions: FloatArray,
    cell: FloatArray | None = None,
    pbc: Sequence[bool] = (False, False, False),
    *,
    tolerance: float = TOLERANCE,
) -> tuple[IntArray, IntArray]:
    """Find the covalent bonds between non-metals.

    Two atoms are bonded if they are closer than `tolerance` times the sum of their covalent
    radii (10.1039/B801115J). H, B, C, N, O, Si, P, S, Se and the halogens can bond; hydrogen and
    halogens bond only to the others, not among themselves, so that halides stay single ions.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Cartesian coordinates in Å.
    cell : (3, 3) float array, optional
        Cell in Å, row vectors; needed only for periodic directions.
    pbc : sequence of bool, optional
        Periodic directions; none by default.
    tolerance : float, optional
        Factor on the sum of the radii. 1.25 covers bonds stretched by vibration (C-H up to
        1.34 Å) and stays below hydrogen bonds (N-H...I from 2.4 Å, the limit is 2.13 Å).

    Returns
    -------
    (m, 2) int array
        Atoms of each bond, sorted.
    (m, 3) int array
        Cell translations to be added to the second atom.

    Examples
    --------
    >>> find_bonds(np.array([6, 1, 53]), np.array([[0, 0, 0], [1.1, 0, 0], [4.0, 0, 0]]))[0]
    array([[0, 1]])
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    able = np.flatnonzero(np.isin(numbers, _BONDING))
    radii = covalent_table()[numbers[able]]
    if not np.isin(numbers[able], _FRAMEWORK).any():
        return np.zeros((0, 2), dtype=np.int64), np.zeros((0, 3), dtype=np.int64)
    cutoff = tolerance * _longest_pair(numbers[able], radii)
    first, second, shifts, lengths = _neighbours(positions[able], cell, pbc, cutoff)
    framework = np.isin(numbers[able], _FRAMEWORK)
    bonded = lengths < tolerance * (radii[first] + radii[second])
    bonded &= framework[first] | framework[second]
    pairs = np.stack([able[first[bonded]], able[second[bonded]]], axis=1)
    shifts = shifts[bonded]
    order = np.lexsort((*shifts.T, pairs[:, 1], pairs[:, 0]))
    return pairs[order], shifts[order]


def _longest_pair(numbers: IntArray, radii: FloatArray) -> float:
    """Return the largest sum of radii of two atoms of which one is no hydrogen or halogen."""
    framework = radii[np.isin(numbers, _FRAMEWORK)]
    return float(framework.max() + radii.max())


def _neighbours(
    positions: FloatArray, cell: FloatArray | None, pbc: Sequence[bool], cutoff: float
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Return both atoms, cell translation and distance of each pair, once."""
    from ase.geometry import complete_cell
    from vesin import NeighborList

    box = complete_cell(np.zeros((3, 3)) if cell is None else np.asarray(cell, dtype=np.float64))
    search = NeighborList(cutoff=cutoff, full_list=False)
    first, second, shifts, lengths = search.compute(
        points=np.ascontiguousarray(positions, dtype=np.float64),
        box=np.ascontiguousarray(box),
        periodic=[bool(flag) for flag in pbc],
        quantities="ijSd",
    )
    integers = (np.asarray(entry, dtype=np.int64) for entry in (first, second, shifts))
    first, second, shifts = integers
    return first, second, shifts, np.asarray(lengths)


def connect(n: int, bonds: IntArray, shifts: IntArray) -> tuple[IntArray, IntArray]:
    """Find the connected fragments, and the cell translations that make them whole.

    The bonds of a spanning tree are followed to its root, twice as far in each step, so that
    long chains and networks cost little.

    Parameters
    ----------
    n : int
        Number of atoms.
    bonds : (m, 2) int array
        Bonded atoms.
    shifts : (m, 3) int array
        Cell translations to be added to the second atom of each bond.

    Returns
    -------
    (n,) int array
        Fragment of each atom from 0, in the order of their first atoms.
    (n, 3) int array
        Cell translation to be added to each atom; zero for the first of each fragment.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    graph = coo_array((np.ones(len(bonds)), (bonds[:, 0], bonds[:, 1])), shape=(n, n)).tocsr()
    _, labels = connected_components(graph, directed=False)
    _, first, component = np.unique(labels, return_index=True, return_inverse=True)
    order = np.argsort(first)
    component = np.argsort(order)[component]
    roots = first[order]
    start = np.full(len(roots), n)
    rows, columns = np.append(bonds[:, 0], start), np.append(bonds[:, 1], roots)
    linked = coo_array((np.ones(len(rows)), (rows, columns)), shape=(n + 1, n + 1)).tocsr()
    _, predecessors = breadth_first_order(linked, n, directed=False)
    parent: IntArray = np.array(predecessors[:n], dtype=np.int64)
    parent[roots] = roots
    offsets = _step_from_parent(parent, bonds, shifts)
    while (parent != parent[parent]).any():
        offsets += offsets[parent]
        parent = parent[parent]
    return component.astype(np.int64), offsets


def _step_from_parent(parent: IntArray, bonds: IntArray, shifts: IntArray) -> IntArray:
    """Return the cell translation of the bond from each atom's parent to the atom."""
    n = len(parent)
    keys = np.concatenate([bonds[:, 0] * n + bonds[:, 1], bonds[:, 1] * n + bonds[:, 0]])
    steps = np.concatenate([shifts, -shifts])
    order = np.argsort(keys, kind="stable")
    atom = np.arange(n)
    moved = np.flatnonzero(parent != atom)
    place = np.searchsorted(keys[order], parent[moved] * n + moved)
    offsets = np.zeros((n, 3), dtype=np.int64)
    offsets[moved] = steps[order[place]]
    return offsets


def graph_colours(numbers: IntArray, bonds: IntArray, *, rounds: int = ROUNDS) -> Colours:
    """Return one number an atom that tells its place in the graph of bonds.

    Colour refinement (Weisfeiler and Leman): atoms that have equal neighbourhoods keep equal
    colours, whatever their order and position. Atoms of different fragments compare as well.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    bonds : (m, 2) int array
        Bonded atoms.
    rounds : int, optional
        Bonds over which neighbourhoods are compared. 40 reaches through any molecule of the
        library; colours compare only between equal numbers of rounds.

    Returns
    -------
    (n,) uint64 array
        Colours.

    Examples
    --------
    >>> colours = graph_colours(np.array([8, 1, 1]), np.array([[0, 1], [0, 2]]))
    >>> len(set(colours.tolist())), colours[1] == colours[2]
    (2, np.True_)
    """
    colours = _mix(np.asarray(numbers, dtype=np.uint64))
    both = np.concatenate([bonds, bonds[:, ::-1]])
    for _ in range(rounds):
        total = np.zeros_like(colours)
        np.add.at(total, both[:, 0], _mix(colours[both[:, 1]]))
        colours = _mix(colours * np.uint64(3) + total)
    return colours


def _mix(values: Colours) -> Colours:
    """Scramble 64-bit numbers (the finaliser of splitmix64); wraps around by intention."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def handedness(positions: FloatArray, bonds: IntArray, colours: Colours) -> IntArray:
    """Return the hand of each stereo-centre.

    A stereo-centre has four bonds to atoms of four different colours. Its hand is the sign of
    the volume that the first three span, seen from the centre, in the order of their colours.

    Parameters
    ----------
    positions : (n, 3) float array
        Cartesian coordinates in Å, molecules whole.
    bonds : (m, 2) int array
        Bonded atoms.
    colours : (n,) uint64 array
        Colours of `graph_colours`.

    Returns
    -------
    (n,) int array
        +1 or -1 at stereo-centres, 0 elsewhere.
    """
    hands = np.zeros(len(colours), dtype=np.int64)
    both = np.concatenate([bonds, bonds[:, ::-1]])
    both = both[np.lexsort((colours[both[:, 1]], both[:, 0]))]
    degree = np.bincount(both[:, 0], minlength=len(colours))
    centres = np.flatnonzero(degree == 4)
    start = np.searchsorted(both[:, 0], centres)
    around = both[start[:, None] + np.arange(4), 1]
    distinct = (np.diff(colours[around].astype(np.uint64), axis=1) != 0).all(axis=1)
    centres, around = centres[distinct], around[distinct]
    arms = positions[around[:, :3]] - positions[centres][:, None]
    hands[centres] = np.sign(np.linalg.det(arms)).astype(np.int64)
    return hands


def molecule_keys(colours: Colours, hands: IntArray, ids: IntArray) -> tuple[Colours, Colours]:
    """Return the fingerprint of each molecule: of its graph, and of its hand.

    Parameters
    ----------
    colours : (n,) uint64 array
        Colours of `graph_colours`.
    hands : (n,) int array
        Hands of `handedness`.
    ids : (n,) int array
        Molecule of each atom, counted from 1; 0 for none.

    Returns
    -------
    (k,) uint64 array
        Equal for molecules of equal connectivity.
    (k,) uint64 array
        Equal for molecules of equal connectivity and hand; 0 without stereo-centres.
    """
    graph = np.zeros(int(ids.max(initial=0)) + 1, dtype=np.uint64)
    hand = np.zeros_like(graph)
    np.add.at(graph, ids, _mix(colours))
    centres = hands != 0
    signed = colours[centres] ^ (hands[centres] > 0).astype(np.uint64)
    np.add.at(hand, ids[centres], _mix(signed))
    return graph[1:], hand[1:]
