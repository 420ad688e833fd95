"""Sites that springs leave free along some direction, as a lone corner at a surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.springs import Springs

LOOSE = 1e-6
"""Stiffness of a site along a direction, relative to its largest, that counts as none."""


def carry_loose_sites(
    springs: Springs, blocks: FloatArray, displacements: FloatArray
) -> FloatArray:
    """Let sites follow their neighbours along directions in which nothing holds them.

    A site all of whose springs lie in a plane moves across it without energy, to first order.
    The solution for such a direction is open; here it is the mean displacement of the sites at
    the other ends of its springs, so that the site goes along with the lattice beneath.

    Parameters
    ----------
    springs : Springs
        The springs.
    blocks : (n, 3, 3) float array
        Stiffness of each site with all others held, eV/Å².
    displacements : (n, 3) float array
        Displacements in Å.

    Returns
    -------
    (n, 3) float array
        Displacements of the same energy.
    """
    values, directions = np.linalg.eigh(blocks)
    open_ways = values <= LOOSE * np.maximum(values[:, 2:], 1e-300)
    loose = np.flatnonzero(open_ways.any(axis=1))
    if len(loose) == 0:
        return displacements
    number = np.full(len(blocks), -1)
    number[loose] = np.arange(len(loose))
    ends, others = np.concatenate([springs.i, springs.j]), np.concatenate([springs.j, springs.i])
    held = number[ends] >= 0
    own, moves = number[ends[held]], displacements[others[held]]
    count = np.bincount(own, minlength=len(loose))
    sums = [np.bincount(own, column, minlength=len(loose)) for column in moves.T]
    lag = np.stack(sums, axis=1) / np.maximum(count, 1)[:, None] - displacements[loose]
    ways = directions[loose] * (open_ways[loose] & (count > 0)[:, None])[:, None, :]
    carried = displacements.copy()
    carried[loose] += np.einsum("sxk,syk,sy->sx", ways, ways, lag)
    return carried
