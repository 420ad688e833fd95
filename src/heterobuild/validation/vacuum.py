"""The empty height of a slab, measured from the atoms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.model import Finding

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Level
    from heterobuild.validation.view import View


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The largest empty height along the normal of the cell.

    Parameters
    ----------
    width : float
        Its size in Å, between the centres of the atoms.
    upper : float
        Height of its upper end in Å: the lowest atom of the slab above it.
    period : float
        Height of the cell in Å.
    """

    width: float
    upper: float
    period: float


def normal(cell: FloatArray) -> FloatArray:
    """Return the unit vector normal to the first two cell vectors, towards the third.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.

    Returns
    -------
    (3,) float array
        The direction; zeros where the cell encloses no volume.
    """
    cross = np.cross(cell[0], cell[1])
    length = float(np.linalg.norm(cross))
    if length == 0.0:
        return np.zeros(3)
    direction: FloatArray = cross / length * np.sign(cross @ cell[2])
    return direction


def largest_gap(positions: FloatArray, cell: FloatArray) -> Gap:
    """Measure the largest empty height, across the periodic border too.

    Parameters
    ----------
    positions : (n, 3) float array
        Positions in Å.
    cell : (3, 3) float array
        Cell in Å.

    Returns
    -------
    Gap
        The whole cell where there are no atoms or no volume.

    Examples
    --------
    >>> largest_gap(np.array([[0.0, 0.0, 9.0], [0.0, 0.0, 13.0]]), np.diag([4.0, 4.0, 20.0]))
    Gap(width=16.0, upper=9.0, period=20.0)
    """
    up = normal(cell)
    period = float(cell[2] @ up)
    if period == 0.0 or len(positions) == 0:
        return Gap(width=period, upper=0.0, period=period)
    heights = np.sort((positions @ up) % period)
    widths = np.diff(heights, append=heights[0] + period)
    k = int(np.argmax(widths))
    upper = float(heights[(k + 1) % len(heights)])
    return Gap(width=float(widths[k]), upper=upper, period=period)


def heights_above(positions: FloatArray, cell: FloatArray, gap: Gap) -> FloatArray:
    """Return heights counted from the upper end of a gap, so that a slab is in one piece.

    Parameters
    ----------
    positions : (n, 3) float array
        Positions in Å.
    cell : (3, 3) float array
        Cell in Å.
    gap : Gap
        The gap at which the periodic repeat is cut.

    Returns
    -------
    (n,) float array
        Heights in Å, between half a gap below the slab and half a gap above it.
    """
    margin = gap.width / 2
    heights: FloatArray = positions @ normal(cell) - gap.upper + margin
    return heights % gap.period - margin if gap.period else heights


def check_vacuum(structure: View) -> tuple[Finding, ...]:
    """Compare the empty height along the normal with the vacuum that was asked for.

    Parameters
    ----------
    structure : View
        The structure; the vacuum that was asked for is ``vacuum_A`` of the step ``vacuum``. It
        is measured in the cell also where the structure is not periodic along the normal,
        because most programs make it so.

    Returns
    -------
    tuple of Finding
        One finding; its value is the measured height in Å.
    """
    gap = largest_gap(structure.atoms.positions, structure.cell)
    asked = _asked(structure)
    if asked:
        return (_against(structure, gap, asked),)
    if not structure.atoms.pbc[2]:
        return (_finding("info", "no period along the normal, so no image to keep apart", gap),)
    limits = structure.limits
    if gap.width < limits.open_gap:
        return (_finding("info", f"no vacuum, the largest gap is {gap.width:.2f} Å", gap),)
    if structure.foreign and gap.width >= limits.vacuum_warning:
        return (_finding("info", f"a slab with {gap.width:.2f} Å of vacuum", gap),)
    limit = limits.vacuum_warning if structure.foreign else limits.open_gap
    message = f"{gap.width:.2f} Å are empty: too wide for a crystal, too narrow for a vacuum"
    if not structure.foreign:
        message = f"{gap.width:.2f} Å are empty, although no vacuum was asked for"
    return (_finding("warning", message, gap, limit),)


def _asked(structure: View) -> float:
    """Return the vacuum in Å that was asked for, 0 where none was."""
    for step in structure.steps:
        if step.name == "vacuum":
            value = step.values.get("vacuum_A")
            return float(value) if isinstance(value, int | float) else 0.0
    return 0.0


def _against(structure: View, gap: Gap, asked: float) -> Finding:
    """Compare with what was asked for; the ends of molecules may reach into the vacuum."""
    limits = structure.limits
    between_centres = largest_gap(structure.centres, structure.cell).width
    overhang = max(between_centres - gap.width, 0.0)
    allowed = limits.vacuum + overhang
    measured = f"vacuum {gap.width:.2f} Å, asked for {asked:.2f} Å"
    if abs(gap.width - asked) > allowed:
        return _finding("error", f"{measured}, allowed ± {allowed:.2f} Å", gap, asked)
    if gap.width < limits.vacuum_warning:
        message = f"{measured}: periodic images are not decoupled"
        return _finding("warning", message, gap, limits.vacuum_warning)
    return _finding("info", measured, gap, asked)


def _finding(level: Level, message: str, gap: Gap, limit: float | None = None) -> Finding:
    """Make a finding of this check."""
    return Finding(
        check="vacuum",
        level=level,
        message=message,
        value=gap.width,
        limit=limit,
        unit="Å",
    )
