from dataclasses import replace

import numpy as np
import pytest

from heterobuild.chemistry.elasticity import VOIGT, cubic_stiffness
from heterobuild.relaxation.cubic_lattice import cubic_lattice, cut_lattice
from heterobuild.relaxation.elongations import (
    lacking_lengths,
    linearise,
    measure_bonds,
    row_stiffness,
)
from heterobuild.relaxation.spring_constants import fit_constants
from heterobuild.relaxation.springs import build_network

EDGE = 6.0


@pytest.fixture
def piece():
    block = cubic_lattice((3, 3, 3), EDGE)
    lattice = cut_lattice(block, np.random.default_rng(1).random(135) < 0.9)
    n = len(lattice.positions)
    springs, octahedra = build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=[fit_constants(cubic_stiffness(20, 3, 5), EDGE)],
        phase=np.zeros(n, int),
        stretch=np.random.default_rng(2).normal(scale=0.02, size=n),
    )
    return n, springs, octahedra


def test_the_linear_map_is_the_derivative_of_the_lengths(piece):
    n, springs, octahedra = piece
    rng = np.random.default_rng(4)
    moved, strain = rng.normal(scale=0.1, size=(n, 3)), np.diag([0.01, -0.02, 0.03])
    step, components = rng.normal(size=(n, 3)), rng.normal(size=6)
    change = np.zeros((3, 3))
    for value, (p, q) in zip(components, VOIGT, strict=True):
        change[p, q] = change[q, p] = value if p == q else value / 2
    lengths = measure_bonds(springs, octahedra, moved, strain)
    rows = linearise(springs, octahedra, lengths, sites=n, components=tuple(range(6)))
    small = 1e-6
    lacking = [
        lacking_lengths(
            springs,
            octahedra,
            measure_bonds(springs, octahedra, moved + h * step, strain + h * change),
        )
        for h in (-small, small)
    ]
    slope = (lacking[0] - lacking[1]) / (2 * small)
    assert rows.map @ step.ravel() + rows.strain_map @ components == pytest.approx(slope, abs=1e-7)
    assert rows.lacking == pytest.approx((lacking[0] + lacking[1]) / 2, abs=1e-9)


def test_blocks_are_those_of_the_matrix(piece):
    n, springs, octahedra = piece
    lengths = measure_bonds(springs, octahedra, np.zeros((n, 3)), np.zeros((3, 3)))
    rows = linearise(springs, octahedra, lengths, sites=n)
    dense = rows.map.toarray()
    matrix = dense.T @ (rows.stiffness[:, None] * dense)
    own = matrix.reshape(n, 3, n, 3)[np.arange(n), :, np.arange(n)]
    assert rows.blocks == pytest.approx(own)


def test_a_negative_breathing_term_acts_on_whole_octahedra_only(piece):
    _, springs, octahedra = piece
    whole = (octahedra.corners >= 0).all(axis=1)
    assert (octahedra.stiffness < 0).all()
    assert 0 < whole.sum() < len(whole)
    terms = row_stiffness(springs, octahedra)[len(springs.i) :]
    assert ((terms < 0) == whole).all()
    positive = replace(octahedra, stiffness=-octahedra.stiffness)
    assert (row_stiffness(springs, positive)[len(springs.i) :] > 0).all()
