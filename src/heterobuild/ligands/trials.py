"""Poses of one ligand to try: as its neighbours stand, or of a grid; lifted off the surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.ligands.contacts import clashing_owners
from heterobuild.ligands.poses import (
    frames,
    grid_of_turns,
    lifts_of,
    shortest_turns,
    small_turns,
)
from heterobuild.ligands.task import Poses

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.ligands.task import State, Task

Source: TypeAlias = Literal["alike", "similar", "grid", "wide"]

_ALIKE = 6
_FOOT = 7.0
_NEARLY = (15.0, 10.0)
_OPPOSITE = -0.999
_POLAR = 0.01


def turns_to_try(
    task: Task, state: State, ligand: int, source: Source, offsets: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return rotations to try.

    Parameters
    ----------
    task : Task
        Ligands, sites and obstacles.
    state : State
        What stands.
    ligand : int
        Which ligand.
    source : {"alike", "similar", "grid", "wide"}
        As the ligand on the other side and the neighbours stand, turned from their normals to the
        own; nearly so; a grid; a grid of wider tilts.
    offsets : tuple of float
        As in `heterobuild.ligands.poses.grid_of_turns`.

    Returns
    -------
    (p, 3, 3) float array
        Rotations for row vectors.
    (p,) float array
        Tilts in degrees.
    """
    if source in {"alike", "similar"}:
        turns = np.concatenate(
            [_as_opposite(task, state, ligand), _as_neighbours(task, state, ligand)]
        )
        if source == "similar":
            nearly = small_turns(*_NEARLY)
            turns = (nearly[:, None] @ turns[None]).reshape(-1, 3, 3)
        lean = np.clip(turns[:, 2] @ task.normals[ligand], -1.0, 1.0)
        tilt = np.round(np.degrees(np.arccos(lean)), 3)
        kept = tilt <= max(task.grid.tilts) + 1e-3
        return turns[kept], tilt[kept]
    tilts = task.grid.tilts if source == "grid" else task.grid.wide_tilts
    if not tilts:
        return np.zeros((0, 3, 3)), np.zeros(0)
    turns, tilt = grid_of_turns(tilts, task.grid, offsets)
    return turns @ frames(task.normals[ligand][None])[0], tilt


def _as_opposite(task: Task, state: State, ligand: int) -> FloatArray:
    """Return the rotation that inverts the dipole of the zwitterion on the other side."""
    body = task.bodies[int(task.kind[ligand])]
    if body.molecule.charge or np.abs(body.molecule.charges @ body.body).max() < _POLAR:
        return np.zeros((0, 3, 3))
    facing = task.normals @ task.normals[ligand] < _OPPOSITE
    there = np.flatnonzero(
        facing & (task.kind == task.kind[ligand]) & np.isfinite(state.centres[:, 0])
    )
    if not len(there):
        return np.zeros((0, 3, 3))
    middle = (task.origins.min(axis=0) + task.origins.max(axis=0)) / 2
    gap = np.linalg.norm(task.origins[there] + task.origins[ligand] - 2 * middle, axis=1)
    turned: FloatArray = np.diag([-1.0, 1.0, -1.0]) @ state.turns[there[[np.argmin(gap)]]]
    return turned


def _as_neighbours(task: Task, state: State, ligand: int) -> FloatArray:
    """Return the rotations of the nearest ligands that stand, (p, 3, 3), each once."""
    near = [j for j in state.around[ligand].tolist() if state.points[j] is not None]
    near = sorted(near, key=lambda j: task.kind[j] != task.kind[ligand])[:_ALIKE]
    start = task.normals[near].reshape(-1, 3)
    end = np.broadcast_to(task.normals[ligand], start.shape)
    turns = state.turns[near] @ shortest_turns(start, end)
    _, first = np.unique(np.round(turns.reshape(-1, 9), 5), axis=0, return_index=True)
    return turns[np.sort(first)]


def lift_off(task: Task, state: State, ligand: int, turns: FloatArray, tilt: FloatArray) -> Poses:
    """Lift each rotation until the foot clears the surface.

    Parameters
    ----------
    task : Task
        Ligands, sites and obstacles.
    state : State
        What stands.
    ligand : int
        Which ligand.
    turns : (p, 3, 3) float array
        Rotations for row vectors.
    tilt : (p,) float array
        Their tilts in degrees.

    Returns
    -------
    Poses
        Without those that never clear it.
    """
    kind = int(task.kind[ligand])
    body, sorts = task.bodies[kind], task.sorts[kind]
    origin, normal = task.origins[ligand], task.normals[ligand]
    lifts = task.lifts[kind] if task.lifts else lifts_of(body.molecule.charge, task.grid.lift_step)
    foot = np.flatnonzero(np.linalg.norm(body.body, axis=1) < _FOOT)
    reach = _FOOT + lifts.max() + state.longest
    near = np.sort(state.tree.query_ball_point(origin, reach))
    near = near.astype(np.int64)
    others = task.obstacles[near], task.obstacle_sorts[near], np.zeros(len(near), dtype=np.int64)
    feet = origin + body.body[foot] @ turns
    found = np.full(len(turns), np.nan)
    for lift in lifts.tolist():
        waiting = np.flatnonzero(np.isnan(found))
        if not len(waiting):
            break
        raised = feet[waiting] + lift * normal
        touched = clashing_owners(raised, sorts[foot], others, task.table.floors, 1)[:, 0]
        found[waiting[~touched]] = lift
    kept = np.flatnonzero(~np.isnan(found))
    points = origin + body.body @ turns[kept] + (found[kept, None] * normal)[:, None, :]
    return Poses(turns=turns[kept], tilt=tilt[kept], lift=found[kept], points=points)
