from __future__ import annotations

import itertools

import numpy as np
import pytest

from heterobuild.geometry.shapes import cuboid, cylinder, ellipsoid, sphere
from heterobuild.particles.centring import across, best_parity, parity_of_counts


def test_boxes():
    assert parity_of_counts((1, 2, 3)) == ("B", "A", "B")
    assert parity_of_counts((None, 4, None)) == ("B", "A", "B")


@pytest.mark.parametrize(
    "shape", [sphere(4.3), cuboid((2.2, 3.1, 0.7)), ellipsoid((2.1, 5.2, 3.3))]
)
def test_rows_against_all_points(shape):
    for parity in itertools.product("AB", repeat=3):
        offset = np.array([0.5 * (letter == "A") for letter in parity])
        points = np.array(list(np.ndindex(21, 21, 21))) - 10 + offset
        kept = points[shape.distance(points) <= 0]
        for axis in range(3):
            others = [i for i in range(3) if i != axis]
            row = kept[(kept[:, others] == offset[others]).all(axis=1)]
            assert across(shape, np.eye(3), parity)[axis] == len(row)


@pytest.mark.parametrize("radius", np.arange(0.6, 6, 0.37))
def test_sphere_takes_the_better_of_both_centres(radius):
    ball = sphere(radius)
    parity = best_parity(ball, np.eye(3))
    assert len(set(parity)) == 1
    most = max(int(across(ball, np.eye(3), (letter,) * 3).sum()) for letter in "AB")
    assert int(across(ball, np.eye(3), parity).sum()) == most


def test_axes_of_another_length_have_their_own_centre():
    assert best_parity(cuboid((1.2, 1.7, 2.2)), np.eye(3)) == ("B", "A", "B")
    assert best_parity(cuboid((1.7, 1.7, 2.2)), np.eye(3)) == ("A", "A", "B")
    assert best_parity(cylinder(1.8), np.eye(3)) == ("A", "A", "B")
