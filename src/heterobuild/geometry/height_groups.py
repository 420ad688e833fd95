"""Group heights on a circle into planes by natural breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

FLAT = 0.05
"""Heights closer than this, in Å, always share a plane: below the accuracy of any refinement."""

CLEAR_BREAK = 5.0
"""Gaps this many times larger than the next smaller one separate planes of tilted octahedra."""


def group_heights(
    heights: FloatArray, period: float, *, tolerance: float | None = None
) -> tuple[IntArray, FloatArray]:
    """Group periodic heights into planes.

    Parameters
    ----------
    heights : (n,) float array
        Heights in Å, any period.
    period : float
        Repeat along the normal in Å.
    tolerance : float, optional
        Largest gap in Å inside a plane. By default the gaps decide: if they fall into small
        and large ones, at least five times larger, then small gaps are the rumpling of tilted
        octahedra and stay inside a plane; otherwise each height is a plane of its own.

    Returns
    -------
    group : (n,) int array
        Plane of each height, counted upward from the one whose mean height is nearest above 0.
    shift : (n,) float array
        Whole periods in Å to add, so that each plane is in one piece and starts in [0, period).

    Examples
    --------
    >>> group, shift = group_heights(np.array([0.0, 0.3, 5.7, 3.0]), 6.0)
    >>> group.tolist(), shift.tolist()
    ([0, 0, 0, 1], [0.0, 0.0, -6.0, 0.0])
    """
    wrapped = np.mod(heights, period)
    order = np.argsort(wrapped, kind="stable")
    ordered = wrapped[order]
    gaps = np.diff(ordered, append=ordered[0] + period)
    limit = _natural_break(gaps) if tolerance is None else tolerance
    breaks = gaps > limit
    if not breaks.any():
        breaks[np.argmax(gaps)] = True
    start = int(np.flatnonzero(breaks)[0]) + 1
    turn = np.arange(start, start + len(ordered)) % len(ordered)
    lifted = ordered[turn] + np.where(
        np.arange(start, start + len(ordered)) >= len(ordered), period, 0
    )
    group_of_turned = np.concatenate([[0], np.cumsum(breaks[turn][:-1])]).astype(np.int64)
    return _from_origin(order[turn], group_of_turned, lifted, heights, period)


def _from_origin(
    index: IntArray, group: IntArray, lifted: FloatArray, heights: FloatArray, period: float
) -> tuple[IntArray, FloatArray]:
    """Count the planes upward from the origin and find the shift of each height."""
    sizes = np.bincount(group)
    mean = np.bincount(group, weights=lifted) / sizes
    whole = np.floor((mean + FLAT) / period)
    position = mean - whole * period
    rank = np.argsort(np.argsort(position, kind="stable"), kind="stable")
    result = np.empty(len(heights), dtype=np.int64)
    shift = np.empty(len(heights))
    result[index] = rank[group]
    shift[index] = lifted - whole[group] * period - heights[index]
    return result, np.round(shift / period) * period + 0.0


def _natural_break(gaps: FloatArray) -> float:
    """Return the limit between rumpling and plane spacing, or `FLAT` where there is none."""
    sizes = np.unique(np.round(gaps[gaps > FLAT], 6))
    if len(sizes) < 2:
        return FLAT
    ratios = sizes[1:] / sizes[:-1]
    widest = int(np.argmax(ratios))
    return float(sizes[widest]) * 1.0001 if ratios[widest] >= CLEAR_BREAK else FLAT
