"""Group the maps of a search into distinct matches.

Two maps are the same match where a re-basing of the common cell, or a rotation that leaves the
film's or the substrate's surface as it is, turns one into the other. A map between lattice
coordinates is the rational matrix T = M_f⁻¹ M_s; it does not depend on the basis of the common
cell, and rotations g act as g_f T g_s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from heterobuild.arrays import FloatArray, IntArray

_ODD = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
    ],
    dtype=np.uint64,
)
"""Random odd 64-bit numbers: five small integers hash to one without a collision in practice
(10⁶ maps collide with a probability of 10⁻⁷)."""


def class_of_maps(
    ours: IntArray, theirs: IntArray, film_turns: IntArray, substrate_turns: IntArray
) -> IntArray:
    """Return which distinct match each map is.

    Parameters
    ----------
    ours, theirs : (k, 2, 2) int array
        Vectors of the common cell in surface vectors of film and substrate.
    film_turns, substrate_turns : (m, 2, 2) int array
        Rotations of either surface.

    Returns
    -------
    (k,) int array
        Classes 0, 1, …; equal numbers for the same match.

    Examples
    --------
    >>> one, quarter = np.eye(2, dtype=int), np.array([[0, 1], [-1, 0]])
    >>> maps = np.array([one, quarter])
    >>> class_of_maps(maps, maps @ quarter, one[None], one[None]).tolist()
    [0, 0]
    >>> quarters = np.array([one, quarter, -one, -quarter])
    >>> class_of_maps(maps, np.array([one, one]), one[None], quarters).tolist()
    [0, 0]
    """
    if not len(ours):
        return np.zeros(0, dtype=np.int64)
    whole, count = denominators(ours, theirs)
    names = _orbit_names(count, whole, film_turns, substrate_turns)
    _, classes = np.unique(names.min(axis=1), return_inverse=True)
    result: IntArray = classes.reshape(-1)
    return result


def denominators(ours: IntArray, theirs: IntArray) -> tuple[IntArray, IntArray]:
    """Return the maps between lattice coordinates as fractions in lowest terms.

    Parameters
    ----------
    ours, theirs : (k, 2, 2) int array
        Vectors of the common cell in surface vectors of film and substrate.

    Returns
    -------
    numerator : (k, 2, 2) int array
        P of T = P/q.
    denominator : (k,) int array
        q, positive.

    Examples
    --------
    >>> numerator, denominator = denominators(2 * np.eye(2, dtype=int)[None], np.ones((1, 2, 2)))
    >>> denominator.tolist()
    [2]
    """
    whole: IntArray = (_adjugate(ours) @ theirs).astype(np.int64)
    count: IntArray = ours[:, 0, 0] * ours[:, 1, 1] - ours[:, 0, 1] * ours[:, 1, 0]
    divisor = np.gcd(np.gcd.reduce(whole.reshape(-1, 4), axis=1), count)
    return whole // divisor[:, None, None], count // divisor


def turn_angles(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Return by how much maps of cells turn the film.

    Parameters
    ----------
    ours, theirs : (k, 2, 2) float array
        Common cells of film and substrate in Å.

    Returns
    -------
    (k,) float array
        Angles in degrees in (−180, 180], counter-clockwise seen from above.

    Examples
    --------
    >>> turn_angles(np.eye(2)[None], np.array([[[0.0, 2.0], [-1.0, 0.0]]])).tolist()
    [90.0]
    """
    # The map is adj(ours) @ theirs over a positive number, which does not change the angle.
    g: FloatArray = _adjugate(ours) @ theirs
    angle = np.degrees(np.arctan2(g[:, 0, 1] - g[:, 1, 0], g[:, 0, 0] + g[:, 1, 1]))
    rounded: FloatArray = np.round(angle, 9) + 0.0
    rounded[rounded == -180.0] = 180.0
    return rounded


def _adjugate(matrix: NDArray[Any]) -> NDArray[Any]:
    turned = np.empty_like(matrix)
    turned[:, 0, 0], turned[:, 1, 1] = matrix[:, 1, 1], matrix[:, 0, 0]
    turned[:, 0, 1], turned[:, 1, 0] = -matrix[:, 0, 1], -matrix[:, 1, 0]
    return turned


def _orbit_names(
    count: IntArray, whole: IntArray, film_turns: IntArray, substrate_turns: IntArray
) -> IntArray:
    """Return a 64-bit name of each image g_f T g_s of each map, shape (k, rotations).

    The name is a linear function of the numerator, stirred at the end; so the rotations act on
    the few coefficients instead of on all maps.
    """
    odd = _ODD[1:].reshape(2, 2).view(np.int64)
    weights = np.einsum("gab,hcd,ad->ghbc", film_turns, substrate_turns, odd).reshape(-1, 4)
    entries = whole.reshape(-1, 4)
    names = (count * _ODD[:1].view(np.int64))[:, None] + np.zeros(len(weights), dtype=np.int64)
    for column in range(4):
        names += entries[:, column, None] * weights[None, :, column]
    stirred: IntArray = (names ^ (names >> 29)) * _ODD[1:2].view(np.int64)
    return stirred
