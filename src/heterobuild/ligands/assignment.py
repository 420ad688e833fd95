"""Which ligand stands at which site: the least dipole, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.ligands.balanced_sites import least_dipole_mixture, least_dipole_subset
from heterobuild.ligands.moments import ligand_moments

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.ligands.anchors import Anchors
    from heterobuild.ligands.bodies import LigandBody


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteGroup:
    """Kinds of ligand that take the same sites.

    Parameters
    ----------
    kinds : (g,) int array
        The kinds.
    free : (m,) bool array
        Sites that they may take.
    leaves : bool
        Whether the ions of their sites leave.
    """

    kinds: IntArray
    free: BoolArray
    leaves: bool


def assign_sites(
    anchors: Anchors,
    bodies: list[LigandBody],
    numbers: IntArray,
    groups: list[SiteGroup],
    *,
    residual: FloatArray,
    directions: BoolArray | None,
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """Choose the sites of each group, then which of its kinds stands where.

    Parameters
    ----------
    anchors : Anchors
        Sites of the surface.
    bodies : list of LigandBody
        Kinds of ligand.
    numbers : (n,) int array
        How many there are of each kind.
    groups : list of SiteGroup
        Kinds that take the same sites; each kind is in one group.
    residual : (3,) float array
        Dipole in e·Å of the particle before.
    directions : (3,) bool array or None
        Components of the dipole that count; None for all.
    rng : numpy.random.Generator
        Decides between equals.

    Returns
    -------
    (k,) int array
        Kind of each ligand, group by group.
    (k,) int array
        Its site.
    """
    points, used = anchors.positions, np.empty(0, dtype=np.int64)
    total = residual.copy()
    places: list[IntArray] = []
    means: list[FloatArray] = []
    moments = [
        np.array(
            [ligand_moments(bodies[k], anchors, _replaced(anchors, group)) for k in group.kinds]
        )
        for group in groups
    ]
    starts = _apart(points, groups, [int(numbers[group.kinds].sum()) for group in groups], rng)
    for group, each, start in zip(groups, moments, starts, strict=True):
        number = numbers[group.kinds]
        weights = number if number.any() else None
        mean = np.average(each, axis=0, weights=weights) if each.size else each[0]
        free = np.setdiff1d(np.flatnonzero(group.free), used)
        later = np.concatenate([np.empty(0, dtype=np.int64), *starts[len(places) + 1 :]])
        free = np.setdiff1d(free, later) if len(groups) > 1 else free
        chosen = free[
            least_dipole_subset(
                points[free],
                mean[free],
                int(number.sum()),
                charge=_added_charge(anchors, bodies, group, free),
                residual=total,
                directions=directions,
                occupied=points[used],
                start=np.searchsorted(free, start) if len(groups) > 1 else None,
                rng=rng,
            )
        ]
        used = np.concatenate([used, chosen])
        places.append(chosen)
        means.append(mean[chosen].sum(axis=0))
        total += means[-1]
    kinds = []
    for group, each, chosen, mean in zip(groups, moments, places, means, strict=True):
        mixed = least_dipole_mixture(
            points[chosen],
            each[:, chosen],
            numbers[group.kinds],
            residual=total - mean,
            directions=directions,
            rng=rng,
        )
        total += each[mixed, chosen].sum(axis=0) - mean
        kinds.append(group.kinds[mixed])
    return np.concatenate(kinds), np.concatenate(places)


def _apart(
    points: FloatArray, groups: list[SiteGroup], wanted: list[int], rng: np.random.Generator
) -> list[IntArray]:
    """Return sites of several groups, each next the farthest from all; empty for one group."""
    if len(groups) == 1:
        return [np.empty(0, dtype=np.int64)]
    gap = 1e6 + rng.random(len(points))
    jitter = 1e-3 * rng.random(len(points))
    free = np.ones(len(points), dtype=np.bool_)
    number = np.array(wanted)
    found: list[list[int]] = [[] for _ in groups]
    for _ in range(int(number.sum())):
        done = np.array([len(entry) for entry in found])
        share = (done + 0.5) / np.maximum(number, 1)
        group = int(np.argmin(np.where(done < number, share, np.inf)))
        site = int(np.argmax(np.where(free & groups[group].free, gap + jitter, -1.0)))
        found[group].append(site)
        free[site] = False
        np.minimum(gap, np.linalg.norm(points - points[site], axis=1), out=gap)
    return [np.array(sorted(entry), dtype=np.int64) for entry in found]


def _replaced(anchors: Anchors, group: SiteGroup) -> BoolArray:
    """Tell at which sites an ion makes way for a ligand of a group."""
    return anchors.present & group.leaves


def _added_charge(
    anchors: Anchors, bodies: list[LigandBody], group: SiteGroup, free: IntArray
) -> float:
    """Return the charge that every ligand of a group adds, 0 where they differ or nothing does."""
    charges = np.array([float(bodies[k].molecule.charge) for k in group.kinds])
    lost = np.where(_replaced(anchors, group)[free], anchors.charge[free], 0.0)
    sizes = np.maximum(1, np.abs(np.round(charges)))
    added = charges[:, None] - sizes[:, None] * lost
    return float(added.flat[0]) if added.size and np.ptp(added) == 0 else 0.0


def emptied_sites(
    anchors: Anchors, groups: list[SiteGroup], kind: IntArray, site: IntArray, sizes: IntArray
) -> IntArray:
    """Return the sites whose ions make way for each ligand.

    Parameters
    ----------
    anchors : Anchors
        Sites of the surface.
    groups : list of SiteGroup
        Kinds that take the same sites.
    kind, site : (k,) int array
        Kind and site of each ligand.
    sizes : (n,) int array
        How many ions each kind replaces.

    Returns
    -------
    (k, z) int array
        Its own site and the nearest free ones, -1 where there are fewer.
    """
    used = np.zeros(len(anchors.role), dtype=np.bool_)
    used[site] = True
    table = np.full((len(site), int(sizes.max())), -1, dtype=np.int64)
    for group in groups:
        mine = np.flatnonzero(np.isin(kind, group.kinds))
        rows = _with_neighbours(
            anchors.positions, group.free & ~used, site[mine], sizes[kind[mine]]
        )
        for row, places in zip(mine.tolist(), rows, strict=True):
            used[places] = True
            if group.leaves:
                table[row, : len(places)] = places
    return table


def _with_neighbours(
    positions: FloatArray, free: BoolArray, places: IntArray, sizes: IntArray
) -> list[list[int]]:
    """Return the sites that each ligand empties: its own, and the nearest free ones."""
    left = free.copy()
    rows = [[place] for place in places.tolist()]
    for row in np.repeat(np.arange(len(places)), sizes - 1).tolist():
        others = np.flatnonzero(left)
        gaps = np.linalg.norm(positions[others] - positions[places[row]], axis=1)
        nearest = int(others[np.argmin(np.round(gaps, 6))])
        left[nearest] = False
        rows[row].append(nearest)
    return rows
