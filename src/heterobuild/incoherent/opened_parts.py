"""From a host and its guests to the labelled atoms that are left of the host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.sites import EMPTY, layers
from heterobuild.incoherent.guests import SITE_INDEX, emitted
from heterobuild.incoherent.opening_records import opening_record, shortest_contacts
from heterobuild.incoherent.openings import Host, open_host
from heterobuild.incoherent.wall_neutrality import neutral_walls
from heterobuild.incoherent.wall_sites import completed_walls
from heterobuild.labels import LAYER, take
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import CodeArray, FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.incoherent.guests import Guest
    from heterobuild.incoherent.openings import Opened
    from heterobuild.model import LedgerEntry, Molecule

NEAREST = 4
"""Dots near an octahedron to which its distance is measured; the closest wall is one of theirs."""


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedPart:
    """What is left of a host.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    chosen : (n,) int array
        Which atoms of the host they are.
    octahedra : int
        Octahedra that are left.
    ledger : tuple of LedgerEntry
        What was taken away: for the guests, then for neutrality.
    steps : tuple of Step
        The same in words.
    contacts : dict of str to float
        Shortest contacts across the walls in Å.
    """

    atoms: Atoms
    chosen: IntArray
    octahedra: int
    ledger: tuple[LedgerEntry, ...]
    steps: tuple[Step, ...]
    contacts: dict[str, float]


def host_of(
    draft: Draft,
    *,
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
    region: int,
    cations: str,
    seed: int,
) -> tuple[Host, tuple[Molecule, ...], list[Step]]:
    """Emit a host before it is opened.

    Parameters
    ----------
    draft : Draft
        Its draft, neutral.
    cell : (3, 3) float array
        Cell in Å.
    pbc : tuple of bool
        Its periodic directions.
    region : int
        Code of its atoms.
    cations : str
        Rule that orients molecular cations of free orientation.
    seed : int
        Seed of the rule.

    Returns
    -------
    Host
        The host.
    tuple of Molecule
        Table of its molecules.
    list of Step
        What the rule did.
    """
    atoms, molecules, steps = emitted(
        draft,
        turn=np.eye(3),
        cell=cell,
        pbc=pbc,
        region=region,
        cations=cations,
        seed=seed,
        name=draft.names[0],
    )
    site_of = atoms.arrays.pop(SITE_INDEX).astype(np.int64)
    return Host(draft=draft, atoms=atoms, site_of=site_of, cell=cell, pbc=pbc), molecules, steps


def open_for(
    host: Host,
    guests: Sequence[Guest],
    *,
    gap: float,
    policy: str,
    seed: int,
    surface: str = "",
) -> OpenedPart:
    """Open a host for its guests and make the walls neutral.

    Parameters
    ----------
    host : Host
        The host.
    guests : sequence of Guest
        The guests at their places.
    gap : float
        Distance in Å that all ions keep from the guests at least; with 0 the closest touch.
    policy : str
        How the walls become neutral.
    seed : int
        Decides between equals.
    surface : str, optional
        Name of a host that is still charged: its surface becomes neutral with the wall.

    Returns
    -------
    OpenedPart
        What is left.

    Raises
    ------
    UsageError
        If nothing is left, or the policy cannot reach zero charge.
    """
    opened = open_host(host, guests, gap=gap)
    if not surface and policy in {"auto", "add-A"}:
        opened = completed_walls(host, opened, guests, gap=gap)
    before = opened
    opened, changed, steps = neutral_walls(host, opened, guests, policy, seed=seed, surface=surface)
    entries, step = opening_record(host, before, guests, opened, surface=surface)
    there = opened.kept.ravel()[host.site_of]
    chosen = np.flatnonzero(there)
    atoms = take(host.atoms, chosen)
    layer = _layers(host, opened, guests)
    atoms.arrays[LAYER] = layer.ravel()[host.site_of[there]]
    return OpenedPart(
        atoms=atoms,
        chosen=chosen,
        octahedra=int(opened.octahedra.sum()),
        ledger=(*entries, *changed),
        steps=(step, *steps),
        contacts=shortest_contacts(host, guests, there),
    )


def _layers(host: Host, opened: Opened, guests: Sequence[Guest]) -> CodeArray:
    """Count octahedra outward from the nearest wall."""
    draft = host.draft
    framework = draft.sites.block.framework
    edge = framework.octahedron_volume ** (1 / 3)
    wall = np.zeros(draft.sites.block.octahedra, dtype=np.float32)
    for b, unit in enumerate(framework.b_units.tolist()):
        points = draft.sites.block.positions(unit)
        points -= draft.centre
        distance = nearest_wall(points @ draft.rotation, guests, host.cell, host.pbc)
        wall[..., b] = distance.reshape(wall.shape[:3])
    np.maximum(wall, 0.0, out=wall)
    present = opened.kept & (draft.sites.species != EMPTY)
    return layers(draft.sites.block, present, (wall,), region=None, step=edge)


def nearest_wall(
    points: FloatArray,
    guests: Sequence[Guest],
    cell: FloatArray,
    pbc: tuple[bool, bool, bool],
) -> FloatArray:
    """Measure the distance of points from the nearest guest.

    Parameters
    ----------
    points : (n, 3) float array
        Points in Å.
    guests : sequence of Guest
        The guests.
    cell : (3, 3) float array
        Cell in Å.
    pbc : tuple of bool
        Its periodic directions.

    Returns
    -------
    (n,) float array
        Signed distances in Å from the solids of the B cations; the nearest `NEAREST` centres and
        their images are compared.
    """
    from scipy.spatial import cKDTree

    spans = [np.arange(-1, 2) if periodic else np.zeros(1) for periodic in pbc]
    steps = np.stack(np.meshgrid(*spans, indexing="ij"), axis=-1).reshape(-1, 3)
    shifts = steps @ cell if any(pbc) else np.zeros((1, 3))
    centres = (np.array([g.centre for g in guests])[:, None] + shifts[None]).reshape(-1, 3)
    wrapped = points
    if any(pbc):
        fractions = points @ np.linalg.inv(cell)
        wrapped = points - (np.floor(fractions) * np.array(pbc)) @ cell
    _, near = cKDTree(centres).query(wrapped, k=min(NEAREST, len(centres)))
    near = near.reshape(len(points), -1)
    least = np.full(len(points), np.inf)
    for column in near.T:
        owner = column // len(shifts)
        for k in np.unique(owner).tolist():
            chosen = np.flatnonzero(owner == k)
            distance = guests[k].shape.distance(wrapped[chosen] - centres[column[chosen]])
            least[chosen] = np.minimum(least[chosen], distance)
    return least


def at_place(guest: Guest) -> Atoms:
    """Return the atoms of a guest where it stands.

    Parameters
    ----------
    guest : Guest
        The guest; left unchanged.

    Returns
    -------
    ase.Atoms
        Its labelled atoms.
    """
    atoms = take(guest.atoms, np.arange(len(guest.atoms)))
    atoms.positions += guest.centre
    return atoms


def merged_steps(steps: Sequence[Step]) -> list[Step]:
    """Tell what was done to each of many dots once for each kind of step.

    Parameters
    ----------
    steps : sequence of Step
        Steps of all of them.

    Returns
    -------
    list of Step
        One of each name, in the order of the first.
    """
    kinds: dict[str, list[Step]] = {}
    for step in steps:
        kinds.setdefault(step.name, []).append(step)
    return [
        group[0]
        if len(group) == 1
        else Step(
            name=name,
            choice=f"{group[0].choice}; and {len(group) - 1} more dots",
            values={"each": [dict(step.values) for step in group]},
        )
        for name, group in kinds.items()
    ]
