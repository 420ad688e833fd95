import pytest

from heterobuild.screening.screen import screen
from heterobuild.screening.summary_table import summary_rows


@pytest.fixture(scope="module")
def found():
    return screen(["CsPbBr3_cubic"], ["CsPbI3_alpha", "MAPbCl3", "CsPbCl3_cubic"])


def test_the_summary_shows_the_smallest_cell_of_each_pair(found):
    lines = summary_rows(found.rows)
    assert len(lines) == 1 + len({row[2] for row in found.rows})
    chloride = next(line for line in lines if line[2] == "MAPbCl3_cubic")
    smallest = min(float(row[11]) for row in found.rows if row[2] == "MAPbCl3_cubic")
    assert float(chloride[6]) == pytest.approx(smallest, abs=0.1)


def test_energies_of_assumed_constants_are_marked():
    both = screen(["Cs4PbBr6", "CsPbBr3_cubic"], ["SrTiO3"]).rows
    energies = {line[0]: line[8] for line in summary_rows(both)[1:]}
    assert energies["Cs4PbBr6"].startswith("~")
    assert float(energies["CsPbBr3_cubic"]) > 0
