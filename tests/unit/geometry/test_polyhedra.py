from __future__ import annotations

import itertools

import numpy as np
import pytest

from heterobuild.geometry.polyhedra import closes, cut_by_planes, polyhedron, scaled, solid

SIGNS = np.array(list(itertools.product((1.0, -1.0), repeat=3)))
AXES = np.vstack([np.eye(3), -np.eye(3)])
EDGES = np.array([v for v in itertools.product((-1.0, 0.0, 1.0), repeat=3) if np.abs(v).sum() == 2])


# Closed forms for the unit edge: cube 1, octahedron sqrt(2)/3, truncated octahedron 8 sqrt(2),
# rhombic dodecahedron 16 sqrt(3)/9, cuboctahedron 5 sqrt(2)/3.
SOLIDS = {
    "cube": (AXES, [0.5] * 6, 1.0, 6.0, 8),
    "octahedron": (SIGNS, [np.sqrt(6) / 6] * 8, np.sqrt(2) / 3, 2 * np.sqrt(3), 6),
    "truncated octahedron": (
        np.vstack([AXES, SIGNS]),
        [np.sqrt(2)] * 6 + [np.sqrt(6) / 2] * 8,
        8 * np.sqrt(2),
        6 + 12 * np.sqrt(3),
        24,
    ),
    "rhombic dodecahedron": (EDGES, [np.sqrt(6) / 3] * 12, 16 * np.sqrt(3) / 9, 8 * np.sqrt(2), 14),
    "cuboctahedron": (
        np.vstack([AXES, SIGNS]),
        [np.sqrt(2) / 2] * 6 + [np.sqrt(6) / 3] * 8,
        5 * np.sqrt(2) / 3,
        6 + 2 * np.sqrt(3),
        12,
    ),
}


@pytest.mark.parametrize("name", SOLIDS)
def test_closed_forms(name):
    normals, distances, volume, area, corners = SOLIDS[name]
    body = polyhedron(normals, np.array(distances))
    assert body.volume == pytest.approx(volume, rel=1e-9)
    assert body.areas.sum() == pytest.approx(area, rel=1e-9)
    assert len(body.vertices) == corners
    assert (body.areas > 0).all()


def test_areas_of_one_truncated_octahedron_by_face():
    normals, distances, *_ = SOLIDS["truncated octahedron"]
    areas = polyhedron(normals, np.array(distances)).areas
    assert areas[:6] == pytest.approx(np.ones(6))
    assert areas[6:] == pytest.approx(np.full(8, 1.5 * np.sqrt(3)))


def test_random_polyhedra_against_the_hull_of_their_corners():
    from scipy.spatial import ConvexHull

    rng = np.random.default_rng(4)
    for _ in range(20):
        normals = rng.normal(size=(14, 3))
        body = polyhedron(np.vstack([normals, AXES]), rng.uniform(8, 12, 20))
        hull = ConvexHull(body.vertices)
        assert body.volume == pytest.approx(hull.volume, rel=1e-9)
        assert body.areas.sum() == pytest.approx(hull.area, rel=1e-9)


def test_redundant_faces_have_no_area():
    cube = polyhedron(
        np.vstack([AXES, [[1, 1, 1], [1, 1, 0], [-1, 1, 1]]]), [5] * 6 + [20, 50**0.5, 9]
    )
    assert cube.areas[6:7] == 0  # beyond the corner
    assert cube.areas[7] == pytest.approx(0)  # touches an edge
    assert cube.areas[8] == 0
    assert cube.volume == pytest.approx(1000)
    twice = polyhedron(np.vstack([AXES, [[2, 0, 0]]]), np.full(7, 5.0))
    assert twice.areas.tolist() == pytest.approx([100] * 6 + [0])
    assert twice.volume == pytest.approx(1000)


def test_solid_agrees_with_its_planes():
    normals, distances, volume, *_ = SOLIDS["truncated octahedron"]
    body = scaled(polyhedron(normals, np.array(distances)), 5.0)
    assert body.volume == pytest.approx(125 * volume)
    shape = solid(body, name="form")
    points = np.random.default_rng(0).uniform(-1, 1, (100_000, 3)) * shape.half
    beyond = (points @ body.normals.T - body.distances).max(axis=1)
    assert shape.distance(points) == pytest.approx(beyond)
    assert (beyond <= 0).mean() * np.prod(2 * np.array(shape.half)) == pytest.approx(
        body.volume, rel=0.01
    )
    assert shape.distance(body.vertices) == pytest.approx(np.zeros(24), abs=1e-9)
    assert shape.half == pytest.approx([5 * np.sqrt(2)] * 3)


def test_open_faces_do_not_close():
    assert closes(AXES)
    assert closes(SIGNS[[0, 3, 5, 6]])
    assert not closes(AXES[:5])
    assert not closes(EDGES[np.abs(EDGES[:, 2]) == 0])
    with pytest.raises(ValueError, match="do not close"):
        polyhedron(AXES[:5], np.ones(5))
    with pytest.raises(ValueError, match="positive"):
        polyhedron(AXES, np.array([1, 1, 1, 1, 1, -1.0]))


def test_planes_that_leave_the_origin_outside():
    empty = cut_by_planes(AXES, np.full(6, -1.0), name="nothing", half=(1, 1, 1))
    assert (empty.distance(np.random.default_rng(0).normal(size=(50, 3))) > 0).all()
