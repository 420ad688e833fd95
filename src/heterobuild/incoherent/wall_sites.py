"""Which ions of an opened host stay at a wall that lacks cations, and which halides may go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import extremes, halides_of, links_of
from heterobuild.frameworks.sites import EMPTY
from heterobuild.incoherent.openings import REACH, around_guests
from heterobuild.incoherent.touching import clashes, kinds_of, surface_of_atoms
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray
    from heterobuild.incoherent.guests import Guest
    from heterobuild.incoherent.openings import Host, Opened

NEAREST_CATIONS = 1.1
"""Shortest distance of two cations across a wall that lacks cations, as a fraction of the sum of
their ionic radii. The checks warn below 1.00."""

MOST_HALIDES = 4
"""Halides that one B cation of a wall gives at most, where so few suffice; one wherever it can."""

_ROUNDS = 4


def wall_charges(host: Host, opened: Opened, count: int) -> FloatArray:
    """Return the charge of the wall of each guest.

    Parameters
    ----------
    host : Host
        The host, neutral before it was opened.
    opened : Opened
        What is left of it.
    count : int
        Number of guests.

    Returns
    -------
    (count,) float array
        Minus the charge of what was taken away for each, in e.
    """
    sites = host.draft.sites
    taken = np.flatnonzero(opened.taken_for)
    charges = sites.charges[sites.species.ravel()[taken]]
    taker = opened.taken_for.ravel()[taken]
    found = -np.bincount(taker, weights=charges, minlength=count + 1)[1:]
    rounded: FloatArray = found.astype(np.float64).round(6) + 0.0
    return rounded


def completed_walls(host: Host, opened: Opened, guests: Sequence[Guest], *, gap: float) -> Opened:
    """Bring walls that lack cations nearer to zero without taking halides off kept octahedra.

    Octahedra that hang on fewer than half of their halides go, with those that nothing else
    holds: each takes more charge of halides along than of its B. Then cations of cages stay that
    were near a cation of the guest only, down to `NEAREST_CATIONS`.

    Parameters
    ----------
    host : Host
        The host.
    opened : Opened
        What is left of it.
    guests : sequence of Guest
        The guests.
    gap : float
        Distance in Å that all ions keep at least.

    Returns
    -------
    Opened
        The same with fewer halides and more cations at walls that were negative.
    """
    for _ in range(_ROUNDS):
        lacking = np.append(False, wall_charges(host, opened, len(guests)) < 0)
        trimmed = _without_dangling(host, opened, lacking)
        if trimmed is None:
            break
        opened = trimmed
    lacking = np.append(False, wall_charges(host, opened, len(guests)) < 0)
    return _with_cations(host, opened, guests, lacking, gap) if lacking.any() else opened


def _without_dangling(host: Host, opened: Opened, lacking: BoolArray) -> Opened | None:
    """Take away octahedra at negative walls of which more than half of the halides are cut."""
    block = host.draft.sites.block
    framework = block.framework
    halides = framework.site == Site.X
    owner = np.where(halides & lacking[opened.wall_of], opened.wall_of, 0).astype(np.int16)
    links = links_of(block, opened.octahedra)
    cut = (owner > 0) & (links == 1) & (framework.full > 1)
    loose = halides_of(block, cut)
    of_all = halides_of(block, opened.kept & halides)
    goes = opened.octahedra & (2 * loose > of_all) & (loose > 2)
    if not goes.any() or goes.sum() == opened.octahedra.sum():
        return None
    walls = np.zeros(block.octahedra, dtype=np.int16)
    for b, v, *step in framework.links.tolist():
        if halides[v]:
            beside = np.roll(owner[..., v], [-n for n in step], axis=(0, 1, 2))
            np.maximum(walls[..., b], beside, out=walls[..., b])
    return _less(host, opened, goes, np.where(goes, walls, 0).astype(np.int16))


def _less(host: Host, opened: Opened, goes: BoolArray, owner: IntArray) -> Opened:
    """Take further octahedra away for their guests, and the ions that nothing else holds."""
    block = host.draft.sites.block
    b_units = block.framework.b_units
    octahedra = opened.octahedra & ~goes
    kept = opened.kept & (links_of(block, octahedra) > 0)
    kept[..., b_units] = octahedra
    _, lost_to = extremes(block, owner, goes)
    lost_to = np.maximum(lost_to, 0)
    lost_to[..., b_units] = owner
    taken = np.where(opened.kept & ~kept, lost_to, opened.taken_for)
    wall = np.where(kept, np.where(opened.wall_of > 0, opened.wall_of, lost_to), 0)
    wall[..., b_units] = 0
    return replace(
        opened,
        kept=kept,
        octahedra=octahedra,
        taken_for=taken.astype(np.int16),
        wall_of=wall.astype(np.int16),
    )


def _with_cations(
    host: Host, opened: Opened, guests: Sequence[Guest], lacking: BoolArray, gap: float
) -> Opened:
    """Leave cations of cages at negative walls where only a cation of a guest is near."""
    sites = host.draft.sites
    block = sites.block
    cages = (block.framework.site == Site.A) & lacking[opened.taken_for]
    cages &= (links_of(block, opened.octahedra) > 0) & (sites.species != EMPTY)
    bad = np.zeros(cages.size, dtype=bool)
    kinds, code = kinds_of(host.atoms)
    wanted = cages.ravel()[host.site_of]
    for number, around, points in around_guests(host, guests, REACH + gap):
        chosen = np.flatnonzero(wanted[around])
        index, places = around[chosen], points[chosen]
        guest = guests[number]
        close = guest.shape.distance(places) <= 0
        close |= clashes(
            surface_of_atoms(guest.atoms), places, kinds, code[index], gap=gap,
            cations=NEAREST_CATIONS,
        )  # fmt: skip
        bad[host.site_of[index[close]]] = True
    stays = cages & ~bad.reshape(cages.shape)
    return replace(
        opened,
        kept=opened.kept | stays,
        taken_for=np.where(stays, 0, opened.taken_for).astype(np.int16),
        wall_of=np.where(stays, opened.taken_for, opened.wall_of).astype(np.int16),
    )


def spread_halides(host: Host, octahedra: BoolArray, index: IntArray, most: int) -> BoolArray:
    """Choose halides so that no B cation has more than a few of them.

    Parameters
    ----------
    host : Host
        The host.
    octahedra : (nx, ny, nz, b) bool array
        Octahedra that are kept.
    index : (n,) int array
        Flat indices of sites on X, the ones that may rather go first.
    most : int
        Chosen halides of one B cation at most.

    Returns
    -------
    (n,) bool array
        The chosen ones; no other could be added to them.
    """
    block = host.draft.sites.block
    place = np.full(int(np.prod(block.grid)), -1)
    place[index] = np.arange(len(index))
    place = place.reshape(block.grid)
    numbers = np.arange(octahedra.size).reshape(octahedra.shape)
    pairs = []
    for b, v, *step in block.framework.links[
        block.framework.site[block.framework.links[:, 1]] == Site.X
    ].tolist():
        beside = np.roll(place[..., v], [-n for n in step], axis=(0, 1, 2))
        held = octahedra[..., b] & (beside >= 0)
        pairs.append(np.column_stack([beside[held], numbers[..., b][held]]))
    halide, centre = np.concatenate(pairs).T
    chosen, open_ = np.zeros(len(index), dtype=bool), np.ones(len(index), dtype=bool)
    room = np.full(octahedra.size, most)
    while open_.any():
        first = np.full(octahedra.size, len(index))
        alive = open_[halide]
        np.minimum.at(first, centre[alive], halide[alive])
        won = open_.copy()
        won[halide[alive & (first[centre] < halide)]] = False
        chosen |= won
        np.subtract.at(room, centre[won[halide]], 1)
        open_ &= ~won
        open_[halide[room[centre] <= 0]] = False
    return chosen


def removable_sites(
    host: Host, opened: Opened, index: IntArray, bonds: CodeArray, charge: FloatArray
) -> IntArray:
    """Leave out halides of B cations that would lose more of them than a wall has to give.

    Parameters
    ----------
    host : Host
        The host.
    opened : Opened
        What is left of it.
    index : (n,) int array
        Flat indices of the sites at the walls that may change.
    bonds : (s,) int array
        Kept neighbours of each site of the block.
    charge : (g,) float array
        Charge of each wall in e.

    Returns
    -------
    (m,) int array
        Those of `index` that may go. At negative walls the halides among them are so few of each
        B cation, one where that suffices, as the walls allow.
    """
    sites = host.draft.sites
    framework = sites.block.framework
    unit = index % len(framework.site)
    halide = (framework.site[unit] == Site.X) & (bonds[index] < framework.full[unit])
    owner = opened.wall_of.ravel()[index]
    left = halide & (charge < 0)[owner.astype(np.intp) - 1]
    order = np.flatnonzero(left)
    order = order[np.argsort(bonds[index[order]], kind="stable")]
    for most in range(1, MOST_HALIDES + 1):
        chosen = order[spread_halides(host, opened.octahedra, index[order], most)]
        given = sites.charges[sites.species.ravel()[index[chosen]]]
        gain = -np.bincount(owner[chosen], weights=given, minlength=len(charge) + 1)[1:]
        if (gain + np.minimum(charge, 0) >= 0).all():
            left[chosen] = False
            may: IntArray = index[~left]
            return may
    return index
