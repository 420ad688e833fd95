"""Rigid motions taken out of displacements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray


def without_rigid_motion(
    positions: FloatArray, displacements: FloatArray, *, periodic: tuple[bool, bool, bool]
) -> FloatArray:
    """Take the mean translation, and of free bodies the mean rotation, out of displacements.

    Every site has the same weight. A body that is periodic along no axis loses its whole
    rotation, one that is periodic along one axis the rotation about that axis, others none.

    Parameters
    ----------
    positions : (n, 3) float array
        Positions in Å.
    displacements : (n, 3) float array
        Displacements in Å, small against the body.
    periodic : tuple of bool
        Along which Cartesian axes the body repeats.

    Returns
    -------
    (n, 3) float array
        Displacements without first-order rigid motion.

    Examples
    --------
    >>> square = np.array([[1.0, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0]])
    >>> turning = np.cross([0, 0, 0.01], square) + [1, 2, 3]
    >>> bool(abs(without_rigid_motion(square, turning, periodic=(False,) * 3)).max() < 1e-12)
    True
    """
    kept: FloatArray = displacements - displacements.mean(axis=0)
    axes = [
        axis for axis in range(3) if not any(periodic[other] for other in range(3) if other != axis)
    ]
    if not axes:
        return kept
    arms = positions - positions.mean(axis=0)
    inertia = (np.eye(3) * (arms**2).sum() - arms.T @ arms)[np.ix_(axes, axes)]
    moment = np.cross(arms, kept).sum(axis=0)[axes]
    turn = np.zeros(3)
    turn[axes] = np.linalg.pinv(inertia, hermitian=True) @ moment
    kept = kept - np.cross(turn, arms)
    return np.asarray(kept - kept.mean(axis=0))
