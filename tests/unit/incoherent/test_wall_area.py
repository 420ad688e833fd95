"""Areas of walls against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.geometry.shape_algebra import grown, intersection, turned, union
from heterobuild.geometry.shapes import cuboid, cylinder, half_space, sphere
from heterobuild.incoherent.wall_area import spread_points, wall_area

TURN = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]


@pytest.mark.parametrize(
    ("shape", "area"),
    [
        (sphere(25.0), 4 * np.pi * 25**2),
        (sphere(250.0), 4 * np.pi * 250**2),
        (cuboid((12.0, 12.0, 12.0)), 6 * 24**2),
        (cuboid((60.0, 40.0, 6.0)), 2 * (120 * 80 + 120 * 12 + 80 * 12)),
        (turned(cuboid((12.0, 20.0, 9.0)), TURN), 2 * (24 * 40 + 24 * 18 + 40 * 18)),
        (cylinder(10.0, 20.0), 2 * np.pi * 10 * 40 + 2 * np.pi * 100),
        (
            intersection(sphere(20.0), half_space((0, 0, 1), 0.0)),
            2 * np.pi * 20**2 + np.pi * 20**2,
        ),
    ],
)
def test_areas_are_those_of_the_closed_forms(shape, area):
    assert wall_area(shape) == pytest.approx(area, rel=0.02)


def test_only_covered_faces_count():
    core = cuboid((15.0, 15.0, 15.0))
    caps = union(core, cuboid((15.0, 15.0, 24.0)))
    assert wall_area(core, caps.distance) == pytest.approx(2 * 30**2, rel=0.03)
    assert wall_area(core, grown(core, 8.0).distance) == pytest.approx(6 * 30**2, rel=0.02)
    assert wall_area(core, core.distance) == 0


def test_points_are_spread_more_evenly_than_by_chance():
    points = spread_points(np.array([1.0, 2.0, 3.0]), 8000) / [1, 2, 3]
    boxes = np.floor((points + 1) * 5).astype(int)
    counts = np.bincount(np.ravel_multi_index(boxes.T, (10, 10, 10)), minlength=1000)
    assert counts.mean() == 8
    assert counts.var() < 3
