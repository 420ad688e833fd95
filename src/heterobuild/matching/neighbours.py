"""Neighbours in the upper half-plane and in size: the search proper.

Along a map every vector changes its length by no more than the strain allows, and so does the
height of the cell over it. So lattices that fit are neighbours in three numbers: the logarithms
of |v1| and of the height over v1, and Re τ. The substrates are put into boxes of these.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from heterobuild.matching.search_size import require_few_pairs

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.superlattices import LatticePoints

    _Windows: TypeAlias = tuple[IntArray, IntArray, IntArray]

FEW_PAIRS = 30_000
"""Pairs up to which a window in size alone is faster than boxes."""

MOST_PAIRS = 10_000
"""Candidate pairs tested at once: they fit into the cache of a processor."""

MOST_HELD = 50_000_000
"""Pairs that fit, of all surfaces searched at once: more than a gigabyte."""

BOXES = 16
"""Boxes for each substrate: fewer give more candidates, more take longer to set up."""

SLICES = 32
"""Most boxes along Re τ."""

_AROUND = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
"""Boxes are wider than twice the strain, so that two in either direction hold all neighbours."""


def neighbours(
    films: LatticePoints, substrates: LatticePoints, strain: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return all pairs of a film's and a substrate's basis within a strain.

    Parameters
    ----------
    films : LatticePoints
        Bases near the fundamental domain.
    substrates : LatticePoints
        Reduced bases.
    strain : float
        Largest absolute principal logarithmic strain.

    Returns
    -------
    i, j : (k,) int array
        Indices of film and substrate.
    strains : (k,) float array
        Larger absolute principal logarithmic strain of each pair.
    """
    few = len(films.tau) * len(substrates.tau) <= FEW_PAIRS
    windows, order = (_in_size if few else _in_boxes)(films, substrates, strain)
    return _within(films, substrates.take(order), strain, windows, order)


def _in_size(
    films: LatticePoints, substrates: LatticePoints, strain: float
) -> tuple[_Windows, IntArray]:
    """Sort substrates by size and return the window of each film."""
    order = substrates.size.argsort(kind="stable")
    size = substrates.size[order]
    start = size.searchsorted(films.size - strain)
    count = size.searchsorted(films.size + strain, side="right") - start
    return (np.arange(len(count)), start, count), order


def _in_boxes(
    films: LatticePoints, substrates: LatticePoints, strain: float
) -> tuple[_Windows, IntArray]:
    """Sort substrates by box and return the windows of each film in the four boxes around it."""
    sides = _sides(substrates)
    corner = sides.min(axis=1, keepdims=True)
    tall, wide = (sides.max(axis=1, keepdims=True) - corner).ravel().tolist()
    most = BOXES * len(substrates.tau)
    width = max(2 * strain, math.sqrt(tall * wide / most), tall / most, wide / most)
    # Two empty boxes before and behind, for films beyond all substrates.
    rows, columns = int(tall / width) + 5, int(wide / width) + 5
    slices = min(max(most // (rows * columns), 1), SLICES)

    row, column = ((sides - corner) / width + 2).astype(np.int64)
    box = (row * columns + column) * slices + _slice(substrates.tau.real, slices)
    order = box.argsort(kind="stable")
    before = np.zeros(rows * columns * slices + 1, dtype=np.int64)
    np.bincount(box, minlength=rows * columns * slices).cumsum(out=before[1:])

    row, column = ((_sides(films) - (corner + strain)) / width + 2).astype(np.int64)
    row = np.minimum(np.maximum(row, 0), rows - 2)
    column = np.minimum(np.maximum(column, 0), columns - 2)
    around = (row * columns + column) * slices + _AROUND @ [[columns * slices], [slices]]
    window = 2 * math.sinh(strain) * math.exp(strain) * (1 + 1e-9) * films.tau.imag
    left, right = _slice(films.tau.real - window, slices), _slice(films.tau.real + window, slices)
    start = before[around + left].ravel()
    count = before[around + right + 1].ravel() - start
    near = count.nonzero()[0]
    return (near % len(films.tau), start[near], count[near]), order


def _sides(points: LatticePoints) -> FloatArray:
    """Return the logarithms of |v1| and of the height over v1."""
    half = np.log(points.tau.imag) / 2
    return np.array([points.size - half, points.size + half])


def _slice(x: FloatArray, number: int) -> IntArray:
    """Return the slice of each Re τ; the outer slices have no end."""
    index: IntArray = ((x + 0.5) * number).astype(np.int64)
    return np.minimum(np.maximum(index, 0), number - 1)


def _within(
    films: LatticePoints,
    substrates: LatticePoints,
    strain: float,
    windows: _Windows,
    order: IntArray,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Test candidate pairs exactly, a bounded number at a time; substrates are sorted."""
    film, start, count = windows
    ends = count.cumsum()
    offset = start - ends + count
    total = int(ends[-1]) if len(ends) else 0
    marks = np.arange(MOST_PAIRS, total, MOST_PAIRS)
    cuts = [0, *ends.searchsorted(marks, side="right").tolist(), len(count)]
    found, held = [], 0
    for begin, end in pairwise(cuts):
        window = np.arange(begin, end).repeat(count[begin:end])
        first = int(ends[begin - 1]) if begin else 0
        j = np.arange(first, first + len(window)) + offset[window]
        found.append(_fitting(films, substrates, strain, film[window], j))
        held += len(found[-1][0])
        require_few_pairs(held, MOST_HELD)
    i, j, value = found[0] if len(found) == 1 else map(np.concatenate, zip(*found, strict=True))
    return i, order[j], value


def _fitting(
    films: LatticePoints, substrates: LatticePoints, strain: float, i: IntArray, j: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Keep the pairs within the strain; the principal strains are h ± d/2."""
    ours, theirs = films.tau[i], substrates.tau[j]
    apart = ours - theirs
    gap = (apart.real**2 + apart.imag**2) / (4 * ours.imag * theirs.imag)
    near = (gap <= math.sinh(strain) ** 2 * (1 + 1e-9)).nonzero()[0]
    i, j = i[near], j[near]
    value = np.abs(substrates.size[j] - films.size[i]) + np.arcsinh(np.sqrt(gap[near]))
    fits = (value <= strain).nonzero()[0]
    return i[fits], j[fits], value[fits]
