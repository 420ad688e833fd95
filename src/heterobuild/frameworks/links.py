"""Which halides are bonded to which B cation, and which cations sit in cages of which B."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elements import covalent_table
from heterobuild.chemistry.ions import radius_table
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray

BOND_RANGE = 1.2
"""Longest B–X bond as a fraction of the sum of ionic radii, as in the checks."""

LONG_RANGE = 1.5
"""Longest distance to a corner of an octahedron that a lone pair has pushed away, likewise."""

CORNERS = 6

CAGE = 2.2
"""Farthest B cation of a cage from the cation in it, in B–X bonds. An ideal cage has √3, tilts
stretch it to 2.0; the next shell is at 3.3."""

SHELL_GAP = 0.5
"""Gap between the distances of B cations around an A site, in B–X bonds, that ends its cage. A4BX6
and AB2X5 have gaps of 0.6 to 0.7 after the 2 or 8 nearest, where `CAGE` would take the next shell
of some halides and not of others; inside the cages of perovskites no gap exceeds 0.3."""

_SAME_SHELL = 0.3


def link_units(
    atoms: Atoms,
    unit: IntArray,
    centres: FloatArray,
    site: IntArray,
    *,
    perovskite: bool = False,
) -> tuple[IntArray, float]:
    """Find the units that belong to each B cation.

    A halide belongs to every B cation it is bonded to; any other unit to the B cations of its
    cage, which is measured from its centre on an A site, and from its charged atoms elsewhere.
    A unit far from all cages belongs to the nearest B cations.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms of the cell.
    unit : (n,) int array
        Rigid unit of each atom.
    centres : (u, 3) float array
        Centres of the units in Å.
    site : (u,) int array
        Role of each unit.
    perovskite : bool, optional
        Whether each B cation has an octahedron: its six nearest halides then belong to it, also
        where lone pairs (Ge) push three of them beyond the length of a bond.

    Returns
    -------
    links : (m, 5) int array
        Rows b, v, i, j, k, see `heterobuild.frameworks.framework.Framework`; sorted.
    bond : float
        Mean B–X length in Å.

    Raises
    ------
    UsageError
        If no B cation has a halide in reach.
    """
    cell = np.asarray(atoms.cell)
    b_units = np.flatnonzero(site == Site.B)
    first = np.unique(unit, return_index=True)[1]
    numbers = atoms.numbers[first]
    radii = np.where(np.isnan(radius_table()), covalent_table(), radius_table())
    halides = np.flatnonzero(site == Site.X)
    rows, lengths = [], []
    for b, own in enumerate(b_units.tolist()):
        sums = radii[numbers[own]] + radii[numbers[halides]]
        reach = float((LONG_RANGE if perovskite else BOND_RANGE) * sums.max())
        near, cells, distance = around(centres[own], centres[halides], cell, reach)
        bonded = distance < BOND_RANGE * sums[near]
        if perovskite and bonded.sum() < CORNERS <= len(distance):
            bonded = np.isin(np.arange(len(distance)), np.argsort(distance.round(6))[:CORNERS])
        rows.append(_rows(b, halides[near[bonded]], cells[bonded]))
        lengths.append(distance[bonded])
    bond = float(np.concatenate(lengths).mean()) if sum(map(len, lengths)) else 0.0
    if not bond:
        raise UsageError(
            "no B cation has a halide within reach",
            allowed=f"B–X within {BOND_RANGE} of the sum of ionic radii",
            next_step="check the coordinates of the crystal",
        )
    for v in np.flatnonzero((site != Site.B) & (site != Site.X)).tolist():
        members = np.flatnonzero(unit == v)
        ends = _ends(atoms, members, centres[v], site[v])
        gap = SHELL_GAP * bond if site[v] == Site.A else np.inf
        rows.append(_cage(v, ends, centres[b_units], cell=cell, bond=bond, gap=gap))
    links = np.concatenate(rows)
    order = np.lexsort(links.T[::-1])
    return links[order], bond


def _ends(atoms: Atoms, members: IntArray, centre: FloatArray, site: int) -> FloatArray:
    """Return the points of a unit from which its cage is measured."""
    charged = members[np.abs(atoms.arrays[CHARGE][members]) > 0.1]
    if site == Site.A or not len(charged):
        return centre[None]
    points: FloatArray = atoms.positions[charged]
    return points


def _cage(
    v: int, ends: FloatArray, b_points: FloatArray, *, cell: FloatArray, bond: float, gap: float
) -> IntArray:
    """Return the links of one unit to the B cations of its cage."""
    reach = CAGE * bond
    found: list[tuple[int, ...]] = []
    while not found:
        for end in ends:
            near, cells, distance = around(end, b_points, cell, reach)
            close = distance <= max(CAGE * bond, float(distance.min(initial=np.inf)) + _SAME_SHELL)
            close &= distance <= _shell_end(distance, gap)
            # The unit of the home cell belongs to B in `cells`: seen from B, it is in -cells.
            found += [
                (int(n), v, *(-c).tolist()) for n, c in zip(near[close], cells[close], strict=True)
            ]
        reach *= 1.5
    return np.array(sorted(set(found)), dtype=np.int64)


def _shell_end(distance: FloatArray, gap: float) -> float:
    """Return the largest distance before the first gap."""
    ordered = np.sort(distance)
    wide = np.flatnonzero(np.diff(ordered) > gap)
    return float(ordered[wide[0]]) if len(wide) else np.inf


def around(
    point: FloatArray, others: FloatArray, cell: FloatArray, reach: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Find points of a lattice near another point.

    Parameters
    ----------
    point : (3,) float array
        The point in Å.
    others : (n, 3) float array
        Points of one cell in Å.
    cell : (3, 3) float array
        Cell in Å.
    reach : float
        Largest distance in Å.

    Returns
    -------
    which : (m,) int array
        Numbers of the points found.
    cells : (m, 3) int array
        The cell in which each is.
    distance : (m,) float array
        Distances in Å.
    """
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    span = np.ceil(reach / heights).astype(int) + 1
    cells = np.array(list(product(*(range(-n, n + 1) for n in span))))
    base = np.floor((point - others) @ np.linalg.inv(cell)).astype(int)
    shifts = cells[None] + base[:, None]
    distance = np.linalg.norm(others[:, None] + shifts @ cell - point, axis=2)
    n, c = np.nonzero(distance <= reach)
    return n, shifts[n, c], distance[n, c]


def _rows(b: int, found: IntArray, cells: IntArray) -> IntArray:
    return np.column_stack([np.full(len(found), b), found, cells]).astype(np.int64)
