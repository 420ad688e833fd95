"""The state before the first ligand."""

from __future__ import annotations

import numpy as np

from heterobuild.ligands.task import begin


def test_neighbours_with_a_like_normal_come_first(task):
    origins = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, -5.0], [9.0, 0.0, 0.0], [6.0, 0.0, 0.0]])
    origins = np.concatenate([origins, [[50.0, 0.0, 0.0]]])
    normals = np.tile([0.0, 0.0, 1.0], (5, 1))
    normals[1] = [-1.0, 0.0, 0.0]
    asked = task(origins, "PEA", obstacles=np.array([[0.0, 0.0, -60.0]]), normals=normals)
    state = begin(asked)
    assert state.around[0].tolist() == [3, 2, 1]
    assert state.around[4].tolist() == []
    assert all(points is None for points in state.points)
    assert not np.isfinite(state.centres).any()
    assert state.longest == asked.table.floors.max()
