from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from heterobuild.geometry.shapes import (
    Shape,
    cuboid,
    cylinder,
    ellipsoid,
    half_space,
    parallelepiped,
    prism,
    sphere,
)

FINITE = [
    (sphere(10.0), 4 / 3 * np.pi * 1000),
    (cuboid((4.0, 5.0, 6.0)), 8 * 120.0),
    (prism(4.0, 6.0), 8 * 96.0),
    (ellipsoid((4.0, 7.0, 9.0)), 4 / 3 * np.pi * 252),
    (cylinder(5.0, 6.0), np.pi * 25 * 12),
    (cylinder(5.0, 6.0, axis=(1, 2, -2)), np.pi * 25 * 12),
    (parallelepiped(np.array([[9.0, 1.0, 0], [0, 8.0, 2.0], [1.0, 0, 7.0]])), 508.0),
]


@pytest.mark.parametrize(("shape", "volume"), FINITE, ids=lambda value: getattr(value, "name", ""))
def test_box_and_volume(shape: Shape, volume):
    box = np.array(shape.half)
    points = np.random.default_rng(1).uniform(-1, 1, (200_000, 3)) * box * 1.3
    inside = shape.distance(points) <= 0
    assert (np.abs(points[inside]) <= box + 1e-9).all()
    assert np.abs(points[inside]).max(axis=0) == pytest.approx(box, rel=0.12)
    measured = inside.mean() * np.prod(2 * box * 1.3)
    assert measured == pytest.approx(volume, rel=5 * np.sqrt((1 - inside.mean()) / inside.sum()))


@pytest.mark.parametrize(("shape", "volume"), FINITE, ids=lambda value: getattr(value, "name", ""))
def test_distance_is_one_unit_a_unit_near_the_face(shape, volume):
    points = np.random.default_rng(2).normal(size=(4000, 3)) * np.array(shape.half) / 1.5
    near = points[np.abs(shape.distance(points)) < 0.05]
    slopes = np.column_stack(
        [
            (shape.distance(near + step) - shape.distance(near - step)) / 2e-6
            for step in 1e-6 * np.eye(3)
        ]
    )
    assert len(near) > 5
    assert np.median(np.linalg.norm(slopes, axis=1)) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("at", [(1.0, 2.0, 9.5), (7.2, 0.5, 0.5), (3.0, 5.9, 3.0)])
def test_ellipsoid_against_a_search_of_the_nearest_point(at):
    radii, point = np.array([4.0, 6.0, 9.0]), np.array(at)

    def surface(angles):
        t, f = angles
        return radii * [np.sin(t) * np.cos(f), np.sin(t) * np.sin(f), np.cos(t)]

    starts = [(t, f) for t in (0.3, 1.0, 2.0) for f in (0.1, 1.0, 2.0)]
    best = min(
        float(minimize(lambda a: np.linalg.norm(surface(a) - point), start).fun) for start in starts
    )
    found = float(ellipsoid(radii).distance(point[None])[0])
    assert found <= best + 1e-6
    on_face = point / np.linalg.norm(point / radii)
    near = on_face * 1.005
    exact = min(
        float(minimize(lambda a: np.linalg.norm(surface(a) - near), start, tol=1e-12).fun)
        for start in starts
    )
    assert float(ellipsoid(radii).distance(near[None])[0]) == pytest.approx(exact, rel=0.02)


def test_ellipsoid_is_never_deeper_than_its_smallest_radius():
    found = ellipsoid((3.0, 1.0, 1.0)).distance(np.array([[0.0, 0, 0], [0.01, 0, 0], [2.0, 0, 0]]))
    assert found[:2] == pytest.approx([-1, -1])
    assert -1 <= found[2] < 0


def test_endless_ones_have_no_end():
    assert prism(4.0).half == (4, 4, np.inf)
    assert cylinder(4.0).half == (4, 4, np.inf)
    assert cylinder(4.0, axis=(1, 0, 0)).half == (np.inf, 4, 4)
    assert cylinder(4.0, axis=(1, 1, 0)).half == (np.inf, np.inf, 4)
    assert half_space((0, 0, 1), 3.0).half == (np.inf,) * 3
    far = np.array([[1.0, 1.0, 1e6], [5.0, 0.0, -1e6]])
    for shape in (prism(4.0), cylinder(4.0), parallelepiped(np.diag([8.0, 8, 3]), endless=True)):
        assert (shape.distance(far) <= 0).tolist() == [True, False]
        assert np.isfinite(shape.distance(far)).all()


def test_parallelepiped_ends_at_its_lattice_planes():
    edges = np.array([[12.0, 1.0, 0.5], [-2.0, 9.0, 0.0], [0.0, 1.5, 20.0]])
    fractions = np.random.default_rng(3).uniform(-0.6, 0.6, (5000, 3))
    inside = parallelepiped(edges).distance(fractions @ edges) <= 0
    assert (inside == (np.abs(fractions) <= 0.5).all(axis=1)).all()
    lengths = np.linalg.norm(np.linalg.inv(edges).T, axis=1)
    first = parallelepiped(edges).distance(np.array([0.5, 0, 0])[None] @ edges * 1.5)
    assert first == pytest.approx(0.25 / lengths[0])


def test_a_direction_of_no_length_is_refused():
    with pytest.raises(ValueError, match="no direction"):
        half_space((0, 0, 0), 1.0)
