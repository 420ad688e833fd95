"""From one request to the changes that it means: which site, what goes, what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.ions import formal_charge, ion_table, site_role
from heterobuild.defects.changes import Change, Guest
from heterobuild.defects.editing import with_guests
from heterobuild.defects.equal_sites import alike, draw
from heterobuild.defects.interstitials import find_spot
from heterobuild.defects.posing import posed
from heterobuild.defects.sites import candidate_units
from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure

_MOST_SITES = 20_000


def requested_changes(
    built: Heterostructure,
    units: Units,
    wanted: Defect,
    *,
    wall: FloatArray | None,
    before: Sequence[Change],
    rng: np.random.Generator,
) -> tuple[list[Change], tuple[int, ...]]:
    """Return the defects that one request means.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    wanted : Defect
        What is asked for.
    wall : (m,) float array or None
        Distance of each unit from the wall in Å.
    before : sequence of Change
        Defects that are there already.
    rng : numpy.random.Generator
        Chooses among what is equal.

    Returns
    -------
    changes : list of Change
        The defects.
    kinds : tuple of int
        How many sites of each kind there were to choose from; empty for interstitials.

    Raises
    ------
    UsageError
        If there is no such site, or not as many.
    """
    taken = taken_units(before)
    points = [change.point for change in before]
    if wanted.kind == "interstitial":
        return _interstitials(built, units, wanted, wall=wall, before=before, rng=rng), ()
    site = wanted.species if wanted.onto is None else wanted.onto
    members = candidate_units(built, units, wanted, species=site, wall=wall, taken=taken)
    free = members[~np.isin(members, taken)]
    if not len(free):
        raise UsageError(
            f"every site for {wanted.name} there is already taken",
            where="defects",
            measured=f"{len(members)} sites",
            next_step="choose another layer, region or distance",
        )
    if len(free) > _MOST_SITES:
        free = np.sort(rng.choice(free, _MOST_SITES, replace=False))
    groups = alike(units, free, wall)
    chosen = draw(units, groups, wanted, points, rng)
    kinds = tuple(len(group) for group in groups)
    return [site_change(built, units, wanted, unit, rng) for unit in chosen], kinds


def _interstitials(
    built: Heterostructure,
    units: Units,
    wanted: Defect,
    *,
    wall: FloatArray | None,
    before: Sequence[Change],
    rng: np.random.Generator,
) -> list[Change]:
    """Return interstitials, each placed with regard to all that are there already."""
    _require_ion(built, units, wanted.species)
    charge = charge_of(built, units, wanted.species)
    site = _role(units, wanted.species)
    made: list[Change] = []
    for _ in range(wanted.count):
        there = [*before, *made]
        now, gone, taken = with_guests(built, units, there)
        far = None if wall is None else np.r_[wall, np.full(len(now.first) - len(wall), np.inf)]
        spot = find_spot(
            built,
            now,
            wanted,
            charge=charge,
            wall=far,
            rng=rng,
            gone=gone,
            taken=taken,
            points=[change.point for change in there],
        )
        guest = Guest(
            name=wanted.species,
            positions=spot.point[None],
            charge=charge,
            region=int(now.region[spot.host]),
            layer=int(now.layer[spot.host]),
            site=site,
        )
        moved = None if spot.shift is None else (spot.host, spot.shift)
        made.append(
            Change(name=wanted.name, point=spot.point, charge=charge, guest=guest, moved=moved)
        )
    return made


def taken_units(changes: Sequence[Change]) -> list[int]:
    """Return the units that defects have removed or moved.

    Parameters
    ----------
    changes : sequence of Change
        The defects.

    Returns
    -------
    list of int
        Their numbers.
    """
    gone = [change.removed for change in changes if change.removed >= 0]
    return gone + [change.moved[0] for change in changes if change.moved is not None]


def vacancy(units: Units, unit: int, *, partner_of: int = -1) -> Change:
    """Return the vacancy of a unit.

    Parameters
    ----------
    units : Units
        The units.
    unit : int
        The one that goes, a molecule as a whole.
    partner_of : int, optional
        Number of the request that it compensates.

    Returns
    -------
    Change
        The vacancy.
    """
    return Change(
        name=f"V_{units.names[units.species[unit]]}",
        point=units.centres[unit],
        charge=-float(units.charge[unit]),
        removed=unit,
        partner_of=partner_of,
    )


def site_change(
    built: Heterostructure, units: Units, wanted: Defect, unit: int, rng: np.random.Generator
) -> Change:
    """Return a vacancy or an antisite at a unit.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    wanted : Defect
        A vacancy or antisite.
    unit : int
        The unit that goes.
    rng : numpy.random.Generator
        Turns molecules.

    Returns
    -------
    Change
        The defect.
    """
    if wanted.kind == "vacancy":
        return vacancy(units, unit)
    charge = charge_of(built, units, wanted.species)
    guest = Guest(
        name=wanted.species,
        positions=posed(built, units, wanted, unit, rng),
        charge=charge,
        region=int(units.region[unit]),
        layer=int(units.layer[unit]),
        site=int(units.site[unit]),
    )
    return Change(
        name=wanted.name,
        point=units.centres[unit],
        charge=charge - float(units.charge[unit]),
        removed=unit,
        guest=guest,
    )


def charge_of(built: Heterostructure, units: Units, species: str) -> float:
    """Return the formal charge of an ion: that in the model, else the usual one.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    species : str
        Element or molecule.

    Returns
    -------
    float
        Charge in e.

    Raises
    ------
    UsageError
        If neither is known.
    """
    if species in units.names:
        own = units.charge[units.species == units.names.index(species)]
        values, counts = np.unique(own, return_counts=True)
        return float(values[counts.argmax()])
    for molecule in built.molecules:
        if molecule.name == species:
            return molecule.charge
    if species not in ion_table() or 0 in ion_table()[species].radii:
        raise UsageError(
            f"{species} is no ion that can be put in",
            where="defects",
            next_step=suggest(species, {*units.names, *_elements()}),
        )
    return float(formal_charge(species))


def _elements() -> list[str]:
    """Return the single ions that have a charge and a radius."""
    return [name for name, ion in ion_table().items() if 0 not in ion.radii]


def _role(units: Units, species: str) -> int:
    """Return the role that a species has in the model, else its usual one."""
    if species in units.names:
        own = units.site[units.species == units.names.index(species)]
        return int(np.bincount(own).argmax())
    return int(site_role(species))


def _require_ion(built: Heterostructure, units: Units, species: str) -> None:
    """Refuse a molecule as an interstitial: no void of a perovskite holds one."""
    if any(molecule.name == species for molecule in built.molecules):
        raise UsageError(
            f"{species} is a molecule, and no void holds a molecule without relaxation",
            where="defects",
            next_step=f"put it on a site: {species}_{_some_cation(units)}",
        )
    charge_of(built, units, species)


def _some_cation(units: Units) -> str:
    """Return the name of a B cation of the model, for an example."""
    found = np.flatnonzero(units.site == Site.B)
    return units.names[units.species[found[0]]] if len(found) else "Pb"
