"""Gaps between sheets: faces handed to the packing, and what comes back."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import UsageError
from heterobuild.estimates.lengths import Estimate
from heterobuild.layered.gaps import fill_gap, lower_face, upper_face
from heterobuild.layered.options import LayeredOptions
from heterobuild.layered.sheets import make_sheet
from heterobuild.layered.sizes import LayeredSizes

SHEET = make_sheet("Pb", "I", 3, length=6.25, bond=3.18)
HALF = SHEET.square.sum(axis=0) / 2
BA = load_molecule("BA")


def sizes(gap: float | None) -> LayeredSizes:
    length = Estimate(value=6.25, error=0.01, rule="given")
    return LayeredSizes(
        length=length,
        bond=3.18,
        terminal_bond=3.18,
        step=6.36,
        gap=gap,
        gap_error=0.2,
        gap_rule="as in a test",
    )


def test_faces_hold_the_outermost_octahedra() -> None:
    above, below = upper_face(SHEET), lower_face(SHEET, HALF)
    assert len(above.numbers) == len(below.numbers) == 2 * (1 + 2 + 1)
    assert above.positions[:, 2].min() > 0
    assert below.positions[:, 2].max() < 0
    assert below.pockets - SHEET.pockets_bottom == pytest.approx(np.tile([*HALF, 0.0], (2, 1)))


def test_a_known_distance_is_kept() -> None:
    gap = fill_gap(SHEET, SHEET, HALF, spacer=BA, sizes=sizes(7.5), options=LayeredOptions())
    assert gap.distance == pytest.approx(7.5)
    assert (gap.error, gap.rule) == (0.2, "as in a test")
    assert len(gap.numbers) == 4 * len(BA.numbers)
    nitrogen = np.sort(gap.positions[gap.numbers == 7, 2])
    assert nitrogen == pytest.approx([-0.55, -0.55, 8.05, 8.05], abs=0.05)


def test_an_unknown_distance_is_estimated_with_its_error() -> None:
    gap = fill_gap(SHEET, SHEET, HALF, spacer=BA, sizes=sizes(None), options=LayeredOptions())
    assert gap.distance == pytest.approx(7.4, abs=0.6)
    assert 0 < gap.error < 1.0
    assert gap.rule


def test_a_little_more_room_is_taken_and_told() -> None:
    tight = fill_gap(SHEET, SHEET, HALF, spacer=BA, sizes=sizes(4.6), options=LayeredOptions())
    assert tight.distance > 4.6
    assert "widened" in tight.rule
    with pytest.raises(UsageError):
        fill_gap(SHEET, SHEET, HALF, spacer=BA, sizes=sizes(4.0), options=LayeredOptions(gap=4.0))


def test_equal_gaps_are_packed_once() -> None:
    first, second = (
        fill_gap(SHEET, SHEET, HALF, spacer=BA, sizes=sizes(7.5), options=LayeredOptions())
        for _ in range(2)
    )
    assert (first.positions == second.positions).all()
    moved = fill_gap(SHEET, SHEET, HALF, spacer=BA, sizes=sizes(7.7), options=LayeredOptions())
    assert moved.distance == pytest.approx(7.7)


def test_ions_fill_gaps_too() -> None:
    gap = fill_gap(SHEET, SHEET, HALF, spacer="Cs", sizes=sizes(3.1), options=LayeredOptions())
    assert gap.numbers.tolist() == [55] * 4
    assert gap.distance == 3.1
