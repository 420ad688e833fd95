"""Poses of spacers on a square of halides, and their images under the symmetry of the square.

A pose is six numbers: tilt, azimuth and roll in degrees, the displacement of the head from the
centre of the square along the two pseudo-cubic axes and its depth below the terminal halides in
Å. The body, its axis along +z, is rolled about z, tilted about y, turned about z by the azimuth.
A partner's pose is made from it by a turn by quarters about the normal and, if `mirrored`, by the
opposite azimuth, roll and displacement: that is a mirror image of the pose, not of the molecule,
which is only ever rotated. On the face above everything is turned about the first axis by 180°.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

TILT, AZIMUTH, ROLL, EAST, NORTH, DEPTH = range(6)


@dataclass(frozen=True, kw_only=True, order=True)
class Image:
    """How the pose of a partner follows from that of the first spacer.

    Parameters
    ----------
    quarter : int
        Turn about the normal in units of 90°, 0 to 3.
    mirrored : bool
        Whether azimuth, roll and displacement take the opposite sense.
    half_roll : bool
        Whether the roll is 180° more; for a molecule whose mirror plane stands across the tilt.
    """

    quarter: int = 0
    mirrored: bool = False
    half_roll: bool = False


IDENTITY = Image()
IMAGES = (
    *(Image(quarter=quarter) for quarter in range(4)),
    *(
        Image(quarter=quarter, mirrored=True, half_roll=half)
        for quarter, half in product(range(4), (False, True))
    ),
)
"""All images that are tried: proper rotations of the surroundings, and mirror images."""


def image_of(poses: FloatArray, image: Image) -> FloatArray:
    """Return the poses of a partner.

    Parameters
    ----------
    poses : (k, 6) float array
        Poses of the first spacer.
    image : Image
        The relation.

    Returns
    -------
    (k, 6) float array
        Poses of the partner, in its own square.

    Examples
    --------
    >>> image_of(np.array([[20.0, 30, 40, 1, 0, 0.5]]), Image(quarter=1)).round(3).tolist()
    [[20.0, 120.0, 40.0, 0.0, 1.0, 0.5]]
    """
    sense = -1.0 if image.mirrored else 1.0
    turned = poses * [1.0, sense, sense, 1.0, sense, 1.0]
    turned[:, AZIMUTH] += 90.0 * image.quarter
    turned[:, ROLL] += 180.0 * image.half_roll
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[image.quarter]
    east, north = turned[:, EAST].copy(), turned[:, NORTH].copy()
    turned[:, EAST], turned[:, NORTH] = cosine * east - sine * north, sine * east + cosine * north
    return turned


def rotations(poses: FloatArray) -> FloatArray:
    """Return the proper rotations of poses.

    Parameters
    ----------
    poses : (k, 6) float array
        Poses.

    Returns
    -------
    (k, 3, 3) float array
        Rotations that act from the left on columns.
    """
    tilt, azimuth, roll = np.radians(poses[:, :3]).T
    return _about_z(azimuth) @ _about_y(tilt) @ _about_z(roll)


def _about_z(angles: FloatArray) -> FloatArray:
    """Return rotations about z."""
    matrices = np.zeros((len(angles), 3, 3))
    matrices[:, 0, 0] = matrices[:, 1, 1] = np.cos(angles)
    matrices[:, 1, 0] = np.sin(angles)
    matrices[:, 0, 1] = -matrices[:, 1, 0]
    matrices[:, 2, 2] = 1.0
    return matrices


def _about_y(angles: FloatArray) -> FloatArray:
    """Return rotations about y; positive ones tilt z towards x."""
    matrices = np.zeros((len(angles), 3, 3))
    matrices[:, 0, 0] = matrices[:, 2, 2] = np.cos(angles)
    matrices[:, 0, 2] = np.sin(angles)
    matrices[:, 2, 0] = -matrices[:, 0, 2]
    matrices[:, 1, 1] = 1.0
    return matrices


def place(
    body: FloatArray,
    poses: FloatArray,
    *,
    square: FloatArray,
    down: bool = False,
) -> FloatArray:
    """Return the coordinates of a spacer in each pose.

    Parameters
    ----------
    body : (n, 3) float array
        Points in the frame of a `heterobuild.spacers.bodies.Spacer` in Å.
    poses : (k, 6) float array
        Poses.
    square : (2, 2) float array
        Pseudo-cubic axes of the plane in Å; azimuths count from the first.
    down : bool, optional
        Whether the spacer hangs from the face above, its tail down.

    Returns
    -------
    (k, n, 3) float array
        In Å from the centre of the square, at the height of the terminal halides.
    """
    points = np.einsum("nj,kij->kni", body, rotations(poses))
    points += np.stack([poses[:, EAST], poses[:, NORTH], -poses[:, DEPTH]], axis=1)[:, None, :]
    if down:
        points = points * [1.0, -1.0, -1.0]
    first = square[0] / np.linalg.norm(square[0])
    frame = np.array([[first[0], first[1], 0.0], [-first[1], first[0], 0.0], [0.0, 0.0, 1.0]])
    placed: FloatArray = points @ frame
    return placed
