from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from heterobuild.chemistry.elasticity import cubic_stiffness
from heterobuild.errors import UsageError
from heterobuild.relaxation.cubic_lattice import cubic_lattice, cut_lattice
from heterobuild.relaxation.relaxing import relax
from heterobuild.relaxation.spring_constants import fit_constants
from heterobuild.relaxation.springs import build_network

EDGE = 6.0
BULK, INTO_PLANE = (True, True, True), (True, True, False)


def network(lattice, stretch):
    return build_network(
        centres=lattice.centres,
        corners=lattice.corners,
        arms=lattice.arms,
        cavity_bonds=lattice.cavity_bonds,
        constants=[fit_constants(cubic_stiffness(30, 8, 4), EDGE)],
        phase=np.zeros(len(stretch), int),
        stretch=stretch,
    )


def true_energy(flat, positions, springs, octahedra):
    """Energy bond by bond, with the lengths between the new places."""
    new = positions + flat.reshape(-1, 3)
    energy = 0.0
    for i, j, vector, k, e in zip(
        springs.i, springs.j, springs.vector, springs.stiffness, springs.stretch, strict=True
    ):
        natural = np.linalg.norm(vector) * (1 + e)
        energy += 0.5 * k * (np.linalg.norm(new[j] - new[i]) - natural) ** 2
    for b, centre in enumerate(octahedra.centre):
        there = octahedra.corners[b] >= 0
        natural = np.linalg.norm(octahedra.arms[b, there], axis=1).sum()
        natural *= 1 + octahedra.stretch[b]
        lengths = np.linalg.norm(new[octahedra.corners[b, there]] - new[centre], axis=1)
        energy += 0.5 * octahedra.stiffness[b] * (lengths.sum() - natural) ** 2
    return energy


@pytest.fixture
def particle():
    block = cubic_lattice((3, 3, 3), EDGE)
    whole = (block.positions[block.centres] > 0.9 * EDGE).all(axis=1)
    kept = np.zeros(135, bool)
    kept[block.centres[whole]] = True
    kept[block.corners[whole]] = True
    kept[np.isclose(block.positions, 1.5 * EDGE).all(axis=1)] = True
    lattice = cut_lattice(block, kept)
    stretch = np.where(lattice.positions[:, 0] > 1.2 * EDGE, 0.08, 0.0)
    return lattice.positions, *network(lattice, stretch)


def test_rounds_lead_to_the_least_energy_of_true_lengths(particle):
    positions = particle[0]
    found = relax(*particle, rounds=30, tolerance=1e-10)
    start = true_energy(np.zeros(positions.size), *particle)
    end = true_energy(found.displacements.ravel(), *particle)
    assert found.energy_before == pytest.approx(start)
    assert found.energy_after == pytest.approx(end)
    slopes = [
        abs(approx_fprime(moves.ravel(), true_energy, 1e-7, *particle)).max()
        for moves in (np.zeros_like(positions), found.displacements)
    ]
    assert slopes[1] < 1e-3 * slopes[0]
    other = minimize(
        true_energy,
        relax(*particle).displacements.ravel(),
        args=particle,
        method="L-BFGS-B",
        options={"maxiter": 10, "ftol": 1e-15, "gtol": 1e-10},
    )
    assert end * (1 - 1e-6) < other.fun < 1.1 * end


def test_energy_falls_from_round_to_round(particle):
    found = relax(*particle, rounds=6)
    assert len(found.history) > 2
    assert (np.diff(found.history) <= 0).all()
    assert found.history[0] == found.energy_before
    assert found.history[-1] == found.energy_after < 0.5 * found.energy_before
    assert all((np.diff(energies) <= 0).all() for energies in found.descent)
    assert found.iterations == sum(len(energies) - 1 for energies in found.descent)


def test_the_centre_of_a_particle_stays(particle):
    found = relax(*particle)
    assert found.displacements.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert found.positions == pytest.approx(particle[0] + found.displacements)


@pytest.mark.parametrize("free", [(1, 1, 1, 1, 1, 1), (1, 1, 0, 0, 0, 1)])
def test_a_uniform_stretch_costs_nothing_where_the_cell_can_follow(free):
    lattice = cubic_lattice((2, 3, 2), EDGE)
    periodic = BULK if free[2] else INTO_PLANE
    if not free[2]:
        inside = lattice.positions[:, 2] < 1.9 * EDGE
        lattice = slab_of(lattice, inside)
    springs, octahedra = network(lattice, np.full(len(lattice.positions), 0.03))
    found = relax(
        lattice.positions,
        springs,
        octahedra,
        periodic=periodic,
        free_strain=tuple(map(bool, free)),
        tolerance=1e-10,
    )
    assert found.energy_after < 1e-16 * found.energy_before
    assert found.strain == pytest.approx(np.diag([0.03, 0.03, 0.03 * free[2]]), abs=1e-9)
    lengths = np.linalg.norm(springs.vector, axis=1)
    shape = np.eye(3) + found.strain
    moves = found.displacements[springs.j] - found.displacements[springs.i]
    new = np.linalg.norm(springs.vector @ shape + moves, axis=1)
    assert new == pytest.approx(1.03 * lengths)


def slab_of(lattice, kept):
    """Drop bonds that cross the boundary along z only, keeping those in the plane."""
    a, x, vectors = lattice.cavity_bonds
    top = lattice.positions[a, 2] + vectors[:, 2]
    inside = (top > -0.1) & (top < 1.99 * EDGE) & kept[a] & kept[x]
    ends = lattice.positions[lattice.centres, None, 2] + lattice.arms[:, :, 2]
    corners = np.where((ends > -0.1) & (ends < 1.99 * EDGE), lattice.corners, -1)
    return replace(
        lattice,
        corners=corners.astype(np.int32),
        cavity_bonds=(a[inside], x[inside], vectors[inside]),
    )


def test_a_held_cell_keeps_its_energy_and_its_sites():
    lattice = cubic_lattice((2, 2, 2), EDGE)
    springs, octahedra = network(lattice, np.full(40, 0.01))
    found = relax(lattice.positions, springs, octahedra, periodic=BULK)
    bulk_modulus = (30 + 2 * 8) / 3 / 160.21766208
    assert found.energy_after == pytest.approx(4.5 * bulk_modulus * 0.01**2 * 8 * EDGE**3)
    assert abs(found.displacements).max() < 1e-12
    assert found.residual < 1e-12


def test_what_cannot_be_relaxed_is_refused():
    lattice = cubic_lattice((2, 2, 2), EDGE)
    springs, octahedra = network(lattice, np.zeros(40))
    args = (lattice.positions, springs, octahedra)
    with pytest.raises(UsageError, match="the strain xz cannot"):
        relax(*args, periodic=INTO_PLANE, free_strain=(True, True, False, False, True, False))
    with pytest.raises(UsageError, match="six components"):
        relax(*args, free_strain=(True,))
    with pytest.raises(UsageError, match="round"):
        relax(*args, rounds=0)
    with pytest.raises(UsageError, match="connect sites"):
        relax(lattice.positions[:9], springs, octahedra)
    with pytest.raises(UsageError, match="finite"):
        relax(lattice.positions, replace(springs, stretch=springs.stretch * np.nan), octahedra)
