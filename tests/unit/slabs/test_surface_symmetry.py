from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.slabs.surface_symmetry import crystal_symmetry, height_shifts, surface_turns


@pytest.mark.parametrize(
    ("name", "order", "centrings"),
    # Orders of the space groups in the conventional cell: Pm-3m, Fm-3m, P3_221, P2_12_12_1.
    [
        ("CsPbBr3_cubic", 48, 1),
        ("NaCl", 192, 4),
        ("SiO2_quartz", 6, 1),
        ("RMBA2PbI4", 4, 1),
        ("MAPbCl3_cubic", 48, 1),
    ],
)
def test_order_of_the_space_group(name: str, order: int, centrings: int) -> None:
    symmetry = crystal_symmetry(load_crystal(name))
    assert len(symmetry.rotations) == order
    assert len(symmetry.centrings) == centrings


@pytest.mark.parametrize("name", ["NaCl", "CsPb2Br5", "Cs4PbBr6", "MAPbI3_tetragonal", "PEA2PbI4"])
def test_primitive_cell_holds_its_share_of_whole_molecules(name: str) -> None:
    crystal = load_crystal(name)
    symmetry = crystal_symmetry(crystal)
    atoms = crystal.require_atoms()
    assert len(symmetry.primitive) * len(symmetry.centrings) == len(atoms)
    molecule = atoms.arrays["molecule"]
    kept = set(molecule[symmetry.primitive].tolist()) - {0}
    assert np.isin(molecule, list(kept)).sum() == (molecule[symmetry.primitive] > 0).sum()


def test_screw_axis_shifts_by_thirds() -> None:
    crystal = load_crystal("SiO2_quartz")
    c = float(np.linalg.norm(crystal.cell[2]))
    shifts = height_shifts(crystal_symmetry(crystal), crystal.cell, (0, 0, 1))
    assert sorted(np.mod(shifts / c, 1).round(4).tolist()) == pytest.approx(
        [0, 1 / 3, 2 / 3], abs=1e-3
    )


def test_a_screw_axis_is_no_turn_of_the_planes() -> None:
    crystal = load_crystal("SiO2_quartz")
    turns = surface_turns(crystal_symmetry(crystal), np.eye(3), (0, 0, 1))
    assert turns.tolist() == [[[1, 0], [0, 1]]]


def test_turns_are_a_group_of_proper_rotations() -> None:
    crystal = load_crystal("CsPbBr3_cubic")
    turns = surface_turns(crystal_symmetry(crystal), np.eye(3), (0, 0, 1))
    keys = {tuple(turn.ravel().tolist()) for turn in turns}
    assert all(round(float(np.linalg.det(turn))) == 1 for turn in turns)
    assert {tuple((a @ b).ravel().tolist()) for a in turns for b in turns} == keys
