"""Stack sheets with what lies between them into one periodic cell, by translations only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.layered.sheets import Sheet

NEAR_FACE = 4.5
"""Å from the plane of terminal halides up to which ions of a sheet can touch spacers: those of
the outermost octahedra."""

_SAME = 4
"""Decimals to which two gaps have to agree, of lengths in Å and of fractions of the cell."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Interlayer:
    """Cations between two sheets, in the frame of the lower one.

    Parameters
    ----------
    numbers : (k,) int array
        Atomic numbers, molecule by molecule.
    positions : (k, 3) float array
        Coordinates in Å; z counts from the plane of the lower sheet's upper terminal halides,
        x and y from its first B cation.
    distance : float
        Distance in Å between the facing planes of terminal halides.
    error : float, optional
        Expected error of that distance in Å.
    rule : str, optional
        Where it comes from, in words.
    """

    numbers: IntArray
    positions: FloatArray
    distance: float
    error: float = 0.0
    rule: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stack:
    """Sheets and interlayers of one period along the normal.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å, the third vector along z.
    sheets : tuple of Sheet
        Upward.
    origins : (m, 3) float array
        Place of each sheet's own origin in Å.
    interlayers : tuple of Interlayer
        What lies above each sheet.
    """

    cell: FloatArray
    sheets: tuple[Sheet, ...]
    origins: FloatArray
    interlayers: tuple[Interlayer, ...]

    @property
    def floors(self) -> FloatArray:
        """Place in Å of each interlayer's own origin, shape (m, 3)."""
        rise = [sheet.terminals_top[:, 2].mean() for sheet in self.sheets]
        floors: FloatArray = self.origins + np.array(rise)[:, None] * np.array([0.0, 0.0, 1.0])
        return floors


def stack_sheets(
    sheets: Sequence[Sheet],
    offset: tuple[float, float],
    fill: Callable[[Sheet, Sheet, FloatArray], Interlayer],
) -> Stack:
    """Stack sheets, every second one shifted in the plane.

    The stack is doubled where an odd number of shifted sheets would not close with a third
    vector along the normal.

    Parameters
    ----------
    sheets : sequence of Sheet
        One period upward, all with the same cell.
    offset : tuple of float
        Shift of every second sheet in units of the pseudo-cubic in-plane axes.
    fill : callable
        Fills the gap between a lower sheet, an upper one, and the (2,) shift in Å of the upper
        one's origin; called once for gaps that are translations of one another.

    Returns
    -------
    Stack
        The stack; the first sheet's mid-plane is z = 0.
    """
    shifted = any(abs(value - round(value)) > 1e-9 for value in offset)
    stacked = tuple(sheets) * (2 if shifted and len(sheets) % 2 else 1)
    count = len(stacked)
    step = np.array(offset) @ stacked[0].square
    places = np.outer(np.arange(count) % 2, step)
    interlayers = []
    known: dict[tuple[float, ...], Interlayer] = {}
    for k, lower in enumerate(stacked):
        upper = stacked[(k + 1) % count]
        shift = places[(k + 1) % count] - places[k]
        key = gap_key(lower, upper, shift)
        if key not in known:
            known[key] = fill(lower, upper, shift)
        interlayers.append(known[key])
    halves = np.array([sheet.thickness / 2 for sheet in stacked])
    steps = halves + np.array([gap.distance for gap in interlayers]) + np.roll(halves, -1)
    cell = np.zeros((3, 3))
    cell[:2, :2] = stacked[0].cell
    cell[2, 2] = steps.sum()
    origins = np.column_stack([places, np.cumsum(steps) - steps])
    return Stack(cell=cell, sheets=stacked, origins=origins, interlayers=tuple(interlayers))


def gap_key(lower: Sheet, upper: Sheet, shift: FloatArray) -> tuple[float, ...]:
    """Return numbers that agree for gaps with the same faces at the same relative place.

    Parameters
    ----------
    lower, upper : Sheet
        The sheets.
    shift : (2,) float array
        Place of the upper sheet's first B cation in the frame of the lower one in Å.

    Returns
    -------
    tuple of float
        Cell, and numbers and places of the ions near either face, to 0.0001.
    """
    inverse = np.linalg.inv(lower.cell)
    below = lower.positions - [0.0, 0.0, lower.terminals_top[:, 2].mean()]
    above = upper.positions - [-shift[0], -shift[1], upper.terminals_bottom[:, 2].mean()]
    faces = []
    for points, numbers in ((below, lower.numbers), (above, upper.numbers)):
        near = np.abs(points[:, 2]) < NEAR_FACE
        fractions = (np.round(points[near, :2] @ inverse, _SAME) % 1.0).round(_SAME)
        rows = np.column_stack([numbers[near], points[near, 2].round(_SAME), fractions])
        faces.append(rows[np.lexsort(rows.T)])
    cell = lower.cell.round(_SAME).ravel()
    return tuple(np.concatenate([cell, np.concatenate(faces).ravel() + 0.0]).tolist())
