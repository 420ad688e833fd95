"""Single ions between sheets: places, distances, radii."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.layered.ionic_spacers import DEPTH, ERROR, ionic_distance, ionic_interlayer
from heterobuild.layered.sheets import Sheet, make_sheet


def chlorine_sheet() -> Sheet:
    """That of Cs2PbI2Cl2 as refined."""
    return make_sheet(
        "Pb",
        "Cl",
        1,
        length=5.6385,
        bond=2.81925,
        terminal="I",
        terminal_bond=3.1709,
        rotation=0.0,
        smallest=True,
    )


def test_the_measured_crystal_is_met() -> None:
    """z of Cs and the spacing of Cs2PbI2Cl2 (a = 5.6385, c = 18.879, z = 0.13179, 0.16796)."""
    c, cs, iodine = 18.879, 0.13179, 0.16796
    assert pytest.approx(c * (iodine - cs), abs=0.01) == DEPTH
    gap = ionic_interlayer("Cs", chlorine_sheet(), chlorine_sheet(), np.array([2.819, 2.819]))
    assert gap.distance == pytest.approx(c / 2 - 2 * c * iodine, abs=ERROR)
    assert gap.numbers.tolist() == [55, 55]


def test_ions_lie_in_the_pockets_of_either_face() -> None:
    shift = np.array([2.819, 2.819])
    gap = ionic_interlayer("Cs", chlorine_sheet(), chlorine_sheet(), shift, depth=0.5, distance=3.0)
    assert gap.positions[0] == pytest.approx([2.81925, 2.81925, -0.5])
    assert gap.positions[1] == pytest.approx([2.81925 + 2.819, 2.81925 + 2.819, 3.5])
    assert (gap.distance, gap.error) == (3.0, 0.0)


def test_distance_is_the_sum_of_radii_less_the_depth() -> None:
    """Shannon: Cs 1.67 and I 2.20 Å for six neighbours, Rb 1.52."""
    sheet = chlorine_sheet()
    assert ionic_distance("Cs", sheet, 0.6) == pytest.approx(1.67 + 2.20 - 0.6)
    assert ionic_distance("Rb", sheet, 0.6) == pytest.approx(1.52 + 2.20 - 0.6)


@pytest.mark.parametrize(
    "wrong", [{"depth": 5.0}, {"depth": 1.9, "distance": -1.0}, {"distance": 0.0}]
)
def test_impossible_places_are_refused(wrong: dict) -> None:
    with pytest.raises(UsageError):
        ionic_interlayer("Cs", chlorine_sheet(), chlorine_sheet(), np.zeros(2), **wrong)
