"""What stands in the way of each pose of a ligand, and which poses leave room for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.ligands.contacts import clashing_owners, near_poses
from heterobuild.ligands.task import Poses

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.ligands.task import State, Task

_CHUNK = 24
_PARALLEL = 0.985


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
        The same; those that pack alike by tilt and lift, see `lift_cost` of the task.
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
    order = np.lexsort((np.arange(len(score)), poses.tilt + task.lift_cost * poses.lift, score))
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
