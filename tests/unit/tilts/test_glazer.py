"""Glazer's notation."""

from __future__ import annotations

from itertools import product

import pytest

from heterobuild.errors import UsageError
from heterobuild.tilts.glazer import (
    TILT_SYSTEMS,
    check_angles,
    parse_tilting,
    system_of,
    tilt_symbol,
)

SIGNS = list(product("+-0", repeat=3))


def test_there_are_23_distinct_systems_numbered_in_order():
    assert [system.number for system in TILT_SYSTEMS] == list(range(1, 24))
    assert len({system.symbol for system in TILT_SYSTEMS}) == 23


@pytest.mark.parametrize("system", TILT_SYSTEMS, ids=lambda system: system.symbol)
def test_each_symbol_reads_back_in_every_order_of_axes(system):
    pairs = [system.symbol[i : i + 2] for i in (0, 2, 4)]
    for i, j in product(range(3), repeat=2):
        if i != j:
            symbol = pairs[i] + pairs[j] + pairs[3 - i - j]
            assert parse_tilting(symbol).system == system


def test_every_combination_of_signs_and_letters_is_one_of_the_systems():
    found = set()
    for signs, letters in product(SIGNS, product("abc", repeat=3)):
        symbol = "".join(map("".join, zip(letters, signs, strict=True)))
        try:
            found.add(parse_tilting(symbol).system.number)
        except UsageError:
            still = {p for p, s in zip(letters, signs, strict=True) if s == "0"}
            assert still & {p for p, s in zip(letters, signs, strict=True) if s != "0"}
    assert found == set(range(1, 24))


@pytest.mark.parametrize(
    ("text", "plain"),
    [("a-b+a-", "a-b+a-"), ("a^- b^+ a^-", "a-b+a-"), ("a−b+a−", "a-b+a-"), ("a0a0c+", "a0a0c+")],
)
def test_ways_to_write_a_symbol(text, plain):
    assert parse_tilting(text).symbol == plain


def test_other_letters_mean_the_same_system():
    assert parse_tilting("c-a+c-").system is parse_tilting("a+b-b-").system


@pytest.mark.parametrize("text", ["", "a-b+", "a-b+a-c0", "d-b+a-", "a*b+a-", "A-b+a-"])
def test_no_symbol(text):
    with pytest.raises(UsageError, match="no symbol of a tilt system"):
        parse_tilting(text)


def test_a_letter_cannot_be_still_and_turned():
    with pytest.raises(UsageError, match="one letter"):
        parse_tilting("a0a+c+")


def test_angles_that_fit():
    assert check_angles(parse_tilting("a-b+a-"), (9, 7, -9)) == (9.0, 7.0, 9.0)


@pytest.mark.parametrize(
    ("symbol", "angles", "message"),
    [
        ("a-b+a-", (9, 7, 8), "must have one angle"),
        ("a0a0c+", (0, 1, 9), "contradicts"),
        ("a0a0c+", (0, 0, 0), "contradicts"),
        ("a+a+a+", (9, 9), "three angles"),
        ("a+a+a+", (9, 9, 9, 9), "three angles"),
        ("a+a+a+", (40, 40, 40), "three angles"),
        ("a+a+a+", (float("nan"),) * 3, "three angles"),
    ],
)
def test_angles_that_contradict_the_symbol(symbol, angles, message):
    with pytest.raises(UsageError, match=message):
        check_angles(parse_tilting(symbol), angles)


@pytest.mark.parametrize(
    ("signs", "angles", "symbol"),
    [
        ("-+-", (9, 7, 9), "a-b+a-"),
        ("00+", (0, 0, 5), "a0a0c+"),
        ("0+-", (0, 5, 5), "a0b+b-"),
        ("+++", (5, 6, 7), "a+b+c+"),
        ("000", (1, 2, 3), "a0a0a0"),
    ],
)
def test_writing_symbols(signs, angles, symbol):
    assert tilt_symbol(tuple(signs), angles) == symbol


def test_tolerance_joins_letters():
    assert tilt_symbol(("-", "+", "-"), (9.0, 7.0, 9.1), tolerance=0.2) == "a-b+a-"
    assert tilt_symbol(("-", "+", "-"), (9.0, 7.0, 9.1)) == "a-b+c-"


def test_equal_angles_raise_the_symmetry():
    assert system_of(("-", "-", "-"), (8, 8, 8)).number == 14
    assert system_of(("-", "-", "-"), (8, 8, 7)).number == 13
    assert system_of(("-", "-", "-"), (8, 6, 7)).number == 12
