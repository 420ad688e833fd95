"""Try poses of one ligand: against the surface, against the ligands that stand already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from heterobuild.particles.ligand_contacts import clashing_owners, near_poses
from heterobuild.particles.ligand_poses import (
    PoseGrid,
    frames,
    grid_of_turns,
    lifts_of,
    shortest_turns,
    small_turns,
)

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.particles.ligand_bodies import LigandBody
    from heterobuild.particles.ligand_contacts import Sorts

Source: TypeAlias = Literal["alike", "similar", "grid", "wide"]

_ALIKE = 6
_NEIGHBOURS = 12.0
_CHUNK = 24
_FOOT = 7.0
_NEARLY = (15.0, 10.0)
_PARALLEL = 0.985


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """What is to be placed, and what is in the way.

    Parameters
    ----------
    bodies : tuple of LigandBody
        Kinds of ligand.
    sorts : tuple of (n,) int array
        Sort of each atom of each kind.
    kind : (k,) int array
        Kind of each ligand.
    origins, normals : (k, 3) float array
        Site of each head in Å, and the outward unit vector there.
    obstacles : (m, 3) float array
        Atoms of the particle in Å, periodic images among them.
    obstacle_sorts : (m,) int array
        Their sorts.
    table : Sorts
        Limits of all sorts.
    shifts : (s, 3) float array
        Translations in Å of the images of ligands, the zero one first.
    grid : PoseGrid
        Poses that are tried.
    coverage : float
        Share of the sites that the ligands take, for messages.
    """

    bodies: tuple[LigandBody, ...]
    sorts: tuple[IntArray, ...]
    kind: IntArray
    origins: FloatArray
    normals: FloatArray
    obstacles: FloatArray
    obstacle_sorts: IntArray
    table: Sorts
    shifts: FloatArray
    grid: PoseGrid
    coverage: float


@dataclass(eq=False)
class State:
    """What stands where while the search goes on.

    Parameters
    ----------
    tree : scipy.spatial.cKDTree
        Atoms of the particle.
    around : list of int array
        Ligands near each ligand, those with a like normal first.
    turns : (k, 3, 3) float array
        Rotation of each ligand that stands.
    tilt, lift : (k,) float array
        Its tilt in degrees and its lift in Å.
    points : list of (n, 3) float array or None
        Its atoms in Å; None where it does not stand.
    centres, radii : (k, 3) and (k,) float array
        Spheres around them in Å, at infinity where nothing stands.
    tries : (k,) int array
        How often each was placed.
    longest : float
        Longest of the shortest allowed distances in Å.
    """

    tree: Any
    around: list[IntArray]
    turns: FloatArray
    tilt: FloatArray
    lift: FloatArray
    points: list[FloatArray | None]
    centres: FloatArray
    radii: FloatArray
    tries: IntArray
    longest: float


@dataclass(frozen=True, eq=False)
class Poses:
    """Poses of one ligand that clear the surface around its foot.

    Parameters
    ----------
    turns : (p, 3, 3) float array
        Rotations for row vectors.
    tilt, lift : (p,) float array
        Tilts in degrees and lifts in Å.
    points : (p, n, 3) float array
        Atoms in Å.
    """

    turns: FloatArray
    tilt: FloatArray
    lift: FloatArray
    points: FloatArray


def begin(task: Task) -> State:
    """Return the state before the first ligand.

    Parameters
    ----------
    task : Task
        What is to be placed.

    Returns
    -------
    State
        Nothing stands.
    """
    from scipy.spatial import cKDTree

    k = len(task.kind)
    around: list[IntArray] = []
    neighbours: Any = cKDTree(task.origins).query_ball_point(task.origins, _NEIGHBOURS)
    for i, found in enumerate(neighbours):
        near = np.array([j for j in found if j != i], dtype=np.int64)
        gap = np.linalg.norm(task.origins[near] - task.origins[i], axis=1)
        facing = task.normals[near] @ task.normals[i]
        around.append(near[np.lexsort((near, np.round(gap, 3), -np.round(facing, 2)))])
    return State(
        tree=cKDTree(task.obstacles),
        around=around,
        turns=np.tile(np.eye(3), (k, 1, 1)),
        tilt=np.zeros(k),
        lift=np.zeros(k),
        points=[None] * k,
        centres=np.full((k, 3), np.inf),
        radii=np.zeros(k),
        tries=np.zeros(k, dtype=np.int64),
        longest=float(task.table.floors.max(initial=0.0)),
    )


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
        As the neighbours stand, turned from their normal to the own; nearly so; a grid; a grid of
        wider tilts.
    offsets : tuple of float
        As in `heterobuild.particles.ligand_poses.grid_of_turns`.

    Returns
    -------
    (p, 3, 3) float array
        Rotations for row vectors.
    (p,) float array
        Tilts in degrees.
    """
    if source in {"alike", "similar"}:
        turns = _as_neighbours(task, state, ligand)
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
    lifts = lifts_of(body.molecule.charge, task.grid.lift_step)
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


def packing_first(task: Task, state: State, ligand: int, poses: Poses) -> Poses:
    """Order poses: first those whose copies at parallel neighbouring sites would fit as well.

    Parameters
    ----------
    task : Task
        Ligands, sites and obstacles.
    state : State
        What stands.
    ligand : int
        Which ligand.
    poses : Poses
        Its poses.

    Returns
    -------
    Poses
        The same; those that pack alike by tilt, 1 Å of lift counting as 4°.
    """
    near = state.around[ligand]
    parallel = task.normals[near] @ task.normals[ligand] > _PARALLEL
    alike = near[parallel & (task.kind[near] == task.kind[ligand])][:8]
    steps = task.origins[alike] - task.origins[ligand]
    sorts = task.sorts[int(task.kind[ligand])]
    score = np.zeros(len(poses.turns))
    for step in steps:
        gap = np.broadcast_to(step, (len(poses.points), 1, 3))
        score += _touch_copies(poses.points, poses.points + gap, sorts, task.table.floors)
    order = np.lexsort((np.arange(len(score)), poses.tilt + 4.0 * poses.lift, score))
    return Poses(poses.turns[order], poses.tilt[order], poses.lift[order], poses.points[order])


def _touch_copies(
    points: FloatArray, copies: FloatArray, sorts: IntArray, floors: FloatArray
) -> BoolArray:
    """Tell which poses touch their own copies, (p,)."""
    limits = floors[sorts][:, sorts] ** 2
    touched = np.zeros(len(points), dtype=np.bool_)
    for start in range(0, len(points), _CHUNK):
        part = slice(start, start + _CHUNK)
        a, b = points[part], copies[part]
        squares: FloatArray = np.sum(a**2, axis=2)[:, :, None] + np.sum(b**2, axis=2)[:, None, :]
        squares -= 2.0 * a @ b.transpose(0, 2, 1)
        touched[part] = (squares < limits).any(axis=(1, 2))
    return touched


def first_free(
    task: Task, state: State, ligand: int, poses: Poses
) -> tuple[float, int, list[int]] | None:
    """Return the first free pose, else the least blocked one.

    Parameters
    ----------
    task : Task
        Ligands, sites and obstacles.
    state : State
        What stands.
    ligand : int
        Which ligand.
    poses : Poses
        Its poses.

    Returns
    -------
    tuple of float, int, list of int, or None
        Cost, row, and the ligands in the way, of which those placed more often cost more; None
        where the particle is in the way of every pose.
    """
    best: tuple[float, int, list[int]] | None = None
    for start in range(0, len(poses.turns), _CHUNK):
        points = poses.points[start : start + _CHUNK]
        touched, owners = _touched(task, state, ligand, points)
        costs = touched[:, 1:] @ (1.0 + 0.5 * state.tries[owners])
        costs = np.where(touched[:, 0], np.inf, costs)
        row = int(np.argmin(costs))
        if np.isfinite(costs[row]) and (best is None or costs[row] < best[0]):
            blockers = sorted(set(owners[touched[row, 1:]].tolist()))
            best = (float(costs[row]), start + row, blockers)
        if best is not None and not best[2]:
            break
    return best


def _touched(
    task: Task, state: State, ligand: int, points: FloatArray
) -> tuple[BoolArray, IntArray]:
    """Tell what each pose touches: the particle or its own images first, then other ligands."""
    kind = int(task.kind[ligand])
    body, sorts = task.bodies[kind], task.sorts[kind]
    middle = points.reshape(-1, 3)
    centre = (middle.min(axis=0) + middle.max(axis=0)) / 2
    radius = float(np.linalg.norm(middle - centre, axis=1).max()) + state.longest
    near = np.sort(state.tree.query_ball_point(centre, radius))
    near = near.astype(np.int64)
    gaps = state.centres[:, None] + task.shifts[None] - centre
    with np.errstate(invalid="ignore"):
        close = np.linalg.norm(gaps, axis=2) < radius + state.radii[:, None]
    close[ligand] = False
    others, images = np.nonzero(close)
    parts = [task.obstacles[near]]
    kinds = [task.obstacle_sorts[near]]
    for j, image in zip(others.tolist(), images.tolist(), strict=True):
        placed = state.points[j]
        if placed is not None:
            parts.append(placed + task.shifts[image])
            kinds.append(task.sorts[int(task.kind[j])])
    owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    all_points, all_kinds = np.concatenate(parts), np.concatenate(kinds)
    kept = near_poses(points, body.heavy, all_points, state.longest)
    chosen = all_points[kept], all_kinds[kept], owner[kept]
    touched = clashing_owners(points, sorts, chosen, task.table.floors, len(parts))
    for shift in task.shifts[1:]:
        touched[:, 0] |= _touch_copies(points, points + shift, sorts, task.table.floors)
    return touched, others
