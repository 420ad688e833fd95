"""Which rotations of the film are wanted: a window of angles, or an orientation relation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.surfaces import Surface

PARALLEL_WITHIN = 1.0
"""Degrees; the strain of a match turns directions by a few tenths of a degree."""

IN_PLANE = 1e-3
"""Sine of the angle between a direction and the face below which it lies in the face."""


def wanted_rotations(
    angles: FloatArray, film: Surface, substrate: Surface, limits: MatchLimits
) -> BoolArray:
    """Return which maps turn the film as the limits ask.

    Parameters
    ----------
    angles : (k,) float array
        Turn of the film in degrees.
    film, substrate : Surface
        The surfaces.
    limits : MatchLimits
        Its `rotation` and `parallel`.

    Returns
    -------
    (k,) bool array
        All True where neither is set.

    Raises
    ------
    UsageError
        If an orientation relation is given for bare cells, or a direction is not in the face.
    """
    wanted: BoolArray = np.ones(len(angles), dtype=bool)
    if limits.rotation is not None:
        low, high = limits.rotation
        wanted &= (angles >= low - 1e-6) & (angles <= high + 1e-6)
    if limits.parallel is not None:
        ours = _direction(film, limits.parallel[0], "film")
        theirs = _direction(substrate, limits.parallel[1], "substrate")
        off = angles - (theirs - ours)
        wanted &= np.abs(off - 180 * np.round(off / 180)) <= PARALLEL_WITHIN
    return wanted


def _direction(surface: Surface, indices: tuple[int, int, int], side: str) -> float:
    """Return the angle in degrees of a crystal direction from the first surface vector."""
    if surface.axes is None:
        raise UsageError(
            "an orientation relation needs crystals",
            where=f"limits, parallel, {side}",
            measured="a bare surface cell, or a phase without atoms",
            next_step="match slabs, or crystals with a face; or use rotation",
        )
    vector = np.array(indices) @ surface.axes
    vector /= np.linalg.norm(vector)
    if abs(vector[2]) > IN_PLANE:
        raise UsageError(
            f"the direction {list(indices)} does not lie in the face",
            where=f"limits, parallel, {side}",
            measured=f"{np.degrees(np.arcsin(vector[2])):.1f}° off the face",
            allowed="a direction within the face",
            next_step="choose a direction [uvw] with hu + kv + lw = 0",
        )
    return float(np.degrees(np.arctan2(vector[1], vector[0])))
