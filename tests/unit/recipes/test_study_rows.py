import csv

import pytest

from heterobuild.architectures.vertical import Vertical
from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.recipes.study_rows import StudyRow, failed_row, write_tables
from heterobuild.variants import Side, Variant


@pytest.fixture
def variant():
    side = Side(crystal=load_crystal("CsPbBr3_cubic"), miller=(0, 0, -1))
    return Variant(
        label="a_m1_s0",
        film=side,
        substrate=side,
        planes=("CsBr", "PbBr2"),
        architecture=Vertical(match=1, shift=(0.5, 0.0)),
        multiplicity=4,
    )


def test_a_failed_row_has_the_reason_in_one_line(variant):
    row = failed_row(variant, UsageError("no room\nfor it", where="gap", measured="2 Å"))
    assert row.reason == "no room for it, in gap; found 2 Å"
    assert (row.status, row.film_face, row.match, row.shift_u) == ("failed", "0 0 -1", 1, 0.5)
    assert row.atoms is None


def test_nothing_stands_where_nothing_is_known(variant, tmp_path):
    write_tables([failed_row(variant, UsageError("so, what"))], tmp_path / "study")
    with (tmp_path / "study" / "variants.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["gap_A"] == ""
    assert row["reason"] == "so, what"
    assert list(row) == list(StudyRow.__dataclass_fields__)
