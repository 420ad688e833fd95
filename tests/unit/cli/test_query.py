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


def test_words_that_do_not_occur_are_answered_with_those_that_do(written):
    outcome = written("query", "out/screen.csv", "alignment = 'type-I' AND area_A2 < 90")
    assert outcome.code == 0
    assert outcome.err.startswith("0 rows\nnote: alignment is one of 'I', 'I or II', ")
    assert "note: film is" not in outcome.err
    assert "note" not in written("query", "out/screen.csv", "alignment = 'I'").err


def test_the_example_asks_for_both_signs(written):
    outcome = written("query", "out/screen.csv", "misfit < 1")
    assert '"abs(mismatch) < 0.02' in outcome.err
    rows = json.loads(written("query", "out/screen.csv", "abs(mismatch) < 0.02", "--json").out)
    signs = {row["mismatch"] > 0 for row in rows}
    assert signs == {True, False}


def test_without_duckdb(written, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    outcome = written("query", "out/screen.csv", "true")
    assert outcome.code == 5
    assert "heterobuild[table]" in outcome.err
