"""Attach ligands to a particle: exchange ions, place molecules, count charges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.labels import Site
from heterobuild.ligands.anchors import periodic_shifts, with_periodic_images
from heterobuild.ligands.bodies import bound_body
from heterobuild.ligands.contacts import (
    all_sorts,
    body_keys,
    contact_ratios,
    donors_of_particle,
    sort_keys,
)
from heterobuild.ligands.poses import PoseGrid, lifts_of
from heterobuild.ligands.report import ligand_ledger, ligand_step
from heterobuild.ligands.search import place_ligands
from heterobuild.ligands.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.ligands.anchors import Anchors
    from heterobuild.ligands.bodies import LigandBody
    from heterobuild.ligands.search import Placement
    from heterobuild.ligands.sites import LigandChoice
    from heterobuild.model import LedgerEntry, Molecule, Step

_SINKING = 40.0


def attach_ligands(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    anchors: Anchors,
    choice: LigandChoice,
    *,
    rng: np.random.Generator,
    region: int | None = None,
    grid: PoseGrid | None = None,
    where: str = "surface",
    tick: Callable[[int], None] | None = None,
) -> tuple[Atoms, tuple[Molecule, ...], tuple[LedgerEntry, ...], Step]:
    """Put ligands on chosen sites of a particle.

    The head of a charged ligand takes the place of an ion, or a vacant site; the tail points along
    the local normal as far as its neighbours let it. No contact is shorter than 0.8 of the sum of
    van der Waals radii, 0.7 for N–H and O–H to an acceptor. Molecules are rigid and never
    mirrored.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled particle; left unchanged. Images along its periodic directions count.
    molecules : tuple of Molecule
        What the array ``kind`` of the particle counts into.
    anchors : Anchors
        Sites of its surface; they point at atoms of `atoms`.
    choice : LigandChoice
        Which ligand goes to which site.
    rng : numpy.random.Generator
        Source of azimuths.
    region : int, optional
        Code of the region of all ligands; without it, that of the ion at the site, or nearest to
        a vacant one.
    grid : PoseGrid, optional
        Poses that are tried; tilts to 35°, and to 65° only where needed.
    where : str, optional
        Place for the ledger.
    tick : callable, optional
        Called with the number of ligands that stand.

    Returns
    -------
    ase.Atoms
        The particle without the exchanged ions, then the ligands in the order of the choice; the
        cell is as before.
    tuple of Molecule
        The molecules of both.
    tuple of LedgerEntry
        What was exchanged and added.
    Step
        Counts, coverage, smallest contacts, tilts and places.

    Raises
    ------
    NothingFitsError
        If the ligands do not all find a place without collisions.
    """
    gone = _removed_atoms(atoms, anchors, choice)
    rest = labels.take(atoms, np.setdiff1d(np.arange(len(atoms)), gone))
    pocket = str(anchors.role[choice.site[0]]) if choice.pockets and len(choice.site) else ""
    bodies = tuple(bound_body(molecule, pocket) for molecule in choice.molecules)
    if not len(choice.site):
        return rest, molecules, (), ligand_step(choice, anchors, None, (np.inf, np.inf))
    task = _task(rest, anchors, choice, bodies, grid or PoseGrid())
    task = _into_pockets(task, pocket) if pocket else task
    placement = place_ligands(task, rng=rng, tick=tick)
    regions = _regions(atoms, anchors, choice, region)
    added = _labelled(choice, bodies, placement, regions)
    joined, kinds = labels.join(
        [(rest, molecules), (added, choice.molecules)],
        cell=np.asarray(atoms.cell),
        pbc=(bool(atoms.pbc[0]), bool(atoms.pbc[1]), bool(atoms.pbc[2])),
    )
    ratios = closest_contacts(joined, len(rest), task.shifts)
    entries = ligand_ledger(atoms, molecules, anchors, choice, where)
    return joined, kinds, entries, ligand_step(choice, anchors, placement, ratios)


def _removed_atoms(atoms: Atoms, anchors: Anchors, choice: LigandChoice) -> IntArray:
    """Return all atoms of the ions and molecules that go."""
    sites = choice.emptied[choice.emptied >= 0]
    held = anchors.atom[sites]
    unit = labels.units(atoms)
    return np.flatnonzero(np.isin(unit, unit[held[held >= 0]]))


def _task(
    rest: Atoms,
    anchors: Anchors,
    choice: LigandChoice,
    bodies: tuple[LigandBody, ...],
    grid: PoseGrid,
) -> Task:
    """Gather what the search needs."""
    cell, pbc = np.asarray(rest.cell), rest.pbc
    longest = max(body.radius for body in bodies)
    molecule = rest.arrays[labels.MOLECULE]
    donor = donors_of_particle(rest.numbers, rest.positions, molecule)
    none = np.zeros(len(rest), dtype=np.bool_)
    keys = sort_keys(rest.numbers, donor, none, molecule == 0)
    table, codes = all_sorts([keys, *[body_keys(body) for body in bodies]])
    obstacles = with_periodic_images(rest.positions, cell, pbc, longest + 12.0)
    return Task(
        bodies=bodies,
        sorts=tuple(codes[1:]),
        kind=choice.kind,
        origins=anchors.positions[choice.site],
        normals=anchors.normals[choice.site],
        obstacles=obstacles,
        obstacle_sorts=np.tile(codes[0], len(obstacles) // max(1, len(rest))),
        table=table,
        shifts=periodic_shifts(cell, pbc, 2 * longest + 8.0),
        grid=grid,
        coverage=choice.coverage,
    )


def _into_pockets(task: Task, pocket: str) -> Task:
    """Let heads sink into the places of ions, for which tails may lean far."""
    lifts = lifts_of(0.0, task.grid.lift_step, pocket=pocket)
    every = replace(task.grid, tilts=(*task.grid.tilts, *task.grid.wide_tilts), wide_tilts=())
    return replace(task, grid=every, lifts=(lifts,) * len(task.bodies), lift_cost=_SINKING)


def _regions(atoms: Atoms, anchors: Anchors, choice: LigandChoice, region: int | None) -> IntArray:
    """Return the code of the region of each ligand."""
    from scipy.spatial import cKDTree

    if region is not None:
        return np.full(len(choice.site), region, dtype=np.int64)
    nearest = cKDTree(atoms.positions).query(anchors.positions[choice.site])[1]
    held = anchors.atom[choice.site]
    codes: IntArray = atoms.arrays[labels.REGION][np.where(held >= 0, held, nearest)]
    return codes


def _labelled(
    choice: LigandChoice,
    bodies: tuple[LigandBody, ...],
    placement: Placement,
    regions: IntArray,
) -> Atoms:
    """Return the ligands as labelled atoms."""
    sizes = np.array([len(points) for points in placement.points])
    molecules = [bodies[k].molecule for k in choice.kind.tolist()]
    added = Atoms(
        numbers=np.concatenate([molecule.numbers for molecule in molecules]),
        positions=np.concatenate(placement.points),
    )
    added = labels.label(
        added,
        site=np.full(len(added), Site.LIGAND, dtype=np.int64),
        molecule=np.repeat(np.arange(len(molecules)) + 1, sizes),
        kind=np.repeat(choice.kind + 1, sizes),
        charge=np.concatenate([molecule.charges for molecule in molecules]),
        layer=1,
    )
    added.arrays[labels.REGION] = np.repeat(regions, sizes)
    return added


def closest_contacts(joined: Atoms, first: int, shifts: FloatArray) -> tuple[float, float]:
    """Measure the closest contacts of ligands with everything.

    Parameters
    ----------
    joined : ase.Atoms
        The model.
    first : int
        First atom of the ligands, which are the last atoms.
    shifts : (s, 3) float array
        Translations in Å of the images that count, the zero one first.

    Returns
    -------
    tuple of float
        As `heterobuild.ligands.contacts.contact_ratios`.
    """
    molecule = joined.arrays[labels.MOLECULE]
    donor = donors_of_particle(joined.numbers, joined.positions, molecule)
    unit = labels.units(joined)
    ligands = (joined.positions[first:], joined.numbers[first:], unit[first:], donor[first:])
    rows, shift = _within_reach(joined.positions, joined.positions[first:], shifts)
    places = joined.positions[rows] + shifts[shift]
    units = unit[rows] + (int(unit.max()) + 1) * shift
    return contact_ratios(ligands, (places, joined.numbers[rows], units, donor[rows]))


def _within_reach(
    positions: FloatArray, ligands: FloatArray, shifts: FloatArray
) -> tuple[IntArray, IntArray]:
    """Return atoms and their shifts that lie in the box of the ligands."""
    low, high = ligands.min(axis=0) - 4.0, ligands.max(axis=0) + 4.0
    rows, images = [], []
    for image, shift in enumerate(shifts):
        moved = positions + shift
        inside = np.flatnonzero(((moved > low) & (moved < high)).all(axis=1))
        rows.append(inside)
        images.append(np.full(len(inside), image))
    return np.concatenate(rows), np.concatenate(images)
