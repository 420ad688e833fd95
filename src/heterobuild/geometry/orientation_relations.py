"""How one crystal is turned against another: parallel directions and planes, or at random.

A rotation is a proper matrix R for row vectors: ``x @ R`` turns the second crystal into the frame
of the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import gcd
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

Indices: TypeAlias = tuple[int, int, int]
"""Indices of a direction [uvw] or a plane (hkl)."""

TOLERANCE = 1.0
"""Degrees by which the angles between direction and normal may differ: pseudo-cubic axes of
tilted perovskites are off by a few tenths of a degree."""

_HIGHEST = 4
"""Largest index of the directions that are suggested."""

_NEXT = 'write it like "[100]||[110], (001)||(001)", with pc after pseudo-cubic indices'


@dataclass(frozen=True, kw_only=True)
class OrientationRelation:
    """Two pairs of parallel directions and planes.

    Parameters
    ----------
    directions : tuple of two (u, v, w)
        Direction of the first crystal and the one of the second that is parallel to it.
    planes : tuple of two (h, k, l)
        Plane of the first crystal and the one of the second that is parallel to it; the normals
        point the same way.
    pseudocubic : tuple of two bool, optional
        Whether the indices of the first and of the second crystal count along its pseudo-cubic
        axes instead of its conventional cell.
    """

    directions: tuple[Indices, Indices]
    planes: tuple[Indices, Indices]
    pseudocubic: tuple[bool, bool] = (False, False)


def parse_relation(text: str) -> OrientationRelation:
    """Read an orientation relation as it is written in papers.

    Parameters
    ----------
    text : str
        ``[100]||[110], (001)||(001)``, the first crystal on the left; ∥ and // stand for || as
        well. A minus sign stands before its digit; spaces separate indices of more digits, as in
        ``[1 0 -12]``. Four hexagonal indices (hkil) and [uvtw] are read as three. ``pc`` after
        the bracket: along pseudo-cubic axes, for both indices of a crystal.

    Returns
    -------
    OrientationRelation
        The relation.

    Raises
    ------
    UsageError
        If the text is no such relation.

    Examples
    --------
    >>> parse_relation("[001]pc || [1-10], (100)pc || (110)")
    OrientationRelation(directions=((0, 0, 1), (1, -1, 0)), planes=((1, 0, 0), (1, 1, 0)), \
pseudocubic=(True, False))
    """
    side = r"([\[(][-\d\s,]*[\])])\s*(pc)?"
    pair = rf"{side}\s*(?:\|\||∥|//)\s*{side}"
    found = re.fullmatch(rf"\s*{pair}\s*[,;]?\s*{pair}\s*", str(text))
    if found is None:
        raise UsageError("this is no orientation relation", measured=repr(text), next_step=_NEXT)
    groups = found.groups()
    brackets = [groups[i][0] + groups[i][-1] for i in (0, 2, 4, 6)]
    if sorted(brackets) != ["()", "()", "[]", "[]"] or brackets[0] != brackets[1]:
        raise UsageError(
            "an orientation relation pairs directions [uvw] and planes (hkl)",
            measured=repr(text),
            next_step=_NEXT,
        )
    marks = [groups[i] is not None for i in (1, 3, 5, 7)]
    if marks[0] != marks[2] or marks[1] != marks[3]:
        raise UsageError(
            "direction and plane of one crystal must count along the same axes",
            measured=repr(text),
            next_step="write pc after both of them or after neither",
        )
    first, second = ((_indices(groups[i]), _indices(groups[i + 2])) for i in (0, 4))
    directions, planes = (first, second) if brackets[0] == "[]" else (second, first)
    return OrientationRelation(
        directions=directions, planes=planes, pseudocubic=(marks[0], marks[1])
    )


def relation_label(relation: OrientationRelation) -> str:
    """Write an orientation relation as `parse_relation` reads it.

    Parameters
    ----------
    relation : OrientationRelation
        The relation.

    Returns
    -------
    str
        Such as ``[100]||[110], (001)||(001)``.

    Examples
    --------
    >>> relation_label(parse_relation("(001) ∥ (001); [1 -1 0]∥[100]"))
    '[1-10]||[100], (001)||(001)'
    """
    marks = ["pc" if mark else "" for mark in relation.pseudocubic]

    def pair(values: tuple[Indices, Indices], ends: str) -> str:
        sides = (f"{ends[0]}{_joined(value)}{ends[1]}" for value in values)
        return "||".join(side + mark for side, mark in zip(sides, marks, strict=True))

    return f"{pair(relation.directions, '[]')}, {pair(relation.planes, '()')}"


def relation_rotation(
    first_cell: FloatArray,
    second_cell: FloatArray,
    directions: tuple[Indices, Indices],
    planes: tuple[Indices, Indices],
    *,
    tolerance: float = TOLERANCE,
) -> FloatArray:
    """Return the rotation that brings the second crystal into an orientation relation.

    The normals become exactly parallel. The directions do so too where they make the same angle
    with the normals; else as nearly as the strained lattices allow.

    Parameters
    ----------
    first_cell, second_cell : (3, 3) float array
        Cells in Å, rows, that the indices count in: conventional or pseudo-cubic axes.
    directions : tuple of two (u, v, w)
        Parallel directions of the first and the second crystal.
    planes : tuple of two (h, k, l)
        Parallel planes of the first and the second crystal.
    tolerance : float, optional
        Degrees by which the angles between direction and normal may differ.

    Returns
    -------
    (3, 3) float array
        Proper rotation R; ``x @ R`` turns row vectors of the second crystal into the frame of
        the first.

    Raises
    ------
    UsageError
        If the relation contradicts itself, or a direction is normal to its plane, which leaves
        the turn about it open.

    Examples
    --------
    >>> cube = 6.0 * np.eye(3)
    >>> turn = relation_rotation(cube, cube, ((1, 0, 0), (1, 1, 0)), ((0, 0, 1), (0, 0, 1)))
    >>> (np.array([1, 1, 0]) @ turn).round(6).tolist()
    [1.414214, 0.0, 0.0]
    """
    cells = [np.asarray(cell, dtype=np.float64) for cell in (first_cell, second_cell)]
    if any(not any(indices) for indices in (*directions, *planes)):
        raise UsageError("indices of an orientation relation are not all zero", next_step=_NEXT)
    along = [_unit(np.array(d) @ cell) for d, cell in zip(directions, cells, strict=True)]
    normal = [
        _unit(np.linalg.inv(cell) @ np.array(p)) for p, cell in zip(planes, cells, strict=True)
    ]
    angles = [_angle(d, n) for d, n in zip(along, normal, strict=True)]
    if min(*angles, *(180 - angle for angle in angles)) <= tolerance:
        raise UsageError(
            "the direction is normal to the plane, so the turn about it stays open",
            measured=f"angles to the normal of {angles[0]:.2f}° and {angles[1]:.2f}°",
            next_step="give a direction within the plane, [uvw] with hu + kv + lw = 0",
        )
    if abs(angles[0] - angles[1]) > tolerance:
        raise UsageError(
            "the orientation relation contradicts itself",
            measured=f"{angles[0]:.2f}° between [{_joined(directions[0])}] and the normal of "
            f"({_joined(planes[0])}) in the first crystal, {angles[1]:.2f}° between "
            f"[{_joined(directions[1])}] and that of ({_joined(planes[1])}) in the second",
            allowed=f"angles that differ by at most {tolerance:g}°",
            next_step=_suggestion(cells[1], along[1], normal[1], angles[0]),
        )
    frames = [_frame(d, n) for d, n in zip(along, normal, strict=True)]
    return frames[1].T @ frames[0]


def _indices(text: str) -> Indices:
    """Read three or four indices in brackets."""
    words = text[1:-1].strip()
    index = r"-?\d+" if re.search(r"[\s,]", words) else r"-?\d"
    if not re.fullmatch(rf"{index}(?:[\s,]*{index})*", words):
        raise UsageError("these are no indices", measured=repr(text), next_step=_NEXT)
    found = [int(word) for word in re.findall(index, words)]
    if len(found) == 4:
        if found[0] + found[1] + found[2]:
            raise UsageError(
                "the first three of four hexagonal indices sum to zero", measured=repr(text)
            )
        h, k, i, m = found
        found = [h, k, m] if text[0] == "(" else [h - i, k - i, m]
    if len(found) != 3 or not any(found):
        raise UsageError(
            "indices are three integers, not all zero", measured=repr(text), next_step=_NEXT
        )
    factor = gcd(*found)
    u, v, w = (number // factor for number in found)
    return (u, v, w)


def _joined(indices: Indices) -> str:
    """Write indices without brackets; spaces separate those of more than one digit."""
    return (" " if any(abs(index) > 9 for index in indices) else "").join(map(str, indices))


def _unit(vector: FloatArray) -> FloatArray:
    """Return a vector of length one."""
    scaled: FloatArray = vector / np.linalg.norm(vector)
    return scaled


def _angle(first: FloatArray, second: FloatArray) -> float:
    """Return the angle between two unit vectors in degrees, exact for small angles too."""
    sine = np.linalg.norm(np.cross(first, second))
    return float(np.degrees(np.arctan2(sine, first @ second)))


def _frame(along: FloatArray, normal: FloatArray) -> FloatArray:
    """Return a right-handed frame, rows: the direction within the plane, across, the normal."""
    within = _unit(along - (along @ normal) * normal)
    return np.array([within, np.cross(normal, within), normal])


def _suggestion(cell: FloatArray, along: FloatArray, normal: FloatArray, angle: float) -> str:
    """Name the direction nearest to the given one whose angle to the normal is the wanted one."""
    span = range(-_HIGHEST, _HIGHEST + 1)
    rows = np.array([row for row in product(span, repeat=3) if gcd(*row) == 1])
    vectors = rows @ cell
    vectors /= np.linalg.norm(vectors, axis=1)[:, None]
    made = np.degrees(np.arccos(np.clip(vectors @ normal, -1.0, 1.0)))
    fits = np.abs(made - angle) <= TOLERANCE / 2
    if not fits.any():
        return "choose another direction of the second crystal"
    off = np.degrees(np.arccos(np.clip(vectors @ along, -1.0, 1.0)))[fits].round(6)
    size = np.abs(rows[fits]).sum(axis=1)
    best = rows[fits][np.lexsort((*rows[fits].T[::-1], size, off))[0]]
    u, v, w = best.tolist()
    return f"in the second crystal [{_joined((u, v, w))}] is the nearest direction that fits"
