"""A scene → its pixels, without text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels
from heterobuild.reporting.canvas import (
    Canvas,
    blank,
    blend_triangles,
    halved,
    outline,
    paint_spheres,
    paint_sticks,
)
from heterobuild.reporting.palette import drawn_radii, element_colours, region_colour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.reporting.scene import Scene

_MARGIN = 1.5
_TALLEST = 1.2
_STICK = 0.13
_EDGE = 0.045
_OPACITY = 0.38


def bounds(scene: Scene) -> tuple[FloatArray, FloatArray]:
    """Return the corners of the picture.

    Parameters
    ----------
    scene : Scene
        What is shown.

    Returns
    -------
    low, high : (2,) float array
        Lower left and upper right corner in Å. A picture much taller than wide is widened.
    """
    points = np.concatenate(
        [scene.atoms.positions[:, :2], scene.outline[..., :2].reshape(-1, 2), scene.extent]
    )
    low, high = points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN
    width, height = high - low
    more = max(0.0, height / _TALLEST - width) / 2
    return low - [more, 0.0], high + [more, 0.0]


def tones_of(captions: Mapping[int, str]) -> dict[int, int]:
    """Give regions of the same crystal the same colour.

    Parameters
    ----------
    captions : mapping of int to str
        Caption of each region, by code.

    Returns
    -------
    dict of int to int
        For each code that of the first region with the same caption.

    Examples
    --------
    >>> tones_of({1: "CsPbBr3", 2: "MAPbCl3", 3: "CsPbBr3"})
    {1: 1, 2: 2, 3: 1}
    """
    first: dict[str, int] = {}
    return {code: first.setdefault(name, code) for code, name in sorted(captions.items())}


def render(
    scene: Scene,
    low: FloatArray,
    high: FloatArray,
    *,
    scale: float,
    tones: Mapping[int, int] | None = None,
) -> FloatArray:
    """Paint a scene without text.

    Parameters
    ----------
    scene : Scene
        What is shown.
    low, high : (2,) float array
        Corners of the picture in Å in the frame of the screen.
    scale : float
        Pixels for one Å.
    tones : mapping of int to int, optional
        Code whose colour a region takes; its own by default.

    Returns
    -------
    (h, w, 3) float array
        Colours from 0 to 1.
    """
    fine = 2 * scale
    columns, rows = (2 * np.ceil((high - low) * scale)).astype(int)
    canvas = blank(int(rows), int(columns))
    atoms, polyhedra = scene.atoms, scene.polyhedra
    places = _on_canvas(atoms.positions, low, high, fine)
    arrays = atoms.arrays
    colours = element_colours()[atoms.numbers]
    radii = drawn_radii(atoms.numbers, arrays[labels.SITE], arrays[labels.MOLECULE])
    radii[scene.thin] = _STICK
    paint_spheres(canvas, places, radii * fine, colours)
    _paint_bonds(canvas, places, scene, colours, _STICK * fine)
    ends = _on_canvas(polyhedra.edges, low, high, fine)
    dark = 0.72 * _region_colours(polyhedra.edge_region, tones)
    paint_sticks(canvas, ends[:, 0], ends[:, 1], _EDGE * fine, dark)
    outline(canvas, step=0.25 * fine)
    blend_triangles(
        canvas,
        _on_canvas(polyhedra.faces, low, high, fine),
        _region_colours(polyhedra.face_region, tones),
        _OPACITY,
    )
    return halved(canvas)


def _paint_bonds(
    canvas: Canvas, places: FloatArray, scene: Scene, colours: FloatArray, radius: float
) -> None:
    """Paint each bond in two halves, each in the colour of its atom."""
    first, second = scene.bonds.T
    middle = (places[first] + places[second]) / 2
    paint_sticks(canvas, places[first], middle, radius, colours[first])
    paint_sticks(canvas, middle, places[second], radius, colours[second])


def _on_canvas(points: FloatArray, low: FloatArray, high: FloatArray, scale: float) -> FloatArray:
    """Return points of the screen's frame in pixels, y downward."""
    x, y, z = points[..., 0] - low[0], high[1] - points[..., 1], points[..., 2]
    placed: FloatArray = np.stack([x, y, z], axis=-1) * scale
    return placed


def _region_colours(codes: IntArray, tones: Mapping[int, int] | None) -> FloatArray:
    known, inverse = np.unique(codes, return_inverse=True)
    table = [region_colour((tones or {}).get(code, code)) for code in known.tolist()]
    colours: FloatArray = np.array(table).reshape(-1, 3)[inverse]
    return colours
