"""Which sites are alike, and which of them are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.units import apart
from heterobuild.errors import UsageError
from heterobuild.geometry.periodic_pairs import near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units

_REACH = 8.0
"""Radius in Å of the surroundings that tell sites apart: past the next B cation of any halide."""

_SAME = 0.1
"""Deviation in Å of distances up to which surroundings and distances from the wall are alike."""

_TRIES = 50


def alike(units: Units, members: IntArray, wall: FloatArray | None) -> list[IntArray]:
    """Group units by what surrounds them.

    Two sites are alike if within 8 Å the same species stand at the same distances, up to 0.1 Å,
    and if region, layer and distance from the wall agree. A molecule counts with its centre.

    Parameters
    ----------
    units : Units
        The units.
    members : (k,) int array
        Some of them.
    wall : (m,) float array or None
        Distance of each unit from the wall in Å.

    Returns
    -------
    list of int array
        The groups, the largest first, then the one nearest to the wall, then the lowest number.
    """
    columns = np.column_stack([units.region[members], units.layer[members]])
    far = np.zeros(len(members)) if wall is None else wall[members]
    shells = np.column_stack([_shells(units, members), far])
    rest, groups = np.arange(len(members)), []
    while len(rest):
        same = (columns[rest] == columns[rest[0]]).all(axis=1)
        same &= np.abs(shells[rest] - shells[rest[0]]).max(axis=1) < _SAME
        groups.append(rest[same])
        rest = rest[~same]
    groups.sort(key=lambda group: (-len(group), round(float(far[group[0]]), 3), int(group[0])))
    return [members[group] for group in groups]


def _shells(units: Units, members: IntArray) -> FloatArray:
    """Return the sorted distances to the neighbours of each species, filled up with the reach."""
    near, other, vectors = near_pairs(
        units.centres[members], units.cell, units.pbc, _REACH, units.centres
    )
    length = np.linalg.norm(vectors, axis=1)
    kept = length > 1e-6
    near, kind, length = near[kept], units.species[other[kept]], length[kept]
    order = np.lexsort((length, kind, near))
    cell, length = (near * len(units.names) + kind)[order], length[order]
    count = np.bincount(cell, minlength=len(members) * len(units.names))
    rank = np.arange(len(cell)) - (np.cumsum(count) - count)[cell]
    width = count.reshape(len(members), -1).max(axis=0)
    table = np.full((len(members), int(width.sum())), _REACH)
    table[near[order], (np.cumsum(width) - width)[kind[order]] + rank] = length
    return table


def draw(
    units: Units,
    groups: Sequence[IntArray],
    wanted: Defect,
    points: Sequence[FloatArray],
    rng: np.random.Generator,
) -> list[int]:
    """Draw as many sites of one group as are wanted, far enough from one another.

    Parameters
    ----------
    units : Units
        The units.
    groups : sequence of int array
        Groups of sites that are alike.
    wanted : Defect
        What is asked for.
    points : sequence of (3,) float arrays
        Places of other defects in Å.
    rng : numpy.random.Generator
        Chooses among what is equal.

    Returns
    -------
    list of int
        Numbers of the units.

    Raises
    ------
    UsageError
        If there are not as many such sites.
    """
    if wanted.site >= len(groups):
        raise UsageError(
            f"no such site for {wanted.name} there",
            where="defects",
            measured=f"site {wanted.site} of {len(groups)} kinds",
            allowed=f"0 to {len(groups) - 1}",
            next_step="choose another site, layer or distance",
        )
    members = groups[wanted.site]
    best: list[int] = []
    for _ in range(_TRIES if wanted.separation else 1):
        chosen = _spread(units, rng.permutation(members), wanted, points)
        best = chosen if len(chosen) > len(best) else best
        if len(best) == wanted.count:
            return best
    spaced = f" {wanted.separation:g} Å apart" if wanted.separation else ""
    more = " (further kinds of sites: set site)" if len(groups) > 1 else ""
    raise UsageError(
        f"too few free sites for {wanted.name}{spaced}",
        where="defects",
        measured=f"{wanted.count} wanted, {len(best)} found{more}",
        next_step=f"lower count to {len(best)}" if best else "lower separation",
    )


def _spread(
    units: Units, order: IntArray, wanted: Defect, points: Sequence[FloatArray]
) -> list[int]:
    """Take sites in an order, leaving out those too near to what is there."""
    if not wanted.separation:
        return [int(unit) for unit in order[: wanted.count]]
    chosen: list[int] = []
    for unit in order.tolist():
        others = [*points, *units.centres[chosen]]
        away = np.array([units.centres[unit] - other for other in others]).reshape(-1, 3)
        if (np.linalg.norm(apart(away, units), axis=1) >= wanted.separation - 1e-6).all():
            chosen.append(unit)
        if len(chosen) == wanted.count:
            break
    return chosen
