from __future__ import annotations

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.slabs.miller import miller_label, parse_miller


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([0, 0, 1], (0, 0, 1)),
        ((1, -1, 0), (1, -1, 0)),
        ("001", (0, 0, 1)),
        ("1-10", (1, -1, 0)),
        ("-100", (-1, 0, 0)),
        ("1 -1 0", (1, -1, 0)),
        ("(1, -1, 0)", (1, -1, 0)),
        ("10 0 1", (10, 0, 1)),
        ([0, 0, 2], (0, 0, 1)),
        ([-2, 4, 6], (-1, 2, 3)),
        ("0001", (0, 0, 1)),
        ("10-10", (1, 0, 0)),
        ([1, 1, -2, 2], (1, 1, 2)),
        ([np.int64(1), -1, 0], (1, -1, 0)),
    ],
)
def test_ways_to_write_a_face(value: object, expected: tuple[int, int, int]) -> None:
    assert parse_miller(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1, "no Miller indices"),
        (True, "no Miller indices"),
        ([True, False, False], "no Miller indices"),
        (None, "no Miller indices"),
        ("", "no Miller indices"),
        ("hkl", "no Miller indices"),
        ("1/2 0 0", "no Miller indices"),
        ("1 - 1 0", "no Miller indices"),
        ([1.0, 0, 0], "no Miller indices"),
        ([0, 0, 0], "name no plane"),
        ("000", "name no plane"),
        ([0, 1], "three integers"),
        ("11", "three integers"),
        ([1, 1, 1, 1], "h \\+ k \\+ i = 0"),
    ],
)
def test_what_is_refused(value: object, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        parse_miller(value)
    assert "write a list" in caught.value.next_step


def test_labels() -> None:
    assert miller_label((2, -1, 0)) == "(2-10)"
    assert miller_label((10, -1, 0)) == "(10 -1 0)"
