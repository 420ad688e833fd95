"""Each grain brought to zero charge, and to next to no dipole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.frameworks.block import links_of
from heterobuild.frameworks.emission import site_positions
from heterobuild.incoherent.grains_dipoles import SMALL, neutral_pairs, with_small_dipole
from heterobuild.incoherent.grains_kept import site_charges
from heterobuild.labels import Site
from heterobuild.model import LedgerEntry, Step
from heterobuild.particles.charge_policies import (
    CHARGE_TOLERANCE,
    ION_POLICIES,
    plan_counts,
)
from heterobuild.registry import suggest
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.incoherent.grains_filling import Grain
    from heterobuild.incoherent.grains_kept import Kept

POLICIES = ("auto", "remove-A", "remove-X", "refuse")
"""What is known of grains: between them there is no room for more ions."""

LARGE = 8.0
"""e·Å; a dipole of a grain above which pairs of A and X go too."""

MOST_PAIRS = 30
"""Most such pairs of a grain."""

FEW_BONDS = {"remove-A": 4, "remove-X": 1}
"""Most octahedra that a unit of such a pair belongs to: an A on a flat face, a terminal X."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Balance:
    """What was taken away from a grain for neutrality."""

    used: str
    removed: IntArray
    dipole: FloatArray
    pairs: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def neutral_grains(
    grains: Sequence[Grain],
    kept: Sequence[Kept],
    policy: str,
    *,
    seed: int,
    endless: Sequence[bool],
) -> tuple[list[Kept], tuple[LedgerEntry, ...], Step]:
    """Bring each grain to zero charge by itself, and to nearly no dipole.

    Ions at the walls with the fewest bonds go first, the last class of them such that little
    dipole is left; where it stays large, bonds no longer count.

    Parameters
    ----------
    grains : sequence of Grain
        The grains.
    kept : sequence of Kept
        What is left of each.
    policy : {"auto", "remove-A", "remove-X", "refuse"}
        "auto" takes cations away from a positive grain, and terminal halides from a negative one.
    seed : int
        Decides between equals.
    endless : sequence of bool
        Which grains have no dipole, because they repeat with the cell.

    Returns
    -------
    list of Kept
        Neutral grains.
    tuple of LedgerEntry
        What was taken away, all grains of a phase together.
    Step
        The policy and its numbers.

    Raises
    ------
    UnknownNameError
        If there is no such policy.
    UsageError
        If the policy cannot reach zero charge.
    """
    if policy not in POLICIES:
        raise UnknownNameError(
            f"unknown way to neutrality {policy!r} of grains",
            where="neutrality",
            allowed=", ".join(POLICIES),
            next_step=suggest(policy, POLICIES),
        )
    found, balances = [], []
    for number, (grain, left) in enumerate(zip(grains, kept, strict=True), 1):
        rng = generator(seed, f"neutrality of grain {number}")
        dipole = np.full(3, np.nan) if endless[number - 1] else _dipole(grain, left)
        balance = _balance(grain, left, dipole, policy, rng, where=f"grain {number}")
        stays = left.sites.copy()
        stays[balance.removed] = stays[balance.pairs] = False
        found.append(replace(left, sites=stays, charge=0.0))
        balances.append(balance)
    return found, _entries(grains, balances), _step(policy, kept, balances)


def _balance(
    grain: Grain,
    left: Kept,
    dipole: FloatArray,
    policy: str,
    rng: np.random.Generator,
    *,
    where: str,
) -> _Balance:
    """Choose what goes from one grain; it has no dipole to look at where that is not a number."""
    endless = bool(np.isnan(dipole).any())
    if abs(left.charge) < CHARGE_TOLERANCE:
        nothing = np.empty(0, dtype=np.int64)
        balance = _Balance(used="none", removed=nothing, dipole=dipole)
        return balance if endless or policy == "refuse" else _without_dipole(grain, left, balance)
    used = policy
    if policy == "auto":
        used = "remove-A" if left.charge > 0 else "remove-X"
    index, bonds = _at_wall(grain, left, used)
    effect = -site_charges(grain)[index]
    plan = plan_counts(left.charge, effect, bonds.astype(np.float64))
    if policy == "refuse" or not plan.neutral:
        raise UsageError(
            f"the formal charge is {left.charge:+g} e and the policy {policy} leaves "
            f"{left.charge if policy == 'refuse' else plan.left:+g} e",
            where=where,
            allowed="0 e",
            next_step="use neutrality: auto, or larger grains",
        )
    taken = np.zeros(len(index), dtype=bool)
    for value, count in plan.counts.items():
        own = np.flatnonzero(effect == value)
        order = own[np.lexsort((rng.permutation(len(own)), bonds[own]))]
        taken[order[:count]] = True
        if not endless:
            points = _points(grain, index[own])
            dipole = dipole + value * points[taken[own]].sum(axis=0)
            dipole = _evened(points, (own, bonds[own]), taken, value, dipole)
    balance = _Balance(used=used, removed=index[taken], dipole=dipole)
    return balance if endless else _without_dipole(grain, left, balance)


def _without_dipole(grain: Grain, left: Kept, balance: _Balance) -> _Balance:
    """Take away pairs of A and X where a dipole is left: a small grain has few ions to choose."""
    if np.linalg.norm(balance.dipole) < LARGE:
        return balance
    stays = left.sites.copy()
    stays[balance.removed] = False
    still = replace(left, sites=stays)
    charges, ends = site_charges(grain), []
    for used, charge in (("remove-A", 1.0), ("remove-X", -1.0)):
        index, bonds = _at_wall(grain, still, used)
        own = index[charges[index] == charge]
        ends.append(own[bonds[charges[index] == charge] <= FEW_BONDS[used]])
    first, second, dipole = neutral_pairs(
        _points(grain, ends[0]), _points(grain, ends[1]), balance.dipole, most=MOST_PAIRS
    )
    pairs = np.sort(np.concatenate([ends[0][first], ends[1][second]]))
    return replace(balance, pairs=pairs, dipole=dipole)


def _evened(
    points: FloatArray,
    units: tuple[IntArray, IntArray],
    taken: BoolArray,
    value: float,
    dipole: FloatArray,
) -> FloatArray:
    """Exchange units of the last class, and of all classes where a large dipole is left."""
    own, bonds = units
    last = bonds[taken[own]].max()
    for least in (last, 0):
        alike = np.flatnonzero((bonds == last) if least else np.ones(len(bonds), dtype=bool))
        chosen, dipole = with_small_dipole(points[alike], taken[own[alike]], value, dipole)
        taken[own[alike]] = chosen
        if np.linalg.norm(dipole) < 4 * SMALL:
            break
    return dipole


def _at_wall(grain: Grain, left: Kept, used: str) -> tuple[IntArray, IntArray]:
    """Return the ions at the walls that may go, and the octahedra they belong to."""
    framework = grain.draft.sites.block.framework
    bonds = links_of(grain.draft.sites.block, left.octahedra).ravel()
    roles = np.isin(framework.site, ION_POLICIES[used].sites) if used in ION_POLICIES else None
    cells = len(bonds) // len(framework.site)
    may = left.sites & (bonds < np.tile(framework.full, cells))
    if roles is not None:
        may &= np.tile(roles, cells)
    index = np.flatnonzero(may)
    return index, bonds[index].astype(np.int64)


def _points(grain: Grain, index: IntArray) -> FloatArray:
    """Return where sites are about the centre of the grain."""
    draft = grain.draft
    return site_positions(
        draft.sites, index, rotation=draft.rotation, shift=-draft.centre @ draft.rotation
    )


def _dipole(grain: Grain, left: Kept) -> FloatArray:
    """Return the dipole of point charges on what is left, about the centre of the grain."""
    index = np.flatnonzero(left.sites)
    total: FloatArray = site_charges(grain)[index] @ _points(grain, index)
    return total


def _entries(grains: Sequence[Grain], balances: Sequence[_Balance]) -> tuple[LedgerEntry, ...]:
    """Count what was taken away from all grains of a crystal, by species."""
    sums: Counter[tuple[str, str, str, str, float]] = Counter()
    for grain, balance in zip(grains, balances, strict=True):
        sites = grain.draft.sites
        roles = sites.block.framework.site
        where = f"walls of grains of {grain.draft.crystals[0].name}"
        for why, index in (
            (f"neutrality: {balance.used}", balance.removed),
            ("pairs against the dipole of a grain", balance.pairs),
        ):
            codes = np.stack([sites.species.ravel()[index], roles[index % len(roles)]])
            for (species, role), count in zip(*_counted(codes), strict=True):
                entry = sites.table[species]
                sums[where, entry.name, Site(role).name, why, entry.charge] += count
    return tuple(
        LedgerEntry(
            action="removed",
            species=species,
            site=site,
            count=count,
            charge=-count * charge,
            where=where,
            why=why,
        )
        for (where, species, site, why, charge), count in sums.items()
    )


def _counted(codes: IntArray) -> tuple[list[list[int]], list[int]]:
    """Return the different columns and how often each is there."""
    columns, counts = np.unique(codes.astype(np.int64), axis=1, return_counts=True)
    return columns.T.tolist(), counts.tolist()


def _step(policy: str, kept: Sequence[Kept], balances: Sequence[_Balance]) -> Step:
    """Tell what was done to how many grains."""
    used = dict(sorted(Counter(balance.used for balance in balances).items()))
    removed = sum(len(balance.removed) for balance in balances)
    pairs = sum(len(balance.pairs) for balance in balances) // 2
    dipoles = [float(np.nan_to_num(np.linalg.norm(balance.dipole))) for balance in balances]
    words = ", ".join(f"{name} {count}" for name, count in used.items())
    return Step(
        name="neutrality",
        choice=f"each of {len(balances)} grains by itself ({words}): {removed} units taken "
        f"away, and {pairs} pairs of A and X against dipoles; largest dipole of a grain "
        f"{max(dipoles):.2f} e·Å",
        values={
            "policy": policy,
            "used": used,
            "removed": removed,
            "pairs_removed": pairs,
            "charge_before_e": [left.charge for left in kept][:1000],
            "dipole_after_eA": [round(size, 4) for size in dipoles[:1000]],
        },
    )
