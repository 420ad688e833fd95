"""A block of cells on a regular grid, and counts over the links between its units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray
    from heterobuild.frameworks.framework import Framework


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
    octahedra = _one_by_one(chosen.astype(np.uint8))
    for v in range(block.grid[3]):
        own = np.zeros(block.cells, dtype=np.uint8)
        for b, target, source in _octahedra_beside(block, v):
            own[target] += octahedra[b][source]
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
    ends = np.iinfo(values.dtype)
    low, high = np.empty(block.grid, values.dtype), np.empty(block.grid, values.dtype)
    up = values if chosen is None else np.where(chosen, values, ends.max)
    down = values if chosen is None else np.where(chosen, values, ends.min)
    up, down = _one_by_one(up), _one_by_one(down)
    b_units = block.framework.b_units
    low[..., b_units] = high[..., b_units] = values
    for v in np.setdiff1d(np.arange(block.grid[3]), b_units).tolist():
        least = np.full(block.cells, ends.max, dtype=values.dtype)
        most = np.full(block.cells, ends.min, dtype=values.dtype)
        for b, target, source in _octahedra_beside(block, v):
            np.minimum(least[target], up[b][source], out=least[target])
            np.maximum(most[target], down[b][source], out=most[target])
        low[..., v], high[..., v] = least, most
    return low, high


def _one_by_one(values: CodeArray) -> CodeArray:
    """Return the values of each B cation of the cell together: long rows are quick to scan."""
    return np.ascontiguousarray(np.moveaxis(values, 3, 0))


def _octahedra_beside(
    block: Block, unit: int
) -> Iterator[tuple[int, tuple[slice, ...], tuple[slice, ...]]]:
    """Yield B cations that a unit belongs to, with target and source ranges."""
    links = block.framework.links
    for b, _, *step in links[links[:, 1] == unit].tolist():
        for target, source in _pairs(block, -np.array(step)):
            yield b, target, source


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
