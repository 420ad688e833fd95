"""A crystal opened for particles on lattices of their own: whole octahedra and molecules only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.block import extremes, halides_of, links_of
from heterobuild.frameworks.sites import EMPTY
from heterobuild.geometry.periodic_pairs import near_pairs
from heterobuild.incoherent.touching import clashes, kinds_of, surface_of_atoms
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.block import Block
    from heterobuild.incoherent.guests import Guest

REACH = 9.0
"""Å around the atoms of a guest within which atoms of the host are looked at: the longest contact
and the octahedron behind it."""

DEEP = 12.0
"""Å outside the solid of the B cations beyond which nothing touches a guest."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Host:
    """A crystal before it is opened.

    Parameters
    ----------
    draft : Draft
        Its sites, neutral.
    atoms : ase.Atoms
        Its atoms with the array of `heterobuild.incoherent.guests.SITE_INDEX`.
    site_of : (n,) int array
        Flat index of the site of each atom.
    cell : (3, 3) float array
        Cell in Å; any of a free particle.
    pbc : tuple of bool
        Its periodic directions.
    """

    draft: Draft
    atoms: Atoms
    site_of: IntArray
    cell: FloatArray
    pbc: tuple[bool, bool, bool]


@dataclass(frozen=True, kw_only=True, eq=False)
class Opened:
    """What is left of a host, and for whom the rest was taken away.

    Parameters
    ----------
    kept : (nx, ny, nz, u) bool array
        Sites that stay.
    octahedra : (nx, ny, nz, b) bool array
        Octahedra that stay.
    taken_for : (nx, ny, nz, u) int16 array
        Number, from 1, of the guest for which a site was emptied; 0 elsewhere.
    wall_of : (nx, ny, nz, u) int16 array
        Number, from 1, of the guest at whose wall a kept site lies: it lost an octahedron.
    """

    kept: BoolArray
    octahedra: BoolArray
    taken_for: CodeArray
    wall_of: CodeArray


def open_host(host: Host, guests: Sequence[Guest], *, gap: float) -> Opened:
    """Take away whatever of a host lies inside its guests or touches them.

    An octahedron goes as a whole with the first of its ions; cations and molecules of cages stay
    where one octahedron of the cage does, unless they touch a guest themselves. In layered
    crystals an octahedron goes with half of its spacers: its sheet would keep their charge.

    Parameters
    ----------
    host : Host
        The host.
    guests : sequence of Guest
        Particles at their places.
    gap : float
        Distance in Å that all ions keep from the guests at least; with 0 the closest touch.

    Returns
    -------
    Opened
        What is left.

    Raises
    ------
    UsageError
        If nothing of the host is left, or a guest has no place in it.
    """
    sites = host.draft.sites
    block = sites.block
    occupied = sites.species != EMPTY
    hits, nearest = _hits(host, guests, gap)
    hit = hits > 0
    b_units = block.framework.b_units
    removed = octahedra_hit(block, hit) & occupied[..., b_units]
    octahedra = occupied[..., b_units] & ~removed
    if not octahedra.any():
        raise _nothing_left(host, int(removed.sum()), gap)
    kept = occupied & (links_of(block, octahedra) > 0) & ~hit
    kept[..., b_units] = octahedra
    owner = np.where(removed, np.maximum(nearest[..., b_units], 1), 0).astype(np.int16)
    _, lost_to = extremes(block, owner, removed)
    lost_to = np.maximum(lost_to, 0)
    taken_for = np.where(occupied & ~kept, np.where(lost_to > 0, lost_to, hits), 0)
    taken_for[..., b_units] = owner
    wall_of = np.where(kept, lost_to, 0)
    wall_of[..., b_units] = 0
    _judge_all_opened(guests, owner)
    return Opened(
        kept=kept,
        octahedra=octahedra,
        taken_for=taken_for.astype(np.int16),
        wall_of=wall_of.astype(np.int16),
    )


def _nothing_left(host: Host, taken: int, gap: float) -> UsageError:
    """Say which size is too small."""
    name = host.draft.names[0]
    sizes, larger = ("layers or thickness", f"raise layers or thickness of {name}")
    if any(host.pbc):
        sizes, larger = ("cells or box", "raise cells or box, or take smaller or fewer dots")
    return UsageError(
        f"no octahedron of the {name} is left outside",
        where=sizes,
        measured=f"{taken} octahedra, all taken away",
        next_step=larger + (", or lower gap" if gap else ""),
    )


def octahedra_hit(block: Block, hit: BoolArray) -> BoolArray:
    """Return the octahedra that go with the units that are hit.

    Parameters
    ----------
    block : Block
        The block.
    hit : (nx, ny, nz, u) bool array
        Units that lie inside a guest or touch it.

    Returns
    -------
    (nx, ny, nz, b) bool array
        Octahedra that lose an ion, or half of their spacers or more.
    """
    roles = block.framework.site
    found: BoolArray = hit[..., block.framework.b_units] | (
        halides_of(block, hit & (roles == Site.X)) > 0
    )
    return found | _without_spacers(block, hit)


def _without_spacers(block: Block, hit: BoolArray) -> BoolArray:
    """Return the octahedra that would lose half of their spacers or more."""
    framework = block.framework
    lost, all_of = np.zeros(block.octahedra), np.zeros(len(framework.b_units))
    for b, v, *step in framework.links.tolist():
        if framework.site[v] == Site.SPACER:
            # Ends of a block that do not repeat are empty, so nothing comes in around them.
            lost[..., b] += np.roll(hit[..., v], [-n for n in step], axis=(0, 1, 2))
            all_of[b] += 1
    bare: BoolArray = (all_of > 0) & (lost >= all_of / 2)
    return bare


def _hits(host: Host, guests: Sequence[Guest], gap: float) -> tuple[CodeArray, CodeArray]:
    """Return for each site the guest that takes its place or touches it, and the nearest guest."""
    sites = host.draft.sites
    hits = np.zeros(sites.species.size, dtype=np.int16)
    nearest = np.zeros(sites.species.size, dtype=np.int16)
    depth = np.full(sites.species.size, np.inf, dtype=np.float32)
    kinds, code = kinds_of(host.atoms)
    for number, around, places in around_guests(host, guests, REACH + gap):
        guest = guests[number]
        distance = guest.shape.distance(places)
        near = distance < DEEP + gap
        index, points, distance = around[near], places[near], distance[near]
        site = host.site_of[index]
        closer = distance < depth[site]
        nearest[site[closer]] = number + 1
        depth[site[closer]] = distance[closer]
        bad = distance <= 0
        outside = np.flatnonzero(~bad)
        surface = surface_of_atoms(guest.atoms)
        bad[outside] = clashes(surface, points[outside], kinds, code[index[outside]], gap=gap)
        hits[site[bad]] = number + 1
    return hits.reshape(sites.species.shape), nearest.reshape(sites.species.shape)


def around_guests(
    host: Host, guests: Sequence[Guest], reach: float
) -> list[tuple[int, IntArray, FloatArray]]:
    """Find the atoms of a host around each guest, all periodic images counted.

    Parameters
    ----------
    host : Host
        The host.
    guests : sequence of Guest
        The guests.
    reach : float
        Distance in Å from the outermost atom of a guest.

    Returns
    -------
    list of (int, (m,) int array, (m, 3) float array)
        Number of the guest, atoms of the host, and their places relative to its centre in Å.
    """
    outer = np.array([np.linalg.norm(g.atoms.positions, axis=1).max() for g in guests]) + reach
    centres = np.array([guest.centre for guest in guests])
    first, second, vectors = near_pairs(
        centres, host.cell, host.pbc, float(outer.max()), host.atoms.positions
    )
    within = np.einsum("ij,ij->i", vectors, vectors) < outer[first] ** 2
    first, second, vectors = first[within], second[within], vectors[within]
    ends = np.searchsorted(first, np.arange(len(guests) + 1))
    return [
        (k, second[low:high], vectors[low:high])
        for k, (low, high) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))
    ]


def _judge_all_opened(guests: Sequence[Guest], owner: CodeArray) -> None:
    """Refuse a guest for which no octahedron goes: it lies outside the host."""
    taken = np.bincount(owner.ravel(), minlength=len(guests) + 1)[1:]
    empty = np.flatnonzero(taken == 0)
    if len(empty):
        name = guests[int(empty[0])].name
        raise UsageError(
            f"{name} takes the place of no octahedron",
            where=name,
            measured="0 octahedra taken away",
            next_step="take a larger one, or move it into the matrix",
        )


def reaches_surface(host: Host, opened: Opened) -> bool:
    """Tell whether an opening takes away sites of the outer surface of a host.

    Parameters
    ----------
    host : Host
        The host.
    opened : Opened
        What is left of it.

    Returns
    -------
    bool
        True of a shell that covers its core in part.
    """
    sites = host.draft.sites
    there = sites.species[..., sites.block.framework.b_units] != EMPTY
    at_surface = links_of(sites.block, there) < sites.block.framework.full
    return bool((at_surface & (opened.taken_for > 0)).any())
