"""How many pairs of superlattices a match stands for, by counting them one match at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.superlattices import hermite_table

if TYPE_CHECKING:
    from heterobuild.arrays import IntArray

AT_ONCE = 20_000
"""Pairs that are named at once."""

_ODD = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93],
    dtype=np.uint64,
).view(np.int64)
"""Random odd 64-bit numbers that hash the entries of lattices."""


def pair_counts(
    film: IntArray,
    substrate: IntArray,
    film_turns: IntArray,
    substrate_turns: IntArray,
    times: IntArray,
) -> IntArray:
    """Return the number of pairs of superlattices of each match.

    They are the images of the smallest common cell under the rotations of either surface, and
    their superlattices; a pair that several rotations give counts once.

    Parameters
    ----------
    film, substrate : (k, 2, 2) int array
        Smallest common cell of each match in surface vectors.
    film_turns, substrate_turns : (m, 2, 2) int array
        Rotations of either surface, acting on row coordinates.
    times : (k,) int array
        Largest number of smallest common cells in a superlattice.

    Returns
    -------
    (k,) int array
        Pairs within the limits.

    Examples
    --------
    >>> one = np.eye(2, dtype=int)[None]
    >>> pair_counts(one, one, one, one, np.array([3])).tolist()
    [8]
    """
    counts: IntArray = np.zeros(len(film), dtype=np.int64)
    ours, theirs = _distinct(film_turns), _distinct(substrate_turns)
    for most in np.unique(times).tolist():
        table = hermite_table(most)
        chosen = np.flatnonzero(times == most)
        step = max(AT_ONCE // (len(table) * len(ours) * len(theirs)), 1)
        for start in range(0, len(chosen), step):
            part = chosen[start : start + step]
            above = _names(table, film[part], ours)
            below = _names(table, substrate[part], theirs)
            pairs = above[:, :, :, None] * _ODD[2] + below[:, :, None, :] * _ODD[3]
            names = np.sort(pairs.reshape(len(part), -1), axis=1)
            counts[part] = 1 + (names[:, 1:] != names[:, :-1]).sum(axis=1)
    return counts


def _distinct(turns: IntArray) -> IntArray:
    """Leave out rotations that are others less 180°: a half-turn leaves all lattices alone."""
    kept: list[list[list[int]]] = []
    for turn in turns.tolist():
        if turn not in kept and (-np.array(turn)).tolist() not in kept:
            kept.append(turn)
    return np.array(kept)


def _names(table: IntArray, cells: IntArray, turns: IntArray) -> IntArray:
    """Return a 64-bit name of each superlattice, shape (cells, table, turns)."""
    lattices = table[None, :, None] @ cells[:, None, None] @ turns[None, None]
    p, q, r, s = np.moveaxis(lattices.reshape(*lattices.shape[:3], 4), -1, 0)
    index = np.abs(p * s - q * r)
    while r.any():
        times = np.where(r == 0, 0, p // np.where(r == 0, 1, r))
        swap = r != 0
        p, q, r, s = (
            np.where(swap, r, p),
            np.where(swap, s, q),
            np.where(swap, p - times * r, r),
            np.where(swap, q - times * s, s),
        )
    # The Hermite form: rows (|p|, b) and (0, d) with 0 ≤ b < d.
    d = index // np.abs(p)
    b = (q * np.sign(p)) % d
    names: IntArray = p**2 * _ODD[0] + d * _ODD[1]
    names = (names ^ (names >> 29)) * _ODD[2] + b * _ODD[0]
    names ^= names >> 31
    return names
