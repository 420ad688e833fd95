"""Distances, areas and connection of maps against closed forms and brute force."""

import numpy as np
import pytest

from heterobuild.geometry.phase_maps import (
    connected_share,
    level_of,
    signed_distance,
    wall_areas,
)

COUNT, STEP = 40, 5.0


def from_centre(centre):
    line = np.arange(COUNT) * STEP
    points = np.stack(np.meshgrid(line, line, line, indexing="ij"), axis=-1)
    away = points - centre
    away -= np.rint(away / (COUNT * STEP)) * COUNT * STEP
    return np.linalg.norm(away, axis=-1)


@pytest.mark.parametrize("radius", [30.0, 70.0])
def test_distance_from_a_sphere(radius):
    """Exact to second order; across the boundary too; from any function with the same zero."""
    away = from_centre(np.array([3.0, 190.0, 101.0]))
    found = signed_distance(away**2 - radius**2, STEP * np.eye(3))
    near = np.abs(away - radius) < 3 * STEP
    assert np.abs(found - (away - radius))[near].max() < 0.6 * STEP**2 / radius
    assert np.abs(found - (away - radius))[away < 100].max() < 1.5
    assert ((found <= 0) == (away <= radius)).all()


def test_distance_from_planes_of_a_skew_cell():
    steps = np.array([[6.0, 0, 0], [1.5, 6.2, 0], [-1, 2, 5.5]])
    rows = np.abs(np.arange(24) - 12) - 5.3
    field = rows[:, None, None] * np.ones((24, 24, 24))
    height = 1 / np.linalg.norm(np.linalg.inv(steps)[:, 0])
    assert signed_distance(field, steps) == pytest.approx(field * height, abs=1e-4)


def test_distance_without_a_wall():
    assert (signed_distance(np.full((4, 4, 4), -1.0), np.eye(3)) == -np.inf).all()


@pytest.mark.parametrize("radius", [40.0, 80.0])
def test_area_of_a_sphere(radius):
    codes = np.where(from_centre(np.full(3, 97.0)) <= radius, 1, 2)
    areas = wall_areas(codes, COUNT * STEP * np.eye(3))
    assert list(areas) == [(1, 2)]
    assert areas[1, 2] == pytest.approx(4 * np.pi * radius**2, rel=0.02)


def test_areas_of_three_phases():
    """A slab of each: three walls of one cross section, in a cell that is not cubic."""
    codes = np.repeat([1, 2, 3], 20)[:, None, None] * np.ones((60, 30, 90), dtype=int)
    areas = wall_areas(codes, np.diag([120.0, 60.0, 180.0]))
    assert set(areas) == {(1, 2), (1, 3), (2, 3)}
    for area in areas.values():
        assert area == pytest.approx(60 * 180, rel=0.1)


def test_level_takes_the_wanted_number():
    values = np.random.default_rng(1).random(1000)
    for count in (1, 137, 999):
        assert (values <= level_of(values, count)).sum() == count
    assert level_of(values, 0) == -np.inf
    assert level_of(values, 1000) == np.inf


def test_connection_against_a_flood_fill():
    inside = np.random.default_rng(4).random((9, 8, 7)) < 0.35
    left, largest = set(map(tuple, np.argwhere(inside).tolist())), 0
    while left:
        edge, size = [left.pop()], 0
        while edge:
            place = edge.pop()
            size += 1
            for axis in range(3):
                for step in (-1, 1):
                    near = list(place)
                    near[axis] = (near[axis] + step) % inside.shape[axis]
                    if tuple(near) in left:
                        left.remove(tuple(near))
                        edge.append(tuple(near))
        largest = max(largest, size)
    assert connected_share(inside) == pytest.approx(largest / inside.sum())
    assert connected_share(np.zeros((3, 3, 3), dtype=bool)) == 0
