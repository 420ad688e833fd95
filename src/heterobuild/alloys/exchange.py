"""Put other ions and molecules on the sites of labelled atoms, or leave the sites empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms
from ase.data import atomic_numbers

from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.chemistry.valences import possible_charges
from heterobuild.errors import UnknownNameError
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, KIND, LAYER, MOLECULE, NAMES, REGION, SITE, Site, units
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Molecule

VACANCY = ""
"""Name of what stands on an empty site."""


def units_of(atoms: Atoms, molecules: Sequence[Molecule], site: str, species: str) -> IntArray:
    """Find the rigid units of one ion or kind of molecule on one kind of site.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    molecules : sequence of Molecule
        The table that the array ``kind`` counts into.
    site : str
        Role, a name of `heterobuild.labels.Site`.
    species : str
        Element, or short name of a molecule.

    Returns
    -------
    (m,) int array
        Their first atoms, ascending.
    """
    _, first = np.unique(units(atoms), return_index=True)
    names = [molecule.name for molecule in molecules]
    if species in names:
        chosen = atoms.arrays[KIND][first] == names.index(species) + 1
    else:
        chosen = (atoms.arrays[KIND][first] == 0) & (
            atoms.numbers[first] == atomic_numbers.get(species, -1)
        )
    found: IntArray = np.sort(first[chosen & (atoms.arrays[SITE][first] == Site[site])])
    return found


def exchange_units(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    sites: IntArray,
    *,
    species: Sequence[str],
    choice: IntArray,
    charges: Sequence[float],
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Replace rigid units by others; each new one stands at the centre of the old.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; left unchanged.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    sites : (m,) int array
        First atoms of the units to replace.
    species : sequence of str
        Ions, molecules, or `VACANCY`; one may occur several times.
    choice : (m,) int array
        Which of the species each unit becomes.
    charges : sequence of float
        Formal charge in e of each of the species; molecules have that of the library.

    Returns
    -------
    atoms : ase.Atoms
        New atoms in the order of the old ones; each new unit stands where the first atom of the
        old one stood. Region, layer and role are those of the old unit; molecules have the
        orientation of their library geometry.
    molecules : tuple of Molecule
        The table, with new kinds at its end.
    """
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)[unit[sites]]
    gone = np.isin(unit, unit[sites])
    kept = np.flatnonzero(~gone)
    names = [molecule.name for molecule in molecules]
    table = [*molecules]
    blocks = [_kept(atoms, kept)]
    next_id = int(atoms.arrays[MOLECULE].max(initial=0)) + 1
    for number, name in enumerate(species):
        chosen = np.flatnonzero(choice == number)
        if name == VACANCY or not len(chosen):
            continue
        if name in atomic_numbers:
            blocks.append(
                _ions(atoms, sites[chosen], centres[chosen], name=name, charge=charges[number])
            )
            continue
        if name not in names:
            names.append(name)
            table.append(known_molecule(name))
        kind = names.index(name) + 1
        body = table[kind - 1]
        block = _molecules(
            atoms, sites[chosen], centres[chosen], body=body, kind=kind, first_id=next_id
        )
        blocks.append(block)
        next_id += len(chosen)
    columns = {key: np.concatenate([block[key] for block in blocks]) for key in blocks[0]}
    order = np.argsort(columns["place"], kind="stable")
    made = Atoms(
        numbers=columns["numbers"][order],
        positions=columns["positions"][order],
        cell=atoms.cell,
        pbc=atoms.pbc,
    )
    for name in NAMES:
        made.arrays[name] = columns[name][order]
    return made, tuple(table)


def known_molecule(name: str) -> Molecule:
    """Return a molecule of the library.

    Parameters
    ----------
    name : str
        Short name.

    Returns
    -------
    Molecule
        The molecule.

    Raises
    ------
    UnknownNameError
        If it is neither an element nor a molecule of the library.
    """
    if name not in list_molecules():
        raise UnknownNameError(
            f"unknown ion or molecule {name!r}", next_step=suggest(name, list_molecules())
        )
    return load_molecule(name)


def ion_charge(name: str, wanted: float) -> float:
    """Return the charge of an ion on a site of a given charge.

    Parameters
    ----------
    name : str
        Element, or short name of a molecule.
    wanted : float
        Charge in e that suits the site.

    Returns
    -------
    float
        The wanted charge where the ion occurs with it, else its usual one.

    Raises
    ------
    UnknownNameError
        If the ion is not known.

    Examples
    --------
    >>> ion_charge("Sn", 2), ion_charge("Bi", 2)
    (2.0, 3.0)
    """
    charges = possible_charges(name)
    return float(wanted) if wanted in charges else float(charges[0])


def _kept(atoms: Atoms, index: IntArray) -> dict[str, FloatArray | IntArray]:
    labels = {name: atoms.arrays[name][index] for name in NAMES}
    return labels | {
        "place": index,
        "numbers": atoms.numbers[index],
        "positions": atoms.positions[index],
    }


def _ions(
    atoms: Atoms, sites: IntArray, centres: FloatArray, *, name: str, charge: float
) -> dict[str, FloatArray | IntArray]:
    nothing = np.zeros(len(sites), dtype=np.int64)
    return {
        "place": sites,
        "numbers": np.full(len(sites), atomic_numbers[name]),
        "positions": centres,
        REGION: atoms.arrays[REGION][sites],
        LAYER: atoms.arrays[LAYER][sites],
        SITE: atoms.arrays[SITE][sites],
        MOLECULE: nothing,
        KIND: nothing,
        CHARGE: np.full(len(sites), float(charge)),
    }


def _molecules(
    atoms: Atoms,
    sites: IntArray,
    centres: FloatArray,
    *,
    body: Molecule,
    kind: int,
    first_id: int,
) -> dict[str, FloatArray | IntArray]:
    size, count = len(body.numbers), len(sites)
    old = np.repeat(sites, size)
    return {
        "place": old,
        "numbers": np.tile(body.numbers, count),
        "positions": (centres[:, None] + body.positions[None]).reshape(-1, 3),
        REGION: atoms.arrays[REGION][old],
        LAYER: atoms.arrays[LAYER][old],
        SITE: atoms.arrays[SITE][old],
        MOLECULE: np.repeat(first_id + np.arange(count), size),
        KIND: np.full(count * size, kind),
        CHARGE: np.tile(body.charges, count),
    }
