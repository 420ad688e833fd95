"""Results go to the standard output, everything else to the standard error."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def print_lines(lines: Iterable[str]) -> None:
    """Print results.

    Parameters
    ----------
    lines : iterable of str
        Lines without line ends.
    """
    _print("".join(f"{line}\n" for line in lines))


def print_json(value: object) -> None:
    """Print a result as JSON.

    Parameters
    ----------
    value : object
        Plain data; numbers that are not finite are refused.
    """
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    _print(json.dumps(value, indent=2, ensure_ascii=not unicode, allow_nan=False) + "\n")


def complain(line: str) -> None:
    """Print one line for people: an error or a notice.

    Parameters
    ----------
    line : str
        The line; line ends in it become blanks.
    """
    sys.stderr.write(" ".join(line.splitlines()) + "\n")


def table(rows: Iterable[Iterable[str]]) -> list[str]:
    """Set rows in columns, two blanks apart.

    Parameters
    ----------
    rows : iterable of iterable of str
        Cells, the same number in every row.

    Returns
    -------
    list of str
        One line a row.

    Examples
    --------
    >>> table([("name", "phase"), ("CsI", "cubic")])
    ['name  phase', 'CsI   cubic']
    """
    cells = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


def _print(text: str) -> None:
    """Print to the standard output; a reader who leaves early is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
