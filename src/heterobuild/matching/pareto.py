"""The Pareto front of size against strain: what no other match beats in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, IntArray
    from heterobuild.model import Match

SAME_AREA = 1e-4
"""Areas in Å² closer than this are ties."""

SAME_STRAIN = 1e-8
"""Strains closer than this are ties."""


def front_of(size: IntArray, strain: IntArray) -> IntArray:
    """Return what lies on the front.

    Parameters
    ----------
    size, strain : (k,) int array
        The two values in steps within which they count as equal, both better when smaller.

    Returns
    -------
    (m,) int array
        Indices in growing size and falling strain; of equal entries the first.

    Examples
    --------
    >>> front_of(np.array([9, 1, 2, 1, 4]), np.array([0, 5, 6, 5, 3])).tolist()
    [1, 4, 0]
    """
    order = np.lexsort((strain, size))
    front: IntArray = order[leaders(strain[order])]
    return front


def leaders(values: IntArray) -> BoolArray:
    """Tell which values are smaller than all before them.

    Parameters
    ----------
    values : (k,) int array
        Strains in the order of sizes: those on the front are the leaders.

    Returns
    -------
    (k,) bool array
        Whether each is.
    """
    better = np.ones(len(values), dtype=bool)
    better[1:] = values[1:] < np.minimum.accumulate(values)[:-1]
    return better


def on_front(group: IntArray, size: IntArray, strain: IntArray) -> BoolArray:
    """Tell which entries lie on the front of their group; equal ones all do.

    Parameters
    ----------
    group : (k,) int array
        Group of each entry, 0 or more.
    size, strain : (k,) int array
        The two values, both better when smaller, 0 or more.

    Returns
    -------
    (k,) bool array
        Whether no other entry of the group is better in one and at least as good in the other.

    Examples
    --------
    >>> on_front(np.array([0, 0, 0, 1]), np.array([1, 2, 3, 9]), np.array([5, 5, 4, 9])).tolist()
    [True, False, True, True]
    """
    if not len(group):
        return np.zeros(0, dtype=bool)
    # Each group is larger than the one before and less strained, so that one front serves all.
    place = group * (int(size.max()) + 1) + size
    value = strain - group * (int(strain.max()) + 1)
    front = front_of(place, value)
    leader = front[np.searchsorted(place[front], place, side="right") - 1]
    equal: BoolArray = (place == place[leader]) & (value == value[leader])
    return equal


def pareto_indices(matches: Sequence[Match]) -> list[int]:
    """Return which matches no other beats in both area and strain.

    Parameters
    ----------
    matches : sequence of Match
        Matches in any order.

    Returns
    -------
    list of int
        Their places, growing area, falling strain; of equal ones the first.
    """
    area = np.rint([match.area / SAME_AREA for match in matches]).astype(np.int64)
    strain = np.rint([match.log_strain / SAME_STRAIN for match in matches]).astype(np.int64)
    places: list[int] = front_of(area, strain).tolist()
    return places


def pareto_front(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Keep the matches that no other beats in both area and strain.

    Parameters
    ----------
    matches : sequence of Match
        Matches in any order.

    Returns
    -------
    tuple of Match
        Growing area, falling strain; of equal ones the first.
    """
    return tuple(matches[i] for i in pareto_indices(matches))
