"""Enantiomers: the model with the left-handed spacer is the mirror image of the other one.

A search for a packing does not treat mirror images alike by itself: sheets have a sense of
rotation, and poses are tried in one order. So one hand of each spacer is packed as it is. For the
other the whole problem is mirrored: its mirror image, which is the first hand, is packed, and the
crystal is reflected. Two reflections leave each molecule with its own geometry and hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.labels import KIND
from heterobuild.layered.atoms import inside_cell
from heterobuild.layered.explicit_symmetry import explicit_space_group

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Molecule

RIGHT, LEFT = "R-", "S-"

_SAME = 0.01
_CHIRAL = 1e-3
_ACROSS = np.array([1.0, 1.0, -1.0])
_THROUGH = np.array([1.0, -1.0, 1.0])


@dataclass(frozen=True, kw_only=True, eq=False)
class Twin:
    """The molecule that is packed in place of its mirror image.

    Parameters
    ----------
    molecule : Molecule
        The mirror image.
    order : (n,) int array
        Its atom for each atom of the molecule.
    """

    molecule: Molecule
    order: IntArray


def twin_of(molecule: Molecule) -> Twin | None:
    """Return the mirror image of a molecule that is packed in its place.

    Parameters
    ----------
    molecule : Molecule
        A spacer.

    Returns
    -------
    Twin or None
        For a molecule ``S-...`` of the library that ``R-...``; of other molecules those whose
        `hand` is negative have one. None for molecules that are packed as they are.

    Examples
    --------
    >>> twin_of(load_molecule("S-MBA")).molecule.name, twin_of(load_molecule("R-MBA"))
    ('R-MBA', None)
    """
    reflected = reflect(molecule)
    if molecule.name in list_molecules():
        partner = RIGHT + molecule.name.removeprefix(LEFT)
        if not molecule.name.startswith(LEFT) or partner not in list_molecules():
            return None
        right = load_molecule(partner)
        order = _matching(reflected, right)
        return None if order is None else Twin(molecule=right, order=order)
    if hand(molecule) >= 0:
        return None
    return Twin(molecule=reflected, order=np.arange(len(molecule.numbers)))


def reflect(molecule: Molecule) -> Molecule:
    """Return the mirror image of a molecule, under its name.

    Parameters
    ----------
    molecule : Molecule
        The molecule.

    Returns
    -------
    Molecule
        Reflected in the plane z = 0 of its own axes, atoms in the same order.
    """
    return replace(molecule, positions=molecule.positions * _ACROSS)


def hand(molecule: Molecule) -> int:
    """Return the hand of a geometry.

    Parameters
    ----------
    molecule : Molecule
        The molecule.

    Returns
    -------
    int
        1 or -1 for two mirror images, 0 for a geometry with a mirror plane or without three
        different principal axes: the sense of these axes, each pointing to the side of the
        larger third moment.
    """
    weights = molecule.numbers / molecule.numbers.sum()
    moved = molecule.positions - weights @ molecule.positions
    axes = np.linalg.svd(moved * np.sqrt(weights)[:, None], full_matrices=False)[2]
    along = moved @ axes.T
    moments = weights @ along**3
    spread = np.sqrt(weights @ along**2) + 1e-9
    alike = (spread[1:] > (1 - _CHIRAL) * spread[:-1]).any()
    if alike or (np.abs(moments) < _CHIRAL * spread**3).any():
        return 0
    return int(np.sign(np.linalg.det(axes * np.sign(moments)[:, None])))


def reflected_crystal(
    crystal: Crystal, spacer: Molecule, cage: str | Molecule | None, twin: Twin
) -> Crystal:
    """Reflect a crystal that was built with mirror images of its molecules.

    Parameters
    ----------
    crystal : Crystal
        With the twin of the spacer, and the reflected molecule in its cages.
    spacer : Molecule
        The spacer that is meant.
    cage : str or Molecule or None
        Element or molecule in the cages.
    twin : Twin
        Mirror image of the spacer.

    Returns
    -------
    Crystal
        Reflected in a plane along the normal of the sheets and the first axis of the cell, which
        stays the same. The first pseudo-cubic axis is the image of the first one.
    """
    atoms = crystal.require_atoms().copy()
    atoms.positions *= _THROUGH
    code = next(k for k, m in enumerate(crystal.molecules, 1) if m.name == twin.molecule.name)
    index = np.flatnonzero(atoms.arrays[KIND] == code).reshape(-1, len(spacer.numbers))
    source = index[:, twin.order].ravel()
    for values in atoms.arrays.values():
        values[index.ravel()] = values[source]
    atoms = inside_cell(atoms)
    table = tuple(
        spacer if k == code else cage if not isinstance(cage, str) and cage is not None else m
        for k, m in enumerate(crystal.molecules, 1)
    )
    points = [k for k, m in enumerate(table, 1) if m.name in crystal.placed]
    group, number = explicit_space_group(atoms, crystal.cell, points)
    first, second, normal = np.asarray(crystal.pseudocubic)
    return replace(
        crystal,
        atoms=atoms,
        molecules=table,
        space_group=group,
        space_group_number=number,
        pseudocubic=np.array([second, -first, normal]) + 0.0,
    )


def _matching(reflected: Molecule, other: Molecule) -> IntArray | None:
    """Return which atom of the other molecule lies at each atom, None if they do not coincide."""
    gaps: FloatArray = np.linalg.norm(
        reflected.positions[:, None] - other.positions[None], axis=-1
    ) + 100.0 * (reflected.numbers[:, None] != other.numbers[None])
    if gaps.shape[0] != gaps.shape[1]:
        return None
    order = gaps.argmin(axis=1)
    same = gaps.min(axis=1).max() < _SAME and len(set(order.tolist())) == len(order)
    return order.astype(np.int64) if same else None
