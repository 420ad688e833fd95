"""Rotations of row vectors in space: random ones, quaternions, Euler angles, misorientation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray


def random_rotations(count: int, rng: np.random.Generator) -> FloatArray:
    """Draw rotations that are uniform over all orientations.

    Unit quaternions of three uniform numbers each, after Shoemake
    (10.1016/B978-0-08-050755-2.50036-1).

    Parameters
    ----------
    count : int
        How many.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    (count, 3, 3) float array
        Proper rotations.

    Examples
    --------
    >>> turns = random_rotations(2, np.random.default_rng(1))
    >>> np.linalg.det(turns).round(9).tolist()
    [1.0, 1.0]
    """
    share, first, second = rng.random((count, 3)).T
    first, second = 2 * np.pi * first, 2 * np.pi * second
    small, large = np.sqrt(1 - share), np.sqrt(share)
    parts = (large * np.cos(second), small * np.sin(first), small * np.cos(first))
    return from_quaternions(np.column_stack([*parts, large * np.sin(second)]))


def from_quaternions(rows: FloatArray) -> FloatArray:
    """Return the rotations of quaternions.

    Parameters
    ----------
    rows : (n, 4) float array
        Quaternions (q0, q1, q2, q3), q0 = cos(angle/2) first, of any length other than zero;
        counter-clockwise seen against the axis.

    Returns
    -------
    (n, 3, 3) float array
        Matrices R for ``x @ R``.

    Examples
    --------
    >>> quarter = from_quaternions(np.array([[1.0, 0.0, 0.0, 1.0]]))[0]
    >>> (np.array([1.0, 0.0, 0.0]) @ quarter).round(9).tolist()
    [0.0, 1.0, 0.0]
    """
    unit = rows / np.linalg.norm(rows, axis=1)[:, None]
    w, x, y, z = unit.T
    flat = [
        1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y),
        2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x),
        2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return np.stack(flat, axis=-1).reshape(-1, 3, 3)


def from_axis_angles(rows: FloatArray) -> FloatArray:
    """Return the rotations about axes.

    Parameters
    ----------
    rows : (n, 4) float array
        Axis (x, y, z), of any length other than zero, and angle in degrees, counter-clockwise
        seen against the axis.

    Returns
    -------
    (n, 3, 3) float array
        Matrices R for ``x @ R``.

    Examples
    --------
    >>> turn = from_axis_angles(np.array([[0.0, 0.0, 2.0, 90.0]]))[0]
    >>> (np.array([1.0, 0.0, 0.0]) @ turn).round(9).tolist()
    [0.0, 1.0, 0.0]
    """
    half = np.radians(rows[:, 3:]) / 2
    axes = rows[:, :3] / np.linalg.norm(rows[:, :3], axis=1)[:, None]
    return from_quaternions(np.hstack([np.cos(half), np.sin(half) * axes]))


def from_euler_angles(rows: FloatArray) -> FloatArray:
    """Return the rotations of Euler angles after Bunge.

    Parameters
    ----------
    rows : (n, 3) float array
        φ1, Φ, φ2 in degrees: turns of the crystal about its z, its new x and its new z axis.

    Returns
    -------
    (n, 3, 3) float array
        Matrices R; ``x @ R`` brings vectors of the crystal into the frame of the model. R is
        the orientation matrix g of texture analysis.

    Examples
    --------
    >>> turn = from_euler_angles(np.array([[90.0, 0.0, 0.0]]))[0]
    >>> (np.array([1.0, 0.0, 0.0]) @ turn).round(9).tolist()
    [0.0, 1.0, 0.0]
    """
    z, x = [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]
    turns = [
        from_axis_angles(np.hstack([np.tile(axis, (len(rows), 1)), rows[:, i : i + 1]]))
        for i, axis in enumerate((z, x, z))
    ]
    product: FloatArray = turns[2] @ turns[1] @ turns[0]
    return product


def misorientation_angle(
    first: FloatArray, second: FloatArray, symmetry: FloatArray | None = None
) -> FloatArray:
    """Return the angle of the rotation that leads from one orientation to another.

    Parameters
    ----------
    first, second : (..., 3, 3) float array
        Rotations of row vectors.
    symmetry : (m, 3, 3) float array or None, optional
        Proper rotations that leave the crystal as it is, in its own frame; the smallest angle
        over them is returned. None: the identity alone.

    Returns
    -------
    (...) float array
        Angles in degrees, 0 to 180.

    Examples
    --------
    >>> turns = from_axis_angles(np.array([[0.0, 0.0, 1.0, 10.0], [0.0, 0.0, 1.0, 95.0]]))
    >>> float(misorientation_angle(turns[0], turns[1]).round(9))
    85.0
    """
    others = np.eye(3)[None] if symmetry is None else symmetry
    between = first[..., None, :, :].swapaxes(-1, -2) @ (others @ second[..., None, :, :])
    skew = between - between.swapaxes(-1, -2)
    sine = np.sqrt(np.einsum("...ij,...ij->...", skew, skew) / 8)
    cosine = (np.trace(between, axis1=-2, axis2=-1) - 1) / 2
    least: FloatArray = np.degrees(np.arctan2(sine, cosine)).min(axis=-1)
    return least
