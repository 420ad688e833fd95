"""``heterobuild query``: ask a table of a screen in SQL."""

from __future__ import annotations

import math

import rich_click as click

from heterobuild.cli.screen import complain, print_json, print_lines, table


@click.command()
@click.argument("path", metavar="TABLE")
@click.argument("question", metavar="CONDITION")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def query(path: str, question: str, *, as_json: bool) -> None:
    """Print the rows of TABLE that fulfil CONDITION, what stands after WHERE in SQL.

    TABLE is the screen.csv or screen.parquet of a screen. A whole query of the table `screen`
    may be given too.

    Example: heterobuild query results/screen.csv "abs(mismatch) < 0.02 ORDER BY area_A2"
    """
    from heterobuild.screening.query import query_table, values_that_occur

    names, rows = query_table(path, question)
    if as_json:
        print_json([dict(zip(names, map(_plain, row), strict=True)) for row in rows])
    elif rows:
        print_lines(table([names, *([_words(value) for value in row] for row in rows)]))
    complain("1 row" if len(rows) == 1 else f"{len(rows)} rows")
    if not rows:
        for column, values in values_that_occur(path, question).items():
            complain(f"note: {column} is one of {', '.join(values)}")


def _plain(value: object) -> object:
    """Return a value as JSON holds it."""
    finite = isinstance(value, float) and math.isfinite(value)
    return value if finite or value is None or isinstance(value, str | int) else str(value)


def _words(value: object) -> str:
    """Return a value as text."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
