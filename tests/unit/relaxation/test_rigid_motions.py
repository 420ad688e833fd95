import numpy as np
import pytest

from heterobuild.relaxation.rigid_motions import without_rigid_motion


def moved(turn, shift):
    rng = np.random.default_rng(1)
    positions = rng.normal(size=(20, 3)) + 5
    strained = 0.01 * positions @ np.diag([1.0, -2.0, 0.5])
    rigid = np.cross(turn, positions) + shift
    return positions, strained, rigid


@pytest.mark.parametrize(
    ("periodic", "axes"),
    [
        ((False, False, False), (0, 1, 2)),
        ((True, False, False), (0,)),
        ((False, False, True), (2,)),
        ((True, True, False), ()),
        ((True, True, True), ()),
    ],
)
def test_only_motions_that_cost_nothing_are_taken_out(periodic, axes):
    for axis in range(3):
        turn = 0.01 * np.eye(3)[axis]
        positions, strained, rigid = moved(turn, [0.1, 0.2, -0.3])
        plain = without_rigid_motion(positions, strained, periodic=periodic)
        both = without_rigid_motion(positions, strained + rigid, periodic=periodic)
        assert (abs(both - plain).max() < 1e-12) == (axis in axes)
        assert both.mean(axis=0) == pytest.approx(0, abs=1e-12)


def test_sites_on_a_line_have_no_rotation_about_it():
    positions = np.outer(np.arange(4.0), [0, 0, 1])
    kept = without_rigid_motion(positions, 0.01 * positions, periodic=(False,) * 3)
    assert kept == pytest.approx(0.01 * (positions - positions.mean(axis=0)))
