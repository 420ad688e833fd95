"""Compositions of a series in the order in which they come nearest to a length."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.series import fraction_range, member_weights
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.chemistry.series import Series

STEPS = {1: 1001, 2: 201, 3: 41}
"""Values of each variable that are tried, by their number; the last variable of each row of the
grid is solved exactly, so only a choice among equals or at an edge of a band alignment is as
coarse as the grid."""

SMALL = 1e-9
"""Share, or length in Å, below which it counts as zero."""

EQUAL = 9
"""Decimals to which misfits are compared."""


def fraction_limits(
    series: Series, bounds: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Return between which values each variable is looked for.

    Parameters
    ----------
    series : Series
        The series.
    bounds : mapping of str to tuple of float
        Lowest and highest values; variables that are not named take their whole range.

    Returns
    -------
    dict of str to tuple of float
        Limits of all variables.

    Raises
    ------
    UnknownNameError
        If the series has no such variable.
    UsageError
        If a limit lies outside the range of its variable, or low above high.

    Examples
    --------
    >>> from heterobuild.chemistry.series import parse_series
    >>> fraction_limits(parse_series("FA_yCs_1-yPb(Br_xI_1-x)3"), {"x": (0, 0.6)})
    {'y': (0.0, 1.0), 'x': (0.0, 0.6)}
    """
    for name in bounds:
        if name not in series.variables:
            raise UnknownNameError(
                f"the series has no variable {name!r}",
                where=series.formula,
                next_step=suggest(name, series.variables),
            )
    limits = {}
    for i, name in enumerate(series.variables):
        lowest, highest = (float(side[0]) for side in fraction_range(series, i))
        low, high = (float(value) for value in bounds.get(name, (lowest, highest)))
        if not (math.isfinite(low) and math.isfinite(high)) or not lowest <= low <= high <= highest:
            raise UsageError(
                f"the limits of {name} cannot be used",
                where=series.formula,
                measured=f"{low:g} to {high:g}",
                allowed=f"low to high within {lowest:g} to {highest:g}",
                next_step=f"write them as {name}={lowest:g}:{highest:g}",
            )
        limits[name] = (low, high)
    return limits


def compositions(
    series: Series,
    lengths: FloatArray,
    wanted: float,
    limits: Mapping[str, tuple[float, float]],
) -> FloatArray:
    """Return compositions, the one nearest to a length first.

    The length is linear in each variable where the others are fixed. So on every line of a grid
    the best value is known in closed form. These and the points of the grid are the candidates.

    Parameters
    ----------
    series : Series
        The series.
    lengths : (m,) float array
        Lengths of the end members in Å.
    wanted : float
        Length in Å.
    limits : mapping of str to tuple of float
        Limits of each variable.

    Returns
    -------
    (n, v) float array
        Values of the variables, ordered by the difference of length; equal ones by the distance
        to the middle of the limits in units of their width, then by value.

    Raises
    ------
    UsageError
        If no composition lies within the limits.
    """
    low, high = np.array([limits[name] for name in series.variables]).T
    axes = [np.unique(np.linspace(*ends, STEPS[len(low)])) for ends in zip(low, high, strict=True)]
    found = [_grid(axes)]
    for i in range(len(axes)):
        rows = _grid([np.zeros(1) if i == j else axis for j, axis in enumerate(axes)])
        ends = _line_ends(series, rows, i, (low[i], high[i]))
        reached = [member_weights(series, end) @ lengths for end in ends]
        found.append(_best_on_lines(ends, reached, wanted))
    points = np.unique(np.concatenate(found).round(12) + 0.0, axis=0)
    points = points[np.all(_shares(series, points) > -SMALL, axis=1)]
    if not len(points):
        raise UsageError(
            "no composition lies within the limits",
            where=series.formula,
            measured=", ".join(f"{name}={a:g}:{b:g}" for name, (a, b) in limits.items()),
            next_step="lower the limits, so that no amount becomes negative",
        )
    misfit = np.abs(member_weights(series, points) @ lengths / wanted - 1).round(EQUAL)
    width = np.where(high > low, high - low, 1.0)
    distance = np.linalg.norm((points - (low + high) / 2) / width, axis=1).round(EQUAL)
    ordered: FloatArray = points[np.lexsort((*points.T[::-1], distance, misfit))]
    return ordered


def _grid(axes: list[FloatArray]) -> FloatArray:
    """Return all points of a grid, rows."""
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _shares(series: Series, points: FloatArray) -> FloatArray:
    """Return the shares on all sites, side by side."""
    shares = [site.constants + points @ site.slopes.T for site in series.sites]
    return np.concatenate(shares, axis=1)


def _line_ends(
    series: Series, rows: FloatArray, index: int, limits: tuple[float, float]
) -> list[FloatArray]:
    """Return both ends of the lines along one variable, inside the series and the limits."""
    lowest, highest = fraction_range(series, index, rows)
    low, high = np.maximum(lowest, limits[0]), np.minimum(highest, limits[1])
    ends = []
    for side in (low, high):
        points = rows.copy()
        points[:, index] = side
        ends.append(points[low <= high])
    return ends


def _best_on_lines(
    ends: Sequence[FloatArray], lengths: Sequence[FloatArray], wanted: float
) -> FloatArray:
    """Return the point of each line whose length is nearest to the wanted one."""
    change = lengths[1] - lengths[0]
    flat = np.abs(change) < SMALL
    share = np.where(flat, 0.5, (wanted - lengths[0]) / np.where(flat, 1.0, change))
    best: FloatArray = ends[0] + share.clip(0.0, 1.0)[:, None] * (ends[1] - ends[0])
    return best
