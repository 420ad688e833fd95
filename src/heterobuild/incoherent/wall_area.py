"""The area of the wall between a guest and its host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import FloatArray
    from heterobuild.geometry.shapes import Shape

POINTS = 200_000
"""Points that are spread: the area comes out within about one percent."""

COVERED = 1.0
"""Å of host outside a guest from which there is a wall."""

_PLASTIC = 1.2207440846057596
_STEP = 1e-3
_LAYER = 30

MEASURED = "outer form of the inner part, layer of space around it over its thickness"
"""How the area is measured, for the record."""


def wall_area(shape: Shape, outer: Callable[[FloatArray], FloatArray] | None = None) -> float:
    """Measure the area of a solid, or of that part of it which another one covers.

    The area is the volume within a thirtieth of the least half extent of the face, over twice that:
    the terms of first order of both sides cancel.

    Parameters
    ----------
    shape : Shape
        The solid.
    outer : callable, optional
        Signed distance of points from the solid of the host around it, which may have faces in
        common with it; by default the host is everywhere outside.

    Returns
    -------
    float
        Area in Å².

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> round(wall_area(sphere(10.0)) / (4 * np.pi * 10**2), 2)
    1.0
    """
    half = np.array(shape.half)
    near = float(half.min()) / _LAYER
    points = spread_points(half + near, POINTS)
    distance = shape.distance(points)
    chosen = np.abs(distance) < near
    if outer is not None:
        chosen = outer(_outside(shape, points[chosen], distance[chosen])) < 0
    volume = 8 * float(np.prod(half + near)) * int(chosen.sum()) / POINTS
    return volume / (2 * near)


def _outside(shape: Shape, points: FloatArray, distance: FloatArray) -> FloatArray:
    """Move points near a face along its normal to `COVERED` outside."""
    steps = _STEP * np.eye(3)
    slope = np.stack([shape.distance(points + step) - distance for step in steps], axis=1) / _STEP
    moved: FloatArray = points + slope * (COVERED - distance)[:, None]
    return moved


def spread_points(half: FloatArray, count: int) -> FloatArray:
    """Spread points evenly over a box around the origin.

    The points follow one another by the powers of the root of x⁴ = x + 1, so that no plane of
    the box holds many of them, whatever its direction.

    Parameters
    ----------
    half : (3,) float array
        Half of its edges in Å.
    count : int
        Number of points.

    Returns
    -------
    (count, 3) float array
        The points.

    Examples
    --------
    >>> abs(spread_points(np.ones(3), 1000).mean(axis=0)).max() < 0.01
    np.True_
    """
    step = _PLASTIC ** -np.arange(1.0, 4.0)
    fractions = (0.5 + np.arange(1, count + 1)[:, None] * step) % 1.0
    points: FloatArray = (2 * fractions - 1) * half
    return points
