from __future__ import annotations

import pytest

from heterobuild.dots.judging import judge_cells, judge_dot, judge_free_cell, judge_reach
from heterobuild.errors import UsageError
from heterobuild.particles.options import ParticleShape


def test_a_wire_is_no_dot():
    judge_dot(ParticleShape(kind="sphere"))
    with pytest.raises(UsageError, match="has an end"):
        judge_dot(ParticleShape(kind="wire"))


@pytest.mark.parametrize("cells", [None, 1, (3, 4, 5)])
def test_sizes_that_are_fine(cells):
    judge_cells(cells)


@pytest.mark.parametrize("cells", [0, (3, -1, 2), 10**12, (1, 1, 10**12)])
def test_sizes_out_of_range(cells):
    with pytest.raises(UsageError, match="at least one cell"):
        judge_cells(cells)


def test_a_cell_relaxes_with_the_estimate():
    judge_free_cell("relaxed", "auto")
    judge_free_cell("fixed", False)
    with pytest.raises(UsageError, match="elastic estimate only"):
        judge_free_cell("relaxed", False)


@pytest.mark.parametrize("reach", [0, -3.0, float("nan"), float("inf")])
def test_a_reach_is_a_length(reach):
    judge_reach(8.0, {})
    with pytest.raises(UsageError, match="is a length"):
        judge_reach(reach, {"PEA": 0.5})
