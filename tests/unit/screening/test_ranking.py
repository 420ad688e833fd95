import pytest

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.screening.ranking import (
    choose_rows,
    parse_alignment,
    parse_fraction,
    parse_sort,
)
from heterobuild.screening.rows import COLUMNS


def row(**given):
    base = dict.fromkeys(COLUMNS, "")
    numbers = {"log_strain": "0.01", "mismatch": "0.01", "film_area_A2": "40", "area_A2": "41"}
    return tuple((base | numbers | {"film": "a", "substrate": "b"} | given).values())


def column(rows, name):
    return [entry[COLUMNS.index(name)] for entry in rows]


def test_the_filter_counts_both_signs():
    rows = [row(mismatch=text) for text in ("-0.050000", "0.050000", "-0.050001", "0.020000")]
    kept = column(choose_rows(rows, max_mismatch=0.05), "mismatch")
    assert sorted(kept) == ["-0.050000", "0.020000", "0.050000"]


def test_only_a_certain_alignment_counts():
    rows = [row(alignment=text) for text in ("I", "II", "I or II", "unknown")]
    assert column(choose_rows(rows, alignment="I"), "alignment") == ["I"]


def test_numbers_are_sorted_as_numbers_and_gaps_come_last():
    atoms = {"film_atoms_per_A": "2.0"}
    rows = [row(substrate_atoms_per_A=text, **atoms) for text in ("", "10.0", "9.5")]
    kept = column(choose_rows(rows, sort=("atoms",)), "substrate_atoms_per_A")
    assert kept == ["9.5", "10.0", ""]


def test_equal_rows_follow_their_columns_whatever_the_order_was():
    rows = [row(film=name, substrate=other) for name in "cab" for other in "yx"]
    assert choose_rows(rows) == choose_rows(rows[::-1]) == tuple(sorted(rows))


def test_of_two_areas_the_larger_counts():
    rows = [row(film_area_A2="50", area_A2="10"), row(film_area_A2="20", area_A2="30")]
    assert column(choose_rows(rows, sort=("area",)), "film_area_A2") == ["20", "50"]


@pytest.mark.parametrize("text", ["5", "0", "-1%", "nan", "60%", "five", "inf", "0.7"])
def test_a_mismatch_that_cannot_be_meant(text):
    with pytest.raises(UsageError, match="5%"):
        parse_fraction(text)


def test_percent_without_its_sign_is_asked_about():
    with pytest.raises(UsageError, match="write 5% if percent are meant"):
        parse_fraction("5")


@pytest.mark.parametrize("text", ["type-IV", "", "1"])
def test_an_unknown_alignment(text):
    with pytest.raises(UnknownNameError, match="type-II"):
        parse_alignment(text)


def test_an_unknown_key():
    with pytest.raises(UnknownNameError, match="strain"):
        parse_sort("strian")
