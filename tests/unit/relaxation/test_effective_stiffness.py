from dataclasses import replace

import numpy as np
import pytest

from heterobuild.chemistry.elasticity import cubic_stiffness
from heterobuild.relaxation.cubic_lattice import cubic_lattice
from heterobuild.relaxation.effective_stiffness import effective_stiffness
from heterobuild.relaxation.spring_constants import fit_constants
from heterobuild.relaxation.springs import build_network

EDGE = 6.0


@pytest.fixture
def network():
    lattice = cubic_lattice((2, 2, 2), EDGE)
    return build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=[fit_constants(cubic_stiffness(30, 9, 4), EDGE)],
        phase=np.zeros(40, int),
        stretch=np.full(40, 0.02),
    )


def test_springs_alone_obey_the_relation_of_cauchy(network):
    springs, octahedra = network
    without = replace(octahedra, stiffness=np.zeros(8))
    found = effective_stiffness(springs, without, sites=40, volume=8 * EDGE**3)
    assert found == pytest.approx(cubic_stiffness(25, 4, 4), abs=1e-9)


def test_the_volume_and_not_the_natural_length_counts(network):
    springs, octahedra = network
    found = effective_stiffness(springs, octahedra, sites=40, volume=4 * EDGE**3)
    assert found == pytest.approx(2 * cubic_stiffness(30, 9, 4), abs=1e-9)


def test_sites_follow_the_strain(network):
    springs, octahedra = network
    stiffness = springs.stiffness * np.random.default_rng(3).uniform(0.3, 1.7, len(springs.i))
    uneven = replace(springs, stiffness=stiffness)
    found = effective_stiffness(uneven, octahedra, sites=40, volume=8 * EDGE**3)
    affine = np.zeros((6, 6))
    rows = [
        springs.vector[:, p] * springs.vector[:, q]
        for p, q in ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
    ]
    rows = np.array(rows) / np.linalg.norm(springs.vector, axis=1)
    affine = (rows * stiffness) @ rows.T / (8 * EDGE**3) * 160.21766208
    breathing = np.zeros((6, 6))
    breathing[:3, :3] = 9 - 4
    assert np.linalg.eigvalsh(affine + breathing - found).min() > -1e-9
    assert np.linalg.eigvalsh(affine + breathing - found).max() > 0.1
    assert np.linalg.eigvalsh(found).min() > 0
