"""Which phases meet, and on which lattice: closed forms."""

import numpy as np
import pytest

from heterobuild.coherent.junctions_phases import (
    Sheets,
    common_length,
    host_crystal,
    judge_phases,
    lateral_together,
    own_lengths,
    sheets_of,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError

IODIDE, BROMIDE = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
SHEETS = load_crystal("BA2PbI4"), load_crystal("BA2PbBr4")
EVEN = np.array([0.5, 0.5])


def test_sheets_are_counted():
    assert sheets_of(load_crystal("BA2MAPb2I7")) == Sheets(layers=2, spacers=("BA",))
    assert sheets_of(IODIDE) is None
    assert sheets_of(load_crystal("Cs4PbBr6")) is None


def test_who_meets():
    assert lateral_together((IODIDE, BROMIDE))
    assert lateral_together(SHEETS)
    assert not lateral_together((SHEETS[0], load_crystal("PEA2PbI4")))
    assert not lateral_together((SHEETS[0], IODIDE))
    assert judge_phases((IODIDE, BROMIDE)) is None
    assert judge_phases(SHEETS) == Sheets(layers=1, spacers=("BA",))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("BA2PbI4", "BA2MAPb2I7"), "layers in a sheet.*BA2PbI4 1.*BA2MAPb2I7 2"),
        (("BA2PbI4", "PEA2PbI4"), "spacers"),
        (("BA2PbI4", "CsPbBr3:cubic"), "no common network"),
    ],
)
def test_who_does_not(names, words):
    with pytest.raises(UsageError, match=words):
        judge_phases([load_crystal(name) for name in names])


def test_lengths_along_the_line():
    a, b = IODIDE.cell[0, 0], BROMIDE.cell[0, 0]
    pair = (IODIDE, BROMIDE)

    def length(strain, shares=EVEN):
        return common_length(pair, shares, strain, sheets=False)

    assert length("first") == pytest.approx(b)
    assert length("second") == pytest.approx(a)
    assert length("shared") == pytest.approx((a + b) / 2)
    assert length("shared", np.array([0.25, 0.75])) == pytest.approx(0.25 * a + 0.75 * b)
    assert length(0.3) == pytest.approx(a * (b / a) ** 0.3)
    assert min(a, b) < length("stiffness") < length("shared")  # the bromide is stiffer


def test_sheets_compare_their_plane_only():
    area = np.linalg.norm(np.cross(*SHEETS[0].cell[:2])) / 2
    assert own_lengths(SHEETS[0], sheets=True) == pytest.approx(area**0.5)
    host = host_crystal(SHEETS, EVEN, 6.0, sheets=True)
    assert host.name == SHEETS[1].name  # the one with the smaller squares
    assert own_lengths(host, sheets=True) == pytest.approx(6.0)
    assert host.cell[2] == pytest.approx(SHEETS[1].cell[2])


def test_perovskites_take_the_lattice_of_the_larger_part():
    host = host_crystal((IODIDE, BROMIDE), np.array([0.3, 0.7]), 6.1, sheets=False)
    assert host.name == BROMIDE.name
    assert np.allclose(host.cell, 6.1 * np.eye(3))
