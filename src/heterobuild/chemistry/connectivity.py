"""Which atoms form molecules, and which molecules of the library they are.

Molecules are sets of atoms joined by covalent bonds. They are compared with the library by
element, connectivity and hand, so that any conformer is recognised and mirror images are not
confused. Double bonds are not told apart as cis or trans.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.chemistry.bonds import (
    connect,
    find_bonds,
    graph_colours,
    handedness,
    molecule_keys,
)
from heterobuild.chemistry.formulas import hill_formula
from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_table
from heterobuild.errors import StructureFileError
from heterobuild.model import Molecule, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.chemistry.bonds import Colours

_HYDROGEN, _CARBON, _NITROGEN, _OXYGEN = 1, 6, 7, 8


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pattern:
    """What of a library molecule does not depend on the order of its atoms."""

    name: str
    graph: int
    hand: int | None
    charges: Mapping[int, float]
    head: frozenset[int]


def find_molecules(
    numbers: IntArray,
    positions: FloatArray,
    cell: FloatArray | None = None,
    pbc: Sequence[bool] = (False, False, False),
) -> tuple[IntArray, FloatArray]:
    """Find the molecules of a structure and make them whole.

    A molecule is a finite set of bonded non-metals that holds carbon, or hydrogen with nitrogen
    or oxygen. Metals, halides and endless networks such as silica, gallium nitride or graphene
    are none.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Cartesian coordinates in Å; left unchanged.
    cell : (3, 3) float array, optional
        Cell in Å, row vectors; needed only for periodic directions.
    pbc : sequence of bool, optional
        Periodic directions; none by default.

    Returns
    -------
    (n,) int array
        Molecule of each atom from 1, in the order of their first atoms; 0 for all others.
    (n, 3) float array
        Coordinates in Å with whole molecules: the first atom of each stays where it was.

    Examples
    --------
    >>> ma = load_molecule("MA")
    >>> positions = np.vstack([ma.positions + [0.0, 5.0, 5.0], [[5.0, 0.0, 0.0]]])
    >>> numbers = np.append(ma.numbers, 53)
    >>> ids, whole = find_molecules(numbers, positions % 10.0, 10.0 * np.eye(3), (True,) * 3)
    >>> ids.tolist(), float(round(np.ptp(whole[:8, 0]), 2))
    ([1, 1, 1, 1, 1, 1, 1, 1, 0], 2.2)
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    positions = np.asarray(positions, dtype=np.float64)
    bonds, shifts = find_bonds(numbers, positions, cell, pbc)
    if not len(bonds):
        return np.zeros(len(numbers), dtype=np.int64), positions.copy()
    component, offsets = connect(len(numbers), bonds, shifts)
    closed = (offsets[bonds[:, 1]] == offsets[bonds[:, 0]] + shifts).all(axis=1)
    count = int(component.max()) + 1
    carbon, hydrogen, polar = (
        np.bincount(component, np.isin(numbers, kinds), count) > 0
        for kinds in ((_CARBON,), (_HYDROGEN,), (_NITROGEN, _OXYGEN))
    )
    molecular = (np.bincount(component, minlength=count) > 1) & (carbon | (hydrogen & polar))
    molecular[component[bonds[~closed, 0]]] = False
    ids = np.where(molecular, np.cumsum(molecular), 0)[component]
    if cell is None:
        return ids, positions.copy()
    moves = np.where(ids[:, None] > 0, offsets, 0) @ np.asarray(cell, dtype=np.float64)
    return ids, positions + moves


def identify_molecule(numbers: IntArray, positions: FloatArray) -> Molecule | None:
    """Recognise one whole molecule by element, connectivity and hand.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers, hydrogen included.
    positions : (n, 3) float array
        Cartesian coordinates in Å, the molecule whole.

    Returns
    -------
    Molecule or None
        The molecule of the library with the atoms in the order given and in the geometry given,
        moved so that the centroid of the non-hydrogen atoms is the origin; None where the
        library has no such molecule, or only its mirror image.

    Examples
    --------
    >>> pea = load_molecule("PEA")
    >>> found = identify_molecule(pea.numbers[::-1], pea.positions[::-1])
    >>> found.name, found.numbers[found.head[0]]
    ('PEA', np.int64(7))
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    positions = np.asarray(positions, dtype=np.float64)
    one = np.ones(len(numbers), dtype=np.int64)
    colours, graph, hand = _fingerprints(numbers, positions, one)
    pattern = _lookup(int(graph[0]), int(hand[0]))
    if pattern is None:
        return None
    known = load_molecule(pattern.name)
    kinds = colours.tolist()
    return replace(
        known,
        numbers=_frozen(numbers),
        positions=_frozen(_centred(numbers, positions)),
        charges=_frozen(np.array([pattern.charges[kind] for kind in kinds])),
        head=tuple(index for index, kind in enumerate(kinds) if kind in pattern.head),
        source=replace(known.source, notes="geometry of the structure it was found in"),
    )


def identify_molecules(
    numbers: IntArray, positions: FloatArray, ids: IntArray
) -> tuple[tuple[str, ...], FloatArray]:
    """Recognise all molecules of a structure at once.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    positions : (n, 3) float array
        Cartesian coordinates in Å, molecules whole, as `find_molecules` returns them.
    ids : (n,) int array
        Molecule of each atom from 1, 0 for ions, as `find_molecules` returns them.

    Returns
    -------
    tuple of str
        Name of each molecule; empty where the library does not hold it.
    (n,) float array
        Formal charge of each atom in e; nan for ions and in unknown molecules.
    """
    bound = np.flatnonzero(ids > 0)
    charges = np.full(len(ids), np.nan)
    owner = ids[bound] - 1
    colours, graph, hand = _fingerprints(numbers[bound], positions[bound], ids[bound])
    keys, kind = np.unique(np.stack([graph, hand], axis=1), axis=0, return_inverse=True)
    found = [_lookup(int(key[0]), int(key[1])) for key in keys]
    kind = kind.reshape(-1)
    for number, pattern in enumerate(found):
        if pattern is not None:
            atoms = np.flatnonzero(kind[owner] == number)
            shades, place = np.unique(colours[atoms], return_inverse=True)
            table = np.array([pattern.charges[shade] for shade in shades.tolist()])
            charges[bound[atoms]] = table[place]
    names = [pattern.name if pattern is not None else "" for pattern in found]
    return tuple(names[number] for number in kind.tolist()), charges


def _fingerprints(
    numbers: IntArray, positions: FloatArray, ids: IntArray
) -> tuple[Colours, Colours, Colours]:
    """Return the colour of each atom, and the graph and hand of each molecule."""
    bonds, _ = find_bonds(numbers, positions)
    bonds = bonds[ids[bonds[:, 0]] == ids[bonds[:, 1]]]
    colours = graph_colours(numbers, bonds)
    return colours, *molecule_keys(colours, handedness(positions, bonds, colours), ids)


def _lookup(graph: int, hand: int) -> _Pattern | None:
    """Return the pattern of the library with this connectivity and, where it counts, hand."""
    for pattern in _patterns(molecule_table()).get(graph, ()):
        if pattern.hand is None or pattern.hand == hand:
            return pattern
    return None


@lru_cache(maxsize=8)
def _patterns(_extra: tuple[Molecule, ...]) -> dict[int, tuple[_Pattern, ...]]:
    """Return the patterns of the library, and of what is added to it now, by connectivity."""
    table: dict[int, tuple[_Pattern, ...]] = {}
    for name in list_molecules():
        molecule = load_molecule(name)
        one = np.ones(len(molecule.numbers), dtype=np.int64)
        colours, graph, hand = _fingerprints(molecule.numbers, molecule.positions, one)
        kinds = colours.tolist()
        pattern = _Pattern(
            name=name,
            graph=int(graph[0]),
            hand=int(hand[0]) if "@" in molecule.smiles else None,
            charges=dict(zip(kinds, molecule.charges.tolist(), strict=True)),
            head=frozenset(kinds[index] for index in molecule.head),
        )
        table[pattern.graph] = (*table.get(pattern.graph, ()), pattern)
    return table


def molecule_from_fragment(
    name: str, numbers: IntArray, positions: FloatArray, charge: float
) -> Molecule:
    """Make a molecule that the library does not hold from atoms of a structure.

    The charge goes to nitrogen atoms with four bonds, one each, where that gives the right sum;
    otherwise it is spread evenly over the atoms other than carbon and hydrogen, or over all where
    there are none. The atoms that carry it are the head.

    Parameters
    ----------
    name : str
        Name for it.
    numbers : (n,) int array
        Atomic numbers, hydrogen included.
    positions : (n, 3) float array
        Cartesian coordinates in Å, the molecule whole.
    charge : float
        Net formal charge in e.

    Returns
    -------
    Molecule
        The molecule, atoms in the order given.

    Raises
    ------
    StructureFileError
        If there are no atoms.
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    positions = np.asarray(positions, dtype=np.float64)
    if not len(numbers):
        raise StructureFileError(f"the molecule {name} has no atoms")
    bonds, _ = find_bonds(numbers, positions)
    degree = np.bincount(bonds.ravel(), minlength=len(numbers))
    carriers = (numbers == _NITROGEN) & (degree == 4)
    if carriers.sum() != charge:
        carriers = ~np.isin(numbers, (_HYDROGEN, _CARBON))
    if not carriers.any():
        carriers = np.ones(len(numbers), dtype=bool)
    return Molecule(
        name=name,
        formula=hill_formula(numbers),
        charge=float(charge),
        numbers=_frozen(numbers),
        positions=_frozen(_centred(numbers, positions)),
        charges=_frozen(np.where(carriers, charge / carriers.sum(), 0.0)),
        head=tuple(np.flatnonzero(carriers).tolist()),
        source=Source(citation="the structure it was found in", notes="not in the library"),
    )


def _centred(numbers: IntArray, positions: FloatArray) -> FloatArray:
    """Return positions with the centroid of the non-hydrogen atoms at the origin."""
    heavy = numbers != _HYDROGEN
    weights = heavy if heavy.any() else ~heavy
    centred: FloatArray = positions - positions[weights].mean(axis=0)
    return centred


def _frozen(array: Any) -> Any:
    """Return a read-only copy of an array."""
    copy = np.array(array)
    copy.flags.writeable = False
    return copy
