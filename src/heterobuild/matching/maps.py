"""Maps of one plane onto another as two complex numbers.

A vector z = x + iy goes to A z + B z̄. The first part turns and stretches alike in all directions,
the second adds what differs: the rotation of the polar decomposition is arg A, the principal
stretches are |A| + |B| and |A| − |B|.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Maps:
    """Maps of a film onto a substrate.

    Parameters
    ----------
    film, substrate : (k, 2, 2) int array
        Vectors of the common cell in surface vectors.
    alike, unlike : (k,) complex array
        A and B.
    source : (k,) int array
        The entry of the search that each is.
    """

    film: IntArray
    substrate: IntArray
    alike: NDArray[np.complex128]
    unlike: NDArray[np.complex128]
    source: IntArray

    def take(self, index: IntArray) -> Maps:
        """Return some of the maps.

        Parameters
        ----------
        index : (m,) int array
            Which ones.

        Returns
        -------
        Maps
            The chosen maps.
        """
        return Maps(
            film=self.film[index],
            substrate=self.substrate[index],
            alike=self.alike[index],
            unlike=self.unlike[index],
            source=self.source[index],
        )

    def turned(self, sign: IntArray) -> Maps:
        """Return the maps with the film turned by 180° where asked.

        Parameters
        ----------
        sign : (k,) int array
            −1 for a turn, else 1.

        Returns
        -------
        Maps
            The maps.
        """
        return Maps(
            film=self.film * sign[:, None, None],
            substrate=self.substrate,
            alike=self.alike * sign,
            unlike=self.unlike * sign,
            source=self.source,
        )

    @property
    def rotation(self) -> FloatArray:
        """Turn of the film in degrees in (−180, 180], counter-clockwise seen from above."""
        angle = np.degrees(np.arctan2(self.alike.imag, self.alike.real))
        angle = np.rint(angle * 1e9) / 1e9 + 0.0
        angle[angle == -180.0] = 180.0
        return angle

    @property
    def stretches(self) -> tuple[FloatArray, FloatArray]:
        """Principal stretches, larger and smaller, shape (k,)."""
        mean, half = np.abs(self.alike), np.abs(self.unlike)
        return mean + half, mean - half

    @property
    def deformation(self) -> FloatArray:
        """Maps of film onto substrate for row vectors, shape (k, 2, 2)."""
        rows = np.array([self.alike + self.unlike, 1j * (self.alike - self.unlike)])
        deformation: FloatArray = rows.T.copy().view(np.float64).reshape(-1, 2, 2)
        return deformation


def maps_between(
    film: IntArray, substrate: IntArray, film_cell: FloatArray, substrate_cell: FloatArray
) -> Maps:
    """Return the maps of common cells.

    Parameters
    ----------
    film, substrate : (k, 2, 2) int array
        Vectors of the common cells in surface vectors.
    film_cell, substrate_cell : (2, 2) float array
        Surface cells in Å.

    Returns
    -------
    Maps
        The maps of film onto substrate.

    Examples
    --------
    >>> one = np.eye(2, dtype=int)[None]
    >>> maps = maps_between(one, one, np.eye(2), np.array([[0.0, 1.1], [-1.0, 0.0]]))
    >>> maps.rotation.tolist(), [stretch.tolist() for stretch in maps.stretches]
    ([90.0], [[1.1], [1.0]])
    """
    f1, f2 = _vectors(film, film_cell)
    s1, s2 = _vectors(substrate, substrate_cell)
    double_area = -2j * (f1 * f2.conj()).imag
    return Maps(
        film=film,
        substrate=substrate,
        alike=(s2 * f1.conj() - s1 * f2.conj()) / double_area,
        unlike=(s1 * f2 - s2 * f1) / double_area,
        source=np.arange(len(film)),
    )


def _vectors(
    matrices: IntArray, cell: FloatArray
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return both vectors of cells as complex numbers."""
    (a, b), (c, d) = cell.tolist()
    first, second = matrices[:, :, 0] * complex(a, b), matrices[:, :, 1] * complex(c, d)
    vectors = first + second
    return vectors[:, 0], vectors[:, 1]
