"""Filter and sort the rows of a screen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest
from heterobuild.screening.rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heterobuild.screening.rows import Row

SORT_KEYS = {
    "strain": ("log_strain",),
    "area": ("film_area_A2", "area_A2"),
    "atoms": ("film_atoms_per_A", "substrate_atoms_per_A"),
    "mismatch": ("mismatch",),
    "energy": ("film_energy_meV_per_A3",),
    "film": ("film",),
    "substrate": ("substrate",),
}
"""Sort keys and their columns: of two areas the larger one counts, atoms are added."""

DEFAULT_SORT = ("strain", "area")

ALIGNMENTS = ("I", "II", "III")

_NUMBER = {name: index for index, name in enumerate(COLUMNS)}


def parse_fraction(text: str | float) -> float:
    """Read a fraction, or a percentage with its sign.

    Parameters
    ----------
    text : str or float
        Such as ``5%`` or ``0.05``.

    Returns
    -------
    float
        Fraction.

    Raises
    ------
    UsageError
        If it is no number, or not between 0 and 0.5.

    Examples
    --------
    >>> parse_fraction("5%"), parse_fraction("0.05"), parse_fraction(0.02)
    (0.05, 0.05, 0.02)
    """
    words = str(text).strip()
    percent = words.endswith("%")
    try:
        value = float(words.removesuffix("%")) / (100 if percent else 1)
    except ValueError:
        value = math.nan
    if not 0 < value < 0.5:
        plain = words.replace(".", "", 1).isdecimal() and value >= 0.5
        raise UsageError(
            "a largest mismatch is a percentage such as 5% or a fraction such as 0.05",
            measured=words,
            allowed="more than 0 and less than 50%",
            next_step=f"write {words}% if percent are meant" if plain else "write 5%",
        )
    return value


def parse_alignment(text: str) -> str:
    """Read a type of band alignment.

    Parameters
    ----------
    text : str
        Such as ``type-I``, ``type II`` or ``III``.

    Returns
    -------
    str
        I, II or III.

    Raises
    ------
    UnknownNameError
        If it is none of these.

    Examples
    --------
    >>> parse_alignment("type-I"), parse_alignment("ii")
    ('I', 'II')
    """
    word = text.strip().upper().removeprefix("TYPE").strip(" -_")
    if word not in ALIGNMENTS:
        raise UnknownNameError(
            f"unknown band alignment {text!r}", next_step="choose type-I, type-II or type-III"
        )
    return word


def parse_sort(text: str) -> tuple[str, ...]:
    """Read a list of sort keys.

    Parameters
    ----------
    text : str
        Keys of `SORT_KEYS`, separated by commas.

    Returns
    -------
    tuple of str
        The keys.

    Raises
    ------
    UnknownNameError
        If there is no such key.

    Examples
    --------
    >>> parse_sort("strain,atoms")
    ('strain', 'atoms')
    """
    keys = tuple(word.strip() for word in text.split(","))
    for key in keys:
        if key not in SORT_KEYS:
            raise UnknownNameError(f"unknown sort key {key!r}", next_step=suggest(key, SORT_KEYS))
    return keys


def choose_rows(
    rows: Iterable[Row],
    *,
    max_mismatch: float | None = None,
    alignment: str | None = None,
    sort: Sequence[str] = DEFAULT_SORT,
) -> tuple[Row, ...]:
    """Keep the rows that pass the filters, and sort them.

    Parameters
    ----------
    rows : iterable of tuple of str
        Rows of a screen.
    max_mismatch : float, optional
        Largest absolute mismatch along either principal direction, a fraction.
    alignment : {"I", "II", "III"}, optional
        Type of band alignment; rows whose type is unknown or open are left out.
    sort : sequence of str, optional
        Keys of `SORT_KEYS`; by default strain, then area. Rows that are equal in these follow in
        the order of their columns, rows without a value come last.

    Returns
    -------
    tuple of tuple of str
        The rows.
    """
    mismatch, kind = _NUMBER["mismatch"], _NUMBER["alignment"]
    kept = (
        row
        for row in rows
        if (max_mismatch is None or abs(float(row[mismatch])) <= max_mismatch * (1 + 1e-9))
        and (alignment is None or row[kind] == alignment)
    )
    return tuple(sorted(kept, key=lambda row: ([_value(row, key) for key in sort], row)))


def _value(row: Row, key: str) -> float | str:
    """Return what a row is sorted by."""
    words = [row[_NUMBER[column]] for column in SORT_KEYS[key]]
    if key in {"film", "substrate"}:
        return words[0]
    if not all(words):
        return math.inf
    values = [abs(float(word)) for word in words]
    return sum(values) if key == "atoms" else max(values)
