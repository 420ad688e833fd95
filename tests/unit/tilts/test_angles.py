"""Tilts of crystals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.errors import MissingAtomsError, UsageError
from heterobuild.prototypes.abx3 import tilted_perovskite
from heterobuild.tilts.angles import mean_bond_length, tilt_angles, tilt_patterns


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("CsPbBr3_cubic", "a0a0a0"),
        ("CsPbBr3_tetragonal", "a0a0c+"),
        ("MAPbI3_tetragonal", "a0a0c-"),
        ("CsPbBr3_orthorhombic", "a-a-c+"),
        ("CsPbI3_gamma", "a-a-c+"),
        ("CsSnI3_gamma", "a-a-c+"),
        ("Cs2AgBiBr6_cubic", "a0a0a0"),
    ],
)
def test_symbols_of_the_library(name, symbol):
    assert tilt_angles(load_phase(name)).symbol == symbol


def test_the_tetragonal_angle_is_that_of_the_free_coordinate():
    crystal = load_phase("CsSnI3_beta")
    angle = np.degrees(np.arctan(4 * 0.0263))  # x = 0.7763, a quarter off is 3/4
    assert tilt_angles(crystal).angles[2] == pytest.approx(angle, abs=1e-6)


def test_both_patterns_are_told_apart():
    tilts = tilt_angles(load_phase("CsPbI3_gamma"))
    assert tilts.in_phase[2] > 5
    assert tilts.antiphase[:2].min() > 5
    np.testing.assert_allclose(tilts.in_phase[:2], 0, atol=1e-9)
    assert tilts.antiphase[2] == pytest.approx(0, abs=1e-9)


def test_patterns_that_do_not_fit_the_cell_are_left_out():
    """A cell of one octahedron has no alternating pattern, whatever its X do."""
    crystal = load_phase("CsPbBr3_cubic")
    atoms = crystal.require_atoms().copy()
    atoms.positions[-1] += [0.3, 0.2, 0.0]
    tilts = tilt_angles(replace(crystal, atoms=atoms))
    assert tilts.symbol == "a0a0a0"
    assert not tilts.in_phase.any()
    assert not tilts.antiphase.any()


def test_a_supercell_has_the_same_tilts():
    crystal = tilted_perovskite("Cs", "Pb", "Br", system="a-b+a-", length=5.9)
    copies = np.diag([2, 1, 3])
    atoms = crystal.require_atoms()
    big = atoms.repeat((2, 1, 3))
    larger = replace(
        crystal,
        cell=copies @ crystal.cell,
        atoms=big,
        pseudocubic=crystal.pseudocubic @ np.linalg.inv(copies),
    )
    np.testing.assert_allclose(tilt_angles(larger).angles, tilt_angles(crystal).angles, atol=1e-8)


def test_pseudocubic_axes_are_found_where_they_are_not_given():
    crystal = replace(load_phase("CsPbBr3_orthorhombic"), pseudocubic=None)
    assert tilt_angles(crystal).symbol == "a-a-c+"


def test_resolution_hides_small_tilts():
    crystal = tilted_perovskite("Cs", "Pb", "Br", system="a0a0c-", angles=(0, 0, 0.5), length=5.9)
    assert tilt_angles(crystal).symbol == "a0a0c-"
    assert tilt_angles(crystal, resolution=1.0).symbol == "a0a0a0"


def test_patterns_alternate_as_they_should():
    cells = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]])
    in_phase, antiphase = tilt_patterns(cells)
    assert in_phase[:, 2].tolist() == [1, -1, -1, 1, 1]
    assert antiphase[:, 0].tolist() == [1, -1, -1, 1, -1]


@pytest.mark.parametrize("name", ["Cs4PbBr6", "CsPbI3_delta", "PEA2PbBr4", "CsCu2I3"])
def test_no_three_dimensional_network(name):
    crystal = load_phase(name)
    kind = UsageError if crystal.atoms is not None else MissingAtomsError
    with pytest.raises(kind):
        tilt_angles(crystal)


def test_missing_corners_are_refused():
    crystal = load_phase("CsPbBr3_cubic")
    with pytest.raises(UsageError, match="lack a corner"):
        tilt_angles(replace(crystal, atoms=crystal.require_atoms()[:-1]))


def test_mean_bond_length_of_a_cube_is_half_its_edge():
    crystal = load_phase("CsPbCl3_cubic")
    assert mean_bond_length(crystal) == pytest.approx(crystal.cell[0, 0] / 2)
