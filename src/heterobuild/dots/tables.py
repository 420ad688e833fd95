"""Dots given one by one in a table: where they are, how large, how they are turned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.dots.places import Dots, check_places
from heterobuild.dots.table_rows import read_rows
from heterobuild.errors import UsageError
from heterobuild.geometry.convex_hulls import SOLIDS
from heterobuild.geometry.orientation_relations import OrientationRelation, parse_relation
from heterobuild.geometry.rotations import from_euler_angles, from_quaternions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from heterobuild.arrays import FloatArray
    from heterobuild.dots.table_rows import TableRows

LARGEST = 1e6
"""Å; larger numbers are taken for mistakes."""

_PLACES = (("x", "y", "z"), ("f_x", "f_y", "f_z"))
_SIZES = ("radius", "size")
_TURNS = (("q0", "q1", "q2", "q3"), ("phi1", "phi", "phi2"), ("relation",))
_COLUMNS = {*_PLACES[0], *_PLACES[1], *_SIZES, *_TURNS[0], *_TURNS[1], *_TURNS[2], "shape"}
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)


def read_dots(
    source: str | Path | Sequence[Mapping[str, object]],
    *,
    cell: FloatArray | None = None,
    pbc: Sequence[bool] = (True, True, True),
    separation: float = 0.0,
    shape: str = "sphere",
    rotation_of: Callable[[OrientationRelation], FloatArray] | None = None,
) -> Dots:
    """Read a table of dots and check that they fit into the cell without overlap.

    Columns: ``x, y, z`` in Å or ``f_x, f_y, f_z`` in fractions of the cell; ``radius``, or
    ``size`` (twice the radius: the diameter of a sphere, the distance of opposite faces of a
    polyhedron) in Å; optionally ``shape``, and one of ``q0, q1, q2, q3`` (unit quaternion, q0 =
    cos(angle/2)), ``phi1, phi, phi2`` (Euler angles after Bunge in degrees) and ``relation``
    (zone axes and planes, ``[100]||[110], (001)||(001)``; in quotes, as it holds a comma).
    Columns may have any order and case; every cell is filled.

    Parameters
    ----------
    source : str, path or sequence of mappings
        A CSV file in UTF-8 with a header, or the rows. Empty lines and lines that begin with #
        are skipped.
    cell : (3, 3) float array or None, optional
        Cell in Å, rows. None: free space, no fractions.
    pbc : sequence of three bool, optional
        Whether the cell repeats along each of its vectors. Along the others, dots lie within it.
    separation : float, optional
        Least distance from wall to wall in Å.
    shape : str, optional
        Solid of the dots where the table has no such column: sphere, cube, octahedron or
        rhombic-dodecahedron.
    rotation_of : callable or None, optional
        Turns an orientation relation, the matrix first, into a rotation. None: no such column.

    Returns
    -------
    Dots
        The dots in the order of the table.

    Raises
    ------
    UsageError
        If the table cannot be read, names a row and column that cannot be used, or has dots that
        overlap or lie outside the cell.

    Examples
    --------
    >>> rows = [{"x": 20, "y": 20, "z": 20, "radius": 12}, {"x": 50, "y": 20, "z": 20, "radius": 9}]
    >>> read_dots(rows, cell=80 * np.eye(3)).radii.tolist()
    [12.0, 9.0]
    """
    name, header, rows = read_rows(source)
    columns = _columns(name, header, has_cell=cell is not None)
    numbers = {
        column: np.array([_number(row[column], place, column) for place, row in rows])
        for column in columns
        if column not in {"shape", "relation"}
    }
    fractional = "f_x" in columns
    centres = np.column_stack([numbers[column] for column in _PLACES[fractional]])
    if fractional and cell is not None:
        centres = centres @ cell
    size = "radius" if "radius" in columns else "size"
    for (place, _), length in zip(rows, numbers[size].tolist(), strict=True):
        if length <= 0:
            raise UsageError(f"the {size} of a dot is positive", where=place, measured=length)
    dots = Dots(
        centres=centres,
        radii=numbers[size] * (1.0 if size == "radius" else 0.5),
        rotations=_rotations(columns, numbers, rows, rotation_of),
        shapes=tuple(_shape(row.get("shape", shape), place) for place, row in rows),
    )
    check_places(
        dots, cell=cell, pbc=pbc, separation=separation, places=[place for place, _ in rows]
    )
    return dots


def _columns(name: str, header: list[str], *, has_cell: bool) -> list[str]:
    """Check which columns the table has."""
    where = f"{name}, header"
    twice = sorted({column for column in header if header.count(column) > 1})
    unknown = sorted(set(header) - _COLUMNS)
    if twice or unknown:
        raise UsageError(
            "a column is given twice" if twice else "unknown columns",
            where=where,
            measured=", ".join(repr(column) for column in twice or unknown),
            allowed=", ".join(sorted(_COLUMNS)),
        )
    for groups, least, what in (
        (_PLACES, 1, "a place, x, y, z or f_x, f_y, f_z"),
        ([(column,) for column in _SIZES], 1, "a size, radius or size"),
        (_TURNS, 0, "an orientation: q0 … q3, or phi1, phi, phi2, or relation"),
    ):
        begun = [group for group in groups if set(group) & set(header)]
        broken = [column for group in begun for column in group if column not in header]
        if broken or not least <= len(begun) <= 1:
            raise UsageError(
                f"every dot has {'one of' if least else 'at most'} {what}",
                where=where,
                measured=f"no column {broken[0]}" if broken else ", ".join(header),
            )
    if "f_x" in header and not has_cell:
        raise UsageError("fractions need a cell", where=where, next_step="give x, y, z in Å")
    return header


def _number(value: object, place: str, column: str) -> float:
    """Read one finite number."""
    found: float | None = None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        found = float(value.strip())
    elif isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        found = float(value) if bool(-LARGEST <= value <= LARGEST) else np.inf
    if found is None or not abs(found) <= LARGEST:
        raise UsageError(
            "this is no number" if found is None else "the number is not finite or too large",
            where=f"{place}, column {column}",
            measured=repr(value)[:60],
            allowed=f"a number up to {LARGEST:g}, with a decimal point",
        )
    return found


def _shape(value: object, place: str) -> str:
    """Read the name of a solid."""
    name = str(value).strip().lower()
    if name not in SOLIDS:
        raise UsageError(
            "unknown shape of a dot",
            where=f"{place}, column shape",
            measured=repr(value)[:60],
            allowed=", ".join(SOLIDS),
        )
    return name


def _rotations(
    columns: list[str],
    numbers: dict[str, FloatArray],
    rows: TableRows,
    rotation_of: Callable[[OrientationRelation], FloatArray] | None,
) -> FloatArray:
    """Return the rotation of each dot; none where the table has no such columns."""
    if "q0" in columns:
        quaternions = np.column_stack([numbers[column] for column in _TURNS[0]])
        lengths = np.linalg.norm(quaternions, axis=1)
        for (place, _), length in zip(rows, lengths.tolist(), strict=True):
            if abs(length - 1) > 0.01:
                raise UsageError(
                    "a quaternion of an orientation has the length 1",
                    where=f"{place}, columns q0 … q3",
                    measured=f"{length:.4g}",
                )
        return from_quaternions(quaternions)
    if "phi1" in columns:
        return from_euler_angles(np.column_stack([numbers[column] for column in _TURNS[1]]))
    if "relation" not in columns:
        return np.tile(np.eye(3), (len(rows), 1, 1))
    return np.array([_related(row["relation"], place, rotation_of) for place, row in rows])


def _related(
    value: object, place: str, rotation_of: Callable[[OrientationRelation], FloatArray] | None
) -> FloatArray:
    """Return the rotation of an orientation relation."""
    where = f"{place}, column relation"
    if rotation_of is None:
        raise UsageError("orientation relations cannot be used here", where=where)
    try:
        return rotation_of(parse_relation(str(value)))
    except UsageError as error:
        raise UsageError(
            error.what,
            where=where,
            measured=error.measured,
            allowed=error.allowed,
            next_step=error.next_step,
        ) from None
