import numpy as np
import pytest

from heterobuild.deposition.places import Array, chosen_places, safe_pitch
from heterobuild.errors import NothingFitsError, UsageError

SQUARE = 6.2 * np.eye(2)
X = np.array([1.0, 0.0])


def array(arrangement="square", count=(2, 2), pitch=None, spacing=6.0):
    return Array(arrangement=arrangement, count=count, pitch=pitch, spacing=spacing)


def test_the_pitch_is_the_nearest_one_of_the_film(turns):
    made = chosen_places(array(pitch=30.0), SQUARE, X, turns(4), seed=0)
    assert made.matrix.tolist() == [[10, 0], [0, 10]]
    assert made.steps == pytest.approx(31.0 * np.eye(2))
    assert sorted(map(tuple, made.points)) == [
        pytest.approx(p) for p in [(0, 0), (0, 31), (31, 0), (31, 31)]
    ]
    # cubes of two octahedra are 2 × 5.874 Å from outermost atom to outermost atom
    assert made.room.distance == pytest.approx(31.0 - 2 * 5.874, abs=1e-3)


@pytest.mark.parametrize("arrangement", ["square", "hexagonal"])
@pytest.mark.parametrize("spacing", [2.5, 6.0, 11.0])
def test_a_spacing_is_kept(turns, arrangement, spacing):
    made = chosen_places(array(arrangement, spacing=spacing), SQUARE, X, turns(4), seed=0)
    assert spacing - 0.01 <= made.room.distance < spacing + 2 * 6.2
    assert not made.room.overlap


def test_the_least_pitch_is_told_and_works(turns):
    with pytest.raises(UsageError, match=r"overlap at this pitch.*found 12 Å") as caught:
        chosen_places(array(pitch=12.0), SQUARE, X, turns(4), seed=0)
    pitch = float(caught.value.next_step.split()[3].strip(","))
    made = chosen_places(array(pitch=pitch), SQUARE, X, turns(4), seed=0)
    assert not made.room.overlap
    # the next smaller multiple of 6.2 Å overlaps: 12.4 Å leaves 0.65 Å between the cubes
    assert np.linalg.norm(made.steps[0]) == pytest.approx(18.6)


@pytest.mark.parametrize("kind", ["random", "tumbled"])
def test_particles_that_lie_differently_never_touch(turns, kind):
    made = turns(9, kind)
    wide = safe_pitch(array(), X, made, 3.0)
    places = chosen_places(array(count=(3, 3), spacing=3.0), SQUARE, X, made, seed=0)
    assert np.linalg.norm(places.steps[0]) >= wide - 6.2
    assert places.room.distance >= 3.0 - 0.01


def test_at_random(turns):
    made = chosen_places(array("random", (3, 2), 30.0, 2.5), SQUARE, X, turns(6), seed=5)
    assert made.matrix.tolist() == [[15, 0], [0, 10]]
    assert made.room.distance >= 2.5
    fractions = made.points / 6.2
    assert fractions == pytest.approx(np.rint(fractions), abs=1e-6)


def test_at_random_too_dense(turns):
    with pytest.raises(NothingFitsError, match=r"9 particles do not find places.*set pitch"):
        chosen_places(array("random", (3, 3), 16.0), SQUARE, X, turns(9), seed=5)


def test_a_pitch_below_the_surface_cell(turns):
    with pytest.raises(UsageError, match=r"smaller than a surface cell.*set pitch to 23"):
        chosen_places(array("random", (1, 1), 1.0), SQUARE, X, turns(1), seed=5)


@pytest.mark.parametrize("seed", range(6))
def test_at_random_nothing_touches_where_no_spacing_is_kept(turns, seed):
    made = turns(4, "random", seed=seed)
    places = chosen_places(array("random", spacing=0.0), SQUARE, X, made, seed=seed)
    assert not places.room.overlap
