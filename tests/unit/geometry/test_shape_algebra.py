from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.geometry.shape_algebra import (
    capped,
    complement,
    difference,
    erosion,
    grown,
    intersection,
    moved,
    shell,
    turned,
    union,
)
from heterobuild.geometry.shapes import cuboid, cylinder, half_space, sphere

POINTS = np.random.default_rng(0).uniform(-12, 12, (20_000, 3))
BALL, BOX = sphere(9.0), cuboid((3.0, 8.0, 10.0))


def inside(shape):
    return shape.distance(POINTS) <= 0


def test_sets():
    assert (inside(intersection(BALL, BOX)) == (inside(BALL) & inside(BOX))).all()
    assert (inside(union(BALL, BOX)) == (inside(BALL) | inside(BOX))).all()
    assert (inside(difference(BALL, BOX)) == (inside(BALL) & ~inside(BOX))).all()
    assert (inside(complement(BALL)) == ~inside(BALL)).all()
    assert intersection(BALL, BOX).half == (3, 8, 9)
    assert union(BALL, BOX).half == (9, 9, 10)
    assert difference(BALL, BOX).half == (9, 9, 9)
    assert complement(BALL).half == (np.inf,) * 3


def test_shell_is_between_its_faces():
    coat = shell(sphere(9.0), sphere(6.0))
    length = np.linalg.norm(POINTS, axis=1)
    assert (inside(coat) == ((length <= 9) & (length >= 6))).all()
    assert coat.distance(POINTS) == pytest.approx(np.abs(length - 7.5) - 1.5)


def test_turned_acts_as_on_points():
    rotation = Rotation.from_euler("zyx", [20, 50, -70], degrees=True).as_matrix()
    tilted = turned(BOX, rotation)
    assert tilted.distance(POINTS @ rotation) == pytest.approx(BOX.distance(POINTS))
    corners = np.array([[x, y, z] for x in (3, -3) for y in (8, -8) for z in (10, -10)]) @ rotation
    assert tilted.half == pytest.approx(np.abs(corners).max(axis=0))


def test_turned_keeps_endless_directions():
    onto_x = np.array([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])
    assert turned(cylinder(4.0), onto_x).half == (np.inf, 4, 4)
    assert turned(half_space((0, 0, 1), 1.0), onto_x).half == (np.inf,) * 3


def test_moved_and_grown():
    there = moved(BOX, (1.0, -2.0, 3.0))
    assert there.distance(POINTS + [1, -2, 3]) == pytest.approx(BOX.distance(POINTS))
    assert there.half == (4, 10, 13)
    assert (inside(grown(BALL, 2.0)) == inside(sphere(11.0))).all()
    assert (inside(grown(BOX, -2.0)) == inside(cuboid((1.0, 6.0, 8.0)))).all()
    assert grown(BOX, -4.0).half == (0, 4, 6)
    assert not inside(grown(BOX, -4.0)).any()


def test_capped_rod_is_a_finite_one():
    rod = capped(cylinder(5.0), 7.0)
    assert rod.distance(POINTS) == pytest.approx(cylinder(5.0, 7.0).distance(POINTS))
    assert rod.half == (5, 5, 7)
    oblique = capped(cylinder(5.0), 7.0, axis=(0, 1, 1))
    assert oblique.half == (5, 5, np.inf)
    assert (
        inside(oblique) == (inside(cylinder(5.0)) & (abs(POINTS[:, 1:].sum(1)) <= 7 * 2**0.5))
    ).all()


def test_erosion_leaves_room_for_a_body():
    corners = 2.5 * np.vstack([np.eye(3), -np.eye(3)])
    room = erosion(BALL, corners)
    reach = np.linalg.norm(POINTS[:, None] + corners, axis=2).max(axis=1)
    assert (inside(room) == (reach <= 9)).all()
    assert (inside(erosion(BOX, corners)) == inside(grown(BOX, -2.5))).all()
