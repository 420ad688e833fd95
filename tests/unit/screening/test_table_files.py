import csv
import sys

import pytest

from heterobuild.errors import MissingExtraError, OutputError, UsageError
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.screen import screen
from heterobuild.screening.table_files import open_table, table_names, write_table


@pytest.fixture(scope="module")
def rows():
    return screen(["CsPbBr3_cubic"], ["substrate", "ruddlesden_popper"]).rows


def test_csv_reads_back(rows, tmp_path):
    (path,) = write_table(rows, tmp_path / "out")
    with path.open(newline="") as stream:
        assert list(csv.reader(stream)) == [list(COLUMNS), *map(list, rows)]
    with pytest.raises(OutputError, match="--force"):
        write_table(rows, tmp_path / "out")
    write_table(rows[:1], tmp_path / "out", force=True)
    assert len(path.read_text().splitlines()) == 2


def test_parquet_holds_the_numbers_of_the_csv(rows, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    text, parquet = write_table(rows, tmp_path / "out", parquet=True)
    found = duckdb.sql(
        f"SELECT film, log_strain, substrate_atoms_per_A FROM '{parquet}'"
    ).fetchall()
    numbers = [(row[0], float(row[8]), float(row[13]) if row[13] else None) for row in rows]
    assert found == numbers
    with open_table(text) as one, open_table(parquet) as two:
        question = "SELECT * FROM screen"
        assert one.execute(question).fetchall() == two.execute(question).fetchall()


def test_another_csv_is_refused(tmp_path):
    pytest.importorskip("duckdb")
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="no table of a screen"):
        open_table(path)
    broken = tmp_path / "broken.parquet"
    broken.write_text("nothing")
    with pytest.raises(UsageError, match="no table of a screen"):
        open_table(broken)


def test_without_duckdb_the_install_line_is_shown(rows, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(MissingExtraError, match=r"heterobuild\[table\]"):
        write_table(rows, tmp_path / "out", parquet=True)
    assert not (tmp_path / "out").exists()
    assert table_names(parquet=True) == ("screen.csv", "screen.parquet")
