import pytest

from heterobuild.errors import UsageError
from heterobuild.screening.query import query_table
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.screen import screen
from heterobuild.screening.table_files import write_table

pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def rows():
    return screen(["CsPbBr3_cubic", "CsPbI3_alpha"], ["abx3"]).rows


@pytest.fixture(scope="module")
def path(rows, tmp_path_factory):
    return write_table(rows, tmp_path_factory.mktemp("out") / "out")[0]


def test_a_condition_gives_the_rows_that_python_would_choose(rows, path):
    names, found = query_table(path, "abs(mismatch) < 0.01 AND alignment = 'I'")
    assert names == COLUMNS
    chosen = [row for row in rows if abs(float(row[14])) < 0.01 and row[17] == "I"]
    assert [(row[0], row[2], row[8]) for row in found] == [
        (row[0], row[2], float(row[8])) for row in chosen
    ]
    assert found


def test_a_whole_query(rows, path):
    names, found = query_table(path, "SELECT count(*) AS n FROM screen")
    assert (names, found) == (("n",), ((len(rows),),))


@pytest.mark.parametrize(
    "question", ["nonsense here", "mismatch <", "1); DROP TABLE x", "SELECT * FROM '/etc/passwd'"]
)
def test_a_question_that_is_not_understood(path, question):
    with pytest.raises(UsageError, match="not understood"):
        query_table(path, question)


def test_a_table_that_is_not_there(tmp_path):
    with pytest.raises(UsageError, match="no such table"):
        query_table(tmp_path / "none.csv", "true")
