"""Point defects in a finished model: chosen, compensated, labelled and written down."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.editing import changed_atoms, numbered
from heterobuild.defects.partners import partner_changes
from heterobuild.defects.requests import requested_changes
from heterobuild.defects.specification import charge_marks
from heterobuild.defects.units import rigid_table
from heterobuild.defects.walls import wall_distances
from heterobuild.geometry.periodic_pairs import near_pairs
from heterobuild.labels import Site
from heterobuild.model import LedgerEntry, Step
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.defects.changes import Change
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units
    from heterobuild.model import Action, Heterostructure

_MOST_KINDS = 20
_IMAGES = 10.0
"""Distance in Å below which a defect and its own periodic images are noted."""


def add_defects(
    built: Heterostructure, defects: Sequence[Defect], *, seed: int = 0
) -> Heterostructure:
    """Return a model with point defects.

    Sites with the same surroundings are equal, and the seed draws among them. What a defect needs
    to leave no charge is added unless it says ``compensate="none"``. Molecules go as a whole.
    Nothing is relaxed.

    Parameters
    ----------
    built : Heterostructure
        The model; left unchanged.
    defects : sequence of Defect
        What is wanted. The sites of one are chosen before those of the next.
    seed : int, optional
        Seed of the choices among equal sites.

    Returns
    -------
    Heterostructure
        The model with the array ``defect`` (`heterobuild.defects.editing.DEFECT`), the ledger
        longer by what was done, and a step that tells each defect.

    Raises
    ------
    UsageError
        If a species, region or layer does not exist, there are too few sites or too little room,
        or nothing compensates the charge.

    Examples
    --------
    >>> from heterobuild import Vertical, cut_slab, load_crystal
    >>> from heterobuild.defects import Defect
    >>> crystals = [load_crystal(f"CsPb{halide}3_cubic") for halide in ("Br", "Cl")]
    >>> slabs = [cut_slab(crystal, (0, 0, 1), layers=2) for crystal in crystals]
    >>> whole = Vertical(repeat=(2, 2)).build(*slabs, name="pair", seed=0)
    >>> with_pair = add_defects(whole, [Defect(kind="vacancy", species="Br", layer=1)])
    >>> len(whole.atoms) - len(with_pair.atoms), with_pair.steps[-1].values["charge_e"]
    (2, 0.0)
    """
    units = rigid_table(built)
    wall = wall_distances(built, units)
    requests: list[tuple[Defect, list[Change]]] = []
    kinds: list[tuple[int, ...]] = []
    done: list[Change] = []
    for number, wanted in enumerate(defects, 1):
        rng = generator(seed, f"defect {number} {wanted.name}")
        made, counts = requested_changes(built, units, wanted, wall=wall, before=done, rng=rng)
        requests.append((wanted, made))
        kinds.append(counts)
        done += made
    rng = generator(seed, "partners of defects")
    done += partner_changes(built, units, requests, wall=wall, rng=rng)
    step = _step(built, units, done, defects, kinds)
    return with_changes(built, units, done, step)


def with_changes(
    built: Heterostructure, units: Units, changes: Sequence[Change], step: Step
) -> Heterostructure:
    """Return a model in which defects are made and written down.

    Parameters
    ----------
    built : Heterostructure
        The model; left unchanged.
    units : Units
        Its rigid units.
    changes : sequence of Change
        The defects.
    step : Step
        What is said about them.

    Returns
    -------
    Heterostructure
        The changed model.
    """
    atoms, _ = changed_atoms(built, units, changes)
    notices = built.notices
    near = _own_image(units)
    if near is not None:
        notices = (*notices, f"defects are {near:.1f} Å from their own periodic images")
    return replace(
        built,
        atoms=atoms,
        steps=(*built.steps, step),
        notices=notices,
        ledger=(*built.ledger, *_ledger(built, units, changes)),
    )


def _own_image(units: Units) -> float | None:
    """Return the shortest lattice vector, where it is short."""
    _, _, vectors = near_pairs(np.zeros((1, 3)), units.cell, units.pbc, _IMAGES)
    return float(np.linalg.norm(vectors, axis=1).min()) if len(vectors) else None


def recorded(
    built: Heterostructure, units: Units, changes: Sequence[Change]
) -> list[dict[str, object]]:
    """Return what is recorded about each defect.

    Parameters
    ----------
    built : Heterostructure
        The model before.
    units : Units
        Its rigid units.
    changes : sequence of Change
        The defects.

    Returns
    -------
    list of dict
        Plain data.
    """
    if not changes:
        return []
    far = wall_distances(built, units, np.stack([change.point for change in changes]))
    walls = [None] * len(changes) if far is None else far.tolist()
    first = numbered(built) + 1
    return [
        {"number": number} | _described(built, units, change, wall)
        for number, (change, wall) in enumerate(zip(changes, walls, strict=True), first)
    ]


def _described(
    built: Heterostructure, units: Units, change: Change, wall: float | None
) -> dict[str, object]:
    """Return what is recorded about one defect, at a distance from the wall in Å."""
    region, layer, _ = _home(units, change)
    names = {entry.code: entry.name for entry in built.regions}
    return {
        "name": change.name,
        "kroger_vink": change.name + charge_marks(change.charge),
        "charge_e": change.charge,
        "region": names.get(region, ""),
        "layer": layer,
        "position_A": [round(float(x), 6) + 0.0 for x in change.point],
        "wall_distance_A": None if wall is None else round(wall, 3),
        "compensates": change.partner_of >= 0,
    }


def _home(units: Units, change: Change) -> tuple[int, int, int]:
    """Return region, layer and site of a defect."""
    if change.removed >= 0:
        unit = change.removed
        return int(units.region[unit]), int(units.layer[unit]), int(units.site[unit])
    guest = change.guest
    return (0, 0, 0) if guest is None else (guest.region, guest.layer, guest.site)


def _step(
    built: Heterostructure,
    units: Units,
    changes: Sequence[Change],
    defects: Sequence[Defect],
    kinds: Sequence[tuple[int, ...]],
) -> Step:
    """Say which defects there are, where, and what charge they leave."""
    entries = recorded(built, units, changes)
    charge = round(sum(change.charge for change in changes), 6) + 0.0
    left = "no charge left" if charge == 0 else f"a charge of {charge:+g} e is left on purpose"
    chosen = {
        f"{number} {wanted.name}": {"kinds": len(counts), "sites": list(counts[:_MOST_KINDS])}
        for number, (wanted, counts) in enumerate(zip(defects, kinds, strict=True), 1)
    }
    return Step(
        name="defects",
        choice=f"{in_words(entries)}; {left}",
        values={"charge_e": charge, "defects": entries, "sites_to_choose_from": chosen},
    )


def in_words(entries: Sequence[dict[str, object]]) -> str:
    """Return defects in words, equal ones counted.

    Parameters
    ----------
    entries : sequence of dict
        Records of `recorded`.

    Returns
    -------
    str
        One line.
    """
    counts = Counter(
        f"{entry['kroger_vink']} in {entry['region']} layer {entry['layer']}"
        + (" to compensate" if entry["compensates"] else "")
        for entry in entries
    )
    return ", ".join(f"{n} {words}" if n > 1 else words for words, n in counts.items())


def _ledger(built: Heterostructure, units: Units, changes: Sequence[Change]) -> list[LedgerEntry]:
    """Return one entry for each kind of change at each place."""
    names = {entry.code: entry.name for entry in built.regions}
    found: dict[tuple[Action, str, str, str, str], list[float]] = {}
    for change in changes:
        region, layer, site = _home(units, change)
        action, species = _done(units, change)
        where = f"{names.get(region, '')} layer {layer}".strip()
        why = "compensation of defects" if change.partner_of >= 0 else f"defect {change.name}"
        key = (action, species, Site(site).name, where, why)
        found.setdefault(key, []).append(change.charge)
    return [
        LedgerEntry(
            action=action,
            species=species,
            site=site,
            count=len(charges),
            charge=float(sum(charges)),
            where=where,
            why=why,
        )
        for (action, species, site, where, why), charges in found.items()
    ]


def _done(units: Units, change: Change) -> tuple[Action, str]:
    """Return what was done, and to which species."""
    gone = "" if change.removed < 0 else units.names[units.species[change.removed]]
    if change.guest is None:
        return "removed", gone
    if not gone:
        return "added", change.guest.name
    return "exchanged", f"{gone} → {change.guest.name}"
