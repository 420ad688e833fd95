"""The per-atom integer arrays, and the only way to join, repeat and pick labelled atoms.

ASE fills an array that one part lacks with zeros and truncates string labels when parts are
added. Therefore labels are numbers, 0 means unlabelled and is an error, and parts are joined
by `join` only. The arrays:

========== ======= ==================================================================
``region``   int   code of the region, from 1
``layer``    int   plane counted from the interface: 1, 2, … upward, −1, −2, … downward
``site``     int   role, see `Site`
``molecule`` int   one id per rigid molecule from 1; 0 for a single ion
``kind``     int   kind of molecule, from 1 into ``molecules`` of the record; 0 for an ion
``formal_charge`` float  formal charge in e
========== ======= ==================================================================

Atoms may carry further arrays, such as ``local_strain`` or ``defect``. `take` and `join` keep
them; atoms of a part that lacks one have NaN there, or 0 where it holds whole numbers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from ase import Atoms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Molecule

REGION = "region"
LAYER = "layer"
SITE = "site"
MOLECULE = "molecule"
KIND = "kind"
CHARGE = "formal_charge"
NAMES = (REGION, LAYER, SITE, MOLECULE, KIND, CHARGE)
_NOT_FURTHER = {*NAMES, "numbers", "positions", "site_index"}  # the last while building only


class Site(IntEnum):
    """Role of an atom in the structure; every atom of a molecule has its molecule's role."""

    A = 1
    B = 2
    X = 3
    SPACER = 4
    LIGAND = 5
    INTERLAYER = 6
    OTHER = 7


def label(
    atoms: Atoms,
    *,
    site: IntArray,
    molecule: IntArray,
    kind: IntArray,
    charge: FloatArray,
    region: int = 0,
    layer: int = 0,
) -> Atoms:
    """Return a copy of the atoms that carries all label arrays.

    Parameters
    ----------
    atoms : ase.Atoms
        The atoms; left unchanged.
    site, molecule, kind : (n,) int array
        Role, molecule id and kind of each atom.
    charge : (n,) float array
        Formal charge of each atom in e.
    region, layer : int, optional
        One code for all atoms; 0, the default, is unlabelled and must be set before joining.

    Returns
    -------
    ase.Atoms
        The labelled copy.
    """
    n = len(atoms)
    labelled = atoms.copy()
    labelled.arrays[SITE] = np.asarray(site, dtype=np.int64)
    labelled.arrays[MOLECULE] = np.asarray(molecule, dtype=np.int64)
    labelled.arrays[KIND] = np.asarray(kind, dtype=np.int64)
    labelled.arrays[CHARGE] = np.asarray(charge, dtype=np.float64)
    labelled.arrays[REGION] = np.full(n, region, dtype=np.int64)
    labelled.arrays[LAYER] = np.full(n, layer, dtype=np.int64)
    return labelled


def missing(atoms: Atoms) -> tuple[str, ...]:
    """Return the names of the label arrays that the atoms lack.

    Parameters
    ----------
    atoms : ase.Atoms
        Any atoms.

    Returns
    -------
    tuple of str
        Empty where all are there.
    """
    return tuple(name for name in NAMES if name not in atoms.arrays)


def units(atoms: Atoms) -> IntArray:
    """Return the rigid unit of each atom: a molecule is one unit, an ion another.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.

    Returns
    -------
    (n,) int array
        Units 0, 1, …, in the order in which they first appear.

    Examples
    --------
    >>> atoms = Atoms("CsNHBr")
    >>> atoms.arrays["molecule"] = np.array([0, 1, 1, 0])
    >>> units(atoms).tolist()
    [0, 1, 1, 2]
    """
    return rigid_units(atoms.arrays[MOLECULE])[0]


def rigid_units(molecule: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rigid unit of each atom, and where each unit begins.

    A molecule is one unit, an ion another.

    Parameters
    ----------
    molecule : (n,) int array
        Molecule id of each atom; 0, or a negative number, for an ion.

    Returns
    -------
    unit : (n,) int array
        Unit of each atom: 0, 1, …, in the order in which they first appear.
    first : (m,) int array
        First atom of each unit.

    Examples
    --------
    >>> unit, first = rigid_units(np.array([0, 7, 7, 0]))
    >>> unit.tolist(), first.tolist()
    ([0, 1, 1, 2], [0, 1, 3])
    """
    n = len(molecule)
    atom = np.arange(n)
    bound = np.flatnonzero(molecule > 0)
    if len(bound) == 0:
        return atom, atom
    ids = molecule[bound]
    if ids.max() > 4 * n:
        ids = np.unique(ids, return_inverse=True)[1]
    begin = np.zeros(int(ids.max()) + 1, dtype=np.int64)
    begin[ids[::-1]] = bound[::-1]
    atom[bound] = begin[ids]
    is_first = atom == np.arange(n)
    return (np.cumsum(is_first) - 1)[atom], np.flatnonzero(is_first)


def repeat(atoms: Atoms, translations: FloatArray, cell: FloatArray) -> Atoms:
    """Copy labelled atoms to every translation, each molecule with an id of its own.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; left unchanged.
    translations : (m, 3) float array
        Shifts in Å; the copies follow one another in this order.
    cell : (3, 3) float array
        Cell of the result.

    Returns
    -------
    ase.Atoms
        The m copies in the new cell.
    """
    shifts = np.asarray(translations, dtype=np.float64)
    m, n = len(shifts), len(atoms)
    positions = (shifts[:, None, :] + atoms.positions[None, :, :]).reshape(m * n, 3)
    copies = Atoms(numbers=np.tile(atoms.numbers, m), positions=positions, cell=cell, pbc=atoms.pbc)
    for name in NAMES:
        copies.arrays[name] = np.tile(atoms.arrays[name], m)
    molecule = atoms.arrays[MOLECULE]
    step = int(molecule.max(initial=0))
    offset = np.repeat(np.arange(m) * step, n)
    copies.arrays[MOLECULE] = np.where(np.tile(molecule, m) > 0, np.tile(molecule, m) + offset, 0)
    return copies


def take(atoms: Atoms, index: IntArray) -> Atoms:
    """Pick labelled atoms in the given order; cell, labels and further arrays stay.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; left unchanged.
    index : (m,) int array
        Atoms to pick.

    Returns
    -------
    ase.Atoms
        The picked atoms.
    """
    picked = Atoms(
        numbers=atoms.numbers[index],
        positions=atoms.positions[index],
        cell=atoms.cell,
        pbc=atoms.pbc,
    )
    for name in (*NAMES, *sorted(set(atoms.arrays) - _NOT_FURTHER)):
        picked.arrays[name] = atoms.arrays[name][index]
    return picked


def join(
    parts: Sequence[tuple[Atoms, tuple[Molecule, ...]]],
    *,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Join labelled parts into one; molecule ids stay unique, kinds are merged by name.

    Parameters
    ----------
    parts : sequence of (ase.Atoms, tuple of Molecule)
        Labelled atoms, each with the table that its ``kind`` array counts into.
    cell : (3, 3) float array
        Cell of the whole.
    pbc : tuple of bool
        Periodic directions of the whole.

    Returns
    -------
    ase.Atoms
        All atoms in the order of the parts.
    tuple of Molecule
        The merged table of molecules.

    Raises
    ------
    ValueError
        If a part lacks a label array, or an atom has no region, layer or site.
    """
    names: dict[str, Molecule] = {}
    columns: dict[str, list[IntArray | FloatArray]] = {name: [] for name in NAMES}
    offset = 0
    for atoms, molecules in parts:
        _require_labels(atoms)
        for molecule in molecules:
            names.setdefault(molecule.name, molecule)
        order = list(names)
        codes = np.array([0] + [order.index(m.name) + 1 for m in molecules])
        ids = atoms.arrays[MOLECULE]
        for name in NAMES:
            columns[name].append(atoms.arrays[name])
        columns[KIND][-1] = codes[atoms.arrays[KIND]]
        columns[MOLECULE][-1] = np.where(ids > 0, ids + offset, 0)
        offset += int(ids.max(initial=0))
    joined = Atoms(
        numbers=np.concatenate([atoms.numbers for atoms, _ in parts]),
        positions=np.concatenate([atoms.positions for atoms, _ in parts]),
        cell=cell,
        pbc=pbc,
    )
    joined.arrays.update({name: np.concatenate(column) for name, column in columns.items()})
    for name in sorted({name for atoms, _ in parts for name in atoms.arrays} - _NOT_FURTHER):
        joined.arrays[name] = _filled(name, [atoms for atoms, _ in parts])
    return joined, tuple(names.values())


def _filled(name: str, parts: Sequence[Atoms]) -> NDArray[Any]:
    """Return one array of all parts, filled where a part lacks it."""
    known = [atoms.arrays[name] for atoms in parts if name in atoms.arrays]
    absent = np.zeros((1, *known[0].shape[1:]), dtype=np.result_type(*known))
    if absent.dtype.kind == "f":
        absent[:] = np.nan
    return np.concatenate([a.arrays.get(name, absent.repeat(len(a), axis=0)) for a in parts])


def _require_labels(atoms: Atoms) -> None:
    if lacking := missing(atoms):
        raise ValueError(f"a part lacks the arrays {', '.join(lacking)}")
    for name in (REGION, LAYER, SITE):
        if not atoms.arrays[name].all():
            raise ValueError(f"the array {name} of a part holds 0, which means unlabelled")
