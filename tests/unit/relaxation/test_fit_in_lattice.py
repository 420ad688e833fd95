import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.chemistry.elasticity import cubic_stiffness, turn_stiffness
from heterobuild.compounds import load_crystal
from heterobuild.relaxation.cubic_lattice import cubic_lattice
from heterobuild.relaxation.effective_stiffness import effective_stiffness
from heterobuild.relaxation.fit_in_lattice import fit_in_lattice
from heterobuild.relaxation.relaxing import relax
from heterobuild.relaxation.spring_constants import cubic_average, fit_constants
from heterobuild.relaxation.springs import BondTable, build_network

SHIFTS = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3)


def nearest(positions, cell, first, second, count):
    images = (positions[second][:, None] + SHIFTS @ cell).reshape(-1, 3)
    _, found = cKDTree(images).query(positions[first], count)
    return second[found // 27].astype(np.int32), images[found] - positions[first][:, None]


@pytest.fixture(scope="module")
def tilted():
    """The crystal whose octahedra are tilted, its bonds, and its volume."""
    crystal = load_crystal("CsPbBr3_orthorhombic")
    atoms = crystal.require_atoms()
    symbols = np.array(atoms.get_chemical_symbols())
    a, b, x = (np.flatnonzero(symbols == name).astype(np.int32) for name in ("Cs", "Pb", "Br"))
    corners, arms = nearest(atoms.positions, atoms.cell.array, b, x, 6)
    ends, vectors = nearest(atoms.positions, atoms.cell.array, a, x, 12)
    bonds = BondTable(
        positions=atoms.positions,
        centres=b,
        corners=corners,
        arms=arms,
        cavity_bonds=(np.repeat(a, 12), ends.ravel(), vectors.reshape(-1, 3)),
    )
    return crystal, bonds, atoms.get_volume()


AXES = np.array([[1.0, 0, 1], [0, 1, 0], [-1, 0, 1]])
"""Pseudo-cubic axes of Pnma: halves of a + c and c − a, and of b."""


def network(bonds, constants, stretch=0.0):
    n = len(bonds.positions)
    return build_network(
        centres=bonds.centres,
        corners=bonds.corners,
        arms=bonds.arms,
        cavity_bonds=bonds.cavity_bonds,
        constants=[constants],
        phase=np.zeros(n, np.int32),
        stretch=np.full(n, stretch),
    )


def test_the_tilted_crystal_gets_its_own_constants(tilted):
    crystal, bonds, volume = tilted
    asked = cubic_average(crystal_stiffness(crystal).matrix)
    found = fit_in_lattice(crystal_stiffness(crystal).matrix, bonds, volume=volume, axes=AXES)
    assert found.missed == ()
    springs, octahedra = network(bonds, found)
    measured = effective_stiffness(springs, octahedra, sites=len(bonds.positions), volume=volume)
    turned = turn_stiffness(measured, Rotation.from_euler("y", 45, degrees=True).as_matrix())
    assert cubic_average(turned) == pytest.approx(asked, rel=1e-5)
    assert np.linalg.eigvalsh(measured).min() > 0


def test_springs_of_the_cubic_lattice_are_too_soft_there(tilted):
    crystal, bonds, volume = tilted
    matrix = crystal_stiffness(crystal).matrix
    plain = fit_constants(matrix, float(np.cbrt(volume / 4)))
    springs, octahedra = network(bonds, plain)
    measured = effective_stiffness(springs, octahedra, sites=len(bonds.positions), volume=volume)
    bulk, wanted = (entry[:3, :3].sum() / 9 for entry in (measured, matrix))
    assert 0.5 * wanted < bulk < 0.9 * wanted


def test_a_tilted_crystal_swells_without_energy(tilted):
    crystal, bonds, _ = tilted
    constants = fit_constants(crystal_stiffness(crystal).matrix, 5.87)
    springs, octahedra = network(bonds, constants, 0.02)
    found = relax(
        bonds.positions,
        springs,
        octahedra,
        periodic=(True,) * 3,
        free_strain=(True,) * 6,
        tolerance=1e-9,
    )
    assert found.strain == pytest.approx(0.02 * np.eye(3), abs=1e-9)
    assert abs(found.displacements).max() < 1e-8
    assert found.energy_after < 1e-15 * found.energy_before


def test_in_the_cubic_lattice_the_closed_form_stands():
    bonds = cubic_lattice((2, 2, 2), 6.0)
    plain = fit_constants(cubic_stiffness(42, 7, 4), 6.0)
    found = fit_in_lattice(cubic_stiffness(42, 7, 4), bonds, volume=8 * 216.0)
    for name in ("bond", "edge", "cavity", "breathing"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name), rel=1e-6)
