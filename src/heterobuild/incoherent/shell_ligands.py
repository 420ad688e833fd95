"""Ligands on a particle whose shells keep their own lattices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.ligands.anchors import surface_anchors
from heterobuild.ligands.attaching import attach_ligands
from heterobuild.ligands.moments import formal_dipole
from heterobuild.ligands.sites import choose_ligand_sites
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.incoherent.shell_parts import IncoherentShells
    from heterobuild.model import LedgerEntry, Molecule, Step
    from heterobuild.particles.forms import Form

SURFACE = 5.0
"""Å below the outer form down to which sites belong to the surface that ligands cover."""


def with_ligands(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    form: Form,
    options: IncoherentShells,
    seed: int,
) -> tuple[Atoms, tuple[Molecule, ...], tuple[LedgerEntry, ...], Step]:
    """Put ligands on the outer surface; sites at walls inside are left alone.

    Parameters
    ----------
    atoms : ase.Atoms
        The particle.
    molecules : tuple of Molecule
        Table of its molecules.
    form : Form
        Its outer form around the origin.
    options : IncoherentShells
        Ligands and coverage.
    seed : int
        Seed of all draws.

    Returns
    -------
    ase.Atoms
        The particle with its ligands.
    tuple of Molecule
        The table with theirs.
    tuple of LedgerEntry
        What was exchanged.
    Step
        What was done.

    Raises
    ------
    NothingFitsError
        If they find no place.
    """
    anchors = surface_anchors(atoms)
    outside = form.shape.distance(anchors.positions) > -SURFACE
    anchors = replace(
        anchors,
        **{
            key: getattr(anchors, key)[outside]
            for key in ("positions", "normals", "role", "atom", "charge", "exposure")
        },
    )
    choice = choose_ligand_sites(
        anchors,
        options.ligands,
        coverage=options.coverage,
        rng=generator(seed, "ligand sites"),
        residual=formal_dipole(atoms),
        directions=~atoms.pbc,
    )
    return attach_ligands(atoms, molecules, anchors, choice, rng=generator(seed, "ligands"))
