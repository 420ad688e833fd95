"""All superlattices of plane lattices up to an area, reduced, as points of the upper half-plane.

Vectors in the plane are complex numbers. Up to rotation and scale a plane lattice with the reduced
basis (v1, v2) is the number τ = v2/v1 in the fundamental domain |Re τ| ≤ ½, |τ| ≥ 1 of SL(2, Z).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.search_size import MOST_CELLS, require_searchable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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
    first : (k,) complex array
        Vector v1 in Å; v2 is τ v1.
    tau : (k,) complex array
        τ, in the fundamental domain if not said otherwise.
    size : (k,) float array
        Half the logarithm of the area in Å².
    """

    surface: IntArray
    first: NDArray[np.complex128]
    tau: NDArray[np.complex128]
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
            first=self.first[index],
            tau=self.tau[index],
            size=self.size[index],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Superlattices:
    """All superlattices of up to a number of cells: whole numbers, the same for all lattices.

    Parameters
    ----------
    rows : (4, k) float array
        Components (a, b) of v1 and (c, d) of v2 in surface vectors, sorted by the number of
        cells.
    size : (k,) float array
        Half the logarithm of the number of cells.
    ends : (n + 1,) int array
        How many have up to 0, 1, … n cells.
    """

    rows: FloatArray
    size: FloatArray
    ends: IntArray


def hermite_table(index: int) -> IntArray:
    """Return every superlattice of up to a number of cells in Hermite normal form.

    Parameters
    ----------
    index : int
        Largest number of cells.

    Returns
    -------
    (k, 2, 2) int array
        Matrices ((a, b), (0, d)) with a·d ≤ index and 0 ≤ b < d, sorted by the number of cells.

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
    return table


@lru_cache(maxsize=16)
def square_table(index: int) -> Superlattices:
    """Return every superlattice of up to a number of cells in a basis short for a square cell.

    Of another reduced cell these bases are nearly reduced, which saves most of the reduction.

    Parameters
    ----------
    index : int
        Largest number of cells.

    Returns
    -------
    Superlattices
        In the order of `hermite_table`; read-only.

    Examples
    --------
    >>> square_table(3).ends.tolist()
    [0, 1, 4, 8]
    """
    table = hermite_table(index)
    cells = table[:, 0, 0] * table[:, 1, 1]
    first, second = (table @ np.array([1, 1j])).T.copy()
    tau = second / first
    reduce_points(first, tau)
    second = np.round(tau * first)
    rows = np.round([first.real, first.imag, second.real, second.imag])
    size = np.log(cells) / 2
    ends = np.cumsum(np.bincount(cells, minlength=index + 1))
    for array in (rows, size, ends):
        array.flags.writeable = False
    return Superlattices(rows=rows, size=size, ends=ends)


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

    Raises
    ------
    UsageError
        If a superlattice may hold more than `MOST_CELLS` surface cells.
    """
    first, second = np.array(cells, dtype=np.float64).reshape(-1, 4).view(np.complex128).T.copy()
    tau = second / first
    areas = (first.conj() * second).imag
    share = max_area / areas * (1 + 1e-9)
    largest = float(share.max(initial=1))
    if largest >= MOST_CELLS + 1:
        require_searchable(float(areas.min()), max_area)
    most = share.astype(np.int64)
    least = (above / areas * (1 + 1e-9)).astype(np.int64)
    table = square_table(_table_size(int(largest)))
    begin = table.ends[least]
    number = np.maximum(table.ends[most] - begin, 0)
    surface = np.arange(len(areas)).repeat(number)
    place = np.arange(len(surface)) + (begin + number - number.cumsum())[surface]
    size = table.size[place] + (np.log(areas) / 2)[surface]
    a, b, c, d = table.rows[:, place]
    tau = tau[surface]
    ratio = a + b * tau
    first, tau = first[surface] * ratio, (c + d * tau) / ratio
    reduce_points(first, tau)
    return LatticePoints(surface=surface, first=first, tau=tau, size=size)


def _table_size(index: int) -> int:
    """Return a number of cells not much larger, few ones in all: 8, 10, 12, 14, 16, 20."""
    step = 1 << max(index.bit_length() - 3, 0)
    return -(-index // step) * step


def whole_matrices(points: LatticePoints, cells: Sequence[FloatArray]) -> IntArray:
    """Return the bases in surface vectors, of either sign the one with a positive first entry.

    Parameters
    ----------
    points : LatticePoints
        Superlattices.
    cells : sequence of (2, 2) float array
        Cells of their surfaces in Å.

    Returns
    -------
    (k, 2, 2) int array
        Matrices of positive determinant, the first entry other than zero positive.

    Examples
    --------
    >>> cell = np.diag([3.0, 5.0])
    >>> whole_matrices(lattice_points([cell], 16.0), [cell]).tolist()
    [[[1, 0], [0, 1]]]
    """
    vectors = np.array([points.first, points.tau * points.first]).T.copy().view(np.float64)
    if len(cells) == 1:
        (a, b), (c, d) = cells[0].tolist()
        rows = vectors.reshape(-1, 2) @ (np.array([[d, -b], [-c, a]]) / (a * d - b * c))
    else:
        inverse = np.linalg.inv(np.array(cells, dtype=np.float64).reshape(-1, 2, 2))
        rows = vectors.reshape(-1, 2, 2) @ inverse[points.surface]
    matrices: IntArray = np.rint(rows).astype(np.int64).reshape(-1, 2, 2)
    leading, next_one = matrices[:, 0].T
    matrices *= np.sign(np.where(leading, leading, next_one))[:, None, None]
    return matrices


def reduce_points(first: NDArray[np.complex128], tau: NDArray[np.complex128]) -> None:
    """Reduce many bases at once by the algorithm of Lagrange and Gauss.

    Parameters
    ----------
    first, tau : (k,) complex array
        v1 and τ = v2/v1 of right-handed bases; replaced by those of the reduced ones.

    Examples
    --------
    >>> first, tau = np.array([2 + 0j]), np.array([2.5 + 0.5j])
    >>> reduce_points(first, tau)
    >>> first, tau
    (array([1.+1.j]), array([0.+1.j]))
    """
    active = np.arange(len(tau))
    part = tau
    while len(active):
        part = part - np.rint(part.real - REDUCED)
        tau[active] = part
        short = (part.real**2 + part.imag**2 < 1 - REDUCED).nonzero()[0]
        active, part = active[short], part[short]
        first[active] *= part
        part = -1 / part
        tau[active] = part
