"""All superlattices of plane lattices up to an area, reduced, as points of the upper half-plane.

Up to rotation and scale a plane lattice with the reduced basis (v1, v2) is the complex number
τ = v2/v1 in the fundamental domain |Re τ| ≤ ½, |τ| ≥ 1 of SL(2, Z).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray

REDUCED = 1e-9
"""Relative tolerance of lengths in the reduction."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LatticePoints:
    """Superlattices of one or more surfaces.

    Parameters
    ----------
    surface : (k,) int array
        The surface that each belongs to.
    matrix : (k, 2, 2) int array
        Reduced basis in surface vectors, determinant positive.
    x, y : (k,) float array
        Real and imaginary part of τ.
    size : (k,) float array
        Half the logarithm of the area in Å².
    """

    surface: IntArray
    matrix: IntArray
    x: FloatArray
    y: FloatArray
    size: FloatArray

    def take(self, index: IntArray | slice) -> LatticePoints:
        """Return some of the points.

        Parameters
        ----------
        index : (m,) int array or slice
            Which ones.

        Returns
        -------
        LatticePoints
            The chosen points.
        """
        return LatticePoints(
            surface=self.surface[index],
            matrix=self.matrix[index],
            x=self.x[index],
            y=self.y[index],
            size=self.size[index],
        )


@lru_cache(maxsize=64)
def hermite_table(index: int) -> IntArray:
    """Return every superlattice of up to a number of cells in Hermite normal form.

    Parameters
    ----------
    index : int
        Largest number of cells.

    Returns
    -------
    (k, 2, 2) int array
        Matrices ((a, b), (0, d)) with a·d ≤ index and 0 ≤ b < d, sorted by the number of cells;
        read-only.

    Examples
    --------
    >>> len(hermite_table(6))
    33
    """
    grid = np.arange(1, index + 1)
    rows, columns = np.nonzero(np.multiply.outer(grid, grid) <= index)
    a, d = rows + 1, columns + 1
    b = np.arange(d.sum()) - np.repeat(np.cumsum(d) - d, d)
    a, d = np.repeat(a, d), np.repeat(d, d)
    order = np.lexsort((b, a, a * d))
    table = np.zeros((len(b), 2, 2), dtype=np.int64)
    table[:, 0, 0], table[:, 0, 1], table[:, 1, 1] = a[order], b[order], d[order]
    table.flags.writeable = False
    return table


def lattice_points(
    cells: Sequence[FloatArray], max_area: float, *, above: float = 0.0
) -> LatticePoints:
    """Return all superlattices of surfaces in a range of areas.

    Parameters
    ----------
    cells : sequence of (2, 2) float array
        Surface cells in Å, right-handed.
    max_area : float
        Largest area in Å².
    above : float, optional
        Area in Å² that all superlattices shall exceed.

    Returns
    -------
    LatticePoints
        The superlattices, surface by surface.
    """
    stacked = np.asarray(cells, dtype=np.float64).reshape(-1, 2, 2)
    areas = np.linalg.det(stacked)
    counts = np.floor(max_area / areas * (1 + 1e-9)).astype(np.int64)
    least = np.floor(above / areas * (1 + 1e-9)).astype(np.int64)
    tables = [
        hermite_table(count)[len(hermite_table(low)) if low > 0 else 0 :]
        for count, low in zip(counts.tolist(), least.tolist(), strict=True)
    ]
    surface = np.repeat(np.arange(len(stacked)), [len(table) for table in tables])
    matrix = np.concatenate(tables) if tables else np.zeros((0, 2, 2), dtype=np.int64)
    matrix, vectors = _reduce(matrix, stacked[surface])
    return _points(surface, matrix, vectors)


def _points(surface: IntArray, matrix: IntArray, vectors: FloatArray) -> LatticePoints:
    first, second = vectors[:, 0], vectors[:, 1]
    length = (first**2).sum(axis=1)
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return LatticePoints(
        surface=surface,
        matrix=matrix,
        x=(first * second).sum(axis=1) / length,
        y=area / length,
        size=np.log(area) / 2,
    )


def _reduce(matrix: IntArray, cells: FloatArray) -> tuple[IntArray, FloatArray]:
    """Reduce many bases at once by the algorithm of Lagrange and Gauss."""
    matrix = matrix.copy()
    vectors = matrix @ cells
    active = np.arange(len(matrix))
    while active.size:
        v, m = vectors[active], matrix[active]
        shift = np.rint((v[:, 0] * v[:, 1]).sum(axis=1) / (v[:, 0] ** 2).sum(axis=1) - REDUCED)
        v[:, 1] -= shift[:, None] * v[:, 0]
        m[:, 1] -= shift.astype(np.int64)[:, None] * m[:, 0]
        swap = (v[:, 1] ** 2).sum(axis=1) < (v[:, 0] ** 2).sum(axis=1) * (1 - REDUCED)
        v[swap] = np.stack([v[swap, 1], -v[swap, 0]], axis=1)
        m[swap] = np.stack([m[swap, 1], -m[swap, 0]], axis=1)
        vectors[active], matrix[active] = v, m
        active = active[swap]
    return matrix, vectors
