"""What is told of a graded wall."""

from __future__ import annotations

import numpy as np

from heterobuild.assembly.graded_ions import Exchange
from heterobuild.assembly.graded_steps import reached_step
from heterobuild.assembly.graded_walls import GradedWall
from heterobuild.model import WallProfile

WALL = GradedWall(
    inner=0,
    outer=1,
    planes=np.arange(4),
    distance=np.array([-4.5, -1.5, 1.5, 4.5]),
    number=np.array([-2, -1, 1, 2]),
    rooms=(6.0, 6.0),
    profile=WallProfile(kind="linear", width=9.0),
)


def made(mixed):
    share = np.array([1.0, 0.7, 0.3, 0.0])
    return Exchange(
        role="X",
        ions=("Br", "I"),
        charge=-1.0,
        changed=np.arange(2),
        chosen=np.array([0, 1]),
        share=share,
        sites=np.array([4, 4, 4, 4]),
        asked=np.column_stack([4 * share, 4 - 4 * share]),
        reached=np.array([[4.0, 0], [3, 1], [1, 3], [0, 4]]),
        mixed=np.array(mixed),
    )


def test_each_mixed_plane_is_told_with_what_was_asked():
    step = reached_step("a | b", WALL, [made([False, True, True, False])])
    assert "asked 0.70, 0.30, reached 0.75, 0.25" in step.choice
    assert "at most 0.2 ions off in a plane, 2 sites changed" in step.choice
    first, second = step.values["X"]
    assert (first["plane"], second["plane"]) == (-1, 1)
    assert first["asked"] == {"Br": 2.8, "I": 1.2}
    assert second["reached"] == {"Br": 1.0, "I": 3.0}


def test_nothing_moved_is_told():
    step = reached_step("a | b", WALL, [made([False] * 4)])
    assert "less than one ion of any plane, nothing changed" in step.choice
    assert "nothing to exchange" in reached_step("a | b", WALL, []).choice
