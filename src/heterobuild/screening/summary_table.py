"""The rows of a screen as people read them: one line a pair of crystals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.errors import HeterobuildError
from heterobuild.screening.face_labels import face_label
from heterobuild.screening.materials import Material, load_material
from heterobuild.screening.rows import COLUMNS
from heterobuild.slabs.miller import miller_label, parse_miller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from heterobuild.screening.rows import Row

ASSUMED = "~"
"""Sign before an energy for which isotropic elastic constants were assumed."""

HEADS = (
    ("no.", ""),
    ("film", "film {}"),
    ("face", "film face {}"),
    ("substrate", "substrate {}"),
    ("face", "substrate face {}"),
    ("misfit %", ""),
    ("area Å²", ""),
    ("turn °", "turn {}°"),
    ("meV/Å³", ""),
    ("bands", "band alignment {}"),
    ("trust", "confidence {}"),
)
"""Heads of the columns, and the words for one that says the same in every row."""

WIDTH = 100
"""Characters of a line that fit on most screens."""

SPARED = ("turn °", "trust")
"""Columns that are left out of tables which are too wide; files and JSON hold them."""

_NUMBER = {name: index for index, name in enumerate(COLUMNS)}


def smallest_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the row with the smallest cell of each pair of crystals.

    Parameters
    ----------
    rows : iterable of tuple of str
        Chosen rows, best first.

    Returns
    -------
    tuple of tuple of str
        One row a pair, in the order of the rows.
    """
    smallest: dict[tuple[str, str], tuple[int, Row]] = {}
    for place, row in enumerate(rows):
        pair = (row[_NUMBER["film"]], row[_NUMBER["substrate"]])
        if pair not in smallest or _size(row) < _size(smallest[pair][1]) - 0.01:
            smallest[pair] = (place, row)
    return tuple(row for _, row in sorted(smallest.values(), key=lambda entry: entry[0]))


def summary_rows(
    rows: Sequence[Row], files: Mapping[str, str] | None = None
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return rows as words for the screen; what all have in common is said once.

    Parameters
    ----------
    rows : sequence of tuple of str
        Rows, one a pair of crystals, see `smallest_rows`.
    files : mapping of str to str, optional
        Paths of the user's files by the names of the materials.

    Returns
    -------
    shared : list of str
        What all rows have in common, such as ``film CsPbBr3_cubic``; nothing for a single row.
    lines : list of tuple of str
        Head and rows, numbered from 1; misfits in percent.
    """
    labels: dict[tuple[str, str], str] = {}
    lines = [_line(place, row, files or {}, labels) for place, row in enumerate(rows, 1)]
    columns = list(zip(*lines, strict=True))
    shared, kept = [], []
    for place, (head, words) in enumerate(HEADS):
        if words and len(lines) > 1 and len(set(columns[place])) == 1:
            shared.append(words.format(columns[place][0]))
        else:
            kept.append((head, *columns[place]) if lines else (head,))
    return shared, list(zip(*kept, strict=True))


def narrowed(lines: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Leave out columns where the lines are too wide.

    Parameters
    ----------
    lines : sequence of tuple of str
        Head and rows, see `summary_rows`.

    Returns
    -------
    list of tuple of str
        The same without turn, then without trust, until 100 characters hold a line.

    Examples
    --------
    >>> narrowed([("film", "turn °"), ("x" * 95, "45.0")])[0]
    ('film',)
    """
    columns = list(zip(*lines, strict=True))
    for name in SPARED:
        if sum(max(map(len, column)) + 2 for column in columns) - 2 > WIDTH:
            columns = [column for column in columns if column[0] != name]
    return list(zip(*columns, strict=True))


def _size(row: Row) -> float:
    return max(float(row[_NUMBER["film_area_A2"]]), float(row[_NUMBER["area_A2"]]))


def _line(
    place: int, row: Row, files: Mapping[str, str], labels: dict[tuple[str, str], str]
) -> tuple[str, ...]:
    """Return one row for the screen."""
    value = dict(zip(COLUMNS, row, strict=True))
    faces = []
    for side in ("film", "substrate"):
        key = (value[side], value[f"{side}_face"])
        if key not in labels:
            labels[key] = _label(*key, files)
        faces.append(labels[key])
    assumed = ASSUMED if value["elastic_constants"] == "assumed" else ""
    return (
        str(place),
        value["film"],
        faces[0],
        value["substrate"],
        faces[1],
        f"{100 * float(value['mismatch']):+.2f}".replace("-", "−"),
        f"{float(value['area_A2']):.1f}",
        f"{float(value['rotation_deg']):.1f}".replace("-", "−"),
        assumed + f"{float(value['film_energy_meV_per_A3']):.4f}",
        value["alignment"],
        value["confidence"],
    )


def _label(name: str, face: str, files: Mapping[str, str]) -> str:
    """Return the label of a face; without pseudo-cubic indices where a file is gone."""
    indices = parse_miller(face)
    try:
        return face_label(load_material(Material(name=name, path=files.get(name, ""))), indices)
    except HeterobuildError:
        return miller_label(indices)
