"""Ways in which a ligand can stand on a surface: azimuth, tilt and lift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray


@dataclass(frozen=True, kw_only=True)
class PoseGrid:
    """Poses that are tried.

    Parameters
    ----------
    tilts : tuple of float, optional
        Angles in degrees between the tail and the normal.
    wide_tilts : tuple of float, optional
        Angles that are tried only where no other pose is free.
    directions : int, optional
        Directions toward which the tail tilts.
    azimuths : int, optional
        Turns about the tail.
    lift_step : float, optional
        Step in Å along the normal.

    Examples
    --------
    >>> PoseGrid().tilts[-1]
    35.0
    """

    tilts: tuple[float, ...] = (0.0, 12.0, 24.0, 35.0)
    wide_tilts: tuple[float, ...] = (50.0, 65.0)
    directions: int = 6
    azimuths: int = 12
    lift_step: float = 0.2


def frames(normals: FloatArray) -> FloatArray:
    """Return a frame for each normal, turned from that of +z by the shortest way.

    Parameters
    ----------
    normals : (k, 3) float array
        Unit vectors.

    Returns
    -------
    (k, 3, 3) float array
        Rows x, y, z; z is the normal, and equal normals have equal frames.

    Examples
    --------
    >>> frames(np.array([[1.0, 0.0, 0.0]]))[0].round(6).tolist()
    [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    z = np.tile([0.0, 0.0, 1.0], (len(normals), 1))
    return shortest_turns(z, normals)


def shortest_turns(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the rotations that bring unit vectors onto others by the shortest way.

    Parameters
    ----------
    start, end : (k, 3) float array
        Unit vectors.

    Returns
    -------
    (k, 3, 3) float array
        Proper rotations R with ``start @ R = end``.
    """
    cross = np.cross(start, end)
    cosine = np.einsum("ki,ki->k", start, end)
    opposite = cosine < -1.0 + 1e-9
    factor = 1.0 / (1.0 + np.where(opposite, 0.0, cosine))
    skew = np.zeros((len(start), 3, 3))
    skew[:, 0, 1], skew[:, 0, 2], skew[:, 1, 2] = cross[:, 2], -cross[:, 1], cross[:, 0]
    skew -= skew.transpose(0, 2, 1)
    turns = np.eye(3) + skew + factor[:, None, None] * (skew @ skew)
    if opposite.any():
        least = np.eye(3)[np.argmin(np.abs(start[opposite]), axis=1)]
        across = np.cross(start[opposite], least)
        across /= np.linalg.norm(across, axis=1)[:, None]
        turns[opposite] = 2.0 * across[:, :, None] * across[:, None, :] - np.eye(3)
    return turns


def grid_of_turns(
    tilts: tuple[float, ...], grid: PoseGrid, offsets: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Return rotations about azimuth and tilt, in the frame of the normal.

    Parameters
    ----------
    tilts : tuple of float
        Angles in degrees.
    grid : PoseGrid
        Numbers of directions and azimuths.
    offsets : tuple of float
        Shares of a step, 0 to 1, by which azimuths and directions are turned.

    Returns
    -------
    (p, 3, 3) float array
        Rotations for row vectors, least tilted first.
    (p,) float array
        Tilts in degrees.

    Examples
    --------
    >>> turns, tilts = grid_of_turns((0.0, 20.0), PoseGrid(), (0.0, 0.0))
    >>> len(turns), float(tilts.max())
    (84, 20.0)
    """
    azimuth = 2 * np.pi * (np.arange(grid.azimuths) + offsets[0]) / grid.azimuths
    direction = 2 * np.pi * (np.arange(grid.directions) + offsets[1]) / grid.directions
    parts, angles = [], []
    for tilt in tilts:
        toward = direction if tilt > 0 else direction[:1]
        leaning = _lean(np.radians(tilt), toward)
        parts.append((_about_z(azimuth)[:, None] @ leaning[None]).reshape(-1, 3, 3))
        angles.append(np.full(len(parts[-1]), tilt))
    return np.concatenate(parts), np.concatenate(angles)


def small_turns(azimuth: float, tilt: float) -> FloatArray:
    """Return small rotations about the tail and toward four sides.

    Parameters
    ----------
    azimuth, tilt : float
        Angles in degrees.

    Returns
    -------
    (15, 3, 3) float array
        Rotations for row vectors, the identity among them.
    """
    about = _about_z(np.radians(np.array([0.0, azimuth, -azimuth])))
    sides = np.radians(np.array([0.0, 90.0, 180.0, 270.0]))
    leaning = np.concatenate([np.eye(3)[None], _lean(np.radians(tilt), sides)])
    turns: FloatArray = (leaning[:, None] @ about[None]).reshape(-1, 3, 3)
    return turns


def _about_z(angles: FloatArray) -> FloatArray:
    """Return rotations about z for row vectors, (k, 3, 3)."""
    c, s = np.cos(angles), np.sin(angles)
    turns = np.zeros((len(angles), 3, 3))
    turns[:, 0, 0], turns[:, 0, 1] = c, s
    turns[:, 1, 0], turns[:, 1, 1] = -s, c
    turns[:, 2, 2] = 1.0
    return turns


def _lean(tilt: float, toward: FloatArray) -> FloatArray:
    """Return rotations that tilt z by an angle toward directions in the xy plane."""
    tip = np.column_stack(
        [
            np.sin(tilt) * np.cos(toward),
            np.sin(tilt) * np.sin(toward),
            np.full(len(toward), np.cos(tilt)),
        ]
    )
    return shortest_turns(np.tile([0.0, 0.0, 1.0], (len(toward), 1)), tip)


def lifts_of(charge: float, step: float, *, pocket: str = "") -> FloatArray:
    """Return the distances along the normal that are tried, in order.

    The head of a cation begins at the place of the A ion; that of an anion begins below the place
    of the halide, because O binds B nearer than halides do; a neutral ligand rises from the ion it
    stands over.

    Parameters
    ----------
    charge : float
        Formal charge of the ligand in e.
    step : float
        Step in Å.
    pocket : {"", "A", "X"}, optional
        Role of the ion whose place a neutral ligand takes: it begins there, as an ion would.

    Returns
    -------
    (l,) float array
        Distances in Å, ascending.

    Examples
    --------
    >>> lifts_of(1.0, 0.5)[:2].tolist()
    [0.0, 0.5]
    """
    if pocket:
        return np.arange(0.0 if pocket == "A" else -1.0, 7.0 + 1e-9, step)
    low, high = (0.0, 4.0) if charge > 0.5 else ((-1.0, 3.5) if charge < -0.5 else (1.5, 7.0))
    return np.arange(low, high + 1e-9, step)
