"""What is to be placed, what is in the way, and what stands already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.ligands.bodies import LigandBody
    from heterobuild.ligands.contacts import Sorts
    from heterobuild.ligands.poses import PoseGrid

_NEIGHBOURS = 12.0


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
    lifts : tuple of (l,) float array, optional
        Distances in Å along the normal that are tried for each kind, in order; by default those
        of `heterobuild.ligands.poses.lifts_of`.
    lift_cost : float, optional
        Degrees of tilt that are as bad as 1 Å of lift.
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
    lifts: tuple[FloatArray, ...] = ()
    lift_cost: float = 4.0


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
