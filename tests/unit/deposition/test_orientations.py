import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.deposition.orientations import in_frame


def kabsch(start, end):
    """Return the rotation of row vectors that leads from points to points."""
    return Rotation.align_vectors(end, start)[0].as_matrix().T


def test_aligned_ones_are_turned_alike(turns, body):
    made = turns(4, turn=23.0)
    assert len(made.bodies) == 1
    assert made.of_place == (0, 0, 0, 0)
    turn = kabsch(body.atoms.positions, made.bodies[0].positions)
    x = np.array([1.0, 0.0, 0.0]) @ turn
    assert np.degrees(np.arctan2(x[1], x[0])) == pytest.approx(23.0)
    assert x[2] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("kind", ["random", "tumbled"])
def test_random_ones_are_recorded(turns, body, kind):
    made = turns(5, kind)
    assert len(made.bodies) == 5
    for atoms, rotation in zip(made.bodies, made.rotations, strict=True):
        turn = kabsch(body.atoms.positions, atoms.positions)
        assert body.rotation @ turn == pytest.approx(rotation, abs=1e-6)
        assert np.linalg.det(rotation) == pytest.approx(1.0)
        assert (abs(turn[2, 2]) > 1 - 1e-9) == (kind == "random")
    assert np.isnan(made.angles).all() == (kind == "tumbled")


def test_seeds_differ_and_repeat(turns):
    first, again, other = (turns(3, "random", seed=s).angles for s in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).all()


def test_a_turn_of_the_frame(turns):
    made = turns(2, "random")
    quarter = in_frame(made, np.array([[0.0, 1.0], [-1.0, 0.0]]))
    old, new = made.bodies[1].positions, quarter.bodies[1].positions
    assert new == pytest.approx(np.column_stack([-old[:, 1], old[:, 0], old[:, 2]]))
    assert (quarter.angles == made.angles).all()
