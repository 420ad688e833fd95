"""Polyhedra of grains: they fill the cell, and their faces are those of the k-d tree."""

import numpy as np
import pytest

from heterobuild.geometry.tessellation_bodies import grain_bodies
from heterobuild.geometry.tessellations import (
    Tessellation,
    least_powers,
    sampling_points,
    spread_seeds,
)

CELL = np.array([[50.0, 0, 0], [8, 55, 0], [-9, 12, 48]])


def bodies_of(count, spread, seed=0):
    rng = np.random.default_rng(seed)
    grains = Tessellation(
        cell=CELL, seeds=spread_seeds(count, CELL, rng), weights=spread * rng.random(count)
    )
    return grains, grain_bodies(grains, sampling_points(CELL, 800 * count))


@pytest.mark.parametrize(("count", "spread"), [(1, 0), (2, 0), (5, 100), (60, 0), (60, 40)])
def test_volumes_fill_the_cell(count, spread):
    _, bodies = bodies_of(count, spread)
    volume = sum(body.body.volume for body in bodies if body is not None)
    assert volume == pytest.approx(np.linalg.det(CELL), rel=1e-9)


def test_random_voronoi_cells_have_between_14_and_16_faces():
    """2 + 48 π²/35 = 15.54 of a Poisson process (Meijering 1953); fewer where seeds keep apart."""
    _, bodies = bodies_of(150, 0)
    assert 14.0 < np.mean([len(body.beside) for body in bodies]) < 15.8


def test_faces_are_shared():
    """Each wall is counted from both sides with one area."""
    _, bodies = bodies_of(40, 30)
    areas = np.zeros((40, 40))
    for k, body in enumerate(bodies):
        np.add.at(areas[k], body.beside, body.body.areas)
    assert areas == pytest.approx(areas.T, abs=1e-5)


def test_points_are_inside_the_polyhedron_of_their_owner():
    grains, bodies = bodies_of(30, 50)
    points = np.random.default_rng(8).random((2000, 3)) @ CELL
    owner, _, away = least_powers(grains, points)
    for k, body in enumerate(bodies):
        local = away[owner == k] + body.seed - body.centre
        depth = body.body.distances - local @ body.body.normals.T
        assert (depth > -1e-6).all()


def test_grains_without_points_have_no_body():
    grains = Tessellation(
        cell=CELL, seeds=np.array([[10.0, 10, 10], [12.0, 10, 10]]), weights=np.array([900.0, 0])
    )
    assert grain_bodies(grains, sampling_points(CELL, 2000))[1] is None
