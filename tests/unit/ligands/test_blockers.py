"""What is in the way of poses, and which poses pack."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from heterobuild.ligands.blockers import first_free, packing_first
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys
from heterobuild.ligands.poses import PoseGrid
from heterobuild.ligands.task import Task, begin
from heterobuild.ligands.trials import lift_off, turns_to_try

PLANE = np.stack(np.meshgrid(np.arange(-8, 9), np.arange(-8, 9), [0]), axis=-1).reshape(-1, 3)


def task(origins, shifts=None):
    """Oleylammonium over a plane of bromide, sites in the middle of squares."""
    body = as_ligand(load_ligand("OLA"))
    obstacles = (PLANE + [0.5, 0.5, 0.0]) * 5.8
    keys = np.tile([35, 0, 0, 1], (len(obstacles), 1))
    table, (theirs, mine) = all_sorts([keys, body_keys(body)])
    origins = np.asarray(origins, dtype=float)
    return Task(
        bodies=(body,),
        sorts=(mine,),
        kind=np.zeros(len(origins), dtype=np.int64),
        origins=origins,
        normals=np.tile([0.0, 0.0, 1.0], (len(origins), 1)),
        obstacles=obstacles,
        obstacle_sorts=theirs,
        table=table,
        shifts=np.zeros((1, 3)) if shifts is None else shifts,
        grid=PoseGrid(),
        coverage=1.0,
    )


def stand(asked, state, ligand, points, turn):
    state.points[ligand] = points
    state.turns[ligand] = turn
    state.centres[ligand] = points.mean(axis=0)
    state.radii[ligand] = np.linalg.norm(points - points.mean(axis=0), axis=1).max()


def test_blockers_are_named():
    asked = task([[0.0, 0.0, 0.0], [1.5, 0.0, 0.0], [40.0, 0.0, 0.0]])
    state = begin(asked)
    for other in (1, 2):
        stand(asked, state, other, asked.bodies[0].body + asked.origins[other], np.eye(3))
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    found = first_free(asked, state, 0, poses)
    assert found is not None
    assert found[2] == [1]


def test_own_images_are_in_the_way():
    asked = task([[0.0, 0.0, 0.0]], shifts=np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    state = begin(asked)
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    assert first_free(asked, state, 0, poses) is None


def test_poses_that_pack_come_first():
    asked = task([[0.0, 0.0, 0.0], [5.8, 0.0, 0.0], [0.0, 5.8, 0.0]])
    state = begin(asked)
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    first = packing_first(asked, state, 0, poses)
    assert sorted(first.tilt.tolist()) == sorted(poses.tilt.tolist())
    floors = asked.table.floors[asked.sorts[0]][:, asked.sorts[0]]
    for step in asked.origins[1:]:
        assert (cdist(first.points[0], first.points[0] + step) >= floors).all()
