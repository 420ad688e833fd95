import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, find_matches

CUBE, TETRAGONAL = load_crystal("CsPbBr3_cubic"), load_crystal("CsPbBr3_tetragonal")


def test_a_window_of_rotations():
    limits = MatchLimits(max_area=330, rotation=(30, 50))
    matches = find_matches(np.diag([5.874] * 2), np.diag([5.68] * 2), limits)
    assert {round(match.rotation, 2) for match in matches} == {36.87, 45.0}


def test_the_cube_edge_along_the_diagonal_of_the_doubled_cell():
    limits = MatchLimits(max_area=80, parallel=((1, 0, 0), (1, 1, 0)))
    matches = find_matches((CUBE, "001"), (TETRAGONAL, "001"), limits)
    assert matches
    assert matches[0].log_strain < 0.01
    assert round(abs(matches[0].rotation)) == 45


def test_another_relation_excludes_it():
    limits = MatchLimits(max_area=80, parallel=((1, 0, 0), (1, 0, 0)))
    for match in find_matches((CUBE, "001"), (TETRAGONAL, "001"), limits):
        assert match.log_strain > 0.01


@pytest.mark.parametrize(
    ("side", "words"),
    [(np.diag([5.0, 5.0]), "needs crystals"), ((CUBE, "100"), "does not lie in the face")],
)
def test_relations_that_cannot_be(side, words):
    with pytest.raises(UsageError, match=words):
        find_matches(side, (CUBE, "001"), MatchLimits(parallel=((1, 0, 0), (1, 0, 0))))
