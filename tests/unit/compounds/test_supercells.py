import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.compounds.supercells import supercell
from heterobuild.errors import MissingAtomsError, UsageError


def test_a_supercell_is_that_of_another_program():
    crystal = load_crystal("CsPbBr3_orthorhombic")
    ours = supercell(crystal, (2, 1, 3))
    theirs = crystal.atoms.repeat((2, 1, 3))
    offsets = ours.atoms.get_scaled_positions()[:, None] - theirs.get_scaled_positions()[None]
    offsets -= np.round(offsets)
    distance = np.linalg.norm(offsets @ ours.cell, axis=2)
    distance[ours.atoms.numbers[:, None] != theirs.numbers[None]] = np.inf
    assert distance.min(axis=1).max() < 1e-9
    assert ours.z == 6 * crystal.z
    assert (ours.pseudocubic @ ours.cell) == pytest.approx(crystal.pseudocubic @ crystal.cell)


def test_molecules_are_turned_in_the_supercell():
    crystal = load_crystal("MAPbCl3_cubic")
    cancelled = supercell(crystal, (2, 1, 1), cations="dipole-cancelled")
    nitrogen, carbon = (cancelled.atoms.positions[cancelled.atoms.numbers == z] for z in (7, 6))
    assert (nitrogen - carbon).sum(axis=0) == pytest.approx([0, 0, 0], abs=1e-9)


def test_shares_are_exact():
    cell = supercell(load_crystal("CsPb(Br0.25I0.75)3:cubic"), (2, 2, 1), seed=3)
    counts = dict(zip(*np.unique(cell.atoms.symbols, return_counts=True), strict=True))
    assert counts == {"Cs": 4, "Pb": 4, "I": 9, "Br": 3}
    assert not cell.mixtures
    with pytest.raises(UsageError, match=r"too small|too few"):
        supercell(load_crystal("CsPb0.9Sn0.1Br3:cubic"), (2, 1, 1))


def test_a_cell_without_atoms():
    from dataclasses import replace

    with pytest.raises(MissingAtomsError):
        supercell(replace(load_crystal("CsPbBr3_cubic"), atoms=None))
