"""The elastic estimate of small clusters, whatever their form, springs and misfit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from heterobuild.chemistry.elasticity import cubic_stiffness
from heterobuild.relaxation.cubic_lattice import cubic_lattice, cut_lattice
from heterobuild.relaxation.relaxing import relax
from heterobuild.relaxation.spring_constants import fit_constants
from heterobuild.relaxation.springs import build_network

EDGE = 6.0
BLOCK = cubic_lattice((3, 3, 3), EDGE)
SOLIDS = ((42, 7, 4), (21.8, 11.3, 7.3), (20, 2, 6))
PHASES = [fit_constants(cubic_stiffness(*entry), EDGE) for entry in SOLIDS]

clusters = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.6, 1.0), st.floats(-0.05, 0.05))


def cluster(seed, share, misfit):
    """Return positions and network of a block with sites missing and phases at random."""
    rng = np.random.default_rng(seed)
    lattice = cut_lattice(BLOCK, rng.random(135) < share)
    n = len(lattice.positions)
    phase = rng.integers(len(PHASES), size=n)
    springs, octahedra = build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=PHASES,
        phase=phase,
        stretch=misfit * phase,
    )
    return lattice.positions, springs, octahedra


@settings(max_examples=15, deadline=None)
@given(clusters, st.integers(0, 1000))
def test_a_turned_cluster_relaxes_as_the_cluster_does(drawn, seed):
    positions, springs, octahedra = cluster(*drawn)
    turn = Rotation.random(random_state=seed).as_matrix()
    plain = relax(positions, springs, octahedra, tolerance=1e-10)
    turned = relax(
        positions @ turn + [10.0, -20.0, 5.0],
        replace(springs, vector=springs.vector @ turn),
        replace(octahedra, arms=octahedra.arms @ turn),
        tolerance=1e-10,
    )
    size = 1e-6 * max(abs(plain.displacements).max(), 1e-6)
    assert turned.displacements == pytest.approx(plain.displacements @ turn, abs=size)
    assert turned.energy_after == pytest.approx(plain.energy_after, rel=1e-6, abs=1e-15)


@settings(max_examples=15, deadline=None)
@given(clusters)
def test_energy_falls_and_forces_vanish(drawn):
    positions, springs, octahedra = cluster(*drawn)
    found = relax(positions, springs, octahedra, tolerance=1e-9, rounds=3)
    assert (np.diff(found.history) <= 0).all()
    assert found.energy_after >= 0
    assert found.residual <= 1e-7
    lengths = np.linalg.norm(springs.vector, axis=1)
    forces = springs.stiffness * springs.stretch * lengths
    assert found.residual <= 1e-6 * max(abs(forces).max(), 1e-6)


@settings(max_examples=10, deadline=None)
@given(clusters, st.floats(0.1, 10))
def test_stiffer_springs_move_no_site_further(drawn, factor):
    positions, springs, octahedra = cluster(*drawn)
    plain = relax(positions, springs, octahedra, tolerance=1e-10)
    other = relax(
        positions,
        replace(springs, stiffness=factor * springs.stiffness),
        replace(octahedra, stiffness=factor * octahedra.stiffness),
        tolerance=1e-10,
    )
    size = 1e-6 * max(abs(plain.displacements).max(), 1e-6)
    assert other.displacements == pytest.approx(plain.displacements, abs=size)
    assert other.energy_after == pytest.approx(factor * plain.energy_after, rel=1e-6, abs=1e-15)


@settings(max_examples=10, deadline=None)
@given(clusters, st.integers(0, 1000))
def test_the_order_of_the_springs_does_not_matter(drawn, seed):
    positions, springs, octahedra = cluster(*drawn)
    order = np.random.default_rng(seed).permutation(len(springs.i))
    shuffled = replace(
        springs,
        **{
            name: getattr(springs, name)[order]
            for name in ("i", "j", "vector", "stiffness", "stretch")
        },
    )
    plain = relax(positions, springs, octahedra, tolerance=1e-10)
    other = relax(positions, shuffled, octahedra, tolerance=1e-10)
    size = 1e-6 * max(abs(plain.displacements).max(), 1e-6)
    assert other.displacements == pytest.approx(plain.displacements, abs=size)


@settings(max_examples=10, deadline=None)
@given(clusters)
def test_a_cluster_of_one_size_swells_without_energy(drawn):
    positions, springs, octahedra = cluster(*drawn)
    even = replace(springs, stretch=np.full_like(springs.stretch, drawn[2]))
    swollen = replace(octahedra, stretch=np.full_like(octahedra.stretch, drawn[2]))
    found = relax(positions, even, swollen, tolerance=1e-11)
    # Lengths of some Å are rounded at 1e-15 Å: with springs of eV/Å² that is 1e-27 eV.
    assert abs(found.descent[0][-1]) <= 1e-12 * found.energy_before + 1e-26


@pytest.mark.parametrize("misfit", [0.05, -0.03])
def test_a_cube_of_whole_octahedra_keeps_its_form(misfit):
    block = cubic_lattice((5, 5, 5), EDGE)
    cells = block.positions / EDGE
    whole = ((cells > 0.9) & (cells < 3.1)).all(axis=1)[block.centres]
    kept = np.zeros(len(cells), bool)
    kept[block.centres[whole]] = True
    kept[block.corners[whole]] = True
    kept[1::5] = ((cells > 0.4) & (cells < 3.6)).all(axis=1)[1::5]
    lattice = cut_lattice(block, kept)
    n = len(lattice.positions)
    assert (lattice.corners >= 0).all()
    assert n == 27 + 64 + 108
    springs, octahedra = build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=PHASES,
        phase=np.zeros(n, int),
        stretch=np.full(n, misfit),
    )
    found = relax(lattice.positions, springs, octahedra, tolerance=1e-11)
    assert found.energy_after <= 1e-18 * found.energy_before
    expected = (lattice.positions - lattice.positions.mean(axis=0)) * misfit
    assert found.displacements == pytest.approx(expected, abs=1e-9)
