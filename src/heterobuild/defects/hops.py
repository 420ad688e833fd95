"""The two ends of a halide hop across a wall, for the nudged elastic band method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.adding import in_words, recorded, with_changes
from heterobuild.defects.editing import DEFECT, changed_atoms, neighbours_of, numbered
from heterobuild.defects.partners import partner_changes
from heterobuild.defects.requests import vacancy
from heterobuild.defects.specification import Defect, Hop
from heterobuild.defects.units import apart, rigid_table
from heterobuild.defects.walls import wall_distances
from heterobuild.errors import UsageError
from heterobuild.geometry.periodic_pairs import near_pairs
from heterobuild.labels import Site
from heterobuild.model import Step
from heterobuild.registry import suggest
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.defects.changes import Change
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure

_BONDED = 1.2
_CIS = 135.0
"""Angle in degrees at the B cation up to which two halides share an edge of the octahedron."""

_LIKE = 0.1


@dataclass(frozen=True, kw_only=True, eq=False)
class _Paths:
    """Possible hops: from a halide over the edge of an octahedron to another halide's site."""

    start: IntArray
    end: IntArray
    cation: IntArray
    vector: FloatArray

    def chosen(self, index: IntArray) -> _Paths:
        """Return some of them."""
        return _Paths(
            start=self.start[index],
            end=self.end[index],
            cation=self.cation[index],
            vector=self.vector[index],
        )


def halide_hop(
    built: Heterostructure, hop: Hop | None = None, *, seed: int = 0
) -> tuple[Heterostructure, Heterostructure]:
    """Return both ends of the jump of a halide across a wall.

    A halide vacancy is on one side of the wall. A halide of the other side that shares an edge of
    an octahedron with it jumps into it; such jumps along octahedron edges are those by which
    halides migrate (10.1038/ncomms8497). Both models have the same atoms in the same order, and
    only the jumping atom stands elsewhere, by the shortest way, never wrapped. What compensates the
    charge is the same in both.

    Parameters
    ----------
    built : Heterostructure
        The model; left unchanged.
    hop : Hop, optional
        Which halide, and into which part; any where not given.
    seed : int, optional
        Seed of the choice among equal paths.

    Returns
    -------
    initial, final : Heterostructure
        Named ``NAME-initial`` and ``NAME-final``. The array ``defect`` is positive for the jumping
        atom, and negative for the neighbours of both of its places and of other vacancies.

    Raises
    ------
    UsageError
        If no octahedron has halides of two regions, or none as asked for.
    """
    hop = Hop() if hop is None else hop
    units = rigid_table(built)
    wall = wall_distances(built, units)
    paths = _across_walls(built, units, hop)
    rng = generator(seed, "halide hop")
    equal = _best(units, paths, wall)
    path = paths.chosen(np.array([rng.choice(equal)]))
    jumping, empty = int(path.start[0]), int(path.end[0])
    changes = _changes(built, units, hop, path, wall=wall, rng=rng)
    step = _step(built, units, changes, path, len(equal))
    initial = with_changes(built, units, changes, step)
    old = changed_atoms(built, units, changes)[1]
    atom = int(np.searchsorted(old, units.first[jumping]))
    _mark(initial.atoms, old, neighbours_of(units, [jumping])[1], atom, numbered(built) + 1)
    atoms = initial.atoms.copy()
    atoms.positions[atom] += path.vector[0]
    words = f"{units.names[units.species[jumping]]} at atom {atom}, counted from 0"
    values = dict(step.values) | {"atom": atom, "vacancy_unit": units.names[units.species[empty]]}
    step = replace(step, choice=f"{step.choice}; {words}", values=values)
    steps = (*built.steps, step)
    return (
        replace(initial, name=f"{built.name}-initial", steps=steps),
        replace(initial, name=f"{built.name}-final", steps=steps, atoms=atoms),
    )


def _mark(atoms: Atoms, old: IntArray, around: IntArray, atom: int, number: int) -> None:
    """Mark the jumping atom, and what it leaves, in atoms that were just made."""
    beside = np.flatnonzero(np.isin(old, around))
    marks = atoms.arrays[DEFECT]
    marks[beside] = np.where(marks[beside] == 0, -number, marks[beside])
    marks[atom] = number


def _across_walls(built: Heterostructure, units: Units, hop: Hop) -> _Paths:
    """Return all hops across a wall that are as asked for."""
    paths = _edges(units)
    across = units.region[paths.start] != units.region[paths.end]
    if not across.any():
        raise UsageError(
            "no octahedron has halides on both sides of a wall",
            where="hop",
            next_step="build a coherent wall, or a stack whose network continues",
        )
    paths = paths.chosen(np.flatnonzero(across))
    paths = _wanted_species(units, paths, hop)
    return _undisturbed(built, units, _wanted_side(built, units, paths, hop))


def _undisturbed(built: Heterostructure, units: Units, paths: _Paths) -> _Paths:
    """Keep the hops that do not touch other defects, where there are such."""
    marks = built.atoms.arrays.get(DEFECT)
    if marks is None:
        return paths
    near = marks[units.first] != 0
    clear = np.flatnonzero(~(near[paths.start] | near[paths.end] | near[paths.cation]))
    return paths.chosen(clear) if len(clear) else paths


def _edges(units: Units) -> _Paths:
    """Return all pairs of halides that share an edge of an octahedron."""
    cations = np.flatnonzero(units.site == Site.B)
    halides = np.flatnonzero(units.site == Site.X)
    radius = units.radius[units.first]
    reach = _BONDED * (radius[cations].max(initial=0) + radius[halides].max(initial=0))
    i, j, vectors = near_pairs(
        units.centres[cations], units.cell, units.pbc, float(reach), units.centres[halides]
    )
    cation, halide = cations[i], halides[j]
    near = np.linalg.norm(vectors, axis=1) < _BONDED * (radius[cation] + radius[halide])
    cation, halide, vectors = cation[near], halide[near], vectors[near]
    first, second = _pairs_of_each(cation)
    a, b = vectors[first], vectors[second]
    cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    cis = (cosine > np.cos(np.radians(_CIS))) & (halide[first] != halide[second])
    first, second = first[cis], second[cis]
    return _Paths(
        start=halide[first],
        end=halide[second],
        cation=cation[first],
        vector=vectors[second] - vectors[first],
    )


def _pairs_of_each(group: IntArray) -> tuple[IntArray, IntArray]:
    """Return all ordered pairs of different rows that belong to the same group; rows are sorted."""
    count = np.bincount(group)
    begin = np.cumsum(count) - count
    size = count[group]
    first = np.repeat(np.arange(len(group)), size)
    rank = np.arange(len(first)) - np.repeat(np.cumsum(size) - size, size)
    second = begin[group[first]] + rank
    different = first != second
    return first[different], second[different]


def _wanted_species(units: Units, paths: _Paths, hop: Hop) -> _Paths:
    """Keep the hops of the halide that is wanted."""
    if hop.species is None:
        return paths
    names = [units.names[k] for k in np.unique(units.species[paths.start]).tolist()]
    if hop.species not in names:
        raise UsageError(
            f"no {hop.species} can jump across a wall",
            where="hop",
            next_step=suggest(hop.species, names),
        )
    wanted = units.names.index(hop.species)
    return paths.chosen(np.flatnonzero(units.species[paths.start] == wanted))


def _wanted_side(built: Heterostructure, units: Units, paths: _Paths, hop: Hop) -> _Paths:
    """Keep the hops into the region that is wanted."""
    if hop.into is None:
        return paths
    codes = [entry.code for entry in built.regions if entry.name == hop.into]
    into = np.flatnonzero(np.isin(units.region[paths.end], codes))
    if not len(into):
        held = units.region[paths.end]
        raise UsageError(
            f"no halide can jump into {hop.into!r}",
            where="hop",
            next_step=suggest(
                hop.into, {entry.name for entry in built.regions if entry.code in held}
            ),
        )
    return paths.chosen(into)


def _best(units: Units, paths: _Paths, wall: FloatArray | None) -> IntArray:
    """Return the hops nearest to the wall, of those the shortest, of those all that are alike."""
    length = np.linalg.norm(paths.vector, axis=1)
    middle = np.zeros(len(length))
    if wall is not None:
        middle = (wall[paths.start] + wall[paths.end]) / 2
    near = np.flatnonzero(middle <= middle.min() + _LIKE)
    near = near[length[near] <= length[near].min() + _LIKE]
    kind = units.species[paths.start] * len(units.names) + units.species[paths.end]
    kind = kind * (int(units.region.max()) + 1) + units.region[paths.end]
    found, counts = np.unique(kind[near], return_counts=True)
    chosen: IntArray = near[kind[near] == found[counts.argmax()]]
    return chosen


def _changes(
    built: Heterostructure,
    units: Units,
    hop: Hop,
    path: _Paths,
    *,
    wall: FloatArray | None,
    rng: np.random.Generator,
) -> list[Change]:
    """Return the vacancy at the end of the path and what compensates it, off the path."""
    empty = vacancy(units, int(path.end[0]))
    request = Defect(
        kind="vacancy",
        species=units.names[units.species[path.end[0]]],
        compensate=hop.compensate,
        partner_distance=_clear(units, path, wall, hop),
    )
    return [empty, *partner_changes(built, units, [(request, [empty])], wall=wall, rng=rng)]


def _clear(units: Units, path: _Paths, wall: FloatArray | None, hop: Hop) -> float | None:
    """Return how far from the vacancy its partner stands: as far as A cations near the wall do."""
    if hop.partner_distance is not None or hop.compensate == "none":
        return hop.partner_distance
    empty = int(path.end[0])
    members = np.flatnonzero((units.site == Site.A) & (units.region == units.region[empty]))
    if not len(members):
        return None
    if wall is not None:
        members = members[wall[members] <= wall[members].min() + _LIKE]
    away = np.linalg.norm(apart(units.centres[members] - units.centres[empty], units), axis=1)
    return float(away.max())


def _step(
    built: Heterostructure,
    units: Units,
    changes: list[Change],
    path: _Paths,
    equal: int,
) -> Step:
    """Say which jump it is."""
    names = {entry.code: entry.name for entry in built.regions}
    start, end, cation = int(path.start[0]), int(path.end[0]), int(path.cation[0])
    length = float(np.linalg.norm(path.vector[0]))
    entries = recorded(built, units, changes)
    charge = round(sum(change.charge for change in changes), 6) + 0.0
    from_name, to_name = names[int(units.region[start])], names[int(units.region[end])]
    return Step(
        name="hop",
        choice=(
            f"{units.names[units.species[start]]} from {from_name} into "
            f"{in_words(entries[:1])} around one {units.names[units.species[cation]]}, "
            f"{length:.2f} Å, one of {equal} paths as near the wall and as short"
            + (f"; {in_words(entries[1:])}" if len(entries) > 1 else "")
        ),
        values={
            "charge_e": charge,
            "defects": entries,
            "from": from_name,
            "into": to_name,
            "length_A": round(length, 6),
            "vector_A": [round(float(x), 6) + 0.0 for x in path.vector[0]],
            "paths_to_choose_from": equal,
        },
    )
