"""Bind the atoms of molecules that a structure gives atom by atom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.connectivity import (
    find_molecules,
    identify_molecule,
    identify_molecules,
    molecule_from_fragment,
)
from heterobuild.chemistry.formulas import hill_formula
from heterobuild.chemistry.molecules import molecule_role
from heterobuild.labels import CHARGE, KIND, MOLECULE, SITE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Molecule


def bind_molecules(
    atoms: Atoms, molecules: tuple[Molecule, ...] = ()
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Find molecules among the ions, make them whole and label their atoms.

    The order of the atoms stays; atoms of molecules may leave the cell.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; left unchanged. Atoms that belong to a molecule already stay as they are.
    molecules : tuple of Molecule, optional
        The table that the array ``kind`` counts into.

    Returns
    -------
    ase.Atoms
        Copy with whole molecules: roles, ids, kinds and charges from the library. Molecules that
        the library does not hold are spacers without charge, for `charge_unknown_molecules`.
    tuple of Molecule
        The longer table, new kinds in the order of their names, in the geometry of the first of
        each.
    """
    free = atoms.arrays[MOLECULE] == 0
    numbers = atoms.numbers
    ids = np.zeros(len(atoms), dtype=np.int64)
    found, whole = find_molecules(
        numbers[free], atoms.positions[free], np.asarray(atoms.cell), tuple(atoms.pbc)
    )
    if not found.any():
        return atoms.copy(), molecules
    bound = atoms.copy()
    bound.positions[free] = whole
    ids[free] = found
    names, charges = identify_molecules(numbers, bound.positions, ids)
    full = np.array([name or _fragment_name(numbers[ids == i]) for i, name in enumerate(names, 1)])
    kinds, first, kind = np.unique(full, return_index=True, return_inverse=True)
    members = np.flatnonzero(ids > 0)
    owner = ids[members] - 1
    roles = np.array([_role(names[i]) for i in first])
    bound.arrays[MOLECULE][members] = ids[members] + int(atoms.arrays[MOLECULE].max(initial=0))
    bound.arrays[KIND][members] = kind[owner] + len(molecules) + 1
    bound.arrays[SITE][members] = roles[kind[owner]]
    bound.arrays[CHARGE][members] = np.nan_to_num(charges[members])
    added = tuple(
        _molecule(str(name), numbers[ids == i + 1], bound.positions[ids == i + 1])
        for name, i in zip(kinds, first, strict=True)
    )
    return bound, (*molecules, *added)


def charge_unknown_molecules(
    atoms: Atoms, molecules: tuple[Molecule, ...], name: str, charge: float
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Give all molecules of a kind that the library does not hold their charge.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; left unchanged.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    name : str
        Name of the kind in that table.
    charge : float
        Formal charge of one molecule in e; it goes to the atoms that
        `heterobuild.chemistry.connectivity.molecule_from_fragment` chooses.

    Returns
    -------
    ase.Atoms
        Copy with charges.
    tuple of Molecule
        The table with the charged kind.
    """
    code = next(number for number, m in enumerate(molecules, 1) if m.name == name)
    charged = atoms.copy()
    for number in np.unique(atoms.arrays[MOLECULE][atoms.arrays[KIND] == code]):
        index = np.flatnonzero(atoms.arrays[MOLECULE] == number)
        fragment = molecule_from_fragment(
            name, atoms.numbers[index], atoms.positions[index], charge
        )
        charged.arrays[CHARGE][index] = fragment.charges
    known = molecules[code - 1]
    fragment = molecule_from_fragment(name, known.numbers, known.positions, charge)
    return charged, (*molecules[: code - 1], fragment, *molecules[code:])


def is_in_library(molecule: Molecule) -> bool:
    """Tell a molecule of the library from one made of a fragment.

    Parameters
    ----------
    molecule : Molecule
        A molecule of `bind_molecules`.

    Returns
    -------
    bool
        Whether its name is one of the library.
    """
    return not molecule.name.startswith("[")


def _fragment_name(numbers: IntArray) -> str:
    """Name a molecule that the library does not hold by its formula in brackets."""
    return f"[{hill_formula(numbers)}]"


def _role(name: str) -> Site:
    """Return the role of a molecule; one that the library does not hold is a spacer."""
    return molecule_role(name) if name else Site.SPACER


def _molecule(name: str, numbers: IntArray, positions: FloatArray) -> Molecule:
    """Return the record of a kind."""
    found = identify_molecule(numbers, positions)
    return found or molecule_from_fragment(name, numbers, positions, 0.0)
