"""Arrangements of spacers with one head: first beside one another, then across the gallery."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.spacers.fits import HEAD_DEPTH, Role, fit_poses, head_depth
from heterobuild.spacers.galleries import ABOVE, BELOW
from heterobuild.spacers.pose_search import Arrangement, best_of, judge_poses, roles_of
from heterobuild.spacers.poses import IMAGES

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.spacers.galleries import Gallery
    from heterobuild.spacers.pose_search import Wishes

LEAN = 1.0
"""Å; start of the displacement of the N from the centre of its square along a pseudo-cubic axis,
towards two terminal halides: 0.97 to 1.31 in the phases with refined molecules."""

TILTS = tuple(range(0, 66, 8))
AZIMUTHS = tuple(range(0, 360, 15))
ROLLS = tuple(range(0, 360, 15))
FAR = 1e3
"""Degrees; and Å, a distance at which the faces do not feel one another."""

_GRID_KEPT = 300
_FACES_KEPT = 160
_START = 0.7


def grid_of_poses(wishes: Wishes, usual: float = HEAD_DEPTH) -> FloatArray:
    """Return the poses that are tried for the first spacer.

    Parameters
    ----------
    wishes : Wishes
        What is fixed.
    usual : float, optional
        Depth of the heads in Å where none is wished.

    Returns
    -------
    (k, 6) float array
        Poses; tilts every 8°, azimuths and rolls every 15°, and the head in the middle or
        displaced along either pseudo-cubic axis (other directions follow by symmetry).
    """
    tilts = TILTS if wishes.tilt is None else (wishes.tilt,)
    azimuths = AZIMUTHS if wishes.azimuth is None else (wishes.azimuth,)
    rolls = ROLLS if wishes.roll is None else (wishes.roll,)
    depth = usual if wishes.depth is None else wishes.depth
    leans = [(0.0, 0.0), (LEAN, 0.0), (0.0, LEAN)]
    if wishes.azimuth is not None:
        leans += [(-LEAN, 0.0), (0.0, -LEAN)]
    rows = [
        (tilt, azimuth, roll, *lean, depth)
        for tilt, azimuth, roll, lean in product(tilts, azimuths, rolls, leans)
        if tilt or azimuth == azimuths[0]
    ]
    return np.array(rows, dtype=np.float64)


def pack_faces(gallery: Gallery, wishes: Wishes) -> list[Arrangement]:
    """Find poses in which the spacers of one face fit beside one another.

    Parameters
    ----------
    gallery : Gallery
        The gallery; the spacing does not matter here.
    wishes : Wishes
        What is fixed.

    Returns
    -------
    list of Arrangement
        The best, best first.
    """
    face = BELOW if len(gallery.pockets[BELOW]) else ABOVE
    poses = grid_of_poses(wishes, head_depth(gallery))
    alone = fit_poses(gallery, poses, (Role(face=face, pocket=0),), FAR)
    order = np.argsort(-np.round(alone.score(), 6), kind="stable")[:_GRID_KEPT]
    poses = poses[order][alone.clearance[order] > _START]
    if len(gallery.pockets[face]) == 1 or not len(poses):
        clearance, score = alone.clearance[order], alone.score()[order]
        return [
            Arrangement(pose=pose, clearance=float(c), score=float(s))
            for pose, c, s in zip(poses, clearance, score, strict=False)
        ]
    found = []
    for beside in IMAGES:
        roles = (Role(face=face, pocket=0), Role(face=face, pocket=1, images=(beside,)))
        found += judge_poses(gallery, poses, roles, FAR, Arrangement(pose=poses[0], beside=beside))
    return best_of(found, _FACES_KEPT)


def join_faces(gallery: Gallery, packed: list[Arrangement], thickness: float) -> list[Arrangement]:
    """Bring the spacers of both faces together at a distance of the faces.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    packed : list of Arrangement
        From `pack_faces`.
    thickness : float
        Distance of the terminal halide planes in Å.

    Returns
    -------
    list of Arrangement
        The best, best first.
    """
    found = []
    for beside in sorted({entry.beside for entry in packed}):
        chosen = [entry for entry in packed if entry.beside == beside]
        poses = np.array([entry.pose for entry in chosen])
        known = np.array([entry.clearance for entry in chosen])
        for across in IMAGES:
            roles = roles_of(gallery, beside, across)
            template = Arrangement(pose=poses[0], beside=beside, across=across)
            found += judge_poses(gallery, poses, roles, thickness, template, known=known)
    return best_of(found, _FACES_KEPT)
