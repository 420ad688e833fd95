"""A canvas with a depth for each pixel: shaded spheres, sticks, translucent triangles.

Screen coordinates are in pixels, x to the right, y downward, z towards the viewer. The
functions paint into the arrays of the canvas they are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray

_LIGHT = np.array([-0.42, -0.55, 0.72])
_LIGHT /= np.linalg.norm(_LIGHT)
_GLINT = _LIGHT + np.array([0.0, 0.0, 1.0])
_GLINT /= np.linalg.norm(_GLINT)
_AMBIENT = 0.52


@dataclass(frozen=True, kw_only=True, eq=False)
class Canvas:
    """Colour and depth of each pixel.

    Parameters
    ----------
    colour : (h, w, 3) float array
        Red, green and blue from 0 to 1.
    depth : (h, w) float array
        Coordinate z of what is seen, in pixels; minus infinity where nothing is.
    """

    colour: FloatArray
    depth: FloatArray


def blank(height: int, width: int) -> Canvas:
    """Return a white canvas.

    Parameters
    ----------
    height, width : int
        Size in pixels.

    Returns
    -------
    Canvas
        White, nothing on it.
    """
    return Canvas(colour=np.ones((height, width, 3)), depth=np.full((height, width), -np.inf))


def paint_spheres(
    canvas: Canvas, centres: FloatArray, radii: FloatArray, colours: FloatArray
) -> None:
    """Paint opaque spheres.

    Parameters
    ----------
    canvas : Canvas
        Painted on.
    centres : (n, 3) float array
        Centres in pixels.
    radii : (n,) float array
        Radii in pixels.
    colours : (n, 3) float array
        Colours from 0 to 1.
    """
    for centre, radius, colour in zip(centres, radii, colours, strict=True):
        window = _window(canvas, centre[:2] - radius, centre[:2] + radius)
        if window is None:
            continue
        place, x, y = window
        nx, ny = (x - centre[0]) / radius, (y - centre[1]) / radius
        inside = nx**2 + ny**2 < 1
        nz = np.sqrt(np.clip(1 - nx**2 - ny**2, 0, 1))
        normals = np.stack(np.broadcast_arrays(nx, ny, nz), axis=-1)
        _paint(canvas, place, inside, centre[2] + radius * nz, _shade(normals, colour))


def paint_sticks(
    canvas: Canvas, starts: FloatArray, ends: FloatArray, radius: float, colours: FloatArray
) -> None:
    """Paint opaque cylinders.

    Parameters
    ----------
    canvas : Canvas
        Painted on.
    starts, ends : (n, 3) float array
        Ends of the axes in pixels.
    radius : float
        Radius in pixels.
    colours : (n, 3) float array
        Colours from 0 to 1.
    """
    rays = ends - starts
    lengths, flats = np.linalg.norm(rays, axis=1), np.linalg.norm(rays[:, :2], axis=1)
    seen = flats >= 1e-6 * np.maximum(lengths, 1.0)
    rays, starts, ends, lengths = rays[seen], starts[seen], ends[seen], lengths[seen]
    alongs, axes = rays[:, :2] / flats[seen, None], rays / lengths[:, None]
    acrosses = np.stack([-alongs[:, 1], alongs[:, 0], np.zeros(len(rays))], axis=1)
    fronts = np.cross(axes, acrosses)
    fronts *= np.sign(fronts[:, 2:])
    lows, highs = np.minimum(starts, ends)[:, :2] - radius, np.maximum(starts, ends)[:, :2] + radius
    for i, colour in enumerate(colours[seen]):
        window = _window(canvas, lows[i], highs[i])
        if window is None:
            continue
        place, x, y = window
        start, along, axis, across, front = starts[i], alongs[i], axes[i], acrosses[i], fronts[i]
        offset = ((x - start[0]) * across[0] + (y - start[1]) * across[1]) / radius
        rise = np.sqrt(np.maximum(1 - offset**2, 0))
        reach = (x - start[0]) * along[0] + (y - start[1]) * along[1]
        t = (reach - radius * rise * (front[:2] @ along)) / (axis[:2] @ along)
        inside = (np.abs(offset) < 1) & (t >= 0) & (t <= lengths[i])
        normals = offset[..., None] * across + rise[..., None] * front
        depth = start[2] + t * axis[2] + radius * rise * front[2]
        _paint(canvas, place, inside, depth, _shade(normals, colour))


def blend_triangles(
    canvas: Canvas, corners: FloatArray, colours: FloatArray, opacity: float
) -> None:
    """Lay translucent triangles over what lies behind them, from the back to the front.

    Parameters
    ----------
    canvas : Canvas
        Painted on; its depth stays.
    corners : (n, 3, 3) float array
        Corners in pixels.
    colours : (n, 3) float array
        Colours from 0 to 1.
    opacity : float
        Share of the triangle in the mixture, 0 to 1.
    """
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sizes = np.linalg.norm(normals, axis=1)
    for i in np.argsort(corners[:, :, 2].mean(axis=1), kind="stable"):
        (a, b, c), normal, size = corners[i], normals[i], sizes[i]
        window = _window(canvas, corners[i, :, :2].min(axis=0), corners[i, :, :2].max(axis=0))
        if window is None or abs(normal[2]) < 1e-6 * size:
            continue
        place, x, y = window
        u = ((x - a[0]) * (c - a)[1] - (y - a[1]) * (c - a)[0]) / normal[2]
        v = ((y - a[1]) * (b - a)[0] - (x - a[0]) * (b - a)[1]) / normal[2]
        depth = a[2] + u * (b - a)[2] + v * (c - a)[2]
        seen = (u >= 0) & (v >= 0) & (u + v <= 1) & (depth > canvas.depth[place])
        tone = _AMBIENT + (1.05 - _AMBIENT) * abs(normal @ _LIGHT) / size
        under = canvas.colour[place]
        mixed = (1 - opacity) * under + opacity * np.clip(colours[i] * tone + 0.08, 0, 1)
        canvas.colour[place] = np.where(seen[..., None], mixed, under)


def outline(canvas: Canvas, *, step: float, strength: float = 0.45) -> None:
    """Darken the rim of whatever stands in front of something else.

    Parameters
    ----------
    canvas : Canvas
        Painted on.
    step : float
        Difference of depth in pixels that makes a rim.
    strength : float, optional
        Darkening, 0 to 1.
    """
    depth = np.where(np.isfinite(canvas.depth), canvas.depth, -1e6)
    rim = np.zeros(depth.shape, dtype=bool)
    for axis in (0, 1):
        for shift in (-1, 1):
            rim |= depth - np.roll(depth, shift, axis=axis) > step
    canvas.colour[rim] *= 1 - strength


def halved(canvas: Canvas) -> FloatArray:
    """Return the colours at half the size, each pixel the mean of four.

    Parameters
    ----------
    canvas : Canvas
        Height and width are even.

    Returns
    -------
    (h / 2, w / 2, 3) float array
        Smooth colours from 0 to 1.
    """
    h, w, _ = canvas.colour.shape
    small: FloatArray = canvas.colour.reshape(h // 2, 2, w // 2, 2, 3).mean(axis=(1, 3))
    return np.clip(small, 0, 1)


def _window(
    canvas: Canvas, low: FloatArray, high: FloatArray
) -> tuple[tuple[slice, slice], FloatArray, FloatArray] | None:
    """Return the pixels of a rectangle as slices and as coordinates of their centres."""
    h, w = canvas.depth.shape
    left, top = max(math.floor(low[0]), 0), max(math.floor(low[1]), 0)
    right, bottom = min(math.ceil(high[0]) + 1, w), min(math.ceil(high[1]) + 1, h)
    if right <= left or bottom <= top:
        return None
    x = np.arange(left, right)[None, :] + 0.5
    y = np.arange(top, bottom)[:, None] + 0.5
    return (slice(top, bottom), slice(left, right)), x, y


def _shade(normals: FloatArray, colour: FloatArray) -> FloatArray:
    """Return the lit colour of a surface: ambient, diffuse, and a small glint."""
    diffuse = np.maximum(normals @ _LIGHT, 0)[..., None]
    glint = np.maximum(normals @ _GLINT, 0)[..., None] ** 40
    lit: FloatArray = colour * (_AMBIENT + (1.08 - _AMBIENT) * diffuse) + 0.35 * glint
    return np.minimum(lit, 1)


def _paint(
    canvas: Canvas,
    place: tuple[slice, slice],
    inside: BoolArray,
    depth: FloatArray,
    colour: FloatArray,
) -> None:
    """Paint the pixels that lie in front of what is there."""
    before = canvas.depth[place]
    seen = inside & (depth > before)
    canvas.depth[place] = np.where(seen, depth, before)
    canvas.colour[place] = np.where(seen[..., None], colour, canvas.colour[place])
