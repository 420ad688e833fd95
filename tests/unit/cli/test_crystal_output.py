import pytest

from heterobuild.cli.crystal_output import as_structure, parse_repeat
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.validation import check


@pytest.mark.parametrize("text", ["2,3,1", "2 3 1", "2x3x1", " 2, 3, 1 "])
def test_copies(text):
    assert parse_repeat(text) == (2, 3, 1)


@pytest.mark.parametrize("text", ["", "2", "2,2", "0,1,1", "1.5,1,1", "a,b,c", "-1,1,1"])
def test_copies_that_cannot_be_read(text):
    with pytest.raises(UsageError, match="--repeat"):
        parse_repeat(text)


@pytest.mark.parametrize("name", ["CsPbBr3", "PEA2PbBr4", "FASnBr3", "Cs2KBiCl6"])
def test_measured_and_modelled_crystals_pass_the_checks(name):
    crystal = load_crystal(name)
    assert check(as_structure(crystal), crystals={crystal.name: crystal}).passed
