from __future__ import annotations

import numpy as np
from ase.build import molecule
from scipy.spatial.distance import pdist

from heterobuild.geometry.rigid import move_units, unit_centres
from heterobuild.geometry.strain import plane_rotation


def test_hydrogen_does_not_count_for_the_centre() -> None:
    numbers = np.array([6, 1, 7, 55])
    positions = np.array([[0.0, 0, 0], [9, 9, 9], [2, 0, 0], [5, 5, 5]])
    centres = unit_centres(positions, numbers, np.array([0, 0, 0, 1]))
    assert centres.tolist() == [[1, 0, 0], [5, 5, 5]]


def test_a_unit_of_hydrogen_only_has_its_plain_centre() -> None:
    centres = unit_centres(
        np.array([[0.0, 0, 0], [1, 0, 0]]), np.array([1, 1]), np.zeros(2, dtype=int)
    )
    assert centres.tolist() == [[0.5, 0, 0]]


def test_molecules_move_as_wholes_and_ions_follow_the_strain() -> None:
    body = molecule("H3CNH2")
    numbers = np.append(body.numbers, 35)
    positions = np.vstack([body.positions + [1, 2, 3], [4.0, 0, 1]])
    unit = np.append(np.zeros(len(body), dtype=int), 1)
    rotation = plane_rotation(25.0)
    deformation = np.diag([1.1, 0.9, 1.2]) @ rotation
    moved = move_units(positions, numbers, unit, deformation=deformation, rotation=rotation)
    assert np.allclose(pdist(moved[:-1]), pdist(body.positions))
    assert np.allclose(moved[-1], positions[-1] @ deformation)
    centres = [unit_centres(points, numbers, unit) for points in (positions, moved)]
    assert np.allclose(centres[1], centres[0] @ deformation)
