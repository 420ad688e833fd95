"""All pairs of points within a cutoff, slice by slice, so that memory stays small at any size."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import BoolArray, FloatArray

Places: TypeAlias = NDArray[np.integer[Any]]
"""Numbers of atoms in 32 bits: half the memory, and enough for two thousand million."""

SLICE = 200_000
"""Points above which the search goes slice by slice; a slice then takes some 50 MB."""

_ROUNDING = 1e-9
_BOXES = 50_000.0

_Found: TypeAlias = "tuple[Places, Places, FloatArray]"


@dataclass(frozen=True, kw_only=True, eq=False)
class _Box:
    """The points and their periodic repeat."""

    points: FloatArray
    cell: FloatArray
    inverse: FloatArray
    pbc: BoolArray
    margin: FloatArray
    cutoff: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Cut:
    """Slices along one cell vector: the slice of each point, their lower end and thickness."""

    axis: int
    count: int
    place: Places
    low: float
    thick: float


class _Above(NamedTuple):
    """The slice above another one: its points, whole turns to it, and the border between."""

    members: Places
    turn: int
    border: float


def find_pairs(
    points: FloatArray,
    cell: FloatArray,
    pbc: BoolArray,
    cutoff: float,
    *,
    most: int = SLICE,
) -> tuple[Places, Places, FloatArray]:
    """Return all pairs nearer than a cutoff, periodic images included, each once.

    The cell is cut into slices at least as thick as the cutoff along its longest vector. Each
    slice looks for pairs among its own points, and with the points and images above it and
    beside it, so the cost is linear in the number of points and the memory that of the result.

    Parameters
    ----------
    points : (n, 3) float array
        Positions in Å.
    cell : (3, 3) float array
        Row vectors in Å, with a volume.
    pbc : (3,) bool array
        Periodic directions.
    cutoff : float
        Range in Å.
    most : int, optional
        Points that are searched at once; 200 000 by default.

    Returns
    -------
    i, j : (p,) int array
        The two points of each pair, in 32 bits.
    distance : (p,) float array
        Their distance in Å.

    Examples
    --------
    >>> line = np.array([[0.0, 0, 0], [3.0, 0, 0]])
    >>> distance = find_pairs(line, np.diag([7.0, 9, 9]), np.array([True, False, False]), 4.5)[2]
    >>> sorted(distance.tolist())
    [3.0, 4.0]
    """
    inverse = np.linalg.inv(cell)
    box = _Box(
        points=points,
        cell=cell,
        inverse=inverse,
        pbc=pbc,
        margin=cutoff * np.linalg.norm(inverse, axis=0),
        cutoff=cutoff,
    )
    cut = _cut(box, most)
    if cut is None:
        return _search(points, cell, pbc, cutoff)
    order, begin = _grouped(cut)
    parts = []
    for k in range(cut.count):
        home = order[begin[k] : begin[k + 1]]
        above, turn = k + 1, 0
        if above == cut.count:
            above, turn = 0, 1
        upper = order[begin[above] : begin[above + 1]]
        if turn and not pbc[cut.axis]:
            upper = upper[:0]
        border = cut.low + cut.thick * (k + 1) - turn
        parts.append(_of_slice(box, cut.axis, home, _Above(upper, turn, border)))
    return _joined(parts)


def _search(points: FloatArray, cell: FloatArray, pbc: BoolArray, cutoff: float) -> _Found:
    """Search all points at once."""
    if not pbc.any() and (len(points) < 2 or not _compact(np.ptp(points, axis=0) / cutoff)):
        return _search_tree(points, cutoff)
    from vesin import NeighborList

    search = NeighborList(cutoff=cutoff, full_list=False, n_threads=1)
    i, j, distance = search.compute(
        points=points, box=cell, periodic=[bool(p) for p in pbc], quantities="ijd"
    )
    return i.astype(np.int32), j.astype(np.int32), distance


def _search_tree(points: FloatArray, cutoff: float) -> _Found:
    """Search far-flung points at once: slower, but no boxes are laid through empty space."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(points).query_pairs(cutoff, output_type="ndarray").astype(np.int32)
    i, j = pairs.reshape(-1, 2).T
    return i, j, np.linalg.norm(points[i] - points[j], axis=1)


def _compact(sizes: FloatArray) -> bool:
    """Return whether vesin can search points that span so many cutoffs in each direction.

    It shares out a limited number of boxes and ends the program where a flat or long structure
    leaves none for its thin directions.
    """
    boxes = np.maximum(np.floor(sizes), 1.0)
    total = float(boxes.prod())
    return total <= _BOXES or float(boxes.min()) * (_BOXES / total) ** (1 / 3) >= 2


def _cut(box: _Box, most: int) -> _Cut | None:
    """Cut the cell into slices no thinner than the cutoff; None where one search will do."""
    low, extent = np.zeros(3), np.ones(3)
    for k in np.flatnonzero(~box.pbc):
        along = box.points @ box.inverse[:, k]
        low[k], extent[k] = along.min(), np.ptp(along)
    wanted = -(-len(box.points) // most)
    if not _compact(extent / box.margin):
        wanted = max(wanted, 2)
    axis = int(np.argmax(extent / box.margin))
    count = min(wanted, int(extent[axis] / box.margin[axis]), np.iinfo(np.int16).max)
    if count < 2:
        return None
    along = box.points @ box.inverse[:, axis] - low[axis]
    if box.pbc[axis]:
        along -= np.floor(along)
    thick = float(extent[axis]) / count
    along /= thick
    place = np.clip(along, 0, count - 1).astype(np.int16)
    return _Cut(axis=axis, count=count, place=place, low=float(low[axis]), thick=thick)


def _grouped(cut: _Cut) -> tuple[Places, Places]:
    """Return the points slice by slice, and where each slice begins."""
    order = np.argsort(cut.place, kind="stable").astype(np.int32)
    begin = np.concatenate([[0], np.cumsum(np.bincount(cut.place, minlength=cut.count))])
    return order, begin


def _of_slice(box: _Box, axis: int, home: Places, above: _Above) -> _Found:
    """Return the pairs of one slice: among its points, and with what lies above and beside."""
    inner, own = _wrapped(box, home)
    outer, over = _wrapped(box, above.members)
    margin = box.margin[axis] * (1 + _ROUNDING) + _ROUNDING
    near = outer[:, axis] < above.border + margin
    upper, outer, over = above.members[near], outer[near], over[near]
    index, points = [home], [own]
    for shift in _shifts(box, axis):
        around = [(upper, outer, over, above.turn)]
        if tuple(shift) > (0.0, 0.0, 0.0):  # of two opposite images one counts
            around.append((home, inner, own, 0))
        for members, fractions, places, along in around:
            close = _beside(box, fractions, shift)
            moved = shift + along * (np.arange(3) == axis)
            index.append(members[close])
            points.append(places[close] + moved @ box.cell)
    numbers = np.concatenate(index)
    i, j, distance = _search(np.concatenate(points), box.cell, np.zeros(3, np.bool_), box.cutoff)
    kept = (i < len(home)) | (j < len(home))
    return numbers[i[kept]], numbers[j[kept]], distance[kept]


def _wrapped(box: _Box, index: Places) -> tuple[FloatArray, FloatArray]:
    """Return fractions and positions of some points, inside the cell along periodic vectors."""
    points = box.points[index]
    fractions = points @ box.inverse
    turns = np.floor(fractions) * box.pbc
    if turns.any():
        points -= turns @ box.cell
        fractions -= turns
    return fractions, points


def _shifts(box: _Box, axis: int) -> Iterator[FloatArray]:
    """Give the images beside the cell that can be in reach, the cell itself among them."""
    reach = np.where(box.pbc, np.ceil(box.margin), 0).astype(int)
    reach[axis] = 0
    for shift in product(*(range(-r, r + 1) for r in reach)):
        yield np.array(shift, dtype=np.float64)


def _beside(box: _Box, fractions: FloatArray, shift: FloatArray) -> BoolArray:
    """Return which images lie within reach of the cell in the directions that were shifted."""
    close = np.ones(len(fractions), dtype=np.bool_)
    for k in np.flatnonzero(shift):
        image = fractions[:, k] + shift[k]
        margin = box.margin[k] * (1 + _ROUNDING) + _ROUNDING
        close &= (image > -margin) & (image < 1 + margin)
    return close


def _joined(parts: list[_Found]) -> _Found:
    """Join the parts column by column, so that only one column exists twice at a time."""
    columns: list[list[Any]] = [list(column) for column in zip(*parts, strict=True)]
    parts.clear()
    joined: list[Any] = []
    for column in columns:
        joined.append(np.concatenate(column))
        column.clear()
    return joined[0], joined[1], joined[2]
