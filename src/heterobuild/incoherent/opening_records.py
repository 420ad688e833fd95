"""What was taken away to open a crystal, and how near its guests are."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import halides_of
from heterobuild.frameworks.sites import EMPTY
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
    host: Host,
    opened: Opened,
    guests: Sequence[Guest],
    left: Opened | None = None,
    *,
    surface: str = "",
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
    left : Opened, optional
        What is left of it when its walls are neutral; `opened` by default.
    surface : str, optional
        Name of a host whose outer surface became neutral together with the wall.

    Returns
    -------
    tuple of LedgerEntry
        By guest, kind of site and species; without what neutrality took.
    Step
        The same as formula units of the host and what is left over, then all that is gone, and
        how many B cations have fewer halides than in the crystal.
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
    return tuple(entries), _opening_step(
        host, guests, by_guest, opened, left or opened, surface=surface
    )


def _opening_step(
    host: Host,
    guests: Sequence[Guest],
    by_guest: dict[int, Counter[str]],
    opened: Opened,
    left: Opened,
    *,
    surface: str,
) -> Step:
    """Say how many formula units went."""
    unit, per_unit = _formula_unit(host)
    octahedral = _octahedral(host)
    each: dict[str, object] = {}
    for guest, counted in sorted(by_guest.items()):
        whole, rest = _units_and_rest(counted, per_unit, octahedral)
        each[guests[guest - 1].name] = {"formula_units": whole, "beside_them": rest}
    gone, charges = _gone(host, left)
    whole, rest = _units_and_rest(gone, per_unit, octahedral)
    fewer = _short_of_halides(host, opened, left)
    names = guests[0].name if len(guests) == 1 else f"{len(guests)} dots"
    words = f"{whole} {unit}" + beside_words(rest, charges)
    return Step(
        name="opening",
        choice=f"{words} of {host.draft.crystals[0].name} taken away for {names}"
        + (f" and at the surface of {surface}" if surface else "")
        + ", as octahedra and molecules and for the charge of "
        + ("wall and surface" if surface else "the wall")
        + f"; {fewer or 'no'} B left with fewer halides",
        values={
            "formula_unit": unit,
            "formula_units": whole,
            "beside_them": rest,
            "B_with_fewer_halides": fewer,
            "guests": each,
        },
    )


def _units_and_rest(
    counted: Counter[str], per_unit: dict[str, int], octahedral: set[str]
) -> tuple[int, dict[str, int]]:
    """Return the whole formula units by their B cations, and what is more or fewer."""
    whole = min(counted[name] // n for name, n in per_unit.items() if name in octahedral)
    rest = {name: counted[name] - whole * per_unit.get(name, 0) for name in {*counted, *per_unit}}
    return whole, {name: rest[name] for name in sorted(rest) if rest[name]}


def _gone(host: Host, left: Opened) -> tuple[Counter[str], dict[str, float]]:
    """Count all that is gone, with the charge of each."""
    sites = host.draft.sites
    species = sites.species[(sites.species != EMPTY) & ~left.kept]
    counts = np.bincount(species, minlength=len(sites.table)).tolist()
    gone: Counter[str] = Counter()
    for entry, n in zip(sites.table, counts, strict=True):
        gone[entry.name] += n
    return gone, {entry.name: entry.charge for entry in sites.table}


def _short_of_halides(host: Host, opened: Opened, left: Opened) -> int:
    """Count the B cations that lost halides for the charge of a wall."""
    block = host.draft.sites.block
    halides = block.framework.site == Site.X
    lost = halides_of(block, opened.kept & ~left.kept & halides)
    return int((left.octahedra & (lost > 0)).sum())


def beside_words(rest: dict[str, int], charges: dict[str, float]) -> str:
    """Say what was taken away beside whole formula units, as neutral salts where it is some.

    Parameters
    ----------
    rest : dict of str to int
        Ions and molecules that are more, or where negative fewer.
    charges : dict of str to float
        Charge of each in e.

    Returns
    -------
    str
        Words that follow the formula units; empty where nothing is beside them.

    Examples
    --------
    >>> beside_words({"Cs": 4, "Br": 4}, {"Cs": 1.0, "Br": -1.0})
    ' and 4 CsBr more'
    >>> beside_words({"Pb": 1, "Cs": -3, "Br": -1}, {"Cs": 1.0, "Pb": 2.0, "Br": -1.0})
    ' and 1 PbBr2 more, 3 CsBr fewer'
    """
    halides = [name for name in rest if charges[name] == -1]
    cations = [name for name in rest if charges[name] > 0 and float(charges[name]).is_integer()]
    neutral = abs(sum(n * charges[name] for name, n in rest.items())) < 1e-6
    if neutral and len(halides) <= 1 and len(cations) + len(halides) == len(rest) and cations:
        halide = halides[0] if halides else "X"
        salts = {
            f"{name}{halide}{int(charges[name]) if charges[name] > 1 else ''}": rest[name]
            for name in sorted(cations, key=lambda name: (-charges[name], name))
        }
    else:
        salts = dict(rest)
    said = [f"{abs(n)} {name} {'more' if n > 0 else 'fewer'}" for name, n in salts.items()]
    return f" and {', '.join(said)}" if said else ""


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
