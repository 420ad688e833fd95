import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.chemistry.elasticity import cubic_stiffness
from heterobuild.relaxation.cubic_lattice import cubic_lattice, cut_lattice
from heterobuild.relaxation.local_strain import local_strain
from heterobuild.relaxation.relaxing import Relaxed
from heterobuild.relaxation.spring_constants import fit_constants
from heterobuild.relaxation.springs import build_network

EDGE = 6.0
STRETCH = np.eye(3) + np.array([[0.02, 0.004, 0], [0.004, -0.01, -0.003], [0, -0.003, 0.015]])
VOIGT = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]


def network(lattice, stretch):
    return build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=[fit_constants(cubic_stiffness(30, 9, 4), EDGE)],
        phase=np.zeros(len(lattice.positions), int),
        stretch=np.full(len(lattice.positions), stretch),
    )


def relaxed(positions, displacements, strain):
    return Relaxed(
        positions=positions + positions @ strain + displacements,
        displacements=displacements,
        strain=strain,
        energy_before=0.0,
        energy_after=0.0,
        history=np.zeros(1),
        descent=(),
        iterations=0,
        residual=0.0,
    )


def components(matrix):
    return [matrix[p, q] for p, q in VOIGT]


def test_a_homogeneous_deformation_is_found_and_a_rotation_is_not_strain():
    block = cubic_lattice((3, 3, 3), EDGE)
    lattice = cut_lattice(block, np.random.default_rng(2).random(135) < 0.95)
    turn = Rotation.from_rotvec([0.3, -0.2, 0.5]).as_matrix()
    moves = lattice.positions @ (STRETCH @ turn) - lattice.positions
    springs, octahedra = network(lattice, 0.03)
    found = local_strain(springs, octahedra, relaxed(lattice.positions, moves, np.zeros((3, 3))))
    known = ~np.isnan(found.tensor[:, 0])
    assert known.mean() > 0.9
    expected = STRETCH / 1.03 - np.eye(3)
    assert found.tensor[known] == pytest.approx(
        np.tile(components(expected), (known.sum(), 1)), abs=1e-12
    )
    assert found.volumetric[known] == pytest.approx(np.linalg.det(STRETCH) / 1.03**3 - 1)


def test_the_strain_of_the_cell_counts():
    lattice = cubic_lattice((2, 2, 2), EDGE)
    springs, octahedra = network(lattice, 0.0)
    none = np.zeros_like(lattice.positions)
    found = local_strain(springs, octahedra, relaxed(lattice.positions, none, STRETCH - np.eye(3)))
    assert found.tensor == pytest.approx(
        np.tile(components(STRETCH - np.eye(3)), (40, 1)), abs=1e-12
    )


def test_sites_have_the_mean_of_the_octahedra_around_them():
    lattice = cubic_lattice((3, 3, 3), EDGE)
    springs, octahedra = network(lattice, 0.0)
    moves = np.random.default_rng(1).normal(scale=0.02, size=lattice.positions.shape)
    found = local_strain(springs, octahedra, relaxed(lattice.positions, moves, np.zeros((3, 3))))
    for site in (7, 33, 64, 121):
        if site % 5 == 1:
            near = lattice.cavity_bonds[1][lattice.cavity_bonds[0] == site]
            expected = found.tensor[near].mean(axis=0)
        else:
            around = (lattice.corners == site).any(axis=1)
            expected = found.octahedra[around].mean(axis=0)
            assert around.sum() == 2
        assert found.tensor[site] == pytest.approx(expected)
    assert found.tensor[lattice.centres] == pytest.approx(found.octahedra)


def test_corners_in_a_plane_say_nothing():
    block = cubic_lattice((3, 3, 3), EDGE)
    octahedron = 13
    kept = np.zeros(135, bool)
    kept[[block.centres[octahedron], *block.corners[octahedron, :4]]] = True
    lattice = cut_lattice(block, kept)
    springs, octahedra = network(lattice, 0.0)
    none = np.zeros_like(lattice.positions)
    found = local_strain(springs, octahedra, relaxed(lattice.positions, none, np.zeros((3, 3))))
    assert np.isnan(found.tensor).all()
    assert np.isnan(found.volumetric).all()
