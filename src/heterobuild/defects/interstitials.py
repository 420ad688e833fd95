"""Where an additional ion stands: in a void, or sharing the site of an ion of its own kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.ions import ionic_radius
from heterobuild.defects.equal_sites import alike
from heterobuild.defects.room import (
    ANIONS,
    CATIONS,
    largest_voids,
    room_at,
    room_of_images,
    surroundings,
)
from heterobuild.defects.sites import candidate_units
from heterobuild.defects.split_pairs import Ion, Spot, split_pair
from heterobuild.defects.units import apart
from heterobuild.errors import UsageError
from heterobuild.geometry.periodic_pairs import near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure

_APART = 2.5
"""Distance in Å from other defects, so that an interstitial does not fill a vacancy."""

_HOSTS = 40
_TRIED = 8
_MOST_SITES = 20_000
_EQUAL = 0.002
_NEAREST = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class _Search:
    """What all ways to look for a place need."""

    built: Heterostructure
    units: Units
    wanted: Defect
    ion: Ion
    wall: FloatArray | None
    gone: Sequence[int]
    taken: Sequence[int]
    points: Sequence[FloatArray]


def find_spot(
    built: Heterostructure,
    units: Units,
    wanted: Defect,
    *,
    charge: float,
    wall: FloatArray | None,
    rng: np.random.Generator,
    gone: Sequence[int] = (),
    taken: Sequence[int] = (),
    points: Sequence[FloatArray] = (),
) -> Spot:
    """Return the place for one interstitial.

    A split interstitial is two equal ions about one site, on a line across the bonds of that site
    to its B cations; direction and distance are those with most room. Neutral iodine interstitials
    are such pairs in MAPbI3 (10.1021/acsenergylett.7b00995) and CsPbI3 (10.1039/C9CP06322F); in
    CsPbBr3 three bromines share the charge. So the place is a beginning for relaxation, not its
    result. A void is where an ion has most room without moving others.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units, with the defects that are there already.
    wanted : Defect
        What is asked for.
    charge : float
        Charge of the ion in e.
    wall : (m,) float array or None
        Distance of each unit from the wall in Å.
    rng : numpy.random.Generator
        Chooses among what is equal.
    gone : sequence of int, optional
        Units that are not there any more.
    taken : sequence of int, optional
        Units that cannot be shared.
    points : sequence of (3,) float arrays, optional
        Places of other defects in Å.

    Returns
    -------
    Spot
        The place.

    Raises
    ------
    UsageError
        If there is not enough room.
    """
    search = _Search(
        built=built,
        units=units,
        wanted=wanted,
        ion=Ion(radius=ionic_radius(wanted.species), charge=charge),
        wall=wall,
        gone=gone,
        taken=taken,
        points=points,
    )
    best: Spot | None = None
    for kind in _ways(units, wanted):
        found = _splits(search, rng) if kind == "split" else _voids(search, rng)
        spot = max(found, key=lambda spot: round(spot.room, 3), default=None)
        if spot is not None and (best is None or spot.room > best.room + _EQUAL):
            best = spot
    if best is None or best.room < 1:
        reached = "no place" if best is None else f"contacts of {best.room:.2f} of the shortest"
        raise UsageError(
            f"no room for {wanted.name}",
            where="defects",
            measured=f"{reached} allowed",
            next_step="choose another layer, region, distance or place, or a larger cell",
        )
    return best


def _free_of_others(search: _Search, centres: FloatArray) -> IntArray:
    """Return which places are as far from other defects as is wanted."""
    far = np.full(len(centres), np.inf)
    for other in search.points:
        away = apart(centres - other, search.units)
        far = np.minimum(far, np.linalg.norm(away, axis=1))
    least = max(search.wanted.separation - 1e-6, _APART)
    kept: IntArray = np.flatnonzero(far >= least)
    return kept


def _ways(units: Units, wanted: Defect) -> tuple[str, ...]:
    """Return which kinds of places are tried."""
    if wanted.place != "auto":
        return (wanted.place,)
    own = units.species == units.names.index(wanted.species) if _present(units, wanted) else None
    anion = own is not None and bool((units.charge[own] < 0).any())
    return ("split", "void") if anion else ("void",)


def _present(units: Units, wanted: Defect) -> bool:
    """Return whether the model has such ions."""
    return wanted.species in units.names


def _splits(search: _Search, rng: np.random.Generator) -> list[Spot]:
    """Return split interstitials about some sites of the kind that is wanted."""
    units, wanted = search.units, search.wanted
    members = candidate_units(
        search.built,
        units,
        wanted,
        species=wanted.species,
        wall=search.wall,
        taken=search.taken,
    )
    free = members[~np.isin(members, search.taken)]
    free = free[_free_of_others(search, units.centres[free])]
    if len(free) > _MOST_SITES:
        free = np.sort(rng.choice(free, _MOST_SITES, replace=False))
    groups = alike(units, free, search.wall) if len(free) else []
    if wanted.site >= len(groups):
        raise UsageError(
            f"no such free site for {wanted.name} there",
            where="defects",
            measured=f"site {wanted.site} of {len(groups)} kinds",
            next_step="choose another site, layer or distance",
        )
    hosts = rng.permutation(groups[wanted.site])[:_TRIED]
    return [split_pair(units, int(host), search.ion, rng, gone=search.gone) for host in hosts]


def _voids(search: _Search, rng: np.random.Generator) -> list[Spot]:
    """Return the largest voids whose nearest ion is where the interstitial is wanted."""
    units, ion = search.units, search.ion
    hosts = _hosts(search)
    some = hosts if len(hosts) <= _HOSTS else np.sort(rng.choice(hosts, _HOSTS, replace=False))
    around = surroundings(units, units.centres[some], search.gone, charge=ion.charge)
    points, room = largest_voids(ion.radius, around, units.centres[some])
    kept, nearest = _near_hosts(units, points, hosts)
    points = points[kept]
    like = ANIONS if ion.charge < 0 else CATIONS
    room = np.minimum(room[kept], room_of_images(units, 0 * points, 2 * ion.radius, like))
    free = _free_of_others(search, points)
    order = free[np.lexsort((rng.permutation(len(free)), -(room[free] / _EQUAL).round()))]
    spots = [
        Spot(point=points[k], room=float(room[k]), host=int(nearest[k]))
        for k in order[:_TRIED].tolist()
    ]
    return [_judged_across(search, spot) for spot in spots]


def _judged_across(search: _Search, spot: Spot) -> Spot:
    """Return a void with its room judged by the stricter limits across walls, too."""
    units, ion = search.units, search.ion
    region = int(units.region[spot.host])
    around = surroundings(units, spot.point[None], search.gone, charge=ion.charge, region=region)
    room = room_at(spot.point[None], np.array([ion.radius]), around)
    return replace(spot, room=min(spot.room, float(room[0])))


def _hosts(search: _Search) -> IntArray:
    """Return the units near which an interstitial is wanted, of any species."""
    units, wanted, wall = search.units, search.wanted, search.wall
    hosts = candidate_units(search.built, units, wanted, species=None, wall=wall)
    if wanted.layer is not None or wanted.distance is not None or wall is None:
        return hosts
    regions = units.region if wanted.region is None else units.region[hosts]
    members = np.flatnonzero(np.isin(units.region, regions[regions > 0]))
    near: IntArray = members[wall[members] <= wall[hosts].min() + _NEAREST]
    return near


def _near_hosts(units: Units, points: FloatArray, hosts: IntArray) -> tuple[IntArray, IntArray]:
    """Return the places whose nearest unit is one of the hosts, and that unit."""
    if not len(points):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    i, j, vectors = near_pairs(points, units.cell, units.pbc, 6.0, units.centres)
    order = np.lexsort((j, np.linalg.norm(vectors, axis=1).round(4), i))
    i, j = i[order], j[order]
    first = np.r_[True, i[1:] != i[:-1]]
    i, j = i[first], j[first]
    right = np.isin(j, hosts)
    return i[right], j[right]
