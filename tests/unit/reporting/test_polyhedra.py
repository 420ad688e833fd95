"""Polyhedra against the closed forms of the octahedron and the square pyramid."""

from __future__ import annotations

import numpy as np
import pytest
from ase import Atoms

from heterobuild.labels import REGION, SITE
from heterobuild.reporting.polyhedra import find_polyhedra

ARMS = 3.0 * np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])


def cluster(arms, *far):
    positions = np.array([[0.0, 0.0, 0.0], *arms, *far])
    atoms = Atoms(["Pb"] + ["I"] * (len(positions) - 1), positions=positions)
    atoms.arrays[SITE] = np.array([2] + [3] * (len(positions) - 1))
    atoms.arrays[REGION] = np.full(len(positions), 4)
    return atoms, np.arange(len(positions)) == 0


def volume(faces):
    return np.abs(np.linalg.det(faces)).sum() / 6


def test_octahedron():
    polyhedra = find_polyhedra(*cluster(ARMS, [6.0, 0.0, 0.0]))
    assert polyhedra.faces.shape == (8, 3, 3)
    assert volume(polyhedra.faces) == pytest.approx(4 / 3 * 3.0**3)
    lengths = np.linalg.norm(polyhedra.edges[:, 0] - polyhedra.edges[:, 1], axis=1)
    assert lengths == pytest.approx([3.0 * np.sqrt(2)] * 12)
    assert polyhedra.corners.tolist() == [1, 2, 3, 4, 5, 6]
    assert set(polyhedra.face_region) == set(polyhedra.edge_region) == {4}


def test_square_pyramid_has_no_diagonal_in_its_base():
    polyhedra = find_polyhedra(*cluster(ARMS[:5]))
    assert len(polyhedra.edges) == 8


@pytest.mark.parametrize("count", [0, 3, 4])
def test_few_or_coplanar_neighbours_make_no_polyhedron(count):
    polyhedra = find_polyhedra(*cluster(ARMS[:count]))
    assert len(polyhedra.faces) == len(polyhedra.edges) == len(polyhedra.corners) == 0


def test_only_the_wanted_atoms_count():
    atoms, _ = cluster(ARMS)
    assert len(find_polyhedra(atoms, np.zeros(7, dtype=bool)).faces) == 0
