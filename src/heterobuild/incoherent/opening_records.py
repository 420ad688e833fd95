"""What was taken away to open a crystal, and how near its guests are."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.incoherent.openings import DEEP, REACH, around_guests
from heterobuild.incoherent.touching import kinds_of, nearest_pairs, surface_of_atoms
from heterobuild.labels import Site
from heterobuild.model import LedgerEntry, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, IntArray
    from heterobuild.incoherent.guests import Guest
    from heterobuild.incoherent.openings import Host, Opened


def opening_record(
    host: Host, opened: Opened, guests: Sequence[Guest]
) -> tuple[tuple[LedgerEntry, ...], Step]:
    """Count what was taken away for each guest.

    Parameters
    ----------
    host : Host
        The host.
    opened : Opened
        What is left of it.
    guests : sequence of Guest
        The guests.

    Returns
    -------
    tuple of LedgerEntry
        By guest, kind of site and species.
    Step
        The same as formula units of the host and what is left over.
    """
    sites = host.draft.sites
    units = len(sites.block.framework.site)
    roles = sites.block.framework.site
    index = np.flatnonzero(opened.taken_for)
    keys = np.column_stack(
        [opened.taken_for.ravel()[index], roles[index % units], sites.species.ravel()[index]]
    ).astype(np.int64)
    rows, counts = np.unique(keys, axis=0, return_counts=True)
    entries = []
    by_guest: dict[int, Counter[str]] = {}
    merged: dict[tuple[int, int, str, float], int] = {}
    for (guest, role, species), n in zip(rows.tolist(), counts.tolist(), strict=True):
        entry = sites.table[species]
        key = (guest, role, entry.name, entry.charge)
        merged[key] = merged.get(key, 0) + n
    for (guest, role, name, charge), n in merged.items():
        by_guest.setdefault(guest, Counter())[name] += n
        entries.append(
            LedgerEntry(
                action="removed",
                species=name,
                site=Site(role).name,
                count=n,
                charge=-n * charge + 0.0,
                where=f"opening for {guests[guest - 1].name}",
                why="place of another crystal",
            )
        )
    return tuple(entries), _opening_step(host, guests, by_guest)


def _opening_step(host: Host, guests: Sequence[Guest], by_guest: dict[int, Counter[str]]) -> Step:
    """Say how many formula units went."""
    crystal = host.draft.crystals[0]
    unit, per_unit = _formula_unit(host)
    octahedral = _octahedral(host)
    values: dict[str, object] = {}
    total = 0
    for guest, counted in sorted(by_guest.items()):
        whole = min(counted[name] // n for name, n in per_unit.items() if name in octahedral)
        rest = {
            name: counted[name] - whole * per_unit.get(name, 0)
            for name in counted
            if counted[name] != whole * per_unit.get(name, 0)
        }
        total += whole
        values[guests[guest - 1].name] = {"formula_units": whole, "beside_them": rest}
    names = guests[0].name if len(guests) == 1 else f"{len(guests)} dots"
    return Step(
        name="opening",
        choice=f"whole octahedra and molecules of {total} {unit} of {crystal.name} taken away for "
        f"{names}; the wall is made neutral beside them",
        values={"formula_unit": unit, "formula_units": total, "guests": values},
    )


def _octahedral(host: Host) -> set[str]:
    """Return the names of what stands on B sites of the host."""
    roles = host.draft.sites.block.framework.site
    usual = host.draft.shares.shares[0].argmax(axis=1)
    return {host.draft.sites.table[int(k)].name for k in usual[roles == Site.B]}


def _formula_unit(host: Host) -> tuple[str, dict[str, int]]:
    """Return the smallest whole formula of the host's crystal."""
    framework = host.draft.sites.block.framework
    sites = host.draft.sites
    usual = host.draft.shares.shares[0].argmax(axis=1)
    counted = Counter(sites.table[k].name for k in usual.tolist())
    divisor = reduce(gcd, counted.values())
    units = {name: n // divisor for name, n in counted.items()}
    order = {name: int(framework.site[k]) for k, name in _named(usual, host)}
    shown = sorted(units, key=lambda name: (order[name] == Site.X, order[name]))
    text = "".join(f"{name}{units[name] if units[name] > 1 else ''}" for name in shown)
    return text, units


def _named(usual: IntArray, host: Host) -> list[tuple[int, str]]:
    """Return each unit of the framework with the name of what usually stands there."""
    return [(u, host.draft.sites.table[k].name) for u, k in enumerate(usual.tolist())]


def shortest_contacts(host: Host, guests: Sequence[Guest], there: BoolArray) -> dict[str, float]:
    """Measure the shortest contacts across the walls.

    Parameters
    ----------
    host : Host
        The host.
    guests : sequence of Guest
        The guests.
    there : (n,) bool array
        Atoms of the host that are left.

    Returns
    -------
    dict of str to float
        Distances in Å by kind of pair.
    """
    kinds, code = kinds_of(host.atoms)
    shortest: dict[str, float] = {}
    for number, index, points in around_guests(host, guests, REACH):
        chosen = there[index] & (guests[number].shape.distance(points) < DEEP)
        found = nearest_pairs(
            surface_of_atoms(guests[number].atoms), points[chosen], kinds, code[index[chosen]]
        )
        for what, length in found.items():
            shortest[what] = min(length, shortest.get(what, np.inf))
    return {what: round(length, 3) for what, length in sorted(shortest.items())}
