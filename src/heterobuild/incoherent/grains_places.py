"""Where the grains of a mixture are, and how deep points lie in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.tessellation_bodies import grain_bodies
from heterobuild.geometry.tessellations import least_powers

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.arrays import CodeArray, FloatArray, IntArray
    from heterobuild.geometry.tessellation_bodies import GrainBody
    from heterobuild.geometry.tessellations import Tessellation

FINE = 4.0
"""Longest step in Å of the grid on which curved walls are measured."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GrainPlace:
    """The place of one grain.

    Parameters
    ----------
    phase : int
        Its phase, from 0.
    centre : (3,) float array
        A point in it, in Å.
    corners : (v, 3) float array
        Points around the centre whose convex hull holds the grain, in Å.
    depth : callable
        Takes points (m, 3) in Å relative to the centre and returns how deep they lie in the grain
        (m,) in Å, negative outside.
    beside : dict of int to float
        Area in Å² of the walls with other grains, by their number from 0.
    endless : bool
        Whether it is the matrix, whose lattice is that of the cell.
    """

    phase: int
    centre: FloatArray
    corners: FloatArray
    depth: Callable[[FloatArray], FloatArray]
    beside: dict[int, float]
    endless: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class GrainMap:
    """All grains, and the phases on a grid for measuring.

    Parameters
    ----------
    places : tuple of GrainPlace
        The grains.
    codes : (nx, ny, nz) int8 array
        Phase of each point of a regular grid of the cell, from 1.
    """

    places: tuple[GrainPlace, ...]
    codes: CodeArray


def polyhedral_grains(
    grains: Tessellation, phase: IntArray, cell: FloatArray, points: FloatArray
) -> GrainMap:
    """Return grains with flat walls.

    Parameters
    ----------
    grains : Tessellation
        The grains.
    phase : (n,) int array
        Phase of each, from 0.
    cell : (3, 3) float array
        Cell in Å.
    points : (m, 3) float array
        Points that fill the cell evenly.

    Returns
    -------
    GrainMap
        The grains.
    """
    places = []
    bodies = grain_bodies(grains, points)
    number = np.cumsum([body is not None for body in bodies]) - 1
    for k, body in enumerate(bodies):
        if body is None:
            continue
        beside: dict[int, float] = {}
        for other, area in zip(body.beside.tolist(), body.body.areas.tolist(), strict=True):
            beside[int(number[other])] = beside.get(int(number[other]), 0.0) + area
        places.append(
            GrainPlace(
                phase=int(phase[k]),
                # The crystal stays where it is when the walls move.
                centre=body.seed,
                corners=body.body.vertices + body.centre - body.seed,
                depth=depth_in(body),
                beside=beside,
            )
        )
    shape = fine_grid(cell, len(points))
    owner, _, _ = least_powers(grains, grid_points(shape, cell))
    return GrainMap(places=tuple(places), codes=(phase[owner] + 1).astype(np.int8).reshape(shape))


def depth_in(body: GrainBody) -> Callable[[FloatArray], FloatArray]:
    """Return the depth below the faces of a polyhedron of points about its seed.

    Parameters
    ----------
    body : GrainBody
        The polyhedron.

    Returns
    -------
    callable
        Takes points (m, 3) in Å relative to the seed and returns depths (m,) in Å.
    """
    normals = body.body.normals.T.copy()
    distances = body.body.distances + (body.centre - body.seed) @ normals

    def depth(points: FloatArray) -> FloatArray:
        found: FloatArray = (distances - points @ normals).min(axis=1)
        return found

    return depth


def fine_grid(cell: FloatArray, least: int) -> tuple[int, int, int]:
    """Return a regular grid with a least number of points.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    least : int
        Fewest points.

    Returns
    -------
    tuple of int
        Points along each vector of the cell, `FINE` apart at most.
    """
    edges = np.linalg.norm(cell, axis=1)
    spacing = min((np.prod(edges) / least) ** (1 / 3), FINE)
    a, b, c = np.maximum(4, np.ceil(edges / spacing)).astype(int).tolist()
    return a, b, c


def grid_points(shape: tuple[int, int, int], cell: FloatArray) -> FloatArray:
    """Return the points of a grid in Å.

    Parameters
    ----------
    shape : tuple of int
        The grid.
    cell : (3, 3) float array
        Cell in Å.

    Returns
    -------
    (m, 3) float array
        Points in Å, the last index running fastest.
    """
    lines = [np.arange(n)[:, None] / n * v for n, v in zip(shape, cell, strict=True)]
    points: FloatArray = lines[0][:, None, None] + lines[1][:, None] + lines[2]
    return points.reshape(-1, 3)
