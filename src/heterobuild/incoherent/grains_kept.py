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
        spare = int((volumes[k] - wanted[k]) / each[own[0]])
        depths = [grains[g].chosen.depth[..., _metals(grains[g])][kept[g].octahedra] for g in own]
        if not spare:
            continue
        level = np.partition(np.concatenate(depths), spare)[spare]
        for g in own:
            deep = grains[g].chosen.depth[..., _metals(grains[g])] >= level
            found[g] = _kept(grains[g], kept[g].octahedra & deep, kept[g].sites)
    return found


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
