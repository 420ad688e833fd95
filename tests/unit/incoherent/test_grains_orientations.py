import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.incoherent.grains_orientations import grain_rotations
from heterobuild.incoherent.grains_places import GrainPlace
from heterobuild.incoherent.matrices import any_matrix

CUBE, PLATES, RICH = (load_crystal(n) for n in ("CsPbBr3:cubic", "CsPb2Br5", "Cs4PbBr6"))


def place(phase, beside=None, *, endless=False):
    return GrainPlace(
        phase=phase,
        centre=np.zeros(3),
        corners=np.zeros((1, 3)),
        depth=lambda p: p[:, 0],
        beside=beside or {},
        endless=endless,
    )


PLACES = [place(0), place(0), place(1, {0: 5.0, 1: 9.0}), place(1, {2: 7.0})]


def test_random_rotations_are_proper_and_uniform():
    turns, step = grain_rotations([place(0)] * 4000, [CUBE, RICH], "random", seed=1)
    assert np.linalg.det(turns) == pytest.approx(np.ones(4000))
    # A uniform direction has components of mean zero and mean square one third.
    assert np.abs(turns.mean(axis=0)).max() < 0.04
    assert (turns**2).mean(axis=0) == pytest.approx(np.full((3, 3), 1 / 3), abs=0.03)
    assert "uniform" in step.choice


def test_known_relation_follows_the_largest_wall():
    turns, step = grain_rotations(PLACES, [CUBE, PLATES], "auto", seed=1)
    # [110] of the perovskite along [100] of CsPb2Br5, (001) parallel.
    assert np.array([1, 0, 0]) @ turns[2] == pytest.approx(
        np.array([1, 1, 0]) / np.sqrt(2) @ turns[1], abs=1e-9
    )
    assert np.array([0, 0, 1]) @ turns[2] == pytest.approx(np.array([0, 0, 1]) @ turns[1])
    assert np.abs(np.array([0, 0, 1]) @ turns[3] - np.array([0, 0, 1]) @ turns[1]).max() > 1e-3
    assert step.values["grains_in_relation"] == 1


def test_aligned_and_unknown():
    turns, _ = grain_rotations(PLACES, [CUBE, RICH], "aligned", seed=1)
    assert turns[0] == pytest.approx(np.eye(3))
    assert turns[2] == pytest.approx(turns[3])
    _, step = grain_rotations(PLACES, [CUBE, RICH], "auto", seed=1)
    assert "no relation is known" in step.choice
    with pytest.raises(UsageError, match="relation"):
        grain_rotations(PLACES, [CUBE, RICH], "sideways", seed=1)


def test_inclusions_follow_their_matrix():
    matrix = any_matrix(CUBE, (4, 4, 4), slab=False)
    places = [place(0, {1: 1.0}), place(1, {0: 1.0}, endless=True)]
    relation = "[100]||[110], (001)||(001)"
    turns, _ = grain_rotations(places, [PLATES, CUBE], relation, matrix=matrix, seed=1)
    assert turns[1] == pytest.approx(matrix.rotation)
    assert np.array([1, 0, 0]) @ turns[0] == pytest.approx(
        np.array([1, 1, 0]) / np.sqrt(2) @ turns[1], abs=1e-9
    )
