import dataclasses

import pytest

from heterobuild.compounds import load_crystal
from heterobuild.crystals import load_phase
from heterobuild.errors import MissingAtomsError


def test_records_are_frozen():
    crystal = load_crystal("CsPbBr3_cubic")
    with pytest.raises(dataclasses.FrozenInstanceError):
        crystal.name = "other"


def test_a_phase_without_atoms_says_what_it_is_good_for():
    crystal = load_phase("PEA2PbBr4")
    with pytest.raises(MissingAtomsError, match="mismatch and matching") as caught:
        crystal.require_atoms()
    assert caught.value.exit_code == 2


def test_atoms_come_as_they_are():
    crystal = load_crystal("CsPbBr3_cubic")
    assert crystal.require_atoms() is crystal.atoms
