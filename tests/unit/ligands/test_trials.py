"""Poses to try: copies of neighbours, a grid, lifted off a plane of bromide."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from heterobuild.ligands.poses import PoseGrid, grid_of_turns
from heterobuild.ligands.search import stand
from heterobuild.ligands.task import begin
from heterobuild.ligands.trials import lift_off, turns_to_try


def test_lifted_poses_clear_the_surface_and_no_lower_one_does(task):
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


def test_a_neighbour_is_copied(task):
    asked = task([[0.0, 0.0, 0.0], [5.8, 0.0, 0.0]])
    state = begin(asked)
    assert len(turns_to_try(asked, state, 0, "alike", (0.0, 0.0))[0]) == 0
    turn = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    stand(state, 1, asked.bodies[0].body @ turn + asked.origins[1], turn, tilt=0.0, lift=0.0)
    turns, tilt = turns_to_try(asked, state, 0, "alike", (0.0, 0.0))
    assert turns[0] == pytest.approx(turn)
    assert tilt.tolist() == [0.0]
    assert turns_to_try(asked, state, 0, "similar", (0.0, 0.0))[1].max() == pytest.approx(10.0)


def test_a_zwitterion_on_the_other_side_has_the_opposite_dipole(task):
    normals = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
    origins = [[0.0, 0.0, 30.0], [0.0, 0.0, -30.0]]
    asked = task(origins, "ODAP", obstacles=np.zeros((1, 3)), normals=normals)
    state, body = begin(asked), asked.bodies[0]
    turn = grid_of_turns((12.0,), PoseGrid(), (0.3, 0.1))[0][5]
    stand(state, 0, body.body @ turn + asked.origins[0], turn, tilt=12.0, lift=0.0)
    found = turns_to_try(asked, state, 1, "alike", (0.0, 0.0))[0][0]
    charges = body.molecule.charges
    assert charges @ body.body @ found == pytest.approx(-(charges @ body.body @ turn), abs=0.02)
    assert np.linalg.det(found) == pytest.approx(1.0)
