from itertools import product

import numpy as np
import pytest

from heterobuild.deposition.neighbours import (
    farthest_touch,
    in_plane_radius,
    room_between,
    width_along,
)
from heterobuild.incoherent.touching import kinds_of, touching


def limit(first, second):
    (ours, own), (theirs, other) = kinds_of(first), kinds_of(second)
    table = np.array([[touching(a, b) for b in theirs] for a in ours])
    return table[own][:, other]


@pytest.mark.parametrize("pitch", [13.0, 15.0, 17.5, 22.0])
def test_room_by_brute_force(turns, pitch):
    made = turns(2, "random", seed=4)
    places = np.array([[0.0, 0.0], [pitch, 2.0]])
    cell = np.array([[2 * pitch, 0.0], [3.0, pitch + 1.0]])
    room = room_between(made.bodies, made.of_place, places, cell, upto=20.0)
    least, clash = np.inf, False
    limits = [[limit(a, b) for b in made.bodies] for a in made.bodies]
    for i, j in product(range(2), repeat=2):
        for image in np.array(list(product((-2, -1, 0, 1, 2), repeat=2))) @ cell:
            vector = places[j] + image - places[i]
            if np.linalg.norm(vector) > 1e-9:
                steps = made.bodies[j].positions + [*vector, 0] - made.bodies[i].positions[:, None]
                away = np.linalg.norm(steps, axis=2)
                least, clash = min(least, float(away.min())), clash or (away < limits[i][j]).any()
    assert room.distance == pytest.approx(least)
    assert room.overlap == clash
    assert room.overlap == (pitch < 20)


def test_radius_and_width_of_a_cube(turns):
    body = turns().bodies[0]
    assert in_plane_radius(body) == pytest.approx(np.hypot(5.874, 5.874), abs=1e-3)
    assert width_along(body, np.eye(2)) == pytest.approx(2 * 5.874, abs=1e-3)


def test_no_pair_touches_from_farther_away_than_caesium(turns):
    # two Cs at 1.2 of the sum of Shannon's radii for six neighbours
    assert farthest_touch(turns().bodies) == pytest.approx(1.2 * 2 * 1.67)
