import json

import pytest

pytest.importorskip("duckdb")


@pytest.fixture
def written(heterobuild):
    outcome = heterobuild(
        *("screen", "--film", "CsPbBr3_cubic", "--substrate", "abx3", "-o", "out", "-j", "1"),
        "--parquet",
    )
    assert outcome.code == 0, outcome.err
    return heterobuild


@pytest.mark.parametrize("name", ["screen.csv", "screen.parquet"])
def test_rows_that_fulfil_a_condition(written, name):
    outcome = written("query", f"out/{name}", "abs(mismatch) < 0.01 ORDER BY area_A2 LIMIT 3")
    assert outcome.code == 0
    assert len(outcome.out.splitlines()) == 4
    assert outcome.err == "3 rows\n"
    asked = written("query", f"out/{name}", "abs(mismatch) < 0.01 LIMIT 3", "--json")
    assert all(abs(row["mismatch"]) < 0.01 for row in json.loads(asked.out))


def test_a_wrong_question(written):
    outcome = written("query", "out/screen.csv", "misfit < 1")
    assert outcome.code == 2
    assert "not understood" in outcome.err


def test_without_duckdb(written, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    outcome = written("query", "out/screen.csv", "true")
    assert outcome.code == 5
    assert "heterobuild[table]" in outcome.err
