"""The empty height of a slab, wire or particle, measured from the atoms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.model import Finding

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Level
    from heterobuild.validation.view import View

_STACKING = (2,)
_MOST_BINS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The largest empty height along one normal of the cell.

    Parameters
    ----------
    width : float
        Its size in Å, between the centres of the atoms.
    upper : float
        Height of its upper end in Å: the lowest atom of the slab above it.
    period : float
        Height of the cell in Å.
    axis : int, optional
        The cell vector that points along it: the third one, the stacking axis, by default.
    """

    width: float
    upper: float
    period: float
    axis: int = 2


def normal(cell: FloatArray, axis: int = 2) -> FloatArray:
    """Return the unit vector normal to two cell vectors, towards the remaining one.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    axis : int, optional
        The remaining vector: the third one, the stacking axis, by default.

    Returns
    -------
    (3,) float array
        The direction; zeros where the cell encloses no volume.
    """
    cross = np.cross(cell[axis - 2], cell[axis - 1])
    length = float(np.linalg.norm(cross))
    if length == 0.0:
        return np.zeros(3)
    direction: FloatArray = cross / length * np.sign(cross @ cell[axis])
    return direction


def largest_gap(positions: FloatArray, cell: FloatArray, axis: int = 2) -> Gap:
    """Measure the largest empty height, across the periodic border too.

    Parameters
    ----------
    positions : (n, 3) float array
        Positions in Å.
    cell : (3, 3) float array
        Cell in Å.
    axis : int, optional
        The cell vector that points along the height; the third one by default.

    Returns
    -------
    Gap
        The whole cell where there are no atoms or no volume.

    Examples
    --------
    >>> largest_gap(np.array([[0.0, 0.0, 9.0], [0.0, 0.0, 13.0]]), np.diag([4.0, 4.0, 20.0]))
    Gap(width=16.0, upper=9.0, period=20.0, axis=2)
    """
    up = normal(cell, axis)
    period = float(cell[axis] @ up)
    if period == 0.0 or len(positions) == 0:
        return Gap(width=period, upper=0.0, period=period, axis=axis)
    width, upper = _widest((positions @ up) % period, period)
    return Gap(width=width, upper=upper, period=period, axis=axis)


def _widest(heights: FloatArray, period: float) -> tuple[float, float]:
    """Return width and upper end of the widest gap, sorting only where bins cannot tell."""
    bins = min(len(heights), _MOST_BINS)
    place = np.minimum(heights * (bins / period), bins - 1).astype(np.int32)
    low, high = np.full(bins, np.inf), np.full(bins, -np.inf)
    np.minimum.at(low, place, heights)
    np.maximum.at(high, place, heights)
    filled = np.isfinite(low)
    low, high = low[filled], high[filled]
    widths = np.append(low[1:], low[0] + period) - high
    k = int(np.argmax(widths))
    if widths[k] > 2 * period / bins:  # no gap inside a bin is as wide
        return float(widths[k]), float(low[(k + 1) % len(low)])
    heights = np.sort(heights)
    widths = np.diff(heights, append=heights[0] + period)
    k = int(np.argmax(widths))
    return float(widths[k]), float(heights[(k + 1) % len(heights)])


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
    heights: FloatArray = positions @ normal(cell, gap.axis) - gap.upper + margin
    return heights % gap.period - margin if gap.period else heights


def check_vacuum(structure: View) -> tuple[Finding, ...]:
    """Compare the empty height along the normal with the vacuum that was asked for.

    Parameters
    ----------
    structure : View
        The structure; the vacuum that was asked for is ``vacuum_A`` of the step ``vacuum``, along
        the cell vectors that its ``directions`` name, the third one where there is no such entry.
        It is measured in the cell also where the structure is not periodic, because most
        programs make it so.

    Returns
    -------
    tuple of Finding
        One finding; its value is the measured height in Å, the least one of several directions.
    """
    asked, axes = _asked(structure)
    gaps = [largest_gap(structure.atoms.positions, structure.cell, axis) for axis in axes]
    gap = min(gaps, key=lambda entry: entry.width)
    if asked:
        return (_against(structure, gap, asked, axes),)
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


def _asked(structure: View) -> tuple[float, tuple[int, ...]]:
    """Return the vacuum in Å that was asked for, 0 where none was, and along which vectors."""
    step = next((step for step in structure.steps if step.name == "vacuum"), None)
    value = step.values.get("vacuum_A") if step else None
    if step is None or not isinstance(value, int | float):
        return 0.0, _STACKING
    directions = step.values.get("directions")
    if not isinstance(directions, list | tuple):
        return float(value), _STACKING
    return float(value), tuple(k for k in range(3) if directions[k]) or _STACKING


def _against(structure: View, gap: Gap, asked: float, axes: tuple[int, ...]) -> Finding:
    """Compare with what was asked for; the ends of molecules may reach into the vacuum."""
    limits = structure.limits
    between_centres = largest_gap(structure.centres, structure.cell, gap.axis).width
    overhang = max(between_centres - gap.width, 0.0)
    allowed = limits.vacuum + overhang
    measured = f"vacuum {gap.width:.2f} Å, asked for {asked:.2f} Å"
    if len(axes) > 1:
        measured = f"least vacuum {gap.width:.2f} Å, along {'abc'[gap.axis]}"
        measured += f", asked for {asked:.2f} Å along {' and '.join('abc'[k] for k in axes)}"
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
