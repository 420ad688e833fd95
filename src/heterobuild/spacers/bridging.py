"""Arrangements of spacers with two heads, each of which spans the gallery."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.spacers.face_search import AZIMUTHS, LEAN
from heterobuild.spacers.fits import HEAD_DEPTH, Role
from heterobuild.spacers.galleries import BELOW
from heterobuild.spacers.pose_search import Arrangement, best_of, judge_poses, roles_of
from heterobuild.spacers.poses import IMAGES

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.spacers.galleries import Gallery
    from heterobuild.spacers.pose_search import Wishes

SHALLOWEST = 0.2
"""Å; least depth of heads below the terminal halides at which they still count as in the pocket."""

DEPTHS = (HEAD_DEPTH, 0.4, 0.25)
"""Å; depths that are tried: less deep heads leave room for the tilt that a shift of the sheets
needs."""

_ROLLS = tuple(range(0, 360, 10))
_GRID_KEPT = 200
_KEPT = 60


def bridge_faces(gallery: Gallery, thickness: float, wishes: Wishes) -> list[Arrangement]:
    """Find poses in which spacers with two heads bridge the gallery.

    The tilt follows from the distance of the heads, their depth and the spacing. Depths of
    0.55, 0.4 and 0.25 Å are tried; where the spacer is too short for a depth, it stands upright
    and both heads are less deep.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    thickness : float
        Distance of the terminal halide planes in Å.
    wishes : Wishes
        What is fixed.

    Returns
    -------
    list of Arrangement
        The best, best first.

    Raises
    ------
    UsageError
        If the spacer is too short for the spacing.
    """
    poses = _grid(gallery, thickness, wishes)
    alone = (Role(face=BELOW, pocket=0),)
    first = judge_poses(gallery, poses, alone, thickness, Arrangement(pose=poses[0]))
    kept = best_of(first, _GRID_KEPT)
    if len(gallery.pockets[BELOW]) == 1:
        return kept[:_KEPT]
    poses = np.array([entry.pose for entry in kept])
    found = []
    for beside in IMAGES:
        template = Arrangement(pose=poses[0], beside=beside)
        roles = roles_of(gallery, beside, template.across)
        found += judge_poses(gallery, poses, roles, thickness, template)
    return best_of(found, _KEPT)


def _grid(gallery: Gallery, thickness: float, wishes: Wishes) -> FloatArray:
    """Return poses with both heads at one depth, and the lower one near its pocket."""
    length = gallery.spacer.length
    if thickness > length - 2 * SHALLOWEST:
        raise UsageError(
            f"{gallery.spacer.molecule.name} is too short to bridge the sheets",
            measured=f"{thickness:.2f} Å between the planes of terminal halides",
            allowed=f"up to {length - 2 * SHALLOWEST:.2f} Å",
            next_step="give a smaller thickness of the organic layer",
        )
    wanted = DEPTHS if wishes.depth is None else (wishes.depth,)
    cosines = {min(1.0, (thickness + 2 * depth) / length) for depth in wanted}
    azimuths = AZIMUTHS if wishes.azimuth is None else (wishes.azimuth,)
    rolls = _ROLLS if wishes.roll is None else (wishes.roll,)
    directions = np.radians(np.arange(0, 360, 45))
    leans = [
        (lean * np.cos(direction), lean * np.sin(direction))
        for lean, direction in product((LEAN / 2, LEAN), directions)
    ]
    rows = [
        (np.degrees(np.arccos(cosine)), azimuth, roll, *lean, (length * cosine - thickness) / 2)
        for cosine, azimuth, roll, lean in product(
            sorted(cosines), azimuths, rolls, [(0.0, 0.0), *leans]
        )
        if cosine < 1 or azimuth == azimuths[0]
    ]
    return np.array(rows, dtype=np.float64)
