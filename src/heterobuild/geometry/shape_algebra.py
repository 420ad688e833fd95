"""Solids from solids: turned, moved, grown, cut and joined."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heterobuild.arrays import FloatArray


def turned(shape: Shape, rotation: FloatArray) -> Shape:
    """Turn a solid about the origin.

    Parameters
    ----------
    shape : Shape
        The solid.
    rotation : (3, 3) float array
        Rotation that acts from the right, ``points' = points @ rotation``.

    Returns
    -------
    Shape
        The turned solid; its bounding box is that of the turned box.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import cuboid
    >>> quarter = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    >>> turned(cuboid((10.0, 20.0, 30.0)), quarter).half
    (20.0, 10.0, 30.0)
    """
    back = np.asarray(rotation, dtype=np.float64).T
    weights = np.where(np.abs(back) > 1e-12, np.abs(back), 0.0)
    finite = np.where(np.isfinite(shape.half), shape.half, 0.0)
    endless = weights @ np.isinf(shape.half).astype(np.float64) > 0
    half = np.where(endless, np.inf, weights @ finite)
    return Shape(
        name=f"turned {shape.name}",
        distance=lambda p: shape.distance(p @ back),
        half=_triple(half),
    )


def moved(shape: Shape, vector: Sequence[float]) -> Shape:
    """Move a solid away from the origin.

    Parameters
    ----------
    shape : Shape
        The solid.
    vector : sequence of float
        Where its centre goes, in Å.

    Returns
    -------
    Shape
        The moved solid; its bounding box stays centred on the origin and grows.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> moved(sphere(5.0), (10.0, 0.0, 0.0)).distance(np.array([[10.0, 0.0, 4.0]])).tolist()
    [-1.0]
    """
    step = np.asarray(vector, dtype=np.float64)
    return Shape(
        name=f"{shape.name} at ({', '.join(f'{x:g}' for x in step)}) Å",
        distance=lambda p: shape.distance(p - step),
        half=_triple(np.asarray(shape.half) + np.abs(step)),
    )


def grown(shape: Shape, by: float) -> Shape:
    """Move all faces of a solid outwards.

    Parameters
    ----------
    shape : Shape
        The solid.
    by : float
        Distance in Å; negative to shrink. As exact as the distance of the solid at that depth;
        edges of polyhedra stay sharp.

    Returns
    -------
    Shape
        The grown solid.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> grown(sphere(30.0), -10.0).half
    (20.0, 20.0, 20.0)
    """
    return Shape(
        name=f"{shape.name} {'grown' if by >= 0 else 'shrunk'} by {abs(by):g} Å",
        distance=lambda p: shape.distance(p) - by,
        half=_triple(np.clip(np.asarray(shape.half) + by, 0, None)),
    )


def complement(shape: Shape) -> Shape:
    """Return everything outside a solid.

    Parameters
    ----------
    shape : Shape
        The solid.

    Returns
    -------
    Shape
        Its outside.
    """
    return Shape(
        name=f"all but {shape.name}", distance=lambda p: -shape.distance(p), half=(np.inf,) * 3
    )


def intersection(*shapes: Shape) -> Shape:
    """Return what lies in all of several solids.

    Parameters
    ----------
    *shapes : Shape
        One or more solids.

    Returns
    -------
    Shape
        What they share.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import cylinder, sphere
    >>> lens = intersection(sphere(10.0), cylinder(3.0))
    >>> lens.distance(np.array([[4.0, 0.0, 0.0], [0.0, 0.0, 9.0]])).tolist()
    [1.0, -1.0]
    """
    return Shape(
        name=" and ".join(shape.name for shape in shapes),
        distance=lambda p: _running(np.maximum, shapes, p),
        half=_triple(np.min([shape.half for shape in shapes], axis=0)),
    )


def union(*shapes: Shape) -> Shape:
    """Return what lies in any of several solids.

    Parameters
    ----------
    *shapes : Shape
        One or more solids.

    Returns
    -------
    Shape
        All of them. Inside, where they overlap, the distance is a lower bound.
    """
    return Shape(
        name=" or ".join(shape.name for shape in shapes),
        distance=lambda p: _running(np.minimum, shapes, p),
        half=_triple(np.max([shape.half for shape in shapes], axis=0)),
    )


def difference(shape: Shape, cut: Shape) -> Shape:
    """Cut a solid out of another.

    Parameters
    ----------
    shape : Shape
        The solid that is cut.
    cut : Shape
        The solid that is taken away.

    Returns
    -------
    Shape
        What is left.
    """
    left = intersection(shape, complement(cut))
    return replace(left, name=f"{shape.name} without {cut.name}")


def shell(outer: Shape, inner: Shape) -> Shape:
    """Return what lies between two solids, its two faces included.

    Parameters
    ----------
    outer : Shape
        Solid within which the shell lies.
    inner : Shape
        Its core.

    Returns
    -------
    Shape
        The shell.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> coat = shell(sphere(30.0), sphere(20.0))
    >>> coat.distance(np.array([[0.0, 0.0, 21.0], [0.0, 0.0, 15.0]])).tolist()
    [-1.0, 5.0]
    """
    between = difference(outer, inner)
    return replace(between, name=f"shell of {outer.name} around {inner.name}")


def capped(shape: Shape, half_length: float, *, axis: Sequence[float] = (0.0, 0.0, 1.0)) -> Shape:
    """Give a solid two flat ends.

    Parameters
    ----------
    shape : Shape
        The solid, such as an endless cylinder.
    half_length : float
        Distance in Å of both ends from the origin.
    axis : sequence of float, optional
        Normal of the ends, of any length; z unless given.

    Returns
    -------
    Shape
        The solid between its ends. The bounding box is cut for ends normal to x, y or z; of an
        oblique pair of ends it stays as it is.
    """
    normal = np.asarray(axis, dtype=np.float64) / np.linalg.norm(axis)
    straight = np.isclose(np.abs(normal), 1.0, rtol=0, atol=1e-12)
    half = np.where(straight, np.minimum(shape.half, half_length), shape.half)

    def distance(points: FloatArray) -> FloatArray:
        beyond = np.abs(points @ normal)
        beyond -= half_length
        return np.maximum(beyond, shape.distance(points), out=beyond)

    return Shape(
        name=f"{shape.name} with ends {2 * half_length:g} Å apart",
        distance=distance,
        half=_triple(half),
    )


def erosion(shape: Shape, corners: FloatArray) -> Shape:
    """Return where a small convex body fits into a convex solid.

    Parameters
    ----------
    shape : Shape
        The solid.
    corners : (k, 3) float array
        Corners of the body in Å relative to its centre.

    Returns
    -------
    Shape
        Centres for which all corners lie in the solid; for one that is not convex a body may
        stand out between its corners. Its bounding box is that of the solid.

    Examples
    --------
    >>> from heterobuild.geometry.shapes import sphere
    >>> octahedron = 3.0 * np.vstack([np.eye(3), -np.eye(3)])
    >>> erosion(sphere(30.0), octahedron).distance(np.array([[27.0, 0.0, 0.0]])).tolist()
    [0.0]
    """
    body = np.asarray(corners, dtype=np.float64)
    return Shape(
        name=f"room in {shape.name}",
        distance=lambda p: _running(np.maximum, [moved(shape, -corner) for corner in body], p),
        half=shape.half,
    )


def _running(
    choose: Callable[..., FloatArray], shapes: Iterable[Shape], points: FloatArray
) -> FloatArray:
    """Combine the distances to several solids one at a time."""
    return reduce(choose, (s.distance(points) for s in shapes))


def _triple(half: FloatArray) -> tuple[float, float, float]:
    """Return half extents as plain numbers."""
    x, y, z = (float(value) for value in half)
    return x, y, z
