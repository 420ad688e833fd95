"""Limits of sheets: the last value that is built, and the first that is refused."""

from __future__ import annotations

import math

import pytest

from heterobuild.errors import UsageError
from heterobuild.layered.sheet_limits import (
    LARGEST_TURN,
    MOST_LAYERS,
    check_layers,
    check_lengths,
    check_turns,
)


def test_layers() -> None:
    check_layers(1)
    check_layers(MOST_LAYERS)
    for wrong in (0, -3, MOST_LAYERS + 1, 1.5, math.nan):
        with pytest.raises(UsageError, match="n = ") as caught:
            check_layers(wrong)
        assert caught.value.allowed == f"1 to {MOST_LAYERS}"


def test_lengths() -> None:
    check_lengths(6.2, 3.1)
    for wrong in ((0.0, 3.1), (6.2, -3.1), (math.inf, 3.1), (6.2, math.nan)):
        with pytest.raises(UsageError, match="positive"):
            check_lengths(*wrong)


def test_turns() -> None:
    check_turns(LARGEST_TURN, -LARGEST_TURN, smallest=False)
    check_turns(0.0, 0.0, smallest=True)
    for wrong in ((LARGEST_TURN + 0.1, 0.0), (0.0, -LARGEST_TURN - 0.1)):
        with pytest.raises(UsageError, match="too far"):
            check_turns(*wrong, smallest=False)
    with pytest.raises(UsageError, match="√2"):
        check_turns(8.0, 0.0, smallest=True)
