"""What compensates the charge of defects, and where it stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.compensation import fewest, number_of
from heterobuild.defects.requests import charge_of, requested_changes, taken_units, vacancy
from heterobuild.defects.specification import parse_defect
from heterobuild.defects.units import nearest_distances
from heterobuild.errors import UsageError
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.defects.changes import Change
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure

FRENKEL = 6.0
"""Distance in Å from which a vacancy and an interstitial of one species do not close at once:
beyond the halides of the same octahedron, which are up to 4.5 Å away."""

_SITES = (Site.A, Site.B, Site.X)


def partner_changes(
    built: Heterostructure,
    units: Units,
    requests: Sequence[tuple[Defect, Sequence[Change]]],
    *,
    wall: FloatArray | None,
    rng: np.random.Generator,
) -> list[Change]:
    """Return the defects that compensate those asked for.

    Those to be compensated automatically are taken together: what they leave is cancelled by the
    fewest vacancies. A halide vacancy takes an A cation with it, a B vacancy two halides, an
    interstitial leaves a vacancy of its own kind. Each stands in the same region where that has
    such ions, as near to the defects as can be, or at the distance that is asked for; of sites as
    near, those nearest to the wall are taken, then the seed decides.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    requests : sequence of (Defect, sequence of Change)
        What was asked for, and what it became.
    wall : (m,) float array or None
        Distance of each unit from the wall in Å.
    rng : numpy.random.Generator
        Chooses among what is equal.

    Returns
    -------
    list of Change
        The further defects; `Change.partner_of` is the number of the request, from 0.

    Raises
    ------
    UsageError
        If nothing compensates the charge.
    """
    done = [change for _, changes in requests for change in changes]
    found: list[Change] = []
    together = [k for k, (wanted, _) in enumerate(requests) if wanted.compensate == "auto"]
    if together:
        made = [change for k in together for change in requests[k][1]]
        wanted = [requests[k][0] for k in together]
        distance = next(
            (w.partner_distance for w in wanted if w.partner_distance is not None), None
        )
        gone = Counter(_automatic(units, made, taken_units(done)))
        for name, count in sorted(gone.items()):
            chosen = _best_sites(
                units,
                name,
                count,
                made,
                taken=taken_units((*done, *found)),
                distance=distance,
                wall=wall,
                rng=rng,
            )
            found += [vacancy(units, unit, partner_of=together[0]) for unit in chosen]
    for k, (wanted_one, changes) in enumerate(requests):
        if wanted_one.compensate not in ("auto", "none"):
            found += _named(
                built,
                units,
                k,
                (wanted_one, changes),
                before=(*done, *found),
                wall=wall,
                rng=rng,
            )
    return found


def _automatic(units: Units, made: Sequence[Change], taken: Sequence[int]) -> tuple[str, ...]:
    """Return the ions that go, so that no charge is left."""
    total = sum(change.charge for change in made)
    charge = round(total)
    if abs(total - charge) > 1e-6:
        raise _hopeless(total)
    if charge == 0:
        return ()
    own = {change.guest.name for change in made if change.guest is not None and change.removed < 0}
    near = {int(code) for code in _regions(units, made)}
    for regions in (near, set(units.region.tolist())):
        choices = _choices(units, own, regions, taken, made)
        answer = fewest(charge, choices)
        if answer is not None:
            return answer
    raise _hopeless(total)


def _choices(
    units: Units,
    own: set[str],
    regions: set[int],
    taken: Sequence[int],
    made: Sequence[Change],
) -> tuple[tuple[str, int], ...]:
    """Return the ions that may go with their charges: those of interstitials, then the nearest."""
    free = np.isin(units.region, list(regions)) & np.isin(units.site, _SITES)
    free &= np.abs(units.charge - np.rint(units.charge)) < 1e-6
    free[np.asarray(taken, dtype=np.int64)] = False
    ranked = []
    for number, name in enumerate(units.names):
        members = np.flatnonzero(free & (units.species == number))
        if len(members) and units.charge[members[0]]:
            far = float(_distances(units, members, made).min())
            charge = round(float(units.charge[members[0]]))
            ranked.append((name not in own, round(far, 1), name, charge))
    return tuple((name, charge) for _, _, name, charge in sorted(ranked))


def _hopeless(total: float) -> UsageError:
    """Say that nothing compensates a charge."""
    return UsageError(
        "no vacancies of this model compensate the defects",
        where="defects",
        measured=f"a charge of {total:+g} e",
        next_step="add a defect of the other charge, or write compensate: none to leave it",
    )


def _regions(units: Units, made: Sequence[Change]) -> IntArray:
    """Return the regions that defects are in."""
    codes = [units.region[change.removed] for change in made if change.removed >= 0]
    codes += [change.guest.region for change in made if change.guest is not None]
    return np.unique(np.array(codes, dtype=np.int64))


def _distances(units: Units, members: IntArray, made: Sequence[Change]) -> FloatArray:
    """Return the distance of each unit from the nearest defect in Å."""
    points = np.array([change.point for change in made]).reshape(-1, 3)
    return nearest_distances(units.centres[members], points, units)


def _best_sites(
    units: Units,
    name: str,
    count: int,
    made: Sequence[Change],
    *,
    taken: Sequence[int],
    distance: float | None,
    wall: FloatArray | None,
    rng: np.random.Generator,
) -> list[int]:
    """Return the units of a species that go."""
    number = units.names.index(name) if name in units.names else -1
    members = np.flatnonzero((units.species == number) & np.isin(units.site, _SITES))
    members = members[~np.isin(members, taken)]
    if len(members) < count:
        raise UsageError(
            f"too few {name} to compensate the defects",
            where="defects",
            measured=f"{count} needed, {len(members)} there",
            next_step="ask for fewer defects, or write compensate: none",
        )
    outside = ~np.isin(units.region[members], _regions(units, made))
    far = _distances(units, members, made)
    off = far if distance is None else np.abs(far - distance)
    if distance is None:
        own = [c for c in made if c.guest is not None and c.removed < 0 and c.guest.name == name]
        off = off + 1000.0 * (_distances(units, members, own) < FRENKEL)
    height = np.zeros(len(members)) if wall is None else wall[members]
    order = np.lexsort((rng.permutation(len(members)), height.round(1), off.round(1), outside))
    chosen: list[int] = members[order[:count]].tolist()
    return chosen


def _named(
    built: Heterostructure,
    units: Units,
    number: int,
    request: tuple[Defect, Sequence[Change]],
    *,
    before: Sequence[Change],
    wall: FloatArray | None,
    rng: np.random.Generator,
) -> list[Change]:
    """Return the defects of the kind that a request names as its compensation."""
    wanted, changes = request
    partner = parse_defect(wanted.compensate)
    sign = -1 if partner.kind == "vacancy" else 1
    own = sign * charge_of(built, units, partner.species)
    total = round(sum(change.charge for change in changes))
    if total == 0:
        return []
    count = number_of(partner.name, round(own), total)
    if partner.kind == "vacancy":
        chosen = _best_sites(
            units,
            partner.species,
            count,
            changes,
            taken=taken_units(before),
            distance=wanted.partner_distance,
            wall=wall,
            rng=rng,
        )
        return [vacancy(units, unit, partner_of=number) for unit in chosen]
    place = replace(
        partner,
        region=wanted.region,
        layer=wanted.layer,
        distance=wanted.distance,
        tolerance=wanted.tolerance,
        count=count,
        separation=wanted.separation,
    )
    made, _ = requested_changes(built, units, place, wall=wall, before=before, rng=rng)
    return [replace(change, partner_of=number) for change in made]
