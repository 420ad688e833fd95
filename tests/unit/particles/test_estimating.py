import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.geometry.shapes import cuboid, sphere
from heterobuild.particles.estimating import (
    BASE,
    PER_ATOM,
    PER_ATOM_ELASTIC,
    carved_volume,
    estimate_atoms,
    solid_volume,
    surface_atoms,
)

BROMIDE = load_crystal("CsPbBr3:cubic")


@pytest.mark.parametrize("radius", [5.0, 20.0])
def test_volume_of_a_ball(radius):
    assert solid_volume(sphere(radius)) == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.01)


def test_volume_of_an_endless_box_is_that_of_its_period():
    assert solid_volume(cuboid((3.0, 4.0, np.inf)), 10.0) == pytest.approx(6 * 8 * 10)


@pytest.mark.parametrize("n", [3, 7, 12])
def test_atoms_of_a_neutral_cube(n):
    """n³ B, 3 n³ + 3 n² X and n³ + 3 n² A: 5 n³ + 6 n² in all; fewer of BX2 planes."""
    solid = cuboid((n / 2,) * 3)
    assert 5 * carved_volume(solid, BROMIDE, 1.0, "AX") == pytest.approx(5 * n**3 + 6 * n**2)
    assert 5 * carved_volume(solid, BROMIDE, 1.0, "BX2") == pytest.approx(5 * n**3 - 6 * n**2)


def test_an_endless_wire_has_no_ends():
    solid = cuboid((2.0, 2.0, np.inf))
    assert 5 * carved_volume(solid, BROMIDE, 1.0, "AX", 1.0) == pytest.approx(5 * 16 + 16)


def test_atoms_of_one_cation_and_one_halide():
    assert surface_atoms(BROMIDE) == (2, 5)
    assert surface_atoms(load_crystal("FAPbBr3:cubic")) == (9, 12)


def test_atoms_and_memory():
    volume = abs(np.linalg.det(BROMIDE.cell))
    found = estimate_atoms([(BROMIDE, 10 * volume), (BROMIDE, 2 * volume)])
    assert found.atoms == 60
    assert found.memory == BASE + 60 * PER_ATOM
    relaxed = estimate_atoms([(BROMIDE, 12 * volume)], elastic=True)
    assert relaxed.memory - found.memory == 60 * PER_ATOM_ELASTIC


def test_parts_on_the_lattice_of_a_host():
    iodide = load_crystal("CsPbI3:cubic")
    found = estimate_atoms([(iodide, 8 * abs(np.linalg.det(BROMIDE.cell)))], host=BROMIDE)
    assert found.atoms == 40
