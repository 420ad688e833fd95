"""The walls of an opened crystal brought to zero charge, each by itself where that is possible."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import links_of
from heterobuild.frameworks.emission import site_positions
from heterobuild.incoherent.wall_sites import removable_sites, wall_charges
from heterobuild.labels import CHARGE, Site
from heterobuild.model import Step
from heterobuild.particles.charge_balance import Candidates
from heterobuild.particles.charge_policies import CHARGE_TOLERANCE
from heterobuild.particles.neutrality import neutralise
from heterobuild.particles.site_neutrality import named_species

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import CodeArray, FloatArray, IntArray
    from heterobuild.incoherent.guests import Guest
    from heterobuild.incoherent.openings import Host, Opened
    from heterobuild.model import LedgerEntry
    from heterobuild.particles.charge_balance import Balance

_MAY_CHANGE = (Site.A, Site.X, Site.SPACER)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Walls:
    """Sites at the walls and what is needed to judge them."""

    index: IntArray
    points: FloatArray
    bonds: CodeArray
    owner: CodeArray
    charge: FloatArray
    dipole: FloatArray


def neutral_walls(
    host: Host,
    opened: Opened,
    guests: Sequence[Guest],
    policy: str,
    *,
    seed: int,
    surface: str = "",
) -> tuple[Opened, tuple[LedgerEntry, ...], tuple[Step, ...]]:
    """Take ions away at the walls of an opened host until it is neutral.

    Host and guests are neutral by themselves before, so the charge of a wall is that of what was
    taken away for its guest. Each wall becomes neutral by itself; where the policy cannot do
    that for one of them, all of them are taken together. Only sites at the walls change, and
    no place that was cleared for a guest is filled again.

    Parameters
    ----------
    host : Host
        The host.
    opened : Opened
        What is left of it.
    guests : sequence of Guest
        The guests.
    policy : str
        See `heterobuild.particles.charge_policies`; "auto" takes cations away from a positive
        wall and terminal halides from a negative one.
    seed : int
        Decides between equals.
    surface : str, optional
        Name of a host that is still charged, with one guest: its outer surface becomes neutral
        together with the wall. Empty where the host is neutral.

    Returns
    -------
    Opened
        What is left then.
    tuple of LedgerEntry
        What was taken away for neutrality.
    tuple of Step
        The policy and its numbers.

    Raises
    ------
    UsageError
        If the policy cannot reach zero charge, or refuses.
    """
    walls = _walls(host, opened, guests, policy)
    if surface:
        walls = _with_surface(host, opened, guests[0], walls)
    found: list[tuple[IntArray, Balance]] = []
    note = ""
    try:
        for number, guest in enumerate(guests, 1):
            own = np.flatnonzero(walls.owner == number)
            found.append(
                (
                    own,
                    _balance(
                        host, walls, own, policy, numbers=[number], seed=seed,
                        where=f"wall of {guest.name}" + (surface and f" and surface of {surface}"),
                    ),
                )
            )  # fmt: skip
    except UsageError as error:
        if len(guests) == 1 or policy == "refuse":
            raise
        note = f"{error.where} cannot become neutral by itself"
        everything = np.arange(len(walls.index))
        numbers = list(range(1, len(guests) + 1))
        balance = _balance(
            host, walls, everything, policy, numbers=numbers, seed=seed, where="walls of all dots"
        )
        found = [(everything, balance)]
    kept = opened.kept.copy()
    for own, balance in found:
        kept.ravel()[walls.index[own[balance.removed]]] = False
    entries = tuple(entry for _, balance in found for entry in balance.entries)
    return replace(opened, kept=kept), entries, _steps([balance for _, balance in found], note)


def _walls(host: Host, opened: Opened, guests: Sequence[Guest], policy: str) -> _Walls:
    """Collect the sites at the walls, and charge and dipole of each wall."""
    draft = host.draft
    sites, roles = draft.sites, draft.sites.block.framework.site
    index = np.flatnonzero(opened.wall_of.astype(bool) & np.isin(roles, _MAY_CHANGE))
    bonds = links_of(sites.block, opened.octahedra).ravel()
    if policy in {"auto", "remove-X"}:
        index = removable_sites(host, opened, index, bonds, wall_charges(host, opened, len(guests)))
    owner = opened.wall_of.ravel()[index]
    taken = np.flatnonzero(opened.taken_for)
    taker = opened.taken_for.ravel()[taken]
    charges = sites.charges[sites.species.ravel()[taken]]
    away = _local(host, taken, taker, guests)
    count = len(guests) + 1
    dipole = np.stack(
        [-np.bincount(taker, weights=charges * away[:, k], minlength=count)[1:] for k in range(3)],
        axis=1,
    )
    for number, guest in enumerate(guests):
        dipole[number] += guest.atoms.arrays[CHARGE] @ guest.atoms.positions
    return _Walls(
        index=index,
        points=_local(host, index, owner, guests),
        bonds=bonds[index],
        owner=owner,
        charge=wall_charges(host, opened, len(guests)),
        dipole=dipole.astype(np.float64),
    )


def _with_surface(host: Host, opened: Opened, guest: Guest, walls: _Walls) -> _Walls:
    """Add the outer surface of a charged particle; charge and dipole are those of the whole."""
    sites = host.draft.sites
    roles = sites.block.framework.site
    bonds = links_of(sites.block, opened.octahedra)
    open_sites = opened.kept & (bonds < sites.block.framework.full)
    index = np.flatnonzero(open_sites & np.isin(roles, _MAY_CHANGE))
    ones = np.ones(len(index), dtype=np.int16)
    kept = np.flatnonzero(opened.kept)
    charges = sites.charges[sites.species.ravel()[kept]]
    places = _local(host, kept, np.ones(len(kept), dtype=np.int16), [guest])
    dipole = charges @ places + guest.atoms.arrays[CHARGE] @ guest.atoms.positions
    return replace(
        walls,
        index=index,
        points=_local(host, index, ones, [guest]),
        bonds=bonds.ravel()[index],
        owner=ones,
        charge=np.array([charges.sum().round(6) + 0.0]),
        dipole=dipole[None],
    )


def _local(host: Host, index: IntArray, owner: CodeArray, guests: Sequence[Guest]) -> FloatArray:
    """Return where sites are relative to the centre of their guest, the nearest image of it."""
    draft = host.draft
    points = site_positions(
        draft.sites, index, rotation=draft.rotation, shift=-draft.centre @ draft.rotation
    )
    centres = np.array([guest.centre for guest in guests])
    away = points - centres[owner.astype(np.intp) - 1]
    if any(host.pbc):
        steps = np.rint(away @ np.linalg.inv(host.cell)) * np.array(host.pbc)
        away -= steps @ host.cell
    found: FloatArray = away
    return found


def _balance(
    host: Host,
    walls: _Walls,
    own: IntArray,
    policy: str,
    *,
    numbers: list[int],
    seed: int,
    where: str,
) -> Balance:
    """Bring some walls to zero together."""
    sites = host.draft.sites
    framework = sites.block.framework
    index = walls.index[own]
    unit = index % len(framework.site)
    species = sites.species.ravel()[index]
    bonds = walls.bonds[own].astype(np.int64)
    candidates = Candidates(
        points=walls.points[own],
        charge=sites.charges[species],
        site=framework.site[unit],
        bonds=bonds,
        present=np.ones(len(own), dtype=bool),
        full=framework.full[unit],
        **named_species(sites, species),
    )
    rows = np.array(numbers) - 1
    axes = pseudocubic_directions(framework.cell, framework.crystal.pseudocubic)
    return neutralise(
        float(walls.charge[rows].sum().round(6)) + 0.0,
        walls.dipole[rows].sum(axis=0),
        candidates,
        policy,
        seed=seed,
        where=where,
        axes=axes @ host.draft.rotation,
    )


def _steps(balances: Sequence[Balance], note: str) -> tuple[Step, ...]:
    """Tell of each wall; of many walls in one step."""
    if len(balances) == 1:
        step = balances[0].step
        return (replace(step, choice=f"{step.choice}; {note}") if note else step,)
    removed = [int(str(balance.step.values["removed"])) for balance in balances]
    before = [float(str(balance.step.values["charge_before_e"])) for balance in balances]
    charged = sum(abs(charge) >= CHARGE_TOLERANCE for charge in before)
    return (
        Step(
            name="neutrality",
            choice=f"each wall by itself: {sum(removed)} units taken away at {charged} of "
            f"{len(balances)} walls that had a charge",
            values={"walls": [dict(balance.step.values) for balance in balances]},
        ),
    )
