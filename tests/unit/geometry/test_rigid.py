from __future__ import annotations

import numpy as np
from ase.build import molecule
from scipy.spatial.distance import pdist

from heterobuild.geometry.rigid import cells_away, move_units, unit_centres
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


def test_units_go_into_the_cell_as_wholes_and_by_lattice_vectors():
    rng = np.random.default_rng(3)
    cell = np.array([[7.0, 0.0, 0.0], [2.0, 6.0, 0.0], [1.0, 1.0, 9.0]])
    unit = np.repeat(np.arange(40), 3)
    positions = rng.uniform(-30, 30, (40, 3))[unit] + rng.normal(scale=0.5, size=(120, 3))
    numbers = np.full(120, 6)
    away = cells_away(positions, numbers, unit, cell=cell, pbc=(True, True, False))
    steps = away @ np.linalg.inv(cell)
    assert np.abs(steps - np.rint(steps)).max() < 1e-9
    assert np.abs(steps[:, 2]).max() < 1e-9  # not along the direction without a period
    assert np.ptp(away.reshape(40, 3, 3), axis=1).max() == 0
    fractions = unit_centres(positions - away, numbers, unit) @ np.linalg.inv(cell)
    assert fractions[:, :2].min() > -1e-8
    assert fractions[:, :2].max() < 1
