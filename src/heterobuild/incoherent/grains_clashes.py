"""Which units of grains that touch must go: as few as possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.incoherent.grains_contacts import Contacts
    from heterobuild.incoherent.grains_filling import Grain

SPARE, CATION, OCTAHEDRON = 1.0, 3.0, 4.0
"""What it costs to take away a cation or molecule that its grain has too many, one that it needs,
and an octahedron."""

NONE = -1


@dataclass(frozen=True, kw_only=True, eq=False)
class Removal:
    """What must go.

    Parameters
    ----------
    octahedra : tuple of bool array
        For each grain its octahedra (nx, ny, nz, b) that go.
    sites : tuple of bool array
        For each grain its sites (s,) of cations and molecules that go.
    pairs : int
        Pairs of atoms that touched.
    """

    octahedra: tuple[BoolArray, ...]
    sites: tuple[BoolArray, ...]
    pairs: int


def resolve(grains: Sequence[Grain], contacts: Contacts) -> Removal:
    """Choose few units whose removal ends all contacts: a small vertex cover.

    A cation or molecule can go alone; a halide or B cation goes with its whole octahedra. In each
    round those units go that end more contacts for their cost than any unit that they touch.

    Parameters
    ----------
    grains : sequence of Grain
        The grains.
    contacts : Contacts
        The pairs that touch.

    Returns
    -------
    Removal
        The units.
    """
    pairs = np.stack([contacts.first, contacts.second])[:, contacts.near]
    atoms, inverse = np.unique(pairs, return_inverse=True)
    first, second = inverse.reshape(2, -1)
    member, cost = _members(grains, contacts.grain[atoms], contacts.site[atoms])
    alive = np.ones(len(cost), dtype=bool)
    while True:
        standing = (member >= 0) & alive[member]
        there = np.asarray(standing.any(axis=1))
        active = np.flatnonzero(there[first] & there[second])
        if not len(active):
            break
        unit = member[np.arange(len(member)), standing.argmax(axis=1)]
        a, b = unit[first[active]], unit[second[active]]
        worth = np.bincount(np.concatenate([a, b]), minlength=len(cost)) / cost
        rank = np.empty(len(cost), dtype=np.int64)
        rank[np.lexsort((-np.arange(len(cost)), worth.round(9)))] = np.arange(len(cost))
        best = rank.copy()
        np.maximum.at(best, a, rank[b])
        np.maximum.at(best, b, rank[a])
        # A unit that touches its own image has no rival there.
        alive[(worth > 0) & (best == rank)] = False
    return _removal(grains, alive, pairs.shape[1])


def _members(
    grains: Sequence[Grain], grain_of: IntArray, site: IntArray
) -> tuple[IntArray, FloatArray]:
    """Return what each atom goes with, octahedra and sites of all grains in one numbering.

    Octahedra of a grain come first, then its sites. Rows are filled up with −1.
    """
    most = max(_bridges(grain).shape[1] for grain in grains)
    found = np.full((len(site), most), NONE, dtype=np.int64)
    costs, start = [], 0
    for number, grain in enumerate(grains):
        octahedra, sites = grain.octahedra.size, grain.draft.sites.species.size
        own = np.flatnonzero(grain_of == number)
        if len(own):
            table = _octahedra_of(grain, site[own])
            found[own, : table.shape[1]] = np.where(table >= 0, table + start, NONE)
            roles = grain.draft.sites.block.framework.site[site[own] % _units(grain)]
            alone = (roles != Site.X) & (roles != Site.B)
            found[own[alone]] = NONE
            found[own[alone], 0] = start + octahedra + site[own][alone]
        costs += [np.full(octahedra, OCTAHEDRON), np.full(sites, _cation_cost(grain, site[own]))]
        start += octahedra + sites
    return found, np.concatenate(costs)


def _cation_cost(grain: Grain, site: IntArray) -> float:
    """Return what a cation of a grain costs: the more of those that touch are too many, the less.

    A positive grain loses cations anyway.
    """
    roles = grain.draft.sites.block.framework.site[site % _units(grain)]
    touching_cations = int(((roles != Site.X) & (roles != Site.B)).sum())
    spare = np.clip(grain.draft.sites.charge / max(1, touching_cations), 0.0, 1.0)
    return float(CATION - (CATION - SPARE) * spare)


def _units(grain: Grain) -> int:
    """Return the number of units in a cell of the framework."""
    return len(grain.draft.sites.block.framework.site)


def _bridges(grain: Grain) -> IntArray:
    """Return for each unit of the framework its links to B cations, (u, most), by their rows."""
    framework = grain.draft.sites.block.framework
    roles = framework.site
    rows = [
        np.flatnonzero(framework.links[:, 1] == u) if roles[u] == Site.X else np.empty(0, int)
        for u in range(len(roles))
    ]
    table = np.full((len(roles), max(1, *map(len, rows))), NONE, dtype=np.int64)
    for u, row in enumerate(rows):
        table[u, : len(row)] = row
    return table


def _octahedra_of(grain: Grain, site: IntArray) -> IntArray:
    """Return the octahedra that are there which each halide belongs to, or the B cation itself."""
    block = grain.draft.sites.block
    framework = block.framework
    *cell, unit = np.unravel_index(site, block.grid)
    cells = np.stack(cell, axis=1)
    rows = _bridges(grain)[unit]
    links = framework.links[rows]
    # The unit in the cell i, j, k belongs to B of the home cell: B is i, j, k before it.
    home = cells[:, None] - links[..., 2:]
    shape = np.array(block.cells)
    inside = (rows >= 0) & (np.asarray(block.periodic) | ((home >= 0) & (home < shape))).all(axis=2)
    home = np.where(inside[..., None], home % shape, 0)
    flat = np.ravel_multi_index((*np.moveaxis(home, 2, 0), links[..., 0]), block.octahedra)
    flat = np.where(inside & grain.octahedra.ravel()[flat], flat, NONE)
    centres = framework.site[unit] == Site.B
    order = np.searchsorted(framework.b_units, unit[centres])
    flat[centres] = NONE
    flat[centres, 0] = np.ravel_multi_index((*cells[centres].T, order), block.octahedra)
    found: IntArray = flat
    return found


def _removal(grains: Sequence[Grain], alive: BoolArray, pairs: int) -> Removal:
    """Sort what goes by grain."""
    octahedra, sites, start = [], [], 0
    for grain in grains:
        middle = start + grain.octahedra.size
        end = middle + grain.draft.sites.species.size
        octahedra.append(~alive[start:middle].reshape(grain.octahedra.shape))
        sites.append(~alive[middle:end])
        start = end
    return Removal(octahedra=tuple(octahedra), sites=tuple(sites), pairs=pairs)
