"""Push balls apart that overlap, until none does or they are jammed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.periodic_pairs import face_heights, near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray


def pushed_apart(
    points: FloatArray,
    radii: FloatArray,
    cell: FloatArray,
    pbc: Sequence[bool],
    separation: float,
    *,
    margin: float = 0.0,
    steps: int = 500,
) -> FloatArray:
    """Return centres with as little overlap as pushing reaches.

    The balls are soft: the sum of the squared overlaps is made least by L-BFGS. At zero nothing
    overlaps; a jammed packing keeps some overlap, which the caller has to look for. Equal balls
    jam at a volume fraction of about 0.64 (10.1103/PhysRevE.68.011306).

    Parameters
    ----------
    points : (n, 3) float array
        Centres in Å to begin with.
    radii : (n,) float array
        Radii in Å.
    cell : (3, 3) float array
        Cell in Å, rows.
    pbc : sequence of three bool
        Whether the cell repeats along each of its vectors; other faces push too.
    separation : float
        Wanted distance from wall to wall in Å.
    margin : float, optional
        Wanted distance in Å from walls to the faces of the cell that do not repeat.
    steps : int, optional
        Most steps of the minimisation.

    Returns
    -------
    (n, 3) float array
        Centres in Å.

    Examples
    --------
    >>> pair = np.array([[10.0, 10.0, 10.0], [12.0, 10.0, 10.0]])
    >>> moved = pushed_apart(pair, np.full(2, 4.0), 40.0 * np.eye(3), (True,) * 3, 1.0)
    >>> float(np.linalg.norm(moved[1] - moved[0]).round(6))
    9.0
    """
    from scipy.optimize import minimize

    reach = 2 * float(radii.max()) + separation
    inverse = np.linalg.inv(cell)
    heights = face_heights(cell)
    normals = (inverse * heights).T
    closed = np.flatnonzero(~np.asarray(pbc, dtype=bool))

    def energy(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        centres = flat.reshape(-1, 3)
        first, second, vectors = near_pairs(centres, cell, pbc, reach)
        lengths = np.maximum(np.linalg.norm(vectors, axis=1), 1e-12)
        overlap = np.maximum(radii[first] + radii[second] + separation - lengths, 0.0)
        overlap[first == second] = 0.0
        pushes = (overlap / lengths)[:, None] * vectors
        total = 0.5 * float(overlap @ overlap)
        gradient = np.zeros(centres.shape)
        for axis in range(3):
            gradient[:, axis] += np.bincount(first, pushes[:, axis], minlength=len(centres))
            gradient[:, axis] -= np.bincount(second, pushes[:, axis], minlength=len(centres))
        for axis in closed.tolist():
            height = centres @ normals[axis]
            low = np.maximum(radii + margin - height, 0.0)
            high = np.maximum(radii + margin - (heights[axis] - height), 0.0)
            total += 0.5 * float(low @ low + high @ high)
            gradient += (high - low)[:, None] * normals[axis]
        return total, gradient.ravel()

    start = np.asarray(points, dtype=np.float64).ravel()
    found = minimize(
        energy,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "maxfun": 2 * steps, "ftol": 0.0, "gtol": 1e-7},
    )
    moved: FloatArray = found.x.reshape(-1, 3)
    return moved
