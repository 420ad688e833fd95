"""How far sites of a periodic matrix are from the wall of the nearest dot."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.carving import AT_A_TIME
from heterobuild.frameworks.scaling import cube_edge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.frameworks.block import Block
    from heterobuild.geometry.shapes import Shape

FAR = 10
"""Octahedra around a dot up to which the distance from its wall is measured; farther sites are
labelled as if they were there."""


def wall_of_dots(
    matrix: Matrix,
    centres: FloatArray,
    shapes: Sequence[Shape],
    units: Sequence[int] | None = None,
) -> FloatArray:
    """Measure the distance of each octahedron from the wall of the nearest dot.

    Each dot is measured in the cells around it only, so the cost is that of the dots.

    Parameters
    ----------
    matrix : Matrix
        The matrix.
    centres : (n, 3) float array
        Centres of the dots in Å in the frame of the model.
    shapes : sequence of Shape
        Solid of each dot for its B cations.
    units : sequence of int, optional
        Units to measure instead of the B cations.

    Returns
    -------
    (nx, ny, nz, b) float32 array
        Signed distances in Å, negative inside; those far away are cut at `FAR` octahedra.
    """
    block = matrix.block
    reach = FAR * cube_edge(block.framework.crystal)
    cell = block.framework.cell @ matrix.rotation
    measured = block.framework.b_units if units is None else np.asarray(units)
    b_points = block.framework.centres[measured] @ matrix.rotation
    found = np.full((*block.cells, len(measured)), np.float32(reach))
    for centre, shape in zip(centres, shapes, strict=True):
        half = np.array(shape.half) + reach
        ranges = _cells_around(block, centre, half, cell)
        thick = max(1, AT_A_TIME // (len(ranges[1]) * len(ranges[2])))
        parts = [_images(block, axis, ranges[axis]) for axis in (1, 2)]
        for start in range(0, len(ranges[0]), thick):
            planes = ranges[0][start : start + thick]
            for b, point in enumerate(b_points):
                points = _grid([planes, *ranges[1:]], cell, point - centre)
                distance = shape.distance(points.reshape(-1, 3)).astype(np.float32)
                distance = distance.reshape(points.shape[:3])
                pieces = product(_images(block, 0, planes), *parts)
                for (x, own_x), (y, own_y), (z, own_z) in pieces:
                    near = found[x, y, z, b]
                    np.minimum(near, distance[own_x, own_y, own_z], out=near)
    return found


def _grid(steps: list[IntArray], cell: FloatArray, origin: FloatArray) -> FloatArray:
    """Return the points of a grid of cells, shape (nx, ny, nz, 3)."""
    x, y, z = (np.multiply.outer(n, vector) for n, vector in zip(steps, cell, strict=True))
    points = np.empty((len(x), len(y), len(z), 3))
    plane, line = x[:, None] + y, z + origin
    for axis in range(3):
        np.add(plane[..., None, axis], line[:, axis], out=points[..., axis])
    return points


def _images(block: Block, axis: int, line: IntArray) -> list[tuple[slice, slice]]:
    """Cut a row of cells at the faces of the block: where each piece is in it, and in the row."""
    origin, count = block.origin[axis], block.cells[axis]
    ends = np.flatnonzero((line - origin) % count == 0).tolist()
    cuts = sorted({0, len(line), *ends})
    pieces = []
    for start, stop in pairwise(cuts):
        first = int(line[start] - origin) % count
        pieces.append((slice(first, first + stop - start), slice(start, stop)))
    return pieces


def _cells_around(
    block: Block, centre: FloatArray, reach: FloatArray, cell: FloatArray
) -> list[IntArray]:
    """Return the cells along each axis that a box around a dot touches.

    Along a period these are at most one cell more than half of it on both sides.
    """
    inverse = np.linalg.inv(cell)
    middle = centre @ inverse
    width = np.abs(inverse.T) @ reach
    ranges = []
    for k in range(3):
        low, high = int(np.floor(middle[k] - width[k])), int(np.ceil(middle[k] + width[k]))
        if block.periodic[k]:
            half = block.cells[k] / 2 + 1
            low = max(low, int(np.floor(middle[k] - half)))
            high = min(high, int(np.ceil(middle[k] + half)))
        else:
            first = block.origin[k]
            low, high = max(low, first), min(high, first + block.cells[k] - 1)
        ranges.append(np.arange(low, high + 1))
    return ranges
