from __future__ import annotations

import math

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.matching import MatchLimits, find_matches, stream_matches
from heterobuild.matching.search_size import (
    MOST_CELLS,
    cells_within,
    require_few_pairs,
    require_searchable,
)
from heterobuild.matching.superlattices import hermite_table

SQUARE = np.diag([5.68, 5.68])


@pytest.mark.parametrize("edge", [0.1, 1e-3, 1e-100])
def test_tiny_cells_are_refused(edge: float) -> None:
    with pytest.raises(UsageError, match="too many superlattices"):
        find_matches(np.diag([edge, edge]), SQUARE, MatchLimits(max_area=100))


@pytest.mark.parametrize("area", [1e7, 1e300])
def test_huge_areas_are_refused_before_the_first_match(area: float) -> None:
    with pytest.raises(UsageError, match="lower max_area to 16100 Å²"):
        next(iter(stream_matches(SQUARE, SQUARE, MatchLimits(max_area=area))))
    with pytest.raises(UsageError, match="lower max_area to 16100 Å²"):
        find_matches(SQUARE, SQUARE, MatchLimits(max_area=area))


def test_the_number_told_is_that_of_the_hermite_forms() -> None:
    with pytest.raises(UsageError) as caught:
        require_searchable(1.0, MOST_CELLS + 1.0)
    told = float(str(caught.value.measured).split()[1])
    assert told == pytest.approx(len(hermite_table(MOST_CELLS + 1)), rel=0.03)


def test_the_bound_itself_is_searched() -> None:
    require_searchable(1.0, float(MOST_CELLS))
    limits = MatchLimits(max_strain=1e-6, max_area=MOST_CELLS * 4.0)
    assert find_matches(np.diag([2.0, 2.0]), np.diag([40.0, 50.0 + math.pi]), limits) == ()


def test_whole_cells_within_an_area() -> None:
    assert cells_within(34.5 * 3, 34.5) == 3
    assert cells_within(34.5 * 3 - 0.01, 34.5) == 2


def test_more_pairs_than_memory_holds() -> None:
    require_few_pairs(5_000_000)
    with pytest.raises(UsageError, match="lower max_area or max_strain"):
        require_few_pairs(5_000_001)


def test_a_search_counts_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heterobuild.matching.neighbours.MOST_HELD", 10)
    with pytest.raises(UsageError, match="too many common cells"):
        find_matches(np.diag([5.874, 5.874]), SQUARE)
