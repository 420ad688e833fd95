import numpy as np
import pytest

from heterobuild.coherent.mixtures_fields import Morphology, make_balls
from heterobuild.geometry.tessellation_bodies import grain_bodies
from heterobuild.geometry.tessellations import Tessellation, sampling_points, spread_seeds
from heterobuild.incoherent.grains_contacts import UNSURE
from heterobuild.incoherent.grains_curved import (
    cut_grains,
    field_values,
    inclusions_in,
    level_sets,
)

CELL = np.diag([80.0, 70.0, 90.0])
POINTS = np.random.default_rng(1).random((3000, 3)) @ CELL


def morphology(kind, count=5):
    return Morphology(kind=kind, length=20.0, spectrum="smooth", count=count, spread=None)


def about(place, points):
    """Return the images of points that are nearest to a place."""
    away = points - place.centre
    return away - np.rint(away @ np.linalg.inv(CELL)) @ CELL


def test_levels_have_the_wanted_shares():
    values, grid = field_values(morphology("bicontinuous"), CELL, [0.2, 0.3, 0.5], 1)
    _, walls, codes = level_sets(values, grid, CELL, [0.2, 0.3, 0.5])
    shares = np.bincount(codes.ravel(), minlength=4)[1:] / codes.size
    assert shares == pytest.approx([0.2, 0.3, 0.5], abs=1e-3)
    assert ((walls[0] <= 0) == (codes == 1)).all()


def test_cut_grains_fill_the_cell_once():
    """Every point is inside one grain of its own phase, but for those on the grid's error."""
    values, grid = field_values(morphology("bicontinuous"), CELL, [0.4, 0.6], 1)
    _, walls, codes = level_sets(values, grid, CELL, [0.4, 0.6])
    seeds = spread_seeds(6, CELL, np.random.default_rng(1))
    bodies = grain_bodies(
        Tessellation(cell=CELL, seeds=seeds, weights=np.zeros(6)), sampling_points(CELL, 4000)
    )
    found = cut_grains(bodies, walls, codes, CELL, 2)
    assert [place.phase for place in found.places] == [0, 1] * 6
    assert found.places[4].beside == {5: 1.0}
    steps = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3) @ CELL
    inside = np.zeros(len(POINTS))
    for place in found.places:
        for step in steps:
            inside += place.depth(about(place, POINTS) + step) > 0
    assert np.bincount(inside.astype(int))[1] > 0.97 * len(POINTS)


def test_inclusions_against_the_distances_of_balls():
    options = morphology("inclusions", 3)
    shares = [0.15, 0.85]
    values, grid = field_values(options, CELL, shares, 2)
    balls = make_balls(options, CELL, shares, seed=2)
    levels, walls, codes = level_sets(values, grid, CELL, shares)
    found = inclusions_in(balls, levels, walls, codes, CELL)
    assert [place.endless for place in found.places] == [False] * 3 + [True]
    radius = balls.radii[0] + levels[0]
    assert 3 * 4 / 3 * np.pi * radius**3 == pytest.approx(0.15 * np.linalg.det(CELL), rel=0.03)
    least = np.full(len(POINTS), np.inf)
    for place in found.places[:3]:
        away = np.linalg.norm(about(place, POINTS), axis=1) - radius
        near = np.abs(away) < 3
        assert place.depth(about(place, POINTS))[near] == pytest.approx(-away[near], abs=1e-9)
        least = np.minimum(least, away)
    off = np.abs(found.places[3].depth(POINTS) - least)
    assert off[np.abs(least) < 5].max() < UNSURE
