"""Refuse options of organic layers that cannot be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.spacers.fits import DEPTH_RANGE, HEAD_DEPTH
from heterobuild.spacers.pose_search import STEEPEST

if TYPE_CHECKING:
    from heterobuild.spacers.bodies import Spacer
    from heterobuild.spacers.galleries import Face


def check_layer(
    below: Face | None, above: Face | None, spacing: float | None, depth: float | None
) -> None:
    """Refuse a layer without faces, and impossible distances.

    Parameters
    ----------
    below, above : Face or None
        The faces.
    spacing : float or None
        Distance of the planes of terminal halides in Å.
    depth : float or None
        Depth of the heads in Å.

    Raises
    ------
    UsageError
        If there is no face, the spacing is not positive, or the depth exceeds 3 Å.
    """
    if below is None and above is None:
        raise UsageError("spacers need a face to hang on", next_step="give below, above or both")
    if spacing is not None and not spacing > 0:
        raise UsageError(
            "the distance of the planes of terminal halides is positive",
            measured=f"{spacing} Å",
            next_step="leave it open to predict it",
        )
    if depth is not None and not abs(depth) <= 3.0:
        raise UsageError(
            "the head of a spacer lies near the plane of terminal halides",
            measured=f"a depth of {depth} Å",
            allowed="-3 to 3 Å",
            next_step=f"leave it at the measured {HEAD_DEPTH} Å",
        )


def check_pose(tilt: float | None, azimuth: float | None, roll: float | None) -> None:
    """Refuse impossible angles.

    Parameters
    ----------
    tilt, azimuth, roll : float or None
        In degrees.

    Raises
    ------
    UsageError
        If the tilt is out of range or an angle not finite.
    """
    if tilt is not None and not 0 <= tilt <= STEEPEST:
        raise UsageError(
            "spacers do not tilt that far",
            measured=f"{tilt}° between axis and normal",
            allowed=f"0 to {STEEPEST:g}°",
            next_step="turn the azimuth by 180° in place of a negative tilt",
        )
    for name, angle in (("azimuth", azimuth), ("roll", roll)):
        if angle is not None and not np.isfinite(angle):
            raise UsageError(
                f"the {name} of spacers is a finite angle",
                measured=f"{angle}°",
                next_step="give degrees, or leave it open",
            )


def check_bridge(
    spacer: Spacer,
    below: Face | None,
    above: Face | None,
    tilt: float | None,
    depth: float | None,
) -> None:
    """Refuse what a spacer with two heads cannot do.

    Parameters
    ----------
    spacer : Spacer
        The spacer.
    below, above : Face or None
        The faces.
    tilt : float or None
        Tilt in degrees.
    depth : float or None
        Depth of the heads in Å.

    Raises
    ------
    UsageError
        If a face is missing, a tilt is given, or the heads would lie outside the pockets.
    """
    if below is None or above is None:
        raise UsageError(
            f"{spacer.molecule.name} has a head at either end and needs two faces",
            next_step="cap free faces with a spacer of charge +1",
        )
    if tilt is not None:
        raise UsageError(
            f"the tilt of {spacer.molecule.name} follows from the spacing",
            measured=f"a tilt of {tilt}°",
            next_step="give the spacing or the depth in place of the tilt",
        )
    if depth is not None and abs(depth - HEAD_DEPTH) > DEPTH_RANGE:
        raise UsageError(
            f"the heads of {spacer.molecule.name} would lie outside the pockets",
            measured=f"a depth of {depth} Å",
            allowed=f"{HEAD_DEPTH - DEPTH_RANGE:.2f} to {HEAD_DEPTH + DEPTH_RANGE:.2f} Å",
            next_step=f"leave it at the measured {HEAD_DEPTH} Å",
        )
