"""Find a place without collisions for every ligand: one after another, neighbours alike first.

Ligands are rigid. Each is tried as its neighbours stand, then over a grid of tilts and azimuths.
Those that find no free place wait until all others stand. Then each takes the pose that touches
the fewest other ligands, and those are placed again. Everything follows from the generator given.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import NothingFitsError
from heterobuild.ligands.blockers import first_free, packing_first
from heterobuild.ligands.poses import frames
from heterobuild.ligands.task import Poses, State, Task, begin
from heterobuild.ligands.trials import Source, lift_off, turns_to_try

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray, IntArray

_BESIDE_OTHERS, _BESIDE_PARTICLE = 0.9, 0.25
"""Of the coverage reached, what to try next: among other ligands, and where the particle blocks."""

_PATIENCE = 25
"""Repairs after the last gain at which the search gives up; a twentieth of the ligands if more."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Placement:
    """Where the ligands are.

    Parameters
    ----------
    points : tuple of (n, 3) float array
        Atoms of each ligand in Å.
    tilt, lift : (k,) float array
        Angle in degrees between tail and normal; distance in Å from the site along it.
    moved : int
        How often a ligand made way for another one.
    """

    points: tuple[FloatArray, ...]
    tilt: FloatArray
    lift: FloatArray
    moved: int


def place_ligands(
    task: Task, *, rng: np.random.Generator, tick: Callable[[int], None] | None = None
) -> Placement:
    """Place all ligands.

    Parameters
    ----------
    task : Task
        Ligands, sites and obstacles.
    rng : numpy.random.Generator
        Source of the azimuths.
    tick : callable, optional
        Called with the number of ligands that stand, for a progress bar.

    Returns
    -------
    Placement
        Every ligand in a place of its own.

    Raises
    ------
    NothingFitsError
        If they do not all fit; the message says how many did, and up to which coverage.
    """
    state = begin(task)
    waiting: deque[int] = deque()
    order = _order(task).tolist()
    for done, ligand in enumerate(order, 1):
        if _put(task, state, ligand, rng, repair=False) is None:
            waiting.append(ligand)
        if tick is not None:
            tick(done - len(waiting))
    moved = _repair(task, state, waiting, rng, tick)
    return Placement(
        points=tuple(points for points in state.points if points is not None),
        tilt=state.tilt,
        lift=state.lift,
        moved=moved,
    )


def _repair(
    task: Task,
    state: State,
    waiting: deque[int],
    rng: np.random.Generator,
    tick: Callable[[int], None] | None,
) -> int:
    """Place those that found no place, others making way; return how many others did."""
    total = len(task.kind)
    moved, stale, least = 0, 0, len(waiting)
    while waiting:
        ligand = waiting.popleft()
        evicted = _put(task, state, ligand, rng, repair=True)
        if evicted is None or stale > max(_PATIENCE, total // 20):
            raise _crowded(task, ligand, total - least, blocked=evicted is None)
        waiting.extend(evicted)
        moved += len(evicted)
        stale = 0 if len(waiting) < least else stale + 1
        least = min(least, len(waiting))
        if tick is not None:
            tick(total - len(waiting))
    return moved


def _order(task: Task) -> IntArray:
    """Return the order of placing: normal by normal, row by row."""
    local = np.einsum("kij,kj->ki", frames(task.normals), task.origins)
    normals = np.round(task.normals, 1) + 0.0
    keys = (*np.round(local[:, ::-1], 1).T, *normals.T[::-1])
    order: IntArray = np.lexsort(keys[::1])
    return order


def _put(
    task: Task, state: State, ligand: int, rng: np.random.Generator, *, repair: bool
) -> list[int] | None:
    """Place one ligand; return those that had to go, or None if it does not stand."""
    state.tries[ligand] += 1
    offsets = (float(rng.random()), float(rng.random()))
    best: tuple[float, Poses, int, list[int]] | None = None
    sources: tuple[Source, ...] = ("alike", "similar", "grid", *(("wide",) if repair else ()))
    for source in sources:
        turns, tilt = turns_to_try(task, state, ligand, source, offsets)
        poses = lift_off(task, state, ligand, turns, tilt)
        if source == "grid" and len(poses.turns):
            poses = packing_first(task, state, ligand, poses)
        found = first_free(task, state, ligand, poses)
        if found is not None and (best is None or found[0] < best[0]):
            best = (found[0], poses, found[1], found[2])
        if best is not None and not best[3]:
            break
    if best is None or (best[3] and not repair):
        return None
    _, poses, row, blockers = best
    for other in blockers:
        state.points[other] = None
        state.centres[other] = np.inf
    stand(
        state,
        ligand,
        poses.points[row],
        poses.turns[row],
        tilt=float(poses.tilt[row]),
        lift=float(poses.lift[row]),
    )
    return blockers


def stand(
    state: State, ligand: int, points: FloatArray, turn: FloatArray, *, tilt: float, lift: float
) -> None:
    """Let one ligand stand.

    Parameters
    ----------
    state : State
        What stands; changed.
    ligand : int
        Which ligand.
    points : (n, 3) float array
        Its atoms in Å.
    turn : (3, 3) float array
        Its rotation for row vectors.
    tilt, lift : float
        Its tilt in degrees and its lift in Å.
    """
    state.turns[ligand], state.points[ligand] = turn, points
    state.tilt[ligand], state.lift[ligand] = tilt, lift
    state.centres[ligand] = (points.min(axis=0) + points.max(axis=0)) / 2
    state.radii[ligand] = np.linalg.norm(points - state.centres[ligand], axis=1).max()


def _crowded(task: Task, ligand: int, best: int, *, blocked: bool) -> NothingFitsError:
    """Say how many ligands fitted."""
    name = task.bodies[int(task.kind[ligand])].molecule.name
    total = len(task.kind)
    place = ", ".join(f"{x:.1f}" for x in task.origins[ligand])
    reason = "the particle is in the way of every pose there" if blocked else "others are"
    reached = np.floor(100 * task.coverage * best / total) / 100
    # Fewer ligands may go to the same hard sites, which are chosen for the dipole.
    tried = np.floor(100 * reached * (_BESIDE_PARTICLE if blocked else _BESIDE_OTHERS)) / 100
    step = "choose slimmer ligands" if task.lifts else f"try a coverage of about {tried:.2f}"
    return NothingFitsError(
        "the ligands do not all find a place",
        where=f"{name} at ({place}) Å, where {reason}",
        measured=f"{best} of {total} placed, coverage {reached:.2f} of {task.coverage:.2f}",
        allowed="no contact below 0.8 of the sum of van der Waals radii, 0.7 for hydrogen bonds",
        next_step=f"{step}, or another seed" + ("" if task.lifts else " or slimmer ligands"),
    )
