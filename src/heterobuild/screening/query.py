"""Ask a table of a screen in SQL."""

from __future__ import annotations

import re
from pathlib import Path

from heterobuild.errors import UsageError
from heterobuild.screening.table_files import open_table, require_duckdb

Answer = tuple[tuple[str, ...], tuple[tuple[object, ...], ...]]


WORDS = ("film", "substrate", "elastic_constants", "alignment", "confidence", "atoms_known")
"""Columns of words, of which a question may ask for one that does not occur."""

MOST = 12
"""Values of a column that are listed."""


def query_table(path: str | Path, question: str) -> Answer:
    """Return the rows of a table that fulfil a condition, or what a query selects.

    Parameters
    ----------
    path : str or Path
        The screen.csv or screen.parquet of a screen.
    question : str
        What would stand after WHERE, such as ``abs(mismatch) < 0.02 AND alignment = 'I'``, ORDER BY
        and LIMIT included; or a whole query of the table ``screen`` that begins with SELECT.

    Returns
    -------
    tuple of str
        Names of the columns.
    tuple of tuple
        The rows, in the order of the table where the question does not say another.

    Raises
    ------
    MissingExtraError
        If DuckDB is not installed.
    UsageError
        If there is no such table, or DuckDB does not understand the question.
    """
    duckdb = require_duckdb()
    place = Path(path)
    if not place.is_file():
        raise UsageError(
            "there is no such table",
            where=str(path),
            next_step="write one with heterobuild screen -o DIR",
        )
    whole = question.lstrip().lower().startswith(("select", "from", "with"))
    text = question if whole else f"SELECT * FROM screen WHERE {question or 'true'}"  # noqa: S608  # the user's own table
    with open_table(place) as connection:
        try:
            connection.execute("SET enable_external_access = false")
            found = connection.execute(text)
            if found.description is None:
                return (), ()
            names = tuple(column[0] for column in found.description)
            return names, tuple(found.fetchall())
        except duckdb.Error as error:
            raise UsageError(
                "the question is not understood",
                measured=" ".join(str(error).split())[:300],
                next_step="ask for example \"abs(mismatch) < 0.02 AND alignment = 'I'\"",
            ) from error


def values_that_occur(path: str | Path, question: str) -> dict[str, tuple[str, ...]]:
    """Return the values of those columns of words that a question names.

    Parameters
    ----------
    path : str or Path
        The screen.csv or screen.parquet of a screen.
    question : str
        The question, see `query_table`.

    Returns
    -------
    dict of str to tuple of str
        Values by column, at most twelve and then an ellipsis.

    Raises
    ------
    MissingExtraError
        If DuckDB is not installed.
    UsageError
        If there is no such table.
    """
    asked = re.sub(r"'[^']*'", "''", question.lower())
    found: dict[str, tuple[str, ...]] = {}
    with open_table(Path(path)) as connection:
        for name in (word for word in WORDS if re.search(rf"\b{word}\b", asked)):
            rows = connection.execute(
                f"SELECT DISTINCT {name} FROM screen ORDER BY 1 LIMIT {MOST + 1}"  # noqa: S608
            ).fetchall()
            values = tuple(f"'{row[0]}'" for row in rows)
            found[name] = values if len(values) <= MOST else (*values[:MOST], "…")
    return found
