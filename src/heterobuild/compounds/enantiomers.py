"""The mirror image of a measured phase, for the hand that nobody measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.molecules import list_molecules, load_molecule

if TYPE_CHECKING:
    from heterobuild.model import Compound, Crystal, Molecule

HANDS = {"R": "S", "S": "R", "D": "L", "L": "D"}
"""Prefixes of names that tell the hand, each with that of the mirror image."""


def mirror_name(name: str) -> str:
    """Return the name of the mirror image of a molecule.

    Parameters
    ----------
    name : str
        Ion or molecule.

    Returns
    -------
    str
        The name with the other hand; the name itself where it tells no hand.

    Examples
    --------
    >>> mirror_name("R-MBA"), mirror_name("PEA")
    ('S-MBA', 'PEA')
    """
    hand, dash, rest = name.partition("-")
    other = f"{HANDS[hand]}-{rest}" if dash and hand in HANDS else name
    return other if other in list_molecules() else name


def mirror_compound(compound: Compound) -> Compound | None:
    """Return the compound with molecules of the other hand.

    Parameters
    ----------
    compound : Compound
        Any compound.

    Returns
    -------
    Compound or None
        None where no molecule has a hand.
    """
    from heterobuild.chemistry.pure_members import make_compound

    sites = {
        entry.name: {mirror_name(ion): amount for ion, amount in entry.amounts}
        for entry in compound.sublattices
    }
    same = {entry.name: dict(entry.amounts) for entry in compound.sublattices}
    if sites == same:
        return None
    return make_compound(compound.prototype, compound.layers, sites)


def mirror_image(crystal: Crystal, *, name: str, formula: str) -> Crystal:
    """Reflect a measured crystal through a point.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms, in a space group that is its own mirror image.
    name, formula : str
        Name and formula of the mirror image.

    Returns
    -------
    Crystal
        Every atom at minus its coordinates, in the same cell; molecules have the other hand.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> left = mirror_image(load_phase("RMBA2PbI4"), name="S", formula="(S-MBA)2PbI4")
    >>> left.molecules[0].name, left.space_group
    ('S-MBA', 'P2_12_12_1')
    """
    atoms = crystal.require_atoms().copy()
    atoms.positions = np.asarray(atoms.cell).sum(axis=0) - atoms.positions
    return replace(
        crystal,
        name=name,
        formula=formula,
        atoms=atoms,
        molecules=tuple(map(_reflected, crystal.molecules)),
        notices=(*crystal.notices, f"{name} is the mirror image of the measured {crystal.name}"),
        rests_on=(crystal.name,),
    )


def is_own_mirror_image(number: int) -> bool:
    """Tell space groups whose mirror image has the same symbol.

    Parameters
    ----------
    number : int
        Number in the International Tables.

    Returns
    -------
    bool
        False for the eleven enantiomorphic pairs, such as P4_1 and P4_3.

    Examples
    --------
    >>> is_own_mirror_image(19), is_own_mirror_image(76)
    (True, False)
    """
    pairs = (76, 78, 91, 95, 92, 96, 144, 145, 151, 153, 152, 154)
    return number not in (*pairs, 169, 170, 171, 172, 178, 179, 180, 181, 212, 213)


def _reflected(molecule: Molecule) -> Molecule:
    """Return the molecule with the geometry of its mirror image, and the name of that."""
    other = mirror_name(molecule.name)
    smiles = load_molecule(other).smiles if other in list_molecules() else molecule.smiles
    return replace(molecule, name=other, positions=-molecule.positions, smiles=smiles)
