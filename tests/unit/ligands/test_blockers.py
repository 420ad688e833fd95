"""What is in the way of poses, and which poses pack."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from heterobuild.ligands.blockers import first_free, packing_first
from heterobuild.ligands.search import stand
from heterobuild.ligands.task import begin
from heterobuild.ligands.trials import lift_off, turns_to_try


def test_blockers_are_named(task):
    asked = task([[0.0, 0.0, 0.0], [1.5, 0.0, 0.0], [40.0, 0.0, 0.0]])
    state = begin(asked)
    for other in (1, 2):
        stand(
            state, other, asked.bodies[0].body + asked.origins[other], np.eye(3), tilt=0.0, lift=0.0
        )
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    found = first_free(asked, state, 0, poses)
    assert found is not None
    assert found[2] == [1]


def test_own_images_are_in_the_way(task):
    asked = task([[0.0, 0.0, 0.0]], shifts=np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    state = begin(asked)
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    assert first_free(asked, state, 0, poses) is None


def test_poses_that_pack_come_first(task):
    asked = task([[0.0, 0.0, 0.0], [5.8, 0.0, 0.0], [0.0, 5.8, 0.0]])
    state = begin(asked)
    poses = lift_off(asked, state, 0, *turns_to_try(asked, state, 0, "grid", (0.2, 0.4)))
    first = packing_first(asked, state, 0, poses)
    assert sorted(first.tilt.tolist()) == sorted(poses.tilt.tolist())
    floors = asked.table.floors[asked.sorts[0]][:, asked.sorts[0]]
    for step in asked.origins[1:]:
        assert (cdist(first.points[0], first.points[0] + step) >= floors).all()
