"""Compositions whose band gap lies within limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.series import member_weights
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.screening.mixed_edges import mixed_gaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.end_members import EndMember
    from heterobuild.arrays import FloatArray
    from heterobuild.chemistry.series import Series

SMALL = 1e-9
"""eV by which a gap may miss a limit: rounding."""

WIDEST = 20.0
"""eV; no solid has a wider gap, so a larger limit is in other units."""


def gap_window(least: float | None, largest: float | None) -> tuple[float, float] | None:
    """Check limits of the band gap.

    Parameters
    ----------
    least, largest : float or None
        Limits in eV.

    Returns
    -------
    tuple of float or None
        Both limits; None where there are none.

    Raises
    ------
    UsageError
        If a limit is no energy of a gap in eV, or the least lies above the largest.

    Examples
    --------
    >>> gap_window(2.0, None), gap_window(None, None)
    ((2.0, inf), None)
    """
    for name, value in (("least", least), ("largest", largest)):
        if value is not None and not 0 <= value <= WIDEST:
            raise UsageError(
                f"the {name} band gap cannot be used",
                measured=f"{value:g} eV",
                allowed=f"0 to {WIDEST:g} eV",
                next_step="give it in eV, such as 2.0",
            )
    if least is None and largest is None:
        return None
    window = (0.0 if least is None else least, math.inf if largest is None else largest)
    if window[0] > window[1]:
        raise UsageError(
            "the least band gap lies above the largest",
            measured=f"{window[0]:g} to {window[1]:g} eV",
            next_step="exchange them",
        )
    return window


def within_gaps(
    points: FloatArray,
    series: Series,
    members: Sequence[EndMember],
    window: tuple[float, float],
) -> tuple[FloatArray, bool]:
    """Keep the compositions whose band gap lies within limits.

    Parameters
    ----------
    points : (n, v) float array
        Values of the variables.
    series : Series
        The series.
    members : sequence of EndMember
        Its end members.
    window : tuple of float
        Least and largest gap in eV.

    Returns
    -------
    kept : (k, v) float array
        Those that are left, in their order.
    unknown : bool
        Whether some were left out because their gap is not known.

    Raises
    ------
    UsageError
        If the gap of no composition is known.
    NothingFitsError
        If no composition has such a gap.
    """
    gaps = mixed_gaps(members, member_weights(series, points))
    known = gaps[np.isfinite(gaps)]
    if not len(known):
        raise _unknown(series, members)
    kept = points[(gaps >= window[0] - SMALL) & (gaps <= window[1] + SMALL)]
    if len(kept):
        return kept, len(known) < len(gaps)
    missing = [member.crystal.name for member in members if member.edges is None]
    more = f"; not known as soon as {' or '.join(missing)} takes part" if missing else ""
    raise NothingFitsError(
        "no composition within the limits is known to have such a band gap"
        if missing
        else "no composition within the limits has such a band gap",
        measured=f"{known.min():.2f} to {known.max():.2f} eV{more}",
        allowed=_words(window),
        next_step="leave the limits of the gap out, no gap of that end member is tabulated"
        if missing
        else "widen the limits of the composition or of the gap",
    )


def _words(window: tuple[float, float]) -> str:
    least, largest = window
    if math.isinf(largest):
        return f"{least:g} eV or more"
    return f"{least:g} to {largest:g} eV"


def _unknown(series: Series, members: Sequence[EndMember]) -> UsageError:
    """Make the error for gaps that cannot be interpolated."""
    missing = [member.crystal.name for member in members if member.edges is None]
    return UsageError(
        "the band gap of the series cannot be interpolated",
        where=series.formula,
        measured=f"no band gap of {', '.join(missing)}"
        if missing
        else "the gap is known not to be linear, and no bowing parameter is known",
        next_step="leave the limits of the gap out, or choose another series",
    )
