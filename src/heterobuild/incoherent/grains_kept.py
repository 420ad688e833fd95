"""What is left of grains when what touches, hangs on, or is too much has gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import links_of
from heterobuild.frameworks.sites import EMPTY
from heterobuild.incoherent.hanging_octahedra import well_bound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.incoherent.grains_clashes import Removal
    from heterobuild.incoherent.grains_filling import Grain


@dataclass(frozen=True, kw_only=True, eq=False)
class Kept:
    """What is left of a grain.

    Parameters
    ----------
    sites : (s,) bool array
        Sites that stay.
    octahedra : (nx, ny, nz, b) bool array
        Octahedra that stay.
    charge : float
        Formal charge of these sites in e.
    """

    sites: BoolArray
    octahedra: BoolArray
    charge: float


def without_contacts(grains: Sequence[Grain], removal: Removal) -> list[Kept]:
    """Take away what touches, and octahedra that it leaves hanging.

    Parameters
    ----------
    grains : sequence of Grain
        The grains.
    removal : Removal
        What must go.

    Returns
    -------
    list of Kept
        One a grain.
    """
    return [
        _kept(grain, grain.octahedra & ~lost, ~gone)
        for grain, lost, gone in zip(grains, removal.octahedra, removal.sites, strict=True)
    ]


def trimmed(grains: Sequence[Grain], kept: Sequence[Kept], shares: FloatArray) -> list[Kept]:
    """Take away the octahedra nearest to walls of phases of which there are too many.

    What goes leaves others hanging, which go too; of all depths of a wall that is taken which
    leaves nearest to what is wanted with them.

    Parameters
    ----------
    grains : sequence of Grain
        The grains.
    kept : sequence of Kept
        What is left of each.
    shares : (n,) float array
        Wanted shares of the phases, by the volumes of their octahedra in the crystals.

    Returns
    -------
    list of Kept
        What is left then.
    """
    phase = np.array([grain.chosen.place.phase for grain in grains])
    each = np.array([grain.chosen.block.framework.octahedron_volume for grain in grains])
    counts = np.array([left.octahedra.sum() for left in kept])
    volumes = np.bincount(phase, weights=each * counts, minlength=len(shares))
    wanted = shares * (volumes / shares).min()
    found = list(kept)
    for k in range(len(shares)):
        own = np.flatnonzero(phase == k).tolist()
        most = float(wanted[k] / each[own[0]])
        if counts[own].sum() - most < 1:
            continue
        fewer = _peeled([grains[g] for g in own], [kept[g] for g in own], most)
        for g, left in zip(own, fewer, strict=True):
            found[g] = left
    return found


def _peeled(grains: Sequence[Grain], kept: Sequence[Kept], wanted: float) -> list[Kept]:
    """Take the octahedra nearest to walls from grains of one phase until so many are left."""
    depths = [
        grain.chosen.depth[..., _metals(grain)][left.octahedra]
        for grain, left in zip(grains, kept, strict=True)
    ]
    rank = np.empty(sum(map(len, depths)), dtype=np.int64)
    rank[np.argsort(np.concatenate(depths), kind="stable")] = np.arange(len(rank))
    ranks = np.split(rank, np.cumsum([len(depth) for depth in depths])[:-1])

    def without(gone: int) -> list[BoolArray]:
        found = []
        for grain, left, own in zip(grains, kept, ranks, strict=True):
            octahedra = left.octahedra.copy()
            octahedra[left.octahedra] = own >= gone
            found.append(well_bound(grain.draft.sites.block, octahedra))
        return found

    enough, few = 0, len(rank)
    while few - enough > 1:
        middle = (enough + few) // 2
        count = sum(int(octahedra.sum()) for octahedra in without(middle))
        enough, few = (middle, few) if count >= wanted else (enough, middle)
    best = min(
        (without(enough), without(few)),
        key=lambda found: abs(sum(int(octahedra.sum()) for octahedra in found) - wanted),
    )
    return [
        _kept(grain, octahedra, left.sites)
        for grain, octahedra, left in zip(grains, best, kept, strict=True)
    ]


def _metals(grain: Grain) -> IntArray:
    """Return the numbers of the B cations among the units."""
    return grain.chosen.block.framework.b_units


def _kept(grain: Grain, octahedra: BoolArray, allowed: BoolArray) -> Kept:
    """Keep octahedra that do not hang on, and what belongs to them where it may stay."""
    sites = grain.draft.sites
    octahedra = well_bound(sites.block, octahedra)
    kept = (links_of(sites.block, octahedra) > 0) & (sites.species != EMPTY)
    kept[..., sites.block.framework.b_units] = octahedra
    stays = kept.ravel() & allowed
    charge = site_charges(grain)[stays].sum()
    return Kept(sites=stays, octahedra=octahedra, charge=round(float(charge), 6) + 0.0)


def site_charges(grain: Grain) -> FloatArray:
    """Return the charge of each site of a grain.

    Parameters
    ----------
    grain : Grain
        The grain.

    Returns
    -------
    (s,) float array
        Formal charges in e; 0 of empty sites.
    """
    sites = grain.draft.sites
    charges: FloatArray = sites.charges[sites.species.ravel()]
    return charges
