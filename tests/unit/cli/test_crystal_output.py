import pytest

from heterobuild.cli.crystal_output import as_structure
from heterobuild.compounds import load_crystal
from heterobuild.validation import check


@pytest.mark.parametrize("name", ["CsPbBr3", "PEA2PbBr4", "FASnBr3", "Cs2KBiCl6"])
def test_measured_and_modelled_crystals_pass_the_checks(name):
    crystal = load_crystal(name)
    assert check(as_structure(crystal), crystals={crystal.name: crystal}).passed
