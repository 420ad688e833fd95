"""Space groups of explicit structures."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.crystals import load_phase
from heterobuild.layered.explicit_symmetry import explicit_space_group


@pytest.mark.parametrize(
    ("name", "number"), [("RMBA2PbI4", 19), ("PEA2PbI4", 2), ("CsPbI3_gamma", 62)]
)
def test_groups_of_refined_crystals(name: str, number: int) -> None:
    crystal = load_phase(name)
    assert explicit_space_group(crystal.require_atoms(), crystal.cell)[1] == number


def test_molecules_of_free_direction_count_as_points() -> None:
    crystal = load_phase("MAPbCl3_cubic")
    atoms = crystal.require_atoms()
    assert explicit_space_group(atoms, crystal.cell, (1,)) == ("Pm-3m", 221)
    assert explicit_space_group(atoms, crystal.cell)[1] < 75


def test_the_tolerance_decides() -> None:
    crystal = load_phase("CsPbBr3_cubic")
    atoms = crystal.require_atoms().copy()
    atoms.positions[0] += np.array([0.03, 0.0, 0.0])
    assert explicit_space_group(atoms, crystal.cell)[1] != 221
    assert explicit_space_group(atoms, crystal.cell, symprec=0.1)[1] == 221
