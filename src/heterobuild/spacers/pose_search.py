"""Arrangements of spacers: one pose and the images that make all others of it; refinement.

The first spacer's neighbour on the same face and those of the other face follow by images of the
square. Arrangements are refined by small random steps with a fixed seed, so the same input gives
the same poses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.spacers.fits import FARTHEST_LEAN, Role, fit_poses
from heterobuild.spacers.galleries import ABOVE
from heterobuild.spacers.poses import (
    AZIMUTH,
    DEPTH,
    EAST,
    IDENTITY,
    NORTH,
    ROLL,
    TILT,
    Image,
)

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.spacers.galleries import Gallery

STEEPEST = 65.0
"""Degrees; largest tilt of a spacer. Measured ones stay below 45°."""

_STEPS = np.array([8.0, 15.0, 15.0, 0.35, 0.35, 0.0])


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a user fixes; None leaves it to the search.

    Parameters
    ----------
    tilt, azimuth, roll : float or None, optional
        In degrees, of the first spacer.
    depth : float or None, optional
        Depth of the head in Å.
    """

    tilt: float | None = None
    azimuth: float | None = None
    roll: float | None = None
    depth: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrangement:
    """The pose of the first spacer, and how the others follow.

    Parameters
    ----------
    pose : (6,) float array
        The pose.
    beside : Image
        From a spacer to its neighbour on the same face.
    across : Image
        From a spacer to one of the other face, before that is turned over.
    clearance : float
        Least distance over shortest allowed one.
    score : float
        What was maximised.
    """

    pose: FloatArray
    beside: Image = IDENTITY
    across: Image = IDENTITY
    clearance: float = 0.0
    score: float = -np.inf


def roles_of(gallery: Gallery, beside: Image, across: Image) -> tuple[Role, ...]:
    """Return the places of a gallery that are filled, with their images.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    beside, across : Image
        As in `Arrangement`.

    Returns
    -------
    tuple of Role
        Up to two on either face; those of a spacer with two heads are all below.
    """
    roles = []
    for face, places in enumerate(gallery.pockets):
        if face == ABOVE and gallery.spacer.two_headed:
            continue
        for pocket in range(len(places)):
            images = (beside,) * pocket + (across,) * (face == ABOVE)
            roles.append(Role(face=face, pocket=pocket, images=images or (IDENTITY,)))
    return tuple(roles)


def judge_poses(
    gallery: Gallery,
    poses: FloatArray,
    roles: tuple[Role, ...],
    thickness: float,
    template: Arrangement,
    *,
    known: FloatArray | None = None,
) -> list[Arrangement]:
    """Judge poses of the first spacer.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    poses : (k, 6) float array
        Poses.
    roles : tuple of Role
        Places that are filled.
    thickness : float
        Distance of the terminal halide planes in Å.
    template : Arrangement
        Has the images that made the roles.
    known : (k,) float array, optional
        Clearances within the lower face, which are not computed again then.

    Returns
    -------
    list of Arrangement
        One for each pose.
    """
    fit = fit_poses(gallery, poses, roles, thickness, below_known=known is not None)
    if known is not None:
        fit = replace(fit, clearance=np.minimum(fit.clearance, known))
    return [
        replace(template, pose=pose, clearance=float(c), score=float(s))
        for pose, c, s in zip(poses, fit.clearance, fit.score(), strict=True)
    ]


def best_of(found: list[Arrangement], count: int) -> list[Arrangement]:
    """Return the best arrangements.

    Parameters
    ----------
    found : list of Arrangement
        All.
    count : int
        How many to keep.

    Returns
    -------
    list of Arrangement
        Best first; ties by the images, then by the pose.
    """

    def key(entry: Arrangement) -> tuple[object, ...]:
        pose = tuple(np.round(entry.pose, 6).tolist())
        return -round(entry.score, 6), entry.beside, entry.across, pose

    return sorted(found, key=key)[:count]


def refine(
    gallery: Gallery,
    start: Arrangement,
    thickness: float,
    wishes: Wishes,
    *,
    rounds: int = 14,
    trials: int = 32,
    fresh: bool = False,
) -> Arrangement:
    """Improve an arrangement by small steps of the first pose.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    start : Arrangement
        Where to start.
    thickness : float
        Distance of the terminal halide planes in Å.
    wishes : Wishes
        What is fixed stays so.
    rounds, trials : int, optional
        Steps, and poses tried in each; 14 × 32 come within 0.05 of the score that ten times as
        many reach.
    fresh : bool, optional
        Judge the start anew, because it was judged at another spacing.

    Returns
    -------
    Arrangement
        At least as good as the start.
    """
    rng = np.random.default_rng(0)
    roles = roles_of(gallery, start.beside, start.across)
    scale = _STEPS * _free(gallery, wishes)
    best, width = replace(start, score=-np.inf) if fresh else start, 1.0
    for _ in range(rounds):
        poses: FloatArray = best.pose + width * scale * rng.standard_normal((trials, 6))
        poses[0] = best.pose
        poses = bound_poses(gallery, poses, thickness)
        judged = judge_poses(gallery, poses, roles, thickness, start)
        better = best_of(judged, 1)[0]
        width *= 1.0 if better.score > best.score + 1e-4 else 0.6
        best = better if better.score > best.score else best
    return best


def bound_poses(gallery: Gallery, poses: FloatArray, thickness: float) -> FloatArray:
    """Keep poses within the range that is allowed.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    poses : (k, 6) float array
        Poses.
    thickness : float
        Distance of the terminal halide planes in Å.

    Returns
    -------
    (k, 6) float array
        Tilts up to 65°, displacements up to 1.4 Å; the depth of a spacer with two heads is what
        the spacing leaves, the same for both.
    """
    bounded = poses.copy()
    bounded[:, TILT] = np.clip(np.abs(poses[:, TILT]), 0.0, STEEPEST)
    lean = np.linalg.norm(poses[:, EAST : NORTH + 1], axis=1)
    bounded[:, EAST : NORTH + 1] *= np.minimum(1.0, FARTHEST_LEAN / np.maximum(lean, 1e-9))[:, None]
    if gallery.spacer.two_headed:
        height = gallery.spacer.length * np.cos(np.radians(bounded[:, TILT]))
        bounded[:, DEPTH] = (height - thickness) / 2
    return bounded


def _free(gallery: Gallery, wishes: Wishes) -> FloatArray:
    """Return 1 for numbers of the pose that may change, 0 for fixed ones."""
    free = np.ones(6)
    for place, value in ((TILT, wishes.tilt), (AZIMUTH, wishes.azimuth), (ROLL, wishes.roll)):
        free[place] = float(value is None)
    free[DEPTH] = 0.0
    if gallery.spacer.two_headed and wishes.depth is not None:
        free[TILT] = 0.0
    return free
