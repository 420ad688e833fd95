"""Stretched lattices with molecules of unchanged shape."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.frameworks.scaling import cube_edge, stretched
from heterobuild.labels import units


@pytest.mark.parametrize(
    ("name", "cubes"),
    [
        ("CsPbBr3_cubic", 1),
        ("CsPbBr3_orthorhombic", 4),
        ("CsPbI3_beta", 2),
        ("MAPbI3_tetragonal", 4),
    ],
)
def test_cube_edge_is_the_root_of_the_volume_of_a_formula_unit(name, cubes):
    crystal = load_crystal(name)
    assert cube_edge(crystal) ** 3 == pytest.approx(crystal.atoms.cell.volume / cubes)


def test_lattice_stretches_and_molecules_do_not():
    crystal = load_crystal("MAPbI3_tetragonal")
    longer = stretched(crystal, 1.03)
    assert cube_edge(longer) == pytest.approx(1.03 * cube_edge(crystal))
    assert np.allclose(longer.atoms.cell, 1.03 * crystal.cell)
    lead = crystal.atoms.numbers == 82
    assert np.allclose(longer.atoms.positions[lead], 1.03 * crystal.atoms.positions[lead])
    unit = units(crystal.atoms)
    for molecule in np.flatnonzero(np.bincount(unit) > 1):
        members = unit == molecule
        before = crystal.atoms.positions[members]
        after = longer.atoms.positions[members]
        assert np.allclose(after - after[0], before - before[0])
    assert np.allclose(longer.atoms.arrays["formal_charge"], crystal.atoms.arrays["formal_charge"])


def test_the_crystal_itself_is_left_alone():
    crystal = load_crystal("CsPbBr3_cubic")
    before = crystal.atoms.positions.copy()
    stretched(crystal, 1.2)
    assert np.array_equal(crystal.atoms.positions, before)
