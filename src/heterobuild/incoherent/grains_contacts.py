"""Atoms near the walls of grains, and pairs of them across walls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.phase_maps import with_images
from heterobuild.incoherent.grains_filling import OUT
from heterobuild.incoherent.touching import kinds_of, touching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.incoherent.grains_filling import Grain
    from heterobuild.incoherent.touching import Kind

UNSURE = 1.5
"""Å by which depths below curved walls may be wrong, which are known on a grid only: 1.1 Å within
5 Å of the wall of a ball of 14 Å radius, and less at flatter walls."""

_SAME = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Contacts:
    """Atoms of all grains that are near walls, and the pairs of them across walls.

    Parameters
    ----------
    grain : (m,) int array
        Number of the grain of each such atom, from 0.
    site : (m,) int array
        Flat index of its site in the grain.
    kind : (m,) int array
        Its kind.
    kinds : tuple of Kind
        The kinds.
    first, second : (p,) int array
        Atoms of each pair.
    length : (p,) float array
        Distance in Å.
    near : (p,) bool array
        Whether the pair is too near.
    """

    grain: IntArray
    site: IntArray
    kind: IntArray
    kinds: tuple[Kind, ...]
    first: IntArray
    second: IntArray
    length: FloatArray
    near: BoolArray


@dataclass(frozen=True, kw_only=True, eq=False)
class WallAtoms:
    """Atoms near walls.

    Parameters
    ----------
    points : (m, 3) float array
        Positions in Å.
    grain, site, kind : (m,) int array
        Grain from 0, site in the grain, and kind.
    kinds : tuple of Kind
        The kinds.
    """

    points: FloatArray
    grain: IntArray
    site: IntArray
    kind: IntArray
    kinds: tuple[Kind, ...]


def wall_atoms(grains: Sequence[Grain], reach: float) -> WallAtoms:
    """Collect the atoms near walls.

    Parameters
    ----------
    grains : sequence of Grain
        The grains.
    reach : float
        Depth in Å below the wall up to which atoms count; of molecules by their farthest atom.

    Returns
    -------
    WallAtoms
        The atoms, grain after grain.
    """
    table: dict[Kind, int] = {}
    rows: list[tuple[IntArray, ...]] = []
    points = []
    for number, grain in enumerate(grains):
        kinds, code = kinds_of(grain.atoms)
        own = np.array([table.setdefault(kind, len(table)) for kind in kinds], dtype=np.int64)
        sizes = [float(np.linalg.norm(m.positions, axis=1).max()) for m in grain.molecules]
        near = np.flatnonzero(grain.depth[grain.site_of] < reach + max(sizes, default=0.0))
        points.append(grain.atoms.positions[near])
        rows.append((np.full(len(near), number), grain.site_of[near], own[code[near]]))
    grain_of, site, kind = (np.concatenate(column) for column in zip(*rows, strict=True))
    return WallAtoms(
        points=np.concatenate(points),
        grain=grain_of,
        site=site,
        kind=kind,
        kinds=tuple(table),
    )


def distances_allowed(kinds: Sequence[Kind], gap: float) -> FloatArray:
    """Return how near atoms of two grains may come.

    Parameters
    ----------
    kinds : sequence of Kind
        Kinds of atoms.
    gap : float
        Distance in Å that all of them keep at least.

    Returns
    -------
    (k, k) float array
        Distances in Å.
    """
    count = len(kinds)
    found = np.zeros((count, count))
    for i, first in enumerate(kinds):
        for j, second in enumerate(kinds):
            found[i, j] = max(touching(first, second), gap)
    return found


def find_contacts(
    grains: Sequence[Grain], cell: FloatArray, endless: Sequence[bool], gap: float
) -> Contacts:
    """Find pairs of atoms of different grains, or of a grain and its own image, that are near.

    Parameters
    ----------
    grains : sequence of Grain
        The grains.
    cell : (3, 3) float array
        Cell in Å.
    endless : sequence of bool
        Which grains have the lattice of the cell, so that their images continue them.
    gap : float
        Distance in Å that all ions of two grains keep at least; 0 where touching is enough.

    Returns
    -------
    Contacts
        The pairs up to the longest distance at which atoms of two grains touch.
    """
    reach = _longest(grains, gap)
    walls = wall_atoms(grains, reach + OUT + UNSURE)
    allowed = distances_allowed(walls.kinds, gap)
    first, second, length = _across(walls, cell, np.asarray(endless), reach)
    return Contacts(
        grain=walls.grain,
        site=walls.site,
        kind=walls.kind,
        kinds=walls.kinds,
        first=first,
        second=second,
        length=length,
        near=length < allowed[walls.kind[first], walls.kind[second]],
    )


def _across(
    walls: WallAtoms, cell: FloatArray, endless: BoolArray, reach: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return pairs of atoms of different grains, or of a grain and its image, each once.

    Pairs inside grains, which are most of all, are dropped as soon as they are found.
    """
    from scipy.spatial import cKDTree

    images, number = with_images(walls.points, cell, reach)
    fractions = images @ np.linalg.inv(cell)
    home = np.asarray(((fractions >= 0) & (fractions < 1)).all(axis=1))
    pairs = cKDTree(images).query_pairs(reach, output_type="ndarray")
    a, b = pairs[:, 0], pairs[:, 1]
    i, j = number[a], number[b]
    # A pair across the boundary is found from either side: kept from that of the lower number.
    once = (home[a] & home[b]) | (home[a] & (i < j)) | (home[b] & (j < i))
    unlike = walls.grain[i] != walls.grain[j]
    kept = np.flatnonzero(once & (unlike | ~endless[walls.grain[i]]))
    a, b, i, j, unlike = a[kept], b[kept], i[kept], j[kept], unlike[kept]
    vectors = images[b] - images[a]
    direct = np.abs(walls.points[j] - walls.points[i] - vectors).max(axis=1) < _SAME
    far = unlike | ~direct
    low, high = np.minimum(i, j)[far], np.maximum(i, j)[far]
    length: FloatArray = np.sqrt(np.einsum("ij,ij->i", vectors[far], vectors[far]))
    order = np.lexsort((length.round(6), high, low))
    return low[order], high[order], length[order]


def shortest_contacts(contacts: Contacts, kept: Sequence[BoolArray]) -> dict[str, float]:
    """Return the shortest distances across walls between atoms that stay.

    Parameters
    ----------
    contacts : Contacts
        The pairs.
    kept : sequence of (s,) bool array
        Sites of each grain that stay.

    Returns
    -------
    dict of str to float
        Distances in Å of opposite ions, anions, cations and molecules, where some pair is nearer
        than the longest distance at which atoms touch.
    """
    there = np.zeros(len(contacts.grain), dtype=bool)
    starts = np.searchsorted(contacts.grain, np.arange(len(kept) + 1))
    for sites, low, high in zip(kept, starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        there[low:high] = sites[contacts.site[low:high]]
    both = there[contacts.first] & there[contacts.second]
    count = len(contacts.kinds)
    pair = contacts.kind[contacts.first[both]] * count + contacts.kind[contacts.second[both]]
    least = np.full(count * count, np.inf)
    np.minimum.at(least, pair, contacts.length[both])
    found: dict[str, float] = {}
    for number in np.flatnonzero(np.isfinite(least)).tolist():
        first, second = (contacts.kinds[k] for k in divmod(number, count))
        what = _what(first, second)
        found[what] = min(round(float(least[number]), 3), found.get(what, np.inf))
    return dict(sorted(found.items()))


def _what(first: Kind, second: Kind) -> str:
    """Name a pair of kinds."""
    if first.molecular or second.molecular:
        return "molecules"
    if first.charge * second.charge <= 0:
        return "opposite"
    return "anions" if first.charge < 0 else "cations"


def _longest(grains: Sequence[Grain], gap: float) -> float:
    """Return the longest distance at which atoms of two grains touch."""
    kinds: dict[Kind, None] = {}
    seen = set()
    for grain in grains:
        crystal = grain.draft.crystals[0].name
        if crystal not in seen:
            seen.add(crystal)
            kinds |= dict.fromkeys(kinds_of(grain.atoms)[0])
    return float(distances_allowed(tuple(kinds), gap).max())
