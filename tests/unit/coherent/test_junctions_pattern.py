"""Patterns: every octahedron is on the side that its index says."""

import numpy as np
import pytest

from heterobuild.coherent.junctions_lattice import junction_block
from heterobuild.coherent.junctions_pattern import (
    Pattern,
    judge_pattern,
    judge_periods,
    pattern_walls,
)
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError

CUBIC = load_crystal("CsPbBr3:cubic")


def stripes(widths, parts=2, length=2):
    return Pattern(kind="stripes", parts=parts, widths=widths, across=1, length=length)


def rectangle(widths, across):
    return Pattern(kind="core_crown", parts=len(widths), widths=widths, across=across, length=1)


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize(("widths", "parts"), [((3, 4), 2), ((2, 3, 2), 2), ((1, 2, 3), 3)])
def test_stripes_own_their_rows(widths, parts, periodic):
    pattern = stripes(widths, parts)
    made = junction_block(CUBIC, (1, 0), (*pattern.counts, 2), (True, periodic))
    walls = pattern_walls(pattern, made, (True, periodic))
    owner = np.repeat(np.arange(len(widths)) % parts, widths)
    part = sum((wall > 0).astype(int) for wall in walls)
    rows = made.index[made.octahedra][:, 1]
    assert part[made.octahedra].tolist() == owner[rows].tolist()
    assert min(np.abs(w[made.octahedra]).min() for w in walls) == pytest.approx(
        CUBIC.cell[0, 0] / 2
    )


def test_rectangles_own_their_octahedra():
    pattern = rectangle((2, 1, 2), across=4)
    assert pattern.counts == (8, 10)
    made = junction_block(CUBIC, (1, 0), (8, 10, 1), (False, False))
    walls = pattern_walls(pattern, made, (False, False))
    part = sum((wall > 0).astype(int) for wall in walls)[made.octahedra]
    x, y = made.index[made.octahedra][:, :2].T
    core = (x >= 3) & (x < 5) & (y >= 3) & (y < 7)
    middle = (x >= 2) & (x < 6) & (y >= 2) & (y < 8)
    assert part.tolist() == np.where(core, 0, np.where(middle, 1, 2)).tolist()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (stripes((0, 3)), r"\[1, 3\]"),
        (stripes((3,)), "give 2"),
        (rectangle((3, 0), 3), r"\[3, 1\]"),
        (Pattern(kind="core_crown", parts=2, widths=(3, 1, 1), across=3, length=1), "give 2"),
    ],
)
def test_widths_that_leave_a_part_out(pattern, words):
    with pytest.raises(UsageError, match=words):
        judge_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "each", "words"),
    [
        (stripes((3, 4)), (1, 2), r"octahedra: \[3, 5\]"),
        (stripes((3, 3), length=3), (2, 2), "length: 4"),
        (rectangle((3, 2), 4), (2, 2), r"octahedra: \[4, 2\]"),
    ],
)
def test_patterns_that_do_not_close(pattern, each, words):
    with pytest.raises(UsageError, match=words):
        judge_periods(pattern, each, (True, True), "crystal")
    judge_periods(pattern, each, (False, False), "crystal")
