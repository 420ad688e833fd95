"""Points together with their periodic images just outside the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray


def with_images(
    points: FloatArray, cell: FloatArray, pbc: Sequence[bool], reach: float
) -> tuple[FloatArray, IntArray]:
    """Return points wrapped into the cell with the images that lie within reach of it.

    Parameters
    ----------
    points : (n, 3) float array
        Positions in Å.
    cell : (3, 3) float array
        Row vectors in Å.
    pbc : sequence of bool
        Periodic directions.
    reach : float
        Distance from the cell in Å.

    Returns
    -------
    images : (m, 3) float array
        Positions in Å; the first n are the points themselves, inside the cell along the
        periodic vectors.
    source : (m,) int array
        The point of which each is an image.

    Examples
    --------
    >>> with_images(np.array([[7.5, 0, 0]]), np.eye(3) * 8, (True, False, False), 1.0)[0].tolist()
    [[7.5, 0.0, 0.0], [-0.5, 0.0, 0.0]]
    """
    inverse = np.linalg.inv(cell)
    margin = reach * np.linalg.norm(inverse, axis=0)
    fractions = points @ inverse
    fractions -= np.floor(fractions) * np.asarray(pbc, dtype=np.float64)
    source = np.arange(len(points))
    for axis in np.flatnonzero(pbc):
        copies, origin = [fractions], [source]
        for shift in range(1, int(np.ceil(margin[axis])) + 1):
            for chosen, sign in (
                (fractions[:, axis] + shift < 1 + margin[axis], 1),
                (fractions[:, axis] - shift > -margin[axis], -1),
            ):
                copies.append(fractions[chosen] + sign * shift * np.eye(3)[axis])
                origin.append(source[chosen])
        fractions, source = np.concatenate(copies), np.concatenate(origin)
    return fractions @ cell, source
