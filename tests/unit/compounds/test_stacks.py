import numpy as np
import pytest

from heterobuild.cli.crystal_output import as_structure
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.validation import check


def test_sheets_of_one_and_two_layers_in_turn():
    crystal = load_crystal("PEA2FAn-1SnnI3n+1, n = 1+2")
    tin = crystal.atoms.positions[crystal.atoms.numbers == 50, 2]
    single, double = (
        load_crystal(text).cell[2, 2] / 2 for text in ("PEA2SnI4", "PEA2FAn-1SnnI3n+1, n = 2")
    )
    period = crystal.cell[2, 2]
    assert period == pytest.approx(single + double, rel=0.03) or period == pytest.approx(
        2 * (single + double), rel=0.03
    )
    steps = np.diff(np.unique(tin.round(2)))
    assert set(np.round(steps / 6.3).astype(int)) >= {1}
    assert check(as_structure(crystal)).passed
    assert load_crystal(crystal.name).name == crystal.name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BA2MAn-1PbnI3n+1, n = 0+1", "n|layer"),
        ("BA2MA0.5FA0.5Pb2I7, n = 1+2", "n"),
        ("BA2MAn-1PbnI3n+1, n = " + "+".join("1" * 30), "too long"),
    ],
)
def test_sequences_that_cannot_be(text, said):
    with pytest.raises(UsageError, match=said):
        load_crystal(text)
