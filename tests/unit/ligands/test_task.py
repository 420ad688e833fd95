"""The state before the first ligand."""

from __future__ import annotations

import numpy as np

from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys
from heterobuild.ligands.poses import PoseGrid
from heterobuild.ligands.task import Task, begin


def test_neighbours_with_a_like_normal_come_first():
    body = as_ligand(load_ligand("PEA"))
    table, (far, mine) = all_sorts([np.array([[35, 0, 0, 1]]), body_keys(body)])
    origins = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -5.0], [9.0, 0.0, 0.0], [6.0, 0.0, 0.0]])
    origins = np.concatenate([origins, [[50.0, 0.0, 0.0]]])
    normals = np.tile([0.0, 0.0, 1.0], (5, 1))
    normals[1] = [-1.0, 0.0, 0.0]
    state = begin(
        Task(
            bodies=(body,),
            sorts=(mine,),
            kind=np.zeros(5, dtype=np.int64),
            origins=origins,
            normals=normals,
            obstacles=np.array([[0.0, 0.0, -60.0]]),
            obstacle_sorts=far,
            table=table,
            shifts=np.zeros((1, 3)),
            grid=PoseGrid(),
            coverage=1.0,
        )
    )
    assert state.around[0].tolist() == [3, 2, 1]
    assert state.around[4].tolist() == []
    assert all(points is None for points in state.points)
    assert not np.isfinite(state.centres).any()
    assert state.longest == table.floors.max()
