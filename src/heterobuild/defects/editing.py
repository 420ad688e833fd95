"""Take units out of a model and put others in: new atoms, labels, and what was done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.data import atomic_numbers

from heterobuild import labels
from heterobuild.defects.units import contact_radii
from heterobuild.geometry.periodic_pairs import near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import IntArray
    from heterobuild.defects.changes import Change, Guest
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure

DEFECT = "defect"
"""Array of a model with defects: n > 0 for the atoms of the n-th defect, which are on a site of
another ion or on none; -n for the atoms around a site that the n-th emptied or moved; else 0."""

_STEPS = ("defects", "hop")

_COLUMNS = (
    "unit",
    "first",
    "positions",
    "centres",
    "charge",
    "species",
    "region",
    "layer",
    "site",
    "radius",
)
_BONDED = 1.2
"""Longest bond as a fraction of the sum of ionic radii."""


def with_guests(
    built: Heterostructure, units: Units, changes: Sequence[Change]
) -> tuple[Units, list[int], list[int]]:
    """Return the rigid units as they are with defects, for judging contacts.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    changes : sequence of Change
        The defects.

    Returns
    -------
    units : Units
        The units, moved ones at their new places, then what was put in, which has no region.
    gone : list of int
        Units that are not there any more.
    taken : list of int
        Those, the moved ones and what was put in: no site for another defect.
    """
    gone = [change.removed for change in changes if change.removed >= 0]
    taken = gone.copy()
    table = {name: [getattr(units, name)] for name in _COLUMNS}
    positions, centres = units.positions.copy(), units.centres.copy()
    names, m, n = list(units.names), len(units.first), len(units.unit)
    for change in changes:
        if change.moved is not None:
            taken.append(change.moved[0])
            positions[units.unit == change.moved[0]] += change.moved[1]
            centres[change.moved[0]] += change.moved[1]
        guest = change.guest
        if guest is None:
            continue
        numbers = guest_numbers(built, guest.name)
        names += [] if guest.name in names else [guest.name]
        one = {"first": n, "charge": guest.charge, "species": names.index(guest.name)}
        one |= {"region": 0, "layer": 0, "site": 0}
        for name, value in one.items():
            table[name].append(np.array([value], dtype=table[name][0].dtype))
        table["unit"].append(np.full(len(numbers), m, dtype=np.int64))
        table["radius"].append(contact_radii(numbers, np.full(len(numbers), len(numbers) > 1)))
        table["positions"].append(guest.positions)
        table["centres"].append(change.point[None])
        taken.append(m)
        m, n = m + 1, n + len(numbers)
    table["positions"][0], table["centres"][0] = positions, centres
    joined = {name: np.concatenate(parts) for name, parts in table.items()}
    return replace(units, names=tuple(names), **joined), gone, taken  # type: ignore[arg-type]


def changed_atoms(
    built: Heterostructure, units: Units, changes: Sequence[Change]
) -> tuple[Atoms, IntArray]:
    """Return the atoms with all defects.

    Parameters
    ----------
    built : Heterostructure
        The model; left unchanged.
    units : Units
        Its rigid units.
    changes : sequence of Change
        The defects.

    Returns
    -------
    atoms : ase.Atoms
        What stays in its old order, then what was put in; with the array ``defect``.
    old : (k,) int array
        Number that each atom that stays had before.
    """
    atoms = built.atoms.copy()
    before = numbered(built)
    known = atoms.arrays.get(DEFECT, np.zeros(len(atoms), dtype=np.int64))
    marks = _marks(units, changes, before, len(atoms))
    atoms.arrays[DEFECT] = np.where(known != 0, known, marks)
    for change in changes:
        if change.moved is not None:
            unit, shift = change.moved
            atoms.positions[units.unit == unit] += shift
    gone = [change.removed for change in changes if change.removed >= 0]
    stays = np.flatnonzero(~np.isin(units.unit, gone))
    kept = atoms[stays]
    next_id = int(atoms.arrays[labels.MOLECULE].max(initial=0)) + 1
    for number, change in enumerate(changes, before + 1):
        if change.guest is not None:
            kept = _with_guest(kept, built, change.guest, number, next_id)
            next_id += 1
    return kept, stays


def numbered(built: Heterostructure) -> int:
    """Return the number of the last defect that a model has.

    Parameters
    ----------
    built : Heterostructure
        The model.

    Returns
    -------
    int
        0 where it has none.
    """
    counts = [step.values.get("defects", ()) for step in built.steps if step.name in _STEPS]
    return sum(len(entries) for entries in counts if isinstance(entries, list))


def _marks(units: Units, changes: Sequence[Change], before: int, n: int) -> IntArray:
    """Return the array of defects for the atoms that were there before."""
    marks = np.zeros(n, dtype=np.int64)
    emptied, numbers = [], []
    for number, change in enumerate(changes, before + 1):
        guest = 0.0 if change.guest is None else change.guest.charge
        if change.removed >= 0 and guest * units.charge[change.removed] <= 0:
            emptied.append(change.removed)
            numbers.append(number)
        if change.moved is not None:
            emptied.append(change.moved[0])
            numbers.append(number)
    which, atom = neighbours_of(units, emptied)
    order = np.argsort(-which, kind="stable")
    marks[atom[order]] = -np.array(numbers, dtype=np.int64)[which[order]]
    for number, change in enumerate(changes, before + 1):
        if change.moved is not None:
            marks[units.unit == change.moved[0]] = number
    return marks


def neighbours_of(units: Units, members: Sequence[int]) -> tuple[IntArray, IntArray]:
    """Return the atoms that some units are bonded to: those of the other charge in reach.

    Parameters
    ----------
    units : Units
        The units.
    members : sequence of int
        Some of them.

    Returns
    -------
    which : (k,) int array
        Place of the unit among the members.
    atom : (k,) int array
        Number of an atom within 1.2 of the sum of radii.
    """
    chosen = np.asarray(members, dtype=np.int64)
    own = np.flatnonzero(np.isin(units.unit, chosen))
    reach = _BONDED * (units.radius[own].max(initial=0.0) + units.radius.max())
    i, j, vectors = near_pairs(
        units.positions[own], units.cell, units.pbc, float(reach), units.positions
    )
    one, other = units.unit[own[i]], units.unit[j]
    near = np.linalg.norm(vectors, axis=1) < _BONDED * (units.radius[own[i]] + units.radius[j])
    near &= units.charge[one] * units.charge[other] < 0
    order = np.argsort(chosen, kind="stable")
    which = order[np.searchsorted(chosen[order], one[near])]
    found = np.unique(np.column_stack([which, j[near]]).astype(np.int64), axis=0)
    return found[:, 0], found[:, 1]


def _with_guest(
    atoms: Atoms, built: Heterostructure, guest: Guest, number: int, molecule: int
) -> Atoms:
    """Append an ion or a molecule with all its labels."""
    names = [kind.name for kind in built.molecules]
    kind = names.index(guest.name) + 1 if guest.name in names else 0
    numbers, charge = guest_numbers(built, guest.name), np.array([guest.charge])
    if kind:
        charge = built.molecules[kind - 1].charges
    n = len(numbers)
    labelled = {
        labels.REGION: guest.region,
        labels.LAYER: guest.layer,
        labels.SITE: guest.site,
        labels.MOLECULE: molecule if kind else 0,
        labels.KIND: kind,
        labels.CHARGE: charge,
        DEFECT: number,
    }
    longer = Atoms(
        numbers=np.r_[atoms.numbers, numbers],
        positions=np.concatenate([atoms.positions, guest.positions]),
        cell=atoms.cell,
        pbc=atoms.pbc,
    )
    for name, array in atoms.arrays.items():
        if name not in ("numbers", "positions"):
            absent = np.nan if array.dtype.kind == "f" else 0
            added = np.broadcast_to(np.asarray(labelled.get(name, absent)), (n,))
            tail = np.empty((n, *array.shape[1:]), dtype=array.dtype)
            tail[:] = added.reshape(n, *([1] * (array.ndim - 1)))
            longer.arrays[name] = np.concatenate([array, tail])
    return longer


def guest_numbers(built: Heterostructure, name: str) -> IntArray:
    """Return the atomic numbers of an ion or of a molecule of the model.

    Parameters
    ----------
    built : Heterostructure
        The model.
    name : str
        Element or molecule.

    Returns
    -------
    (k,) int array
        Atomic numbers.
    """
    for molecule in built.molecules:
        if molecule.name == name:
            return np.asarray(molecule.numbers, dtype=np.int64)
    return np.array([atomic_numbers[name]])
