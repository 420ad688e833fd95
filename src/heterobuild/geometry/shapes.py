"""Solids as signed distances: negative inside, positive outside, zero on the face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """A solid around the origin.

    Parameters
    ----------
    name : str
        Name for people, such as ``sphere of radius 30 Å``.
    distance : callable
        Takes points of shape (n, 3) in Å relative to the centre of the solid and returns their
        signed distances of shape (n,) in Å: negative inside. The sign must be exact; the value
        must be that of a true distance near the face, a lower bound of it elsewhere.
    half : tuple of float
        Half extents in Å of the bounding box along x, y and z; infinite where it is endless.

    Examples
    --------
    A shape of your own is one line:

    >>> torus = Shape(
    ...     name="torus",
    ...     distance=lambda p: np.hypot(np.hypot(p[:, 0], p[:, 1]) - 30, p[:, 2]) - 10,
    ...     half=(40, 40, 10),
    ... )
    >>> torus.distance(np.array([[30.0, 0.0, 0.0], [0.0, 0.0, 0.0]])).tolist()
    [-10.0, 20.0]
    """

    name: str
    distance: Callable[[FloatArray], FloatArray]
    half: tuple[float, float, float]


def sphere(radius: float) -> Shape:
    """Return a sphere.

    Parameters
    ----------
    radius : float
        Radius in Å.

    Returns
    -------
    Shape
        The sphere.

    Examples
    --------
    >>> sphere(30.0).half
    (30.0, 30.0, 30.0)
    """
    return Shape(
        name=f"sphere of radius {radius:g} Å",
        distance=lambda p: _length(p) - radius,
        half=(radius,) * 3,
    )


def cuboid(half_lengths: Sequence[float]) -> Shape:
    """Return a cuboid with faces normal to x, y and z.

    Parameters
    ----------
    half_lengths : sequence of float
        Half of its three edges in Å; infinite along a direction that is endless.

    Returns
    -------
    Shape
        The cuboid. Outside an edge or corner its distance is that of the nearest face.

    Examples
    --------
    >>> cuboid((10.0, 20.0, 30.0)).distance(np.array([[9.0, 0.0, 0.0]])).tolist()
    [-1.0]
    """
    x, y, z = (float(value) for value in half_lengths)
    return Shape(
        name=f"cuboid of {2 * x:g} × {2 * y:g} × {2 * z:g} Å",
        distance=lambda p: _farthest(np.eye(3), (x, y, z), p),
        half=(x, y, z),
    )


def prism(half_width: float, half_length: float = np.inf) -> Shape:
    """Return a square rod along z.

    Parameters
    ----------
    half_width : float
        Half of its edges along x and y in Å.
    half_length : float, optional
        Half of its length in Å; endless unless given.

    Returns
    -------
    Shape
        The rod.
    """
    return cuboid((half_width, half_width, half_length))


def parallelepiped(edges: FloatArray, *, endless: bool = False) -> Shape:
    """Return a parallelepiped: the cuboid of a lattice whose axes are not at right angles.

    Parameters
    ----------
    edges : (3, 3) float array
        Its edges in Å, rows.
    endless : bool, optional
        Whether it has no end along the third edge.

    Returns
    -------
    Shape
        The parallelepiped.

    Examples
    --------
    >>> parallelepiped(np.diag([2.0, 4.0, 6.0])).distance(np.array([[0.0, 1.5, 0.0]])).tolist()
    [-0.5]
    """
    edges = np.asarray(edges, dtype=np.float64)
    normals = np.linalg.inv(edges).T
    spacing = 1 / np.linalg.norm(normals, axis=1)
    heights, half = spacing / 2, np.abs(edges).sum(axis=0) / 2
    if endless:
        heights[2] = np.inf
        along = np.abs(edges[2]) > 1e-9 * np.abs(edges[2]).max()
        half = np.where(along, np.inf, half)
    sizes = " × ".join(f"{size:g}" for size in np.linalg.norm(edges, axis=1)[: 3 - endless])
    return Shape(
        name=f"{'endless ' * endless}parallelepiped of {sizes} Å",
        distance=lambda p: _farthest(normals * spacing[:, None], heights, p),
        half=(float(half[0]), float(half[1]), float(half[2])),
    )


def ellipsoid(radii: Sequence[float]) -> Shape:
    """Return an ellipsoid.

    Parameters
    ----------
    radii : sequence of float
        Its three half axes in Å, along x, y and z.

    Returns
    -------
    Shape
        The ellipsoid. Its sign is exact. The distance is that of one Newton step: exact to first
        order near the face, a lower bound outside, and never deeper than the smallest radius.

    Examples
    --------
    >>> ellipsoid((10.0, 20.0, 30.0)).distance(np.array([[0.0, 0.0, 31.0]])).round(9).tolist()
    [1.0]
    """
    scale = np.asarray(radii, dtype=np.float64)
    a, b, c = scale.tolist()
    return Shape(
        name=f"ellipsoid of radii {a:g}, {b:g} and {c:g} Å",
        distance=lambda p: _newton_step(scale, p),
        half=(a, b, c),
    )


def cylinder(
    radius: float, half_length: float = np.inf, *, axis: Sequence[float] = (0, 0, 1)
) -> Shape:
    """Return a cylinder.

    Parameters
    ----------
    radius : float
        Radius in Å.
    half_length : float, optional
        Half of its length in Å; endless unless given.
    axis : sequence of float, optional
        Direction of its axis, of any length; z unless given.

    Returns
    -------
    Shape
        The cylinder.
    """
    u = _unit(axis)
    along = np.array([half_length * abs(x) if abs(x) > 1e-12 else 0.0 for x in u])
    half = radius * np.sqrt(np.clip(1 - u**2, 0, None)) + along
    length = f" and length {2 * half_length:g} Å" if np.isfinite(half_length) else ""
    return Shape(
        name=f"cylinder of radius {radius:g} Å{length}",
        distance=lambda p: _from_cylinder(u, radius, half_length, p),
        half=(float(half[0]), float(half[1]), float(half[2])),
    )


def half_space(normal: Sequence[float], distance: float) -> Shape:
    """Return everything below a plane.

    Parameters
    ----------
    normal : sequence of float
        Outward normal of the plane, of any length.
    distance : float
        Distance of the plane from the origin in Å; negative where the origin is outside.

    Returns
    -------
    Shape
        The half space.

    Examples
    --------
    >>> half_space((0, 0, 2), 10.0).distance(np.array([[5.0, 5.0, 12.0]]))
    array([2.])
    """
    n = _unit(normal)
    return Shape(
        name=f"half space within {distance:g} Å along ({', '.join(f'{x:.3g}' for x in n)})",
        distance=lambda p: p @ n - distance,
        half=(np.inf,) * 3,
    )


def _unit(vector: Sequence[float]) -> FloatArray:
    """Return a vector of length one."""
    given = np.asarray(vector, dtype=np.float64)
    length = float(np.linalg.norm(given))
    if not 0 < length < np.inf:
        raise ValueError(f"{list(vector)} is no direction")
    return np.asarray(given / length)


def _length(points: FloatArray) -> FloatArray:
    """Return the lengths of vectors without a temporary of their shape."""
    squared = np.einsum("ij,ij->i", points, points)
    return np.asarray(np.sqrt(squared, out=squared))


def _farthest(normals: FloatArray, heights: Sequence[float], points: FloatArray) -> FloatArray:
    """Return the largest distance beyond pairs of parallel faces, one pair at a time."""
    beyond = np.full(len(points), -np.inf)
    for normal, height in zip(normals, heights, strict=True):
        if np.isfinite(height):
            axis = np.flatnonzero(normal)
            own = len(axis) == 1 and normal[axis[0]] == 1
            column = np.abs(points[:, axis[0]] if own else points @ normal)
            column -= height
            np.maximum(beyond, column, out=beyond)
    return beyond


def _newton_step(radii: FloatArray, points: FloatArray) -> FloatArray:
    """Return the distance to an ellipsoid to first order: f / |∇f| for f = |x / r| − 1."""
    size = np.zeros(len(points))
    slope = np.zeros(len(points))
    for column, radius in zip(points.T, radii, strict=True):
        scaled = column / radius
        size += scaled**2
        scaled /= radius
        slope += scaled**2
    np.sqrt(size, out=size)
    np.sqrt(slope, out=slope)
    centre = slope == 0
    slope[centre] = 1.0
    step = size * (size - 1) / slope
    deepest = -float(radii.min())
    step[centre] = deepest
    return np.maximum(step, deepest, out=step)


def _from_cylinder(
    axis: FloatArray, radius: float, half_length: float, points: FloatArray
) -> FloatArray:
    """Return the larger of the distances to the side and to the ends."""
    height = points @ axis
    across = np.einsum("ij,ij->i", points, points)
    across -= height**2
    np.sqrt(np.clip(across, 0, None, out=across), out=across)
    across -= radius
    if np.isfinite(half_length):
        np.maximum(across, np.abs(height) - half_length, out=across)
    return np.asarray(across)
