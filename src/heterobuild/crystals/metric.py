"""The cell of six parameters as three vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray

_FLATTEST = 1e-6


def cell_vectors(parameters: Sequence[float]) -> FloatArray | None:
    """Return the cell with a along x and b in the xy plane.

    Parameters
    ----------
    parameters : sequence of float
        a, b, c in Å, α, β, γ in degrees.

    Returns
    -------
    (3, 3) float array or None
        Row vectors in Å, right-handed; None where a length is not positive, the angles do not
        close to a cell, or a number is not finite.

    Examples
    --------
    >>> cell_vectors((3.0, 4.0, 5.0, 90, 90, 90)).diagonal().tolist()
    [3.0, 4.0, 5.0]
    >>> cell_vectors((3.0, 4.0, 5.0, 60, 60, 150)) is None
    True
    """
    lengths, angles = np.array(parameters[:3], float), np.array(parameters[3:], float)
    if not (np.isfinite(lengths).all() and np.isfinite(angles).all() and (lengths > 0).all()):
        return None
    if ((angles <= 0) | (angles >= 180)).any():
        return None
    cosines = np.array([_cosine(angle) for angle in angles])
    squared = 1.0 + 2.0 * cosines.prod() - (cosines**2).sum()
    if squared < _FLATTEST:
        return None
    from ase.cell import Cell

    vectors: FloatArray = np.array(Cell.fromcellpar(parameters))
    return vectors


def _cosine(angle: float) -> float:
    """Return the cosine of an angle in degrees, exactly zero at 90."""
    return 0.0 if angle == 90.0 else float(np.cos(np.radians(angle)))
