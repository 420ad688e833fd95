from itertools import product

import numpy as np
import pytest

from heterobuild.deposition.arrays import (
    lattice_places,
    nearest_steps,
    random_places,
    wanted_steps,
)
from heterobuild.errors import NothingFitsError

OBLIQUE = np.array([[8.9, 0.0], [-2.3, 9.3]])


@pytest.mark.parametrize(("arrangement", "angle"), [("square", 90.0), ("hexagonal", 60.0)])
def test_steps_have_the_pitch_and_the_angle(arrangement, angle):
    first, second = wanted_steps(arrangement, 31.0, np.array([3.0, 4.0]))
    assert np.linalg.norm([first, second], axis=1) == pytest.approx([31.0, 31.0])
    assert first / 31 == pytest.approx([0.6, 0.8])
    assert np.degrees(np.arccos(first @ second / 31**2)) == pytest.approx(angle)
    assert np.linalg.det([first, second]) > 0


@pytest.mark.parametrize("pitch", [17.0, 24.0, 33.3, 50.1])
def test_steps_are_the_nearest_of_all_lattice_vectors(pitch):
    wanted = wanted_steps("hexagonal", pitch, np.array([0.9, 0.3]))
    every = np.array(list(product(range(-12, 13), repeat=2))) @ OBLIQUE
    reached = nearest_steps(wanted, OBLIQUE) @ OBLIQUE
    for asked, found in zip(wanted, reached, strict=True):
        least = np.linalg.norm(every - asked, axis=1).min()
        assert np.linalg.norm(found - asked) == pytest.approx(least)


def test_places_of_an_array_by_hand():
    steps = np.array([[10.0, 1.0], [0.0, 20.0]])
    expected = [[0, 0], [0, 20], [0, 40], [10, 1], [10, 21], [10, 41]]
    assert lattice_places((2, 3), steps).tolist() == expected


def test_places_at_random_keep_their_distance_and_lie_on_the_lattice():
    cell = np.diag([10, 12]) @ OBLIQUE
    places = random_places(9, cell, 8.0, 4.0, np.random.default_rng(3), surface=OBLIQUE)
    fractions = places @ np.linalg.inv(OBLIQUE)
    assert fractions == pytest.approx(np.rint(fractions), abs=1e-6)
    images = np.array(list(product((-1, 0, 1), repeat=2))) @ cell
    for k, place in enumerate(places):
        away = np.linalg.norm(places[:, None] + images - place, axis=2)
        away[k, 4] = np.inf
        assert away.min() >= 20.0 - 1e-6


def test_places_that_do_not_exist():
    with pytest.raises(NothingFitsError, match=r"30 particles.*of the area.*set pitch to \d+"):
        random_places(30, 60 * np.eye(2), 8.0, 4.0, np.random.default_rng(0))


def test_the_advised_pitch_is_wide_enough():
    with pytest.raises(NothingFitsError) as caught:
        random_places(16, 4 * 18 * np.eye(2), 8.0, 4.0, np.random.default_rng(0))
    pitch = float(caught.value.next_step.split()[3].strip(","))
    assert len(random_places(16, 4 * pitch * np.eye(2), 8.0, 4.0, np.random.default_rng(0))) == 16
