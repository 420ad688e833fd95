"""Which common cells are wanted: a window of angles, an orientation relation, a parity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.surfaces import Surface

PARALLEL_WITHIN = 1.0
"""Degrees; the strain of a match turns directions by a few tenths of a degree."""

IN_PLANE = 1e-3
"""Sine of the angle between a direction and the face below which it lies in the face."""


def wanted_rotations(
    angles: FloatArray, film: Surface, substrate: Surface, limits: MatchLimits
) -> BoolArray:
    """Return which maps turn the film as the limits ask.

    Parameters
    ----------
    angles : (k,) float array
        Turn of the film in degrees.
    film, substrate : Surface
        The surfaces.
    limits : MatchLimits
        Its `rotation` and `parallel`.

    Returns
    -------
    (k,) bool array
        All True where neither is set.

    Raises
    ------
    UsageError
        If an orientation relation is given for bare cells, or a direction is not in the face.
    """
    wanted: BoolArray = np.ones(len(angles), dtype=bool)
    if limits.rotation is not None:
        low, high = limits.rotation
        wanted &= (angles >= low - 1e-6) & (angles <= high + 1e-6)
    if limits.parallel is not None:
        ours = _direction(film, limits.parallel[0], "film")
        theirs = _direction(substrate, limits.parallel[1], "substrate")
        off = angles - (theirs - ours)
        wanted &= np.abs(off - 180 * np.round(off / 180)) <= PARALLEL_WITHIN
    return wanted


def has_even_vectors(
    film_matrix: IntArray, substrate_matrix: IntArray, film: Surface, substrate: Surface
) -> BoolArray:
    """Return which common cells repeat tilts that alternate from octahedron to octahedron.

    Parameters
    ----------
    film_matrix, substrate_matrix : (k, 2, 2) int array
        Vectors of the common cells in surface vectors.
    film, substrate : Surface
        The surfaces.

    Returns
    -------
    (k,) bool array
        Whether each vector is the sum of an even number of pseudo-cubic edges on both sides; a
        side without such axes sets no condition.

    Examples
    --------
    >>> from heterobuild.matching.surfaces import surface_of
    >>> square = surface_of(np.eye(2))
    >>> one, diagonal = np.eye(2, dtype=int), np.array([[1, -1], [1, 1]])
    >>> has_even_vectors(*2 * [np.array([one, diagonal])], square, square).tolist()
    [False, True]
    """
    even: BoolArray = np.ones(len(film_matrix), dtype=bool)
    for matrices, surface in ((film_matrix, film), (substrate_matrix, substrate)):
        if surface.steps is not None:
            even &= (np.asarray(matrices) @ surface.steps % 2 == 0).all(axis=1)
    return even


def _direction(surface: Surface, indices: tuple[int, int, int], side: str) -> float:
    """Return the angle in degrees of a crystal direction from the first surface vector."""
    if surface.axes is None:
        raise UsageError(
            "an orientation relation needs crystals",
            where=f"limits, parallel, {side}",
            measured="a bare surface cell, or a phase without atoms",
            next_step="match slabs, or crystals with a face; or use rotation",
        )
    vector = np.array(indices) @ surface.axes
    vector /= np.linalg.norm(vector)
    if abs(vector[2]) > IN_PLANE:
        raise UsageError(
            f"the direction {list(indices)} does not lie in the face",
            where=f"limits, parallel, {side}",
            measured=f"{np.degrees(np.arcsin(vector[2])):.1f}° off the face",
            allowed="a direction within the face",
            next_step="choose a direction [uvw] with hu + kv + lw = 0",
        )
    return float(np.degrees(np.arctan2(vector[1], vector[0])))
