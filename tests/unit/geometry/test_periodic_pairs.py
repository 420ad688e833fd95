from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from ase import Atoms
from ase.neighborlist import neighbor_list

from heterobuild.geometry.periodic_pairs import face_heights, near_pairs, wall_gaps

CELLS = {
    "cube": 10.0 * np.eye(3),
    "skew": np.array([[9.0, 0.0, 0.0], [8.0, 5.0, 0.0], [-7.0, 6.0, 8.0]]),
    "very skew": np.array([[6.0, 0.0, 0.0], [31.0, 7.0, 0.0], [-25.0, 40.0, 9.0]]),
}
PBC = list(product((True, False), repeat=3))


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("pbc", PBC)
def test_pairs_are_those_of_the_neighbour_list_of_ase(name: str, pbc: tuple) -> None:
    cell = CELLS[name]
    points = np.random.default_rng(3).uniform(-0.5, 1.5, (9, 3)) @ cell
    atoms = Atoms("H9", positions=points, cell=cell, pbc=pbc)
    i, j, d = neighbor_list("ijd", atoms, 7.5)
    first, second, vectors = near_pairs(points, cell, pbc, 7.5)
    lengths = np.linalg.norm(vectors, axis=1)
    half = i <= j
    expected = sorted(zip(i[half].tolist(), j[half].tolist(), d[half].round(6), strict=True))
    assert sorted(zip(first.tolist(), second.tolist(), lengths.round(6), strict=True)) == expected
    steps = (points[first] + vectors - points[second]) @ np.linalg.inv(cell)
    assert np.allclose(steps, np.rint(steps))
    assert np.allclose(steps[:, ~np.array(pbc)], 0.0)


def test_coincident_points_are_near() -> None:
    first, second, vectors = near_pairs(np.ones((2, 3)), 9 * np.eye(3), (True,) * 3, 1.0)
    assert (first.tolist(), second.tolist(), vectors.tolist()) == ([0], [1], [[0.0, 0.0, 0.0]])


def test_second_points_are_seen_with_all_their_images() -> None:
    cell = CELLS["skew"]
    rng = np.random.default_rng(5)
    here, there = rng.random((4, 3)) @ cell, rng.random((3, 3)) @ cell
    first, second, vectors = near_pairs(here, cell, (True,) * 3, 9.0, there)
    steps = np.array(list(product(range(-6, 7), repeat=3))) @ cell
    spans = there[None, :, None] + steps - here[:, None, None]
    brute = np.linalg.norm(spans, axis=-1)
    i, j, _ = np.nonzero(brute <= 9.0)
    assert sorted(zip(first, second, strict=True)) == sorted(zip(i, j, strict=True))
    expected = np.sort(brute[brute <= 9.0])
    assert np.allclose(np.sort(np.linalg.norm(vectors, axis=1)), expected)


def test_heights_are_volume_over_area() -> None:
    cell = CELLS["skew"]
    areas = [np.linalg.norm(np.cross(cell[(i + 1) % 3], cell[(i + 2) % 3])) for i in range(3)]
    assert np.allclose(face_heights(cell), abs(np.linalg.det(cell)) / areas)


def test_gaps_are_sorted_and_count_from_wall_to_wall() -> None:
    points = np.array([[0.0, 0.0, 0.0], [5.0, 0.0, 0.0], [0.0, 9.0, 0.0]])
    first, second, gaps = wall_gaps(
        points, np.array([2.0, 1.0, 0.5]), 40 * np.eye(3), (False,) * 3, 100.0
    )
    assert list(zip(first, second, strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert np.allclose(gaps, [2.0, 6.5, np.sqrt(106) - 1.5])
    assert not len(wall_gaps(np.empty((0, 3)), np.empty(0), np.eye(3), (True,) * 3, 1.0)[0])
