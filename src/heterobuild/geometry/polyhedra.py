"""Convex polyhedra from the normals and distances of their faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.shapes import Shape

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray

_SAME = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Polyhedron:
    """A convex polyhedron around the origin.

    Parameters
    ----------
    normals : (m, 3) float array
        Outward unit normals of the faces.
    distances : (m,) float array
        Distances of the faces from the origin in Å, all positive.
    areas : (m,) float array
        Areas of the faces in Å²; 0 of redundant faces, which touch the polyhedron in an edge or
        a point, or not at all.
    vertices : (v, 3) float array
        Its corners in Å.
    volume : float
        Its volume in Å³.
    """

    normals: FloatArray
    distances: FloatArray
    areas: FloatArray
    vertices: FloatArray
    volume: float


def polyhedron(normals: FloatArray, distances: FloatArray) -> Polyhedron:
    """Find the corners and areas of a polyhedron.

    The faces are mapped to the points normal / distance; each face of the convex hull of these is
    a corner of the polyhedron.

    Parameters
    ----------
    normals : (m, 3) float array
        Outward normals, of any length.
    distances : (m,) float array
        Distances of the faces from the origin in Å.

    Returns
    -------
    Polyhedron
        The polyhedron; faces in the given order.

    Raises
    ------
    ValueError
        If a distance is not positive, or the faces do not close.

    Examples
    --------
    >>> cube = polyhedron(np.vstack([np.eye(3), -np.eye(3)]), np.full(6, 5.0))
    >>> round(cube.volume, 6), len(cube.vertices), cube.areas.round(6).tolist()
    (1000.0, 8, [100.0, 100.0, 100.0, 100.0, 100.0, 100.0])
    """
    units = np.asarray(normals, dtype=np.float64)
    units = units / np.linalg.norm(units, axis=1, keepdims=True)
    heights = np.array(distances, dtype=np.float64)
    if not (heights > 0).all():
        raise ValueError("the faces of a polyhedron have positive distances from its centre")
    vertices = _vertices(units, heights)
    if vertices is None:
        raise ValueError("the faces do not close to a polyhedron")
    areas = np.array(
        [_area(n, vertices[_on(n, d, vertices)]) for n, d in zip(units, heights, strict=True)]
    )
    areas[areas < _SAME * areas.max()] = 0.0
    areas[_repeated(units, heights)] = 0.0
    return Polyhedron(
        normals=units,
        distances=heights,
        areas=areas,
        vertices=vertices,
        volume=float(areas @ heights) / 3,
    )


def closes(normals: FloatArray) -> bool:
    """Return whether faces with these normals can bound a polyhedron.

    Parameters
    ----------
    normals : (m, 3) float array
        Outward normals, of any length.

    Returns
    -------
    bool
        False where some direction meets no face.

    Examples
    --------
    >>> closes(np.eye(3)), closes(np.vstack([np.eye(3), -np.ones(3)]))
    (False, True)
    """
    units = np.asarray(normals, dtype=np.float64)
    units = units / np.linalg.norm(units, axis=1, keepdims=True)
    return _vertices(units, np.ones(len(units))) is not None


def scaled(body: Polyhedron, factor: float) -> Polyhedron:
    """Return a polyhedron of the same form and another size.

    Parameters
    ----------
    body : Polyhedron
        The polyhedron.
    factor : float
        What its lengths are multiplied with.

    Returns
    -------
    Polyhedron
        The larger or smaller one.
    """
    return Polyhedron(
        normals=body.normals,
        distances=body.distances * factor,
        areas=body.areas * factor**2,
        vertices=body.vertices * factor,
        volume=body.volume * factor**3,
    )


def solid(body: Polyhedron, *, name: str) -> Shape:
    """Return a polyhedron as a solid.

    Parameters
    ----------
    body : Polyhedron
        The polyhedron.
    name : str
        Name for people.

    Returns
    -------
    Shape
        The solid; inside, its distance is exact.
    """
    x, y, z = np.abs(body.vertices).max(axis=0).tolist()
    kept = body.areas > 0
    return cut_by_planes(body.normals[kept], body.distances[kept], name=name, half=(x, y, z))


def cut_by_planes(
    normals: FloatArray, distances: FloatArray, *, name: str, half: tuple[float, float, float]
) -> Shape:
    """Return what lies below several planes, which need not close.

    Parameters
    ----------
    normals : (m, 3) float array
        Outward unit normals.
    distances : (m,) float array
        Distances from the origin in Å; a negative one leaves the origin outside.
    name : str
        Name for people.
    half : tuple of float
        Half extents in Å of a box that holds the solid, infinite where it is endless.

    Returns
    -------
    Shape
        The solid. Its planes are taken one at a time, so that memory does not grow with them.

    Examples
    --------
    >>> wedge = cut_by_planes(np.eye(3)[:2], np.array([1.0, 2.0]), name="wedge", half=(np.inf,) * 3)
    >>> wedge.distance(np.array([[0.0, 3.0, 9.0]])).tolist()
    [1.0]
    """
    faces = list(zip(np.asarray(normals), np.asarray(distances).tolist(), strict=True))

    def distance(points: FloatArray) -> FloatArray:
        beyond = np.full(len(points), -np.inf)
        for normal, height in faces:
            np.maximum(beyond, points @ normal - height, out=beyond)
        return beyond

    return Shape(name=name, distance=distance, half=half)


def _vertices(units: FloatArray, heights: FloatArray) -> FloatArray | None:
    """Return the corners, or None where the faces do not close."""
    from scipy.spatial import ConvexHull, QhullError

    scale = float(heights.min())
    duals = units / (heights / scale)[:, None]
    if len(duals) < 4:
        return None
    try:
        planes = ConvexHull(duals).equations
    except QhullError:
        return None
    if planes[:, 3].max() > -_SAME:
        return None
    corners = -planes[:, :3] / planes[:, 3:]
    size = float(np.abs(corners).max())
    _, first = np.unique(np.round(corners / size, 9) + 0.0, axis=0, return_index=True)
    vertices: FloatArray = corners[first] * scale
    return vertices


def _on(normal: FloatArray, distance: float, vertices: FloatArray) -> BoolArray:
    """Return which corners lie in a face."""
    size = float(np.abs(vertices).max())
    within: BoolArray = np.abs(vertices @ normal - distance) < 1e-7 * size
    return within


def _area(normal: FloatArray, corners: FloatArray) -> float:
    """Return the area of a convex polygon whose corners come in any order."""
    if len(corners) < 3:
        return 0.0
    spokes = corners - corners.mean(axis=0)
    first = spokes[np.argmax(np.einsum("ij,ij->i", spokes, spokes))]
    angle = np.arctan2(spokes @ np.cross(normal, first), spokes @ first)
    ring = spokes[np.argsort(angle)]
    return float(np.cross(ring, np.roll(ring, -1, axis=0)).sum(axis=0) @ normal) / 2


def _repeated(units: FloatArray, heights: FloatArray) -> BoolArray:
    """Return which faces are given a second time."""
    rows = np.round(np.column_stack([units, heights / heights.min()]), 9) + 0.0
    _, first = np.unique(rows, axis=0, return_index=True)
    again = np.ones(len(units), dtype=bool)
    again[first] = False
    return again
