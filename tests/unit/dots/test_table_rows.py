from __future__ import annotations

from pathlib import Path

import pytest

from heterobuild.dots.table_rows import read_rows
from heterobuild.errors import UsageError


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "dots.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_is_read_with_its_line_numbers(tmp_path: Path) -> None:
    text = '\ufeff# my dots\nX, y ,relation\n\n1,2,"[100]||[100], (001)||(001)"\n3,4,b\r\n'
    path = written(tmp_path, text)
    name, header, rows = read_rows(path)
    assert (name, header) == (str(path), ["x", "y", "relation"])
    assert rows[0] == (
        f"{path}, line 4",
        {"x": "1", "y": "2", "relation": "[100]||[100], (001)||(001)"},
    )
    assert rows[1][0].endswith("line 5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no dots"),
        ("x,y,z,radius\n", "holds no dots"),
        ("x;y;z;radius\n1;2;3;4\n", "semicolons"),
        ("x,y\n1,2\n3\n", "line 3"),
        ("x,y\n1,2,3\n", "line 2"),
        (b"x,y\n\xff\xfe,2\n", "UTF-8"),
        ('x,y\n"1,2\n', "no CSV"),
        ("x,y\n1,\0\n", "no dots"),
    ],
)
def test_files_that_are_no_table_say_what_is_wrong(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        read_rows(written(tmp_path, text))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", "a\0b"):
        with pytest.raises(UsageError, match="cannot read"):
            read_rows(path)


@pytest.mark.parametrize(
    "rows", [[], [3], [{"x": 1}, {"y": 1}], [{"x": 1, "X ": 2}], [{3: 1}], 5, b"ab", None, {"x": 1}]
)
def test_lists_that_are_no_table_are_refused(rows: object) -> None:
    with pytest.raises(UsageError):
        read_rows(rows)
