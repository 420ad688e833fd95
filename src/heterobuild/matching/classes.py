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

    from heterobuild.arrays import IntArray

_ODD = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
    ],
    dtype=np.uint64,
).view(np.int64)
"""Random odd 64-bit numbers: five small integers hash to one without a collision in practice
(10⁶ maps collide with a probability of 10⁻⁷)."""


def class_of_maps(
    ours: IntArray, theirs: IntArray, film_turns: IntArray, substrate_turns: IntArray
) -> IntArray:
    """Return a number for each map, the same for the same match.

    Parameters
    ----------
    ours, theirs : (k, 2, 2) int array
        Vectors of the common cell in surface vectors of film and substrate.
    film_turns, substrate_turns : (m, 2, 2) int array
        Rotations of either surface.

    Returns
    -------
    (k,) int array
        The smallest name among the images of each map.

    Examples
    --------
    >>> one, quarter = np.eye(2, dtype=int), np.array([[0, 1], [-1, 0]])
    >>> maps = np.array([one, quarter])
    >>> len(set(class_of_maps(maps, maps @ quarter, one[None], one[None]).tolist()))
    1
    >>> quarters = np.array([one, quarter, -one, -quarter])
    >>> len(set(class_of_maps(maps, np.array([one, one]), one[None], quarters).tolist()))
    1
    """
    whole, count = denominators(ours, theirs)
    names: IntArray = _orbit_names(count, whole, film_turns, substrate_turns).min(axis=1)
    return names


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
    odd = _ODD[1:].reshape(2, 2)
    # g P h summed with the weights is P summed with gᵀ weights hᵀ.
    weights = film_turns.transpose(0, 2, 1)[:, None] @ odd @ substrate_turns.transpose(0, 2, 1)
    names = whole.reshape(-1, 4) @ weights.reshape(-1, 4).T
    names += (count * _ODD[0])[:, None]
    stirred: IntArray = (names ^ (names >> 29)) * _ODD[1]
    return stirred
