"""Values of the octahedra that a unit belongs to, joined unit by unit of the cell.

A step to another cell is one distance in memory, the same for the whole block, so that values are
joined as long rows: the cost of a block is that of a few passes over one small array a unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from heterobuild.arrays import BoolArray, CodeArray, IntArray
    from heterobuild.frameworks.framework import Framework

Periodic: TypeAlias = tuple[bool, bool, bool]


def around_octahedra(framework: Framework) -> list[int]:
    """Return the units of a cell that are no B cations.

    Parameters
    ----------
    framework : Framework
        What each cell holds.

    Returns
    -------
    list of int
        Their numbers, ascending.
    """
    others: list[int] = np.setdiff1d(np.arange(len(framework.site)), framework.b_units).tolist()
    return others


def unit_links(
    framework: Framework, periodic: Periodic, chosen: BoolArray, units: Iterable[int]
) -> Iterator[tuple[int, CodeArray]]:
    """Count the chosen octahedra for some units, one unit of the cell after the other.

    Parameters
    ----------
    framework : Framework
        What each cell of the block holds.
    periodic : tuple of bool
        Along which vectors the block closes on itself.
    chosen : (nx, ny, nz, b) bool array
        Chosen B cations.
    units : iterable of int
        Units of the cell, none of them a B cation.

    Yields
    ------
    int
        The unit.
    (nx, ny, nz) uint8 array
        The counts in each cell.
    """
    yield from _folded(framework, periodic, chosen.view(np.uint8), np.add, fill=0, units=units)


def unit_lowest(
    framework: Framework,
    periodic: Periodic,
    values: NDArray[Any],
    units: Iterable[int],
    chosen: BoolArray | None = None,
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Find the least values for some units, one unit of the cell after the other.

    Parameters
    ----------
    framework : Framework
        What each cell of the block holds.
    periodic : tuple of bool
        Along which vectors the block closes on itself.
    values : (nx, ny, nz, b) int or float array
        Value of each octahedron.
    units : iterable of int
        Units of the cell, none of them a B cation.
    chosen : (nx, ny, nz, b) bool array, optional
        Which octahedra count; all by default.

    Yields
    ------
    int
        The unit.
    (nx, ny, nz) int or float array
        The values in each cell.
    """
    end = _largest(values.dtype)
    up = values if chosen is None else np.where(chosen, values, end)
    yield from _folded(framework, periodic, up, np.minimum, fill=end, units=units)


def unit_highest(
    framework: Framework,
    periodic: Periodic,
    values: NDArray[Any],
    units: Iterable[int],
    chosen: BoolArray | None = None,
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Find the largest values for some units, one unit of the cell after the other.

    Parameters
    ----------
    framework : Framework
        What each cell of the block holds.
    periodic : tuple of bool
        Along which vectors the block closes on itself.
    values : (nx, ny, nz, b) int or float array
        Value of each octahedron.
    units : iterable of int
        Units of the cell, none of them a B cation.
    chosen : (nx, ny, nz, b) bool array, optional
        Which octahedra count; all by default.

    Yields
    ------
    int
        The unit.
    (nx, ny, nz) int or float array
        The values in each cell.
    """
    end = _least(values.dtype)
    down = values if chosen is None else np.where(chosen, values, end)
    yield from _folded(framework, periodic, down, np.maximum, fill=end, units=units)


def _largest(kind: np.dtype[Any]) -> float:
    """Return a value that no other one exceeds."""
    return np.inf if kind.kind == "f" else np.iinfo(kind).max


def _least(kind: np.dtype[Any]) -> float:
    """Return a value below which no other one is."""
    return -np.inf if kind.kind == "f" else np.iinfo(kind).min


def _folded(
    framework: Framework,
    periodic: Periodic,
    values: NDArray[Any],
    join: np.ufunc,
    *,
    fill: float,
    units: Iterable[int],
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Join for each unit the values of the octahedra it belongs to, in a frame around the block."""
    links = framework.links
    below = np.maximum(links[:, 2:].max(axis=0), 0)
    above = np.maximum(-links[:, 2:].min(axis=0), 0)
    framed = _framed(periodic, values, fill, below, above)
    shape = framed.shape[1:]
    strides = np.array([shape[1] * shape[2], shape[2], 1])
    length = int((np.array(values.shape[:3]) - 1) @ strides) + 1
    rows, (nx, ny, nz) = framed.reshape(len(framed), -1), values.shape[:3]
    for v in units:
        own = np.full(shape, fill, dtype=values.dtype)
        found = own.reshape(-1)[:length]
        for b, _, *step in links[links[:, 1] == v].tolist():
            first = int((below - step) @ strides)
            join(found, rows[b, first : first + length], out=found)
        yield v, own[:nx, :ny, :nz]


def _framed(
    periodic: Periodic, values: NDArray[Any], fill: float, below: IntArray, above: IntArray
) -> NDArray[Any]:
    """Return values by B cation, in a frame of their images along periods, else of `fill`."""
    cells = values.shape[:3]
    shape = (np.array(cells) + below + above).tolist()
    framed = np.full((values.shape[3], *shape), fill, dtype=values.dtype)
    inner = tuple(slice(o, o + n) for o, n in zip(below.tolist(), cells, strict=True))
    framed[(slice(None), *inner)] = np.moveaxis(values, 3, 0)
    for axis in np.flatnonzero(periodic).tolist():
        first, n = int(below[axis]), cells[axis]
        images = np.r_[:first, first + n : shape[axis]]
        lines = np.moveaxis(framed, axis + 1, 0)
        lines[images] = lines[first + (images - first) % n]
    return framed
