import numpy as np
import pytest

from heterobuild.chemistry.elasticity import cubic_stiffness
from heterobuild.relaxation.cubic_lattice import cubic_lattice, cut_lattice
from heterobuild.relaxation.spring_constants import fit_constants
from heterobuild.relaxation.springs import build_network

EDGE = 6.0
SOFT = fit_constants(cubic_stiffness(20, 5, 4), EDGE)
HARD = fit_constants(cubic_stiffness(42, 7, 4), EDGE)


def network(lattice, phase, stretch):
    return build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=[SOFT, HARD],
        phase=phase,
        stretch=stretch,
    )


def test_each_cell_has_thirty_springs():
    lattice = cubic_lattice((3, 3, 3), EDGE)
    springs, octahedra = network(lattice, np.zeros(135, int), np.zeros(135))
    lengths = np.linalg.norm(springs.vector, axis=1)
    assert len(octahedra.centre) == 27
    assert np.bincount((lengths > 0.6 * EDGE).astype(int)).tolist() == [27 * 6, 27 * 24]
    assert set(springs.stiffness) == {SOFT.bond, SOFT.edge, SOFT.cavity}
    assert springs.i.dtype == springs.j.dtype == np.int32
    built = lattice.positions[springs.j] - lattice.positions[springs.i] - springs.vector
    assert (built / (3 * EDGE)).round(9) % 1 == pytest.approx(0)


def test_a_bond_has_the_mean_of_its_ends():
    lattice = cubic_lattice((3, 3, 3), EDGE)
    rng = np.random.default_rng(5)
    phase, stretch = rng.integers(2, size=135), rng.normal(size=135)
    springs, octahedra = network(lattice, phase, stretch)
    assert springs.stretch == pytest.approx((stretch[springs.i] + stretch[springs.j]) / 2)
    bonds = np.array([SOFT.bond, HARD.bond])[phase]
    assert springs.stiffness[: 27 * 6] == pytest.approx(
        (bonds[springs.i[: 27 * 6]] + bonds[springs.j[: 27 * 6]]) / 2
    )
    corners = stretch[lattice.corners].mean(axis=1)
    assert octahedra.stretch == pytest.approx((stretch[lattice.centres] + corners) / 2)


def test_edges_of_octahedra_that_lack_corners():
    lattice = cubic_lattice((2, 2, 2), EDGE)
    one = np.isin(np.arange(40), [lattice.centres[0], *lattice.corners[0]])
    piece = cut_lattice(lattice, one)
    assert (piece.corners >= 0).sum() == 3
    springs, octahedra = network(piece, np.zeros(4, int), np.zeros(4))
    assert len(springs.i) == 3 + 3
    assert octahedra.stiffness == pytest.approx([SOFT.breathing])
