"""The ligands of a particle: those that balance its charge, then those that cover it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import neutral
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import links_of
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, MOLECULE, SITE, Site, rigid_units
from heterobuild.ligands.anchors import Anchors, surface_anchors, surface_normals
from heterobuild.ligands.attaching import attach_ligands
from heterobuild.ligands.bodies import load_ligand
from heterobuild.ligands.moments import formal_dipole
from heterobuild.ligands.sites import choose_ligand_sites
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.ligands.sites import LigandChoice
    from heterobuild.model import LedgerEntry, Molecule, Step


@dataclass(frozen=True, kw_only=True, eq=False)
class Covered:
    """A particle with its ligands.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    molecules : tuple of Molecule
        Kinds of molecule.
    ledger : tuple of LedgerEntry
        What was exchanged and added.
    steps : tuple of Step
        How they stand.
    """

    atoms: Atoms
    molecules: tuple[Molecule, ...]
    ledger: tuple[LedgerEntry, ...] = ()
    steps: tuple[Step, ...] = ()


def with_ligands(
    draft: Draft,
    particle: tuple[Atoms, tuple[Molecule, ...]],
    ligands: Mapping[str, float],
    *,
    coverage: float,
    seed: int,
) -> Covered:
    """Put ligands on a particle.

    A charge that the policy left to ligands is brought first: by ligands of the other sign on
    vacant sites of the surface; else the surplus ions leave, and neutral ligands take exactly
    their places. Then ligands take the places of ions up to the coverage.

    Parameters
    ----------
    draft : Draft
        The draft that the particle was made of.
    particle : (ase.Atoms, tuple of Molecule)
        Labelled atoms and kinds of molecule.
    ligands : mapping of str to float
        Ligands and their fractions; none leaves the particle as it is.
    coverage : float
        Fraction of the surface sites.
    seed : int
        Seed of sites and azimuths.

    Returns
    -------
    Covered
        The particle with its ligands.

    Raises
    ------
    UsageError
        If the charge needs ligands that are not given, or there are too few sites.
    NothingFitsError
        If the ligands do not find a place.
    """
    found = Covered(atoms=particle[0], molecules=particle[1])
    charge = round(draft.sites.charge)
    if charge:
        found = _balanced(draft, found, ligands, charge, seed)
    if ligands and coverage > 0:
        anchors = surface_anchors(found.atoms)
        choice = choose_ligand_sites(
            anchors,
            ligands,
            coverage=coverage,
            rng=generator(seed, "ligand sites"),
            residual=formal_dipole(found.atoms),
            directions=~found.atoms.pbc,
        )
        if not charge:
            _judge_choice(choice, anchors, ligands, coverage)
        if len(choice.site):
            found = _attached(found, anchors, choice, generator(seed, "ligands"))
    return found


def _judge_choice(
    choice: LigandChoice, anchors: Anchors, ligands: Mapping[str, float], coverage: float
) -> None:
    """Refuse ligands of which none finds a site: they would be left out in silence."""
    if len(choice.site):
        return
    roles = [str(role) for role in anchors.role]
    raise UsageError(
        "no ligand has a site on this surface",
        where="ligands",
        measured=f"{roles.count('A')} A sites and {roles.count('X')} X sites for "
        f"{', '.join(ligands)} at a coverage of {coverage:g}",
        allowed="A sites for cations, X sites for anions, both for a mixture of them",
        next_step="take another termination, other ligands, or more coverage",
    )


def _balanced(
    draft: Draft, found: Covered, ligands: Mapping[str, float], charge: int, seed: int
) -> Covered:
    """Bring a charge by ligands of the other sign on vacant sites."""
    fitting = [name for name in ligands if load_ligand(name).charge * charge < 0]
    anchors = vacant_anchors(draft, found.atoms, Site.X if charge > 0 else Site.A)
    if not fitting or len(anchors.atom) < abs(charge):
        bare = [name for name in ligands if not round(load_ligand(name).charge)]
        if bare:
            return _in_pockets(draft, found, _shares(ligands, bare), charge, seed)
        kind = "anions" if charge > 0 else "cations"
        raise UsageError(
            f"the formal charge of {charge:+d} e is left to ligands, which cannot bring it",
            where="ligands",
            measured=f"{len(anchors.atom)} vacant sites; {kind} among the ligands: "
            f"{', '.join(fitting) or 'none'}",
            allowed=f"{abs(charge)} {kind} on vacant {'X' if charge > 0 else 'A'} sites, or "
            f"neutral ligands in place of {'A cations' if charge > 0 else 'halides'}",
            next_step="take termination: BX2"
            if fitting
            else "take termination: BX2 and such a ligand, neutrality: auto, or neutral ligands "
            "such as DFPPO",
        )
    choice = choose_ligand_sites(
        anchors,
        _shares(ligands, fitting),
        count=abs(charge),
        fill="vacant",
        rng=generator(seed, "balancing ligand sites"),
        residual=formal_dipole(found.atoms),
        directions=~found.atoms.pbc,
    )
    return _attached(found, anchors, choice, generator(seed, "balancing ligands"))


def _shares(ligands: Mapping[str, float], names: list[str]) -> dict[str, float]:
    """Return the shares of some ligands among themselves; equal ones where all are zero."""
    total = sum(ligands[name] for name in names)
    return {name: ligands[name] / total if total else 1 / len(names) for name in names}


def _in_pockets(
    draft: Draft, found: Covered, shares: Mapping[str, float], charge: int, seed: int
) -> Covered:
    """Let surplus ions leave, and put neutral ligands into their places."""
    free = ~found.atoms.pbc
    policy = "remove-A" if charge > 0 else "remove-X"
    after = neutral(draft, policy, seed=seed, where="surface", directions=free).sites
    gone = (draft.sites.species != EMPTY) & (after.species == EMPTY)
    anchors = _held(draft, found.atoms, np.flatnonzero(gone), "A" if charge > 0 else "X")
    choice = choose_ligand_sites(
        anchors,
        shares,
        count=len(anchors.atom),
        fill="pockets",
        rng=generator(seed, "ligands in pockets"),
        residual=formal_dipole(found.atoms),
        directions=free,
    )
    return _attached(found, anchors, choice, generator(seed, "balancing ligands"))


def _held(draft: Draft, atoms: Atoms, index: IntArray, role: str) -> Anchors:
    """Return sites of the draft with the ions that stand there in the particle."""
    from scipy.spatial import cKDTree

    empty = _anchors_at(draft, atoms, index, role)
    unit, first = rigid_units(atoms.arrays[MOLECULE])
    charge = np.bincount(unit, weights=atoms.arrays[CHARGE]) + 0.0
    codes = (Site.A, Site.SPACER) if role == "A" else (Site.X,)
    may = np.flatnonzero(np.isin(atoms.arrays[SITE][first], codes))
    centres = unit_centres(atoms.positions, atoms.numbers, unit)[may]
    there = may[cKDTree(centres).query(empty.positions)[1]]
    return replace(empty, atom=first[there], charge=charge[there])


def vacant_anchors(draft: Draft, atoms: Atoms, role: Site) -> Anchors:
    """Find the empty sites of a surface.

    Parameters
    ----------
    draft : Draft
        The draft.
    atoms : ase.Atoms
        The particle, in the frame of the model and not yet in its box.
    role : Site
        A or X.

    Returns
    -------
    Anchors
        Empty sites beside an octahedron, with outward normals.
    """
    block = draft.sites.block
    octahedra = draft.sites.species[..., block.framework.b_units] != EMPTY
    empty = (draft.sites.species == EMPTY) & (links_of(block, octahedra) > 0)
    return _anchors_at(
        draft, atoms, np.flatnonzero(empty & (block.framework.site == role)), role.name
    )


def _anchors_at(draft: Draft, atoms: Atoms, index: IntArray, role: str) -> Anchors:
    """Return sites of the draft as vacant ones, with outward normals."""
    shift = -draft.centre @ draft.rotation
    points = site_positions(draft.sites, index, rotation=draft.rotation, shift=shift)
    framework = atoms.positions[atoms.arrays[SITE] == Site.B]
    normals: FloatArray = np.zeros((0, 3))
    exposure: FloatArray = np.zeros(0)
    if len(index):
        cell = np.asarray(atoms.cell)
        normals, exposure = surface_normals(points, framework, cell=cell, pbc=atoms.pbc)
    return Anchors(
        positions=points,
        normals=normals,
        role=np.full(len(index), role),
        atom=np.full(len(index), -1),
        charge=np.zeros(len(index)),
        exposure=exposure,
    )


def _attached(
    found: Covered, anchors: Anchors, choice: LigandChoice, rng: np.random.Generator
) -> Covered:
    """Put the chosen ligands on their sites."""
    atoms, molecules, entries, step = attach_ligands(
        found.atoms, found.molecules, anchors, choice, rng=rng
    )
    return replace(
        found,
        atoms=atoms,
        molecules=molecules,
        ledger=(*found.ledger, *entries),
        steps=(*found.steps, step),
    )
