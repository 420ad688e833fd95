"""Put one molecule into the place of another one while all others stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import MOLECULE
from heterobuild.ligands.anchors import periodic_shifts, with_periodic_images
from heterobuild.ligands.blockers import first_free
from heterobuild.ligands.bodies import as_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys, donors_of_particle, sort_keys
from heterobuild.ligands.poses import PoseGrid, frames, small_turns
from heterobuild.ligands.search import stand
from heterobuild.ligands.task import Poses, State, Task, begin
from heterobuild.ligands.trials import lift_off, turns_to_try

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.ligands.candidates import SwapSites
    from heterobuild.ligands.trials import Source
    from heterobuild.model import Molecule

_GRID = PoseGrid(tilts=(0.0, 8.0, 16.0, 24.0, 35.0), wide_tilts=(50.0,), directions=12, azimuths=24)
_SOURCES: tuple[Source, ...] = ("alike", "grid", "wide")
_LIFTS = np.array([0.0, 0.2, -0.2, 0.4, -0.4, 0.6])
_MAKE_WAY = 3
_LIFTS_OF_IONS = np.arange(0.0, 4.01, 0.2)


def begin_swaps(atoms: Atoms, new: Sequence[Molecule], sites: SwapSites) -> tuple[Task, State]:
    """Return what is in the way, all old molecules standing.

    Parameters
    ----------
    atoms : ase.Atoms
        The model.
    new : sequence of Molecule
        The new molecules, kinds 0, 1, … of the task; the old one is the last kind.
    sites : SwapSites
        The old ones.

    Returns
    -------
    Task
        The heads and their axes, and all other atoms of the model.
    State
        The old molecules in their places.
    """
    old = () if sites.molecule is None else (sites.molecule,)
    bodies = tuple(as_ligand(molecule) for molecule in (*new, *old))
    rest = np.setdiff1d(np.arange(len(atoms)), sites.atoms)
    cell, molecule = np.asarray(atoms.cell), atoms.arrays[MOLECULE]
    donor = donors_of_particle(atoms.numbers, atoms.positions, molecule)
    none = np.zeros(len(atoms), dtype=np.bool_)
    keys = sort_keys(atoms.numbers, donor, none, molecule == 0)
    table, codes = all_sorts(
        [keys[rest], *map(body_keys, bodies[: len(new)]), keys[sites.atoms[0]]]
    )
    longest = max(body.radius for body in bodies)
    obstacles = with_periodic_images(atoms.positions[rest], cell, atoms.pbc, longest + 12.0)
    task = Task(
        bodies=bodies,
        sorts=tuple(codes[1:]),
        kind=np.full(len(sites.atoms), len(new), dtype=np.int64),
        origins=sites.heads,
        normals=sites.normals,
        obstacles=obstacles,
        obstacle_sorts=np.tile(codes[0], len(obstacles) // max(1, len(rest))),
        table=table,
        shifts=periodic_shifts(cell, atoms.pbc, 2 * longest + 8.0),
        grid=PoseGrid() if sites.molecule is None else _GRID,
        coverage=1.0,
        lifts=(_LIFTS_OF_IONS if sites.molecule is None else _LIFTS,) * len(bodies),
    )
    state, turns = begin(task), old_turns(atoms, sites)
    for k, rows in enumerate(sites.atoms):
        stand(state, k, atoms.positions[rows], turns[k], tilt=0.0, lift=0.0)
    return task, state


def old_turns(atoms: Atoms, sites: SwapSites) -> FloatArray:
    """Return how the old molecules are turned from the frame of ligands.

    Parameters
    ----------
    atoms : ase.Atoms
        The model.
    sites : SwapSites
        The old molecules.

    Returns
    -------
    (k, 3, 3) float array
        Proper rotations for row vectors; for ions those of their normals. The best fit where
        molecules are bent otherwise than those of the library.
    """
    if sites.molecule is None:
        return frames(sites.normals)
    body = as_ligand(sites.molecule).body
    places = atoms.positions[sites.atoms]
    spread = np.einsum(
        "ni,knj->kij", body - body.mean(axis=0), places - places.mean(axis=1, keepdims=True)
    )
    left, _, right = np.linalg.svd(spread)
    hand = np.linalg.det(left @ right)
    left[:, :, 2] *= hand[:, None]
    turns: FloatArray = left @ right
    return turns


def swap(task: Task, state: State, site: int, kind: int, rng: np.random.Generator) -> bool:
    """Try to put a new molecule into the place of an old one.

    Where other old molecules alone are in the way, they are turned about their heads, if that
    frees the place.

    Parameters
    ----------
    task : Task
        What is in the way; the kind at the site changes where the new molecule stands.
    state : State
        What stands; changed where the new molecule stands.
    site : int
        Which old molecule.
    kind : int
        Kind of the new one.
    rng : numpy.random.Generator
        Source of azimuths.

    Returns
    -------
    bool
        Whether it stands.
    """
    old, before = int(task.kind[site]), _saved(state, [site])
    task.kind[site] = kind
    best = _best_pose(task, state, site, rng)
    if best is not None:
        poses, row, blockers = best
        kept = before | _saved(state, blockers)
        for other in blockers:
            state.points[other] = None
            state.centres[other] = np.inf
        _stand_in(state, site, poses, row)
        if all(_turned(task, state, other, rng) for other in blockers):
            state.tries[blockers] += 1
            return True
        for other, (points, turn, tilt, lift) in kept.items():
            stand(state, other, points, turn, tilt=tilt, lift=lift)
    task.kind[site] = old
    return False


def _best_pose(
    task: Task, state: State, site: int, rng: np.random.Generator
) -> tuple[Poses, int, list[int]] | None:
    """Return a free pose, else one that the fewest molecules block, all of which can turn."""
    offsets = (float(rng.random()), float(rng.random()))
    nearly = small_turns(15.0, 10.0) @ state.turns[site]
    lean = np.clip(nearly[:, 2] @ task.normals[site], -1.0, 1.0)
    best: tuple[Poses, int, list[int]] | None = None
    for source in (None, *_SOURCES):
        if source is None:
            found = nearly, np.degrees(np.arccos(lean))
        else:
            found = turns_to_try(task, state, site, source, offsets)
        poses = lift_off(task, state, site, *found)
        free = first_free(task, state, site, poses)
        if free is None:
            continue
        if not free[2]:
            return poses, free[1], []
        turning = (task.kind[free[2]] < len(task.bodies)).all() and len(free[2]) <= _MAKE_WAY
        if turning and (best is None or len(free[2]) < len(best[2])):
            best = poses, free[1], free[2]
    return best


def _turned(task: Task, state: State, site: int, rng: np.random.Generator) -> bool:
    """Let a molecule that made way stand again where it is free."""
    found = _best_pose(task, state, site, rng)
    if found is None or found[2]:
        return False
    _stand_in(state, site, found[0], found[1])
    return True


def _stand_in(state: State, site: int, poses: Poses, row: int) -> None:
    """Let a molecule stand in one pose."""
    turn, points = poses.turns[row], poses.points[row]
    stand(state, site, points, turn, tilt=float(poses.tilt[row]), lift=float(poses.lift[row]))


def _saved(
    state: State, sites: list[int]
) -> dict[int, tuple[FloatArray, FloatArray, float, float]]:
    """Return how molecules stand."""
    found = {}
    for site in sites:
        points = state.points[site]
        if points is not None:
            found[site] = points, state.turns[site].copy(), *_angles(state, site)
    return found


def _angles(state: State, site: int) -> tuple[float, float]:
    """Return tilt and lift of a molecule."""
    return float(state.tilt[site]), float(state.lift[site])
