"""A block of cells on a regular grid, and counts over the links between its units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.unit_values import (
    around_octahedra,
    unit_highest,
    unit_links,
    unit_lowest,
)
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray
    from heterobuild.frameworks.framework import Framework

_ROW = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """Cells of a framework on a grid.

    Site arrays have the shape (nx, ny, nz, u), one entry a unit; octahedron arrays the shape
    (nx, ny, nz, b), one entry a B cation.

    Parameters
    ----------
    framework : Framework
        What each cell holds.
    origin : tuple of int
        Indices of the first cell.
    cells : tuple of int
        Number of cells along the three vectors.
    periodic : tuple of bool
        Along which vectors the block closes on itself.
    """

    framework: Framework
    origin: tuple[int, int, int]
    cells: tuple[int, int, int]
    periodic: tuple[bool, bool, bool]

    @property
    def grid(self) -> tuple[int, int, int, int]:
        """Shape of site arrays."""
        return (*self.cells, len(self.framework.site))

    @property
    def octahedra(self) -> tuple[int, int, int, int]:
        """Shape of octahedron arrays."""
        return (*self.cells, len(self.framework.b_units))

    def positions(self, unit: int, first: int = 0, last: int | None = None) -> FloatArray:
        """Return where a unit is in each cell.

        Parameters
        ----------
        unit : int
            Number of the unit.
        first, last : int, optional
            Planes of cells from the first one up to but without the last one, counted along the
            first vector from 0; all by default.

        Returns
        -------
        (mx * ny * nz, 3) float array
            Positions in Å, the last index running fastest.
        """
        cell = self.framework.cell
        steps = [
            np.multiply.outer(np.arange(o, o + n, dtype=np.float64), vector)
            for o, n, vector in zip(self.origin, self.cells, cell, strict=True)
        ]
        steps[0] = steps[0][first:last]
        line = steps[2] + self.framework.centres[unit]
        plane = steps[0][:, None] + steps[1]
        points = np.empty((*plane.shape[:2], *line.shape))
        for axis in range(3):
            np.add(plane[..., None, axis], line[:, axis], out=points[..., axis])
        return points.reshape(-1, 3)


def shift_points(points: FloatArray, step: FloatArray, out: FloatArray) -> None:
    """Add one vector to many points, as long rows: rows of three numbers are slow to scan.

    Parameters
    ----------
    points : (n, 3) float array
        The points, contiguous.
    step : (3,) float array
        The vector.
    out : (n, 3) float array
        Where the sums go, contiguous; may be `points`.
    """
    whole = len(points) - len(points) % _ROW
    rows = points[:whole].reshape(-1, 3 * _ROW)
    np.add(rows, np.tile(step, _ROW), out=out[:whole].reshape(-1, 3 * _ROW))
    np.add(points[whole:], step, out=out[whole:])


def _slices(n: int, step: int, *, periodic: bool) -> Iterator[tuple[slice, slice]]:
    """Yield target and source ranges so that target[c] is source[c + step]."""
    if periodic:
        step %= n
        if step:
            yield slice(0, n - step), slice(step, n)
            yield slice(n - step, n), slice(0, step)
        else:
            yield slice(0, n), slice(0, n)
    elif abs(step) < n:
        yield slice(max(0, -step), min(n, n - step)), slice(max(0, step), min(n, n + step))


def _pairs(block: Block, steps: IntArray) -> Iterator[tuple[tuple[slice, ...], tuple[slice, ...]]]:
    """Yield target and source ranges in three dimensions."""
    axes = zip(block.cells, steps.tolist(), block.periodic, strict=True)
    x, y, z = (list(_slices(n, s, periodic=p)) for n, s, p in axes)
    for tx, sx in x:
        for ty, sy in y:
            for tz, sz in z:
                yield (tx, ty, tz), (sx, sy, sz)


def links_of(block: Block, chosen: BoolArray) -> CodeArray:
    """Count for each unit the chosen octahedra that it belongs to.

    Parameters
    ----------
    block : Block
        The block.
    chosen : (nx, ny, nz, b) bool array
        Chosen B cations.

    Returns
    -------
    (nx, ny, nz, u) uint8 array
        The counts; 0 for B cations.
    """
    counts = np.empty(block.grid, dtype=np.uint8)
    counts[..., block.framework.b_units] = 0
    units = around_octahedra(block.framework)
    for v, own in unit_links(block.framework, block.periodic, chosen, units):
        counts[..., v] = own
    return counts


def halides_of(block: Block, chosen: BoolArray) -> CodeArray:
    """Count for each octahedron the chosen halides bonded to its B cation.

    Parameters
    ----------
    block : Block
        The block.
    chosen : (nx, ny, nz, u) bool array
        Chosen units; only those on X count.

    Returns
    -------
    (nx, ny, nz, b) uint8 array
        The counts.
    """
    counts = np.zeros(block.octahedra, dtype=np.uint8)
    for b, v, *step in block.framework.links.tolist():
        if block.framework.site[v] == Site.X:
            for target, source in _pairs(block, np.array(step)):
                counts[*target, b] += chosen[*source, v]
    return counts


def extremes(
    block: Block, values: CodeArray, chosen: BoolArray | None = None
) -> tuple[CodeArray, CodeArray]:
    """Return for each unit the least and the largest value of the octahedra it belongs to.

    Parameters
    ----------
    block : Block
        The block.
    values : (nx, ny, nz, b) int array
        Value of each octahedron.
    chosen : (nx, ny, nz, b) bool array, optional
        Which octahedra count; all by default.

    Returns
    -------
    low, high : (nx, ny, nz, u) int array
        Extremes of the type of `values`; of units without a chosen octahedron the largest and
        the smallest number of that type. B cations have their own value twice.
    """
    return lowest(block, values, chosen), highest(block, values, chosen)


def lowest(block: Block, values: CodeArray, chosen: BoolArray | None = None) -> CodeArray:
    """Return for each unit the least value of the octahedra it belongs to.

    Parameters
    ----------
    block, values, chosen
        As in `extremes`.

    Returns
    -------
    (nx, ny, nz, u) int array
        The first array of `extremes`.
    """
    return _with_own(
        block,
        values,
        unit_lowest(
            block.framework, block.periodic, values, around_octahedra(block.framework), chosen
        ),
    )


def highest(block: Block, values: CodeArray, chosen: BoolArray | None = None) -> CodeArray:
    """Return for each unit the largest value of the octahedra it belongs to.

    Parameters
    ----------
    block, values, chosen
        As in `extremes`.

    Returns
    -------
    (nx, ny, nz, u) int array
        The second array of `extremes`.
    """
    return _with_own(
        block,
        values,
        unit_highest(
            block.framework, block.periodic, values, around_octahedra(block.framework), chosen
        ),
    )


def _with_own(block: Block, values: CodeArray, found: Iterable[tuple[int, CodeArray]]) -> CodeArray:
    """Put values of units together; B cations have their own."""
    whole = np.empty(block.grid, values.dtype)
    whole[..., block.framework.b_units] = values
    for v, own in found:
        whole[..., v] = own
    return whole


def mean_over_octahedra(block: Block, values: FloatArray) -> FloatArray:
    """Return for each unit the mean of a value over the octahedra it belongs to.

    Parameters
    ----------
    block : Block
        The block.
    values : (nx, ny, nz, b) float array
        Value of each octahedron.

    Returns
    -------
    (nx, ny, nz, u) float32 array
        The means; B cations have their own value.
    """
    total = np.zeros(block.grid, dtype=np.float32)
    count = np.zeros(block.grid, dtype=np.float32)
    for b, v, *step in block.framework.links.tolist():
        for target, source in _pairs(block, -np.array(step)):
            total[*target, v] += values[*source, b]
            count[*target, v] += 1
    total[..., block.framework.b_units] = values
    count[..., block.framework.b_units] = 1
    return total / np.maximum(count, 1)
