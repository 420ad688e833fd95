"""Exchange whole molecules of a finished model for others of the same charge, as at walls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms

from heterobuild import labels
from heterobuild.alloys.counts import largest_remainder
from heterobuild.errors import NothingFitsError, UsageError
from heterobuild.labels import Site
from heterobuild.ligands.attaching import closest_contacts
from heterobuild.ligands.bodies import load_ligand
from heterobuild.ligands.candidates import find_candidates
from heterobuild.ligands.swapping import begin_swaps, swap
from heterobuild.model import LedgerEntry, Step
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.ligands.candidates import SwapSites
    from heterobuild.ligands.task import State, Task
    from heterobuild.model import Heterostructure, Molecule

_HEAD_ROOM = 4.0
_PATIENCE = 40
"""Places one after another without room for a kind after which no more are tried."""


def exchange_molecules(
    built: Heterostructure,
    fractions: Mapping[str, float],
    *,
    among: str,
    within: float | None = None,
    region: int | None = None,
    seed: int = 0,
    where: str = "walls",
) -> Heterostructure:
    """Exchange molecules, or single cations, of a model for others of the same charge.

    The head of the new molecule takes the place of the head of the old one, to 0.6 Å along its
    axis, and the new tail is turned until it touches nothing: first as the old one stood, then as
    its neighbours stand, then over a grid of tilts and azimuths about the old axis. A new molecule
    in place of a single ion stands on the surface of its own part and may rise by 4 Å. Contacts
    are at least 0.8 of the sum of van der Waals radii, 0.7 for N–H and O–H to an acceptor.
    Old molecules alone in the way are turned, up to three at once. Molecules are rigid and never
    mirrored. All other atoms and the cell stay: along open directions it needs room for them.

    Parameters
    ----------
    built : Heterostructure
        The model; left unchanged.
    fractions : mapping of str to float
        New molecules, and the share of the old ones that each replaces; the sum is at most one.
    among : str
        Name of a molecule of the model, or element of ions on A sites at the surface of a region.
    within : float, optional
        Only molecules with a non-hydrogen atom within this distance in Å of an atom of another
        region; by default all.
    region : int, optional
        Code of the only region in which they are replaced; by default all.
    seed : int, optional
        Seed of the choice and of the azimuths.
    where : str, optional
        Place for the ledger.

    Returns
    -------
    Heterostructure
        The model with the new molecules behind all other atoms, entries in its ledger, and a step.
        Those that are replaced lie evenly apart, as far as there is room.

    Raises
    ------
    UsageError
        If there is nothing to replace, charges differ, or fractions make no sense.
    NothingFitsError
        If fewer find room than asked for; with the fraction that did.

    Examples
    --------
    >>> from heterobuild.architectures.particle import carve_particle
    >>> built = carve_particle("CsPbBr3_cubic", octahedra=2, ligands={"PEA": 1.0}, coverage=0.5)
    >>> mixed = exchange_molecules(built, {"Br-PEA": 0.5}, among="PEA")
    >>> [(entry.species, entry.count) for entry in mixed.ledger[1:]]
    [('Cs → PEA', 10), ('PEA → BrPEA', 5)]
    """
    new = tuple(load_ligand(name) for name in fractions)
    shares = _shares(fractions)
    sites = find_candidates(built, among, within, region)
    _judge_charges(new, sites)
    total = len(sites.atoms)
    rng = generator(seed, f"exchange of {among}")
    numbers = largest_remainder(np.append(shares, 1.0 - shares.sum()) * total, total)[:-1]
    task, state = begin_swaps(built.atoms, new, sites)
    _swap_all(task, state, numbers, rng)
    counts = np.bincount(task.kind, minlength=len(new) + 1)[: len(new)]
    _require_all(counts, numbers, new, sites)
    done = np.flatnonzero(task.kind < len(new))
    if not len(done):
        return built
    atoms, molecules = _joined(built, new, sites, (task, state), done)
    first = len(built.atoms) - sites.atoms[done].size
    ratios = closest_contacts(atoms, first, task.shifts)
    return replace(
        built,
        atoms=atoms,
        molecules=molecules,
        ledger=(*built.ledger, *_entries(counts, new, sites, (built.atoms, where))),
        steps=(
            *built.steps,
            _step(counts, sites, (task, state), done, within=within, ratios=ratios),
        ),
    )


def _shares(fractions: Mapping[str, float]) -> FloatArray:
    """Return the shares, or refuse more than all."""
    shares = np.array([float(value) for value in fractions.values()])
    if not len(shares) or not (shares >= 0).all() or shares.sum() > 1.0 + 1e-6:
        raise UsageError(
            "the fractions of the new molecules cannot be used",
            measured=", ".join(f"{name} {value:g}" for name, value in fractions.items()) or "none",
            allowed="shares from 0 to 1 with a sum of at most 1",
            next_step="give the share of the old molecules that each replaces",
        )
    scaled: FloatArray = shares / max(1.0, float(shares.sum()))
    return scaled


def _judge_charges(new: tuple[Molecule, ...], sites: SwapSites) -> None:
    """Refuse molecules of another charge."""
    for molecule in new:
        if abs(molecule.charge - sites.charge) > 1e-6:
            raise UsageError(
                f"{molecule.name} cannot replace {sites.name}: their charges differ",
                measured=f"{molecule.charge:+g} e",
                allowed=f"{sites.charge:+g} e",
                next_step="choose a molecule of the same charge, so that the model stays neutral",
            )


def _swap_all(task: Task, state: State, numbers: IntArray, rng: np.random.Generator) -> None:
    """Replace old molecules, evenly apart; those with the bulkiest heads choose first."""
    bulk = [int((np.linalg.norm(b.body[b.heavy], axis=1) < _HEAD_ROOM).sum()) for b in task.bodies]
    for kind in np.argsort([-bulk[k] for k in range(len(numbers))], kind="stable").tolist():
        left, failed = int(numbers[kind]), 0
        for site in _far_apart(task.origins, rng).tolist():
            if not left or failed == _PATIENCE:
                break
            if task.kind[site] == len(numbers):
                stands = swap(task, state, site, kind, rng)
                left, failed = left - stands, 0 if stands else failed + 1


def _far_apart(points: FloatArray, rng: np.random.Generator) -> IntArray:
    """Return an order of points in which each next one is the farthest from those before."""
    gap = 1e6 + rng.random(len(points))
    jitter = 1e-3 * rng.random(len(points))
    order = np.empty(len(points), dtype=np.int64)
    for step in range(len(points)):
        order[step] = np.argmax(gap + jitter)
        np.minimum(gap, np.linalg.norm(points - points[order[step]], axis=1), out=gap)
        gap[order[step]] = -np.inf
    return order


def _require_all(
    counts: IntArray,
    numbers: IntArray,
    new: tuple[Molecule, ...],
    sites: SwapSites,
) -> None:
    """Refuse where fewer molecules found room than asked for."""
    total = len(sites.atoms)
    if (counts == numbers).all():
        return
    found = ", ".join(f"{n} {m.name}" for m, n in zip(new, counts.tolist(), strict=True))
    asked = ", ".join(f"{n} {m.name}" for m, n in zip(new, numbers.tolist(), strict=True))
    raise NothingFitsError(
        "the new molecules do not all find room in place of the old ones",
        where=f"{total} {sites.name} {sites.place}".rstrip(),
        measured=f"room for {found}",
        allowed=f"{asked}, no contact below 0.8 of the sum of van der Waals radii, 0.7 for "
        "hydrogen bonds",
        next_step=f"{_less(counts, new, total)}, or choose slimmer molecules",
    )


def _less(counts: IntArray, new: tuple[Molecule, ...], total: int) -> str:
    """Say which shares found room, and what to leave out because nothing of it did."""
    shares = np.floor(1e3 * counts / total) / 1e3
    named = {m.name: share for m, share in zip(new, shares.tolist(), strict=True)}
    lower = ", ".join(f"{name} {share:g}" for name, share in named.items() if share)
    none = ", ".join(name for name, share in named.items() if not share)
    words = (lower and f"lower the fractions to {lower}", none and f"leave {none} out")
    return " and ".join(filter(None, words))


def _joined(
    built: Heterostructure,
    new: tuple[Molecule, ...],
    sites: SwapSites,
    search: tuple[Task, State],
    done: IntArray,
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Return the model without the old molecules, then the new ones."""
    task, state = search
    atoms = built.atoms
    kinds = task.kind[done]
    turned = atoms.copy()
    for row, points in zip(sites.atoms, state.points, strict=True):
        if points is not None and len(points) == len(row):
            turned.positions[row] = points
    rest = labels.take(turned, np.setdiff1d(np.arange(len(atoms)), sites.atoms[done]))
    sizes = np.array([len(new[k].numbers) for k in kinds.tolist()])
    places = [state.points[k] for k in done.tolist()]
    added = Atoms(
        numbers=np.concatenate([new[k].numbers for k in kinds.tolist()]),
        positions=np.concatenate([place for place in places if place is not None]),
    )
    old = sites.atoms[done, 0]
    site = atoms.arrays[labels.SITE][old]
    of_each = {
        labels.SITE: np.where(site == Site.A, Site.LIGAND, site),
        labels.REGION: atoms.arrays[labels.REGION][old],
        labels.LAYER: atoms.arrays[labels.LAYER][old],
        labels.KIND: kinds + 1,
        labels.MOLECULE: np.arange(len(done)) + 1,
    }
    for name, column in of_each.items():
        added.arrays[name] = np.repeat(column, sizes)
    charges = [new[k].charges for k in kinds.tolist()]
    added.arrays[labels.CHARGE] = np.concatenate(charges)
    return labels.join(
        [(rest, built.molecules), (added, new)],
        cell=np.asarray(atoms.cell),
        pbc=(bool(atoms.pbc[0]), bool(atoms.pbc[1]), bool(atoms.pbc[2])),
    )


def _entries(
    counts: IntArray,
    new: tuple[Molecule, ...],
    sites: SwapSites,
    place: tuple[Atoms, str],
) -> tuple[LedgerEntry, ...]:
    """Return what was exchanged."""
    atoms, where = place
    site = Site(int(atoms.arrays[labels.SITE][sites.atoms[0, 0]])).name
    return tuple(
        LedgerEntry(
            action="exchanged",
            species=f"{sites.name} → {molecule.name}",
            site=site,
            count=count,
            charge=0.0,
            where=where,
            why="molecules asked for",
        )
        for molecule, count in zip(new, counts.tolist(), strict=True)
        if count
    )


def _step(
    counts: IntArray,
    sites: SwapSites,
    search: tuple[Task, State],
    done: IntArray,
    *,
    within: float | None,
    ratios: tuple[float, float],
) -> Step:
    """Tell the numbers."""
    task, state = search
    named = {b.molecule.name: n for b, n in zip(task.bodies, counts.tolist(), strict=False)}
    others = np.setdiff1d(np.arange(len(task.kind)), done)
    text = ", ".join(f"{n} {name}" for name, n in named.items())
    return Step(
        name="exchanged molecules",
        choice=f"{text} in place of {len(done)} of {len(sites.atoms)} {sites.name} "
        f"{sites.place}".rstrip(),
        values={
            "counts": named,
            "candidates": len(sites.atoms),
            "within_A": within,
            "turned": int(np.count_nonzero(state.tries[others])),
            "tilt_deg": [round(float(f(state.tilt[done])), 3) for f in (np.min, np.max)],
            "lift_A": [round(float(f(state.lift[done])), 3) for f in (np.min, np.max)],
            "contact_ratio": round(ratios[0], 4) if np.isfinite(ratios[0]) else None,
            "hydrogen_bond_ratio": round(ratios[1], 4) if np.isfinite(ratios[1]) else None,
        },
    )
