import numpy as np
import pytest

from heterobuild.geometry.tessellation_bodies import grain_bodies
from heterobuild.geometry.tessellations import (
    Tessellation,
    least_powers,
    sampling_points,
    spread_seeds,
)
from heterobuild.incoherent.grains_places import (
    FINE,
    depth_in,
    fine_grid,
    grid_points,
    polyhedral_grains,
)

CELL = np.diag([60.0, 50.0, 70.0])


def grains(count=12):
    rng = np.random.default_rng(2)
    return Tessellation(
        cell=CELL, seeds=spread_seeds(count, CELL, rng), weights=20 * rng.random(count)
    )


def test_depth_is_half_the_difference_of_powers_over_the_distance_of_seeds():
    """Brute force over all images of all other seeds."""
    cells = grains()
    bodies = grain_bodies(cells, sampling_points(CELL, 6000))
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3) @ CELL
    local = 4 * np.random.default_rng(1).standard_normal((50, 3))
    for k, body in enumerate(bodies):
        images = (cells.seeds[:, None] + steps - cells.seeds[k]).reshape(-1, 3)
        weights = np.repeat(cells.weights, len(steps))
        other = np.linalg.norm(images, axis=1) > 1e-9
        images, weights = images[other], weights[other]
        square = ((local[:, None] - images) ** 2).sum(axis=2) - weights
        own = (local**2).sum(axis=1) - cells.weights[k]
        expected = (square - own[:, None]) / (2 * np.linalg.norm(images, axis=1))
        assert depth_in(body)(local) == pytest.approx(expected.min(axis=1), abs=1e-6)


def test_map_of_grains():
    cells = grains()
    phase = np.arange(12) % 3
    found = polyhedral_grains(cells, phase, CELL, sampling_points(CELL, 6000))
    assert [place.phase for place in found.places] == phase.tolist()
    points = grid_points(found.codes.shape, CELL)
    assert (found.codes.ravel() == phase[least_powers(cells, points)[0]] + 1).all()
    areas = np.zeros((12, 12))
    for k, place in enumerate(found.places):
        for other, area in place.beside.items():
            areas[k, other] = area
        assert place.depth(np.zeros((1, 3)))[0] > 0
        # The corners lie on the walls.
        assert place.depth(place.corners) == pytest.approx(np.zeros(len(place.corners)), abs=1e-6)
    assert areas == pytest.approx(areas.T, abs=1e-5)


def test_grid():
    shape = fine_grid(CELL, 10)
    assert (CELL.diagonal() / shape <= FINE + 1e-9).all()
    points = grid_points((2, 1, 2), CELL)
    assert points.tolist() == [[0, 0, 0], [0, 0, 35], [30, 0, 0], [30, 0, 35]]
