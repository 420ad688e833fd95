"""Rows of a table of dots, from a CSV file or a list."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from heterobuild.errors import UsageError

_EXAMPLE = "a dot is a row with the columns x, y, z, radius"

TableRows: TypeAlias = list[tuple[str, dict[str, object]]]
"""Where a row is, for messages, and its cells by column."""


def read_rows(source: object) -> tuple[str, list[str], TableRows]:
    """Return the cells of a table that is a file or a list.

    Parameters
    ----------
    source : str, path or sequence of mappings
        A CSV file in UTF-8 with a header, or the rows. Empty lines and lines that begin with #
        are skipped.

    Returns
    -------
    name : str
        Name of the table.
    header : list of str
        Columns, in lower case.
    rows : list
        Where each row is, and its cells by column; at least one.

    Raises
    ------
    UsageError
        If the source is no table, is empty, or its rows have different columns.

    Examples
    --------
    >>> read_rows([{"X": 1.0}])
    ('the table of dots', ['x'], [('the table of dots, dot 1', {'x': 1.0})])
    """
    if isinstance(source, str | Path):
        return _csv_table(Path(source))
    if not isinstance(source, Sequence) or isinstance(source, bytes | bytearray):
        raise UsageError("a table of dots is a CSV file or a list of rows", measured=type(source))
    name = "the table of dots"
    rows: TableRows = []
    for number, row in enumerate(source, start=1):
        place = f"{name}, dot {number}"
        if not isinstance(row, Mapping) or not all(isinstance(key, str) for key in row):
            raise UsageError("a dot is a mapping of columns to values", where=place)
        cells = {key.strip().lower(): value for key, value in row.items()}
        if len(cells) != len(row):
            raise UsageError("a column is given twice", where=place, measured=sorted(row))
        if rows and set(cells) != set(rows[0][1]):
            differing = sorted(set(cells) ^ set(rows[0][1]))
            raise UsageError("all dots have the same columns", where=place, measured=differing)
        rows.append((place, cells))
    if not rows:
        raise UsageError("the table holds no dots", where=name, next_step=_EXAMPLE)
    return name, list(rows[0][1]), rows


def _csv_table(path: Path) -> tuple[str, list[str], TableRows]:
    """Read a CSV file with a header."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = [] if "\0" in text else _csv_lines(text)
    except UnicodeDecodeError:
        raise UsageError("the table of dots is not in UTF-8", where=str(path)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such file"
        raise UsageError(
            "cannot read the table of dots", where=str(path), measured=reason
        ) from None
    except csv.Error as error:
        raise UsageError("this is no CSV table", where=str(path), measured=error) from None
    if len(lines) < 2:
        raise UsageError("the table holds no dots", where=str(path), next_step=_EXAMPLE)
    header = [column.strip().lower() for column in lines[0][1]]
    if len(header) == 1 and ";" in header[0]:
        raise UsageError(
            "the columns are separated by semicolons",
            where=str(path),
            allowed="commas between columns and points in numbers",
        )
    rows: TableRows = []
    for line, cells in lines[1:]:
        place = f"{path}, line {line}"
        if len(cells) != len(header):
            raise UsageError(
                "the row has another number of cells than the header",
                where=place,
                measured=len(cells),
                allowed=len(header),
                next_step="put cells that hold commas into double quotes",
            )
        rows.append((place, dict(zip(header, cells, strict=True))))
    return str(path), header, rows


def _csv_lines(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that hold cells, each with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    return [
        (reader.line_num, cells)
        for cells in reader
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#")
    ]
