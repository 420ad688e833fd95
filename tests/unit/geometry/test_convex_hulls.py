from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.spatial import ConvexHull

from heterobuild.errors import HeterobuildError
from heterobuild.geometry.convex_hulls import SOLIDS, corners, hull_distance
from heterobuild.geometry.rotations import random_rotations

VOLUMES = {"cube": 8.0, "octahedron": 4 * np.sqrt(3.0), "rhombic-dodecahedron": 4 * np.sqrt(2.0)}


@pytest.mark.parametrize("solid", VOLUMES)
def test_solids_have_an_inscribed_ball_of_radius_one_and_their_volume(solid: str) -> None:
    hull = ConvexHull(corners(solid))
    assert np.allclose(hull.equations[:, 3], -1.0)
    assert hull.volume == pytest.approx(VOLUMES[solid])
    assert len(hull.vertices) == len(corners(solid))


def by_minimisation(first: np.ndarray, second: np.ndarray) -> float:
    """The distance by SLSQP over points that satisfy the faces of both hulls."""
    sides = [ConvexHull(points).equations for points in (first, second)]
    limits = [
        {
            "type": "ineq",
            "fun": lambda p, k=k, e=e: -(e[:, :3] @ p[3 * k : 3 * k + 3] + e[:, 3]),
        }
        for k, e in enumerate(sides)
    ]
    start = np.concatenate([first.mean(axis=0), second.mean(axis=0)])
    found = minimize(
        lambda p: float(np.sum((p[:3] - p[3:]) ** 2)), start, method="SLSQP",
        constraints=limits, options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    return float(np.sqrt(found.fun))


@pytest.mark.parametrize("seed", range(6))
def test_distances_agree_with_a_minimisation_over_the_faces(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turns = random_rotations(2, rng)
    solids = rng.choice(list(VOLUMES), 2)
    vector = 3.5 * turns[0][0] * rng.uniform(1.0, 3.0)
    first, second = corners(solids[0]) @ turns[0], 0.7 * corners(solids[1]) @ turns[1] + vector
    assert hull_distance(first, second) == pytest.approx(by_minimisation(first, second), abs=1e-4)


def test_size_and_place_do_not_matter() -> None:
    first, second = corners("cube"), corners("octahedron") + [3.0, 2.0, 4.0]
    there = np.array([7e4, -3e4, 2e4])
    expected = 50 * hull_distance(first, second)
    assert hull_distance(50 * first + there, 50 * second + there) == pytest.approx(expected)


def test_far_solids_and_single_points() -> None:
    assert hull_distance(corners("cube"), corners("cube") + [0, 0, 5e3]) == pytest.approx(4998.0)
    assert hull_distance(np.zeros((1, 3)), np.array([[3.0, 4.0, 0.0]])) == pytest.approx(5.0)


def test_solids_that_overlap_have_no_distance() -> None:
    for vector in ([0.0, 0.0, 0.0], [1.0, 0.5, 0.0], [2.0, 2.0, 2.0]):
        assert hull_distance(corners("cube"), corners("cube") + vector) == 0.0


def test_unknown_solids_are_refused() -> None:
    assert "sphere" in SOLIDS
    with pytest.raises(HeterobuildError, match="unknown solid"):
        corners("cone")
