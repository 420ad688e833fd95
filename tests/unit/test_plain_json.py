from __future__ import annotations

import json
from enum import IntEnum
from pathlib import Path

import numpy as np
import pytest

from heterobuild.errors import UsageError
from heterobuild.plain_json import canonical_json, plain, readable_json


class Colour(IntEnum):
    RED = 3


def test_numpy_becomes_python():
    value = {"a": np.float32(0.5), "b": np.arange(3), "c": np.bool_(1), "d": (np.int8(1),)}
    got = plain(value)
    assert got == {"a": 0.5, "b": [0, 1, 2], "c": True, "d": [1]}
    assert type(got["a"]) is float
    assert type(got["c"]) is bool
    assert type(plain(Colour.RED)) is int


@pytest.mark.parametrize("value", [{1, 2}, Path("x"), b"x", 1j, object(), np.datetime64("now")])
def test_types_without_a_place_are_refused(value):
    with pytest.raises(UsageError, match="cannot be recorded"):
        plain({"key": value})


def test_keys_must_be_text():
    with pytest.raises(UsageError, match="key is not text"):
        plain({1: 2})


@pytest.mark.parametrize("value", [np.nan, -np.inf, [0.0, float("nan")], np.array([np.inf])])
def test_numbers_must_be_finite(value):
    with pytest.raises(UsageError, match="not finite"):
        canonical_json(value)


def test_zero_has_one_sign():
    assert canonical_json([-0.0, np.float64(-0.0)]) == b"[0.0,0.0]"


def test_lone_surrogates_are_refused():
    with pytest.raises(UsageError, match="Unicode"):
        canonical_json("\ud800")


def test_readable_is_the_same_value():
    value = {"b": [], "a": {}, "list": [[1, 2], {"x": None}], "text": "Å\n", "n": 1e-7}
    assert json.loads(readable_json(value)) == value
    assert json.loads(canonical_json(value)) == value
