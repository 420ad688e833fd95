"""Particles that are put into openings of another crystal, and that crystal before it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import orient_cations, pseudocubic_directions
from heterobuild.frameworks.emission import site_atoms
from heterobuild.labels import LAYER, REGION
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Molecule, Step

SITE_INDEX = "site_index"
"""Array of emitted atoms: the flat index of the site on which each stands."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Guest:
    """What stands in one opening.

    Parameters
    ----------
    name : str
        Name for the record, such as ``dot 3``.
    centre : (3,) float array
        Where its centre is in Å.
    shape : Shape
        Solid that holds its B cations, around its centre, as it stands in the model.
    atoms : ase.Atoms
        Labelled atoms, positions relative to the centre.
    molecules : tuple of Molecule
        Table of their molecules.
    """

    name: str
    centre: FloatArray
    shape: Shape
    atoms: Atoms
    molecules: tuple[Molecule, ...]


def emitted(
    draft: Draft,
    *,
    turn: FloatArray,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
    region: int,
    cations: str,
    seed: int,
    name: str,
) -> tuple[Atoms, tuple[Molecule, ...], list[Step]]:
    """Return the atoms of a draft with its free molecules turned by rule.

    Parameters
    ----------
    draft : Draft
        The draft.
    turn : (3, 3) float array
        Rotation of the whole about its centre after that of the draft.
    cell : (3, 3) float array
        Cell of the atoms in Å.
    pbc : tuple of bool
        Its periodic directions.
    region : int
        Code of all its atoms.
    cations : str
        Rule that orients molecular cations of free orientation.
    seed : int
        Seed of the rule.
    name : str
        Name of the part, whose molecules have random numbers of their own.

    Returns
    -------
    ase.Atoms
        Labelled atoms with the array `SITE_INDEX`.
    tuple of Molecule
        Their molecules.
    list of Step
        What the rule did, if there is anything to turn.
    """
    rotation = draft.rotation @ turn
    atoms, molecules = site_atoms(
        draft.sites,
        rotation=rotation,
        shift=-draft.centre @ rotation,
        cell=cell,
        pbc=pbc,
        extra={SITE_INDEX: np.arange(draft.sites.species.size, dtype=np.float64)},
    )
    atoms.arrays[REGION] = np.full(len(atoms), region, dtype=np.int16)
    free = {e.name for e in draft.sites.table if e.molecule is not None and e.free}
    placed = tuple(m.name for m in molecules if m.name in free)
    if not placed:
        return atoms, molecules, []
    crystal = draft.sites.block.framework.crystal
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic) @ rotation
    atoms, step = orient_cations(
        atoms,
        molecules,
        placed=placed,
        rule=cations,
        axes=axes,
        rng=generator(seed, f"cations of {name}"),
    )
    return atoms, molecules, [step]


def inward_layers(atoms: Atoms) -> None:
    """Count the layers of a particle inward from its wall, as −1, −2 and so on.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, the array ``layer`` counted from the surface; changed in place.
    """
    atoms.arrays[LAYER] = -np.maximum(atoms.arrays[LAYER], 1)
