"""Poses to try: copies of neighbours, a grid, lifted off a plane of bromide."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

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


def test_lifted_poses_clear_the_surface_and_no_lower_one_does():
    asked = task([[0.0, 0.0, 0.0]])
    state = begin(asked)
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    floors = asked.table.floors[asked.sorts[0]][:, asked.obstacle_sorts]
    foot = np.linalg.norm(asked.bodies[0].body, axis=1) < 7.0
    for points, lift in zip(poses.points[::7], poses.lift[::7], strict=True):
        assert (cdist(points, asked.obstacles)[foot] >= floors[foot]).all()
        if lift > 0:
            lower = points - [0.0, 0.0, asked.grid.lift_step]
            assert (cdist(lower, asked.obstacles)[foot] < floors[foot]).any()


def test_a_neighbour_is_copied():
    asked = task([[0.0, 0.0, 0.0], [5.8, 0.0, 0.0]])
    state = begin(asked)
    assert len(turns_to_try(asked, state, 0, "alike", (0.0, 0.0))[0]) == 0
    turn = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    stand(asked, state, 1, asked.bodies[0].body @ turn + asked.origins[1], turn)
    turns, tilt = turns_to_try(asked, state, 0, "alike", (0.0, 0.0))
    assert turns[0] == pytest.approx(turn)
    assert tilt.tolist() == [0.0]
    assert turns_to_try(asked, state, 0, "similar", (0.0, 0.0))[1].max() == pytest.approx(10.0)
