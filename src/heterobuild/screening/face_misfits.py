"""The in-plane misfit of one face on another, and the coincidence in which they fit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.crystals.cubes import cube_face
from heterobuild.matching import MatchLimits, find_matches
from heterobuild.screening.cube_misfits import cube_on_cube, misfits_of
from heterobuild.screening.wood import cell_on_edges, wood_label
from heterobuild.slabs import face_indices, surface_cell

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Match, Miller

Verdict: TypeAlias = Literal["fits", "coincidence", "too large"]

RULE = 0.05
"""Mismatch above which the field takes it as too large for epitaxy."""

USUAL_AREA = 200.0
"""Å²; about six pseudo-cubic cells, so that only small coincidences are named."""

TWO_CELLS = 2.2
"""Area of two cells with ten percent to spare."""

MOST_CELLS = 3
"""Primitive surface cells of one side up to which one cell of the other still fits on them. With
more, nearly every pair of lattices has such a relation somewhere below the rule, and it says
nothing; three leave the (√3 × √3)R30° of hexagonal on cubic (111) faces."""

WIDEST = 0.2
"""Logarithmic strain up to which the closest cell beyond the rule is looked for."""

MOST_EDGES = 3
"""Edges of a cube in a coincidence: enough for 2 on 3, that of CsPbBr3 on SrTiO3
(10.1021/jacs.7b07506)."""

SAME = 1e-6
"""Misfits closer than this are the same."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FaceMisfit:
    """How one face fits on another.

    Parameters
    ----------
    film_face, substrate_face : tuple of int
        Miller indices in the conventional setting of each crystal.
    film_cell, substrate_cell : (2, 2) float array
        Primitive surface cells in Å.
    cube_on_cube : tuple of float or None
        Principal misfits with the edges of the cubes laid on one another, the larger magnitude
        first; None where a face is no face of a cube.
    misfits : tuple of float or None
        Principal misfits of the relation that `relation` names, the larger magnitude first; None
        where no common cell is near.
    relation : str
        ``cube on cube``, or the cells that coincide in the notation of Wood; empty where no
        common cell is near.
    match : Match or None
        The common cell of the relation; None where it is larger than was searched.
    better : Match or None
        The least strained common cell within the area, where it has less than half the strain.
    better_relation : str
        Its surface cells; empty where there is none.
    verdict : {"fits", "coincidence", "too large"}
        Whether the misfit is within the rule one to one (cube on cube, or one surface cell of
        one side on at most three of the other), only with more cells, or not at all.
    """

    film_face: Miller
    substrate_face: Miller
    film_cell: FloatArray
    substrate_cell: FloatArray
    cube_on_cube: tuple[float, float] | None
    misfits: tuple[float, float] | None
    relation: str
    match: Match | None
    better: Match | None
    better_relation: str
    verdict: Verdict


def face_misfit(
    film: Crystal,
    substrate: Crystal,
    film_face: object = None,
    substrate_face: object = None,
    *,
    max_area: float = USUAL_AREA,
) -> FaceMisfit:
    """Return how one face of a film fits on one face of a substrate.

    Parameters
    ----------
    film, substrate : Crystal
        The crystals; their atoms are not needed.
    film_face, substrate_face : sequence of int, str or None, optional
        Miller indices as `heterobuild.slabs.face_indices` reads them; pseudo-cubic (001), or
        (001), by default.
    max_area : float, optional
        Largest common cell in Å², see `USUAL_AREA`; at least two cells of the larger one are
        always tried.

    Returns
    -------
    FaceMisfit
        The misfits of the first of these that is within the rule: cube on cube, a few edges of
        one cube along a few of the other, the smallest common cell. Where none is, those of
        cube on cube, or of the closest common cell.

    Raises
    ------
    UsageError
        If a face or the area cannot be used.
    """
    sides = _side(film, film_face), _side(substrate, substrate_face)
    edges = sides[0].edges, sides[1].edges
    cubes = None if edges[0] is None or edges[1] is None else cube_on_cube(edges[0], edges[1])
    matches = [
        match
        for match in _matches(*sides, area=max_area, strain=-math.log1p(-RULE))
        if abs(match_misfits(match)[0]) <= RULE
    ]
    verdict, misfits, match = _verdict(cubes, matches, _along_edges(matches, *edges))
    if misfits is None:
        closest = _matches(*sides, area=max_area, strain=WIDEST)
        match = min(closest, key=lambda entry: entry.log_strain, default=None)
        misfits = None if match is None else match_misfits(match)
    better = _better(matches, misfits)
    on_cubes = cubes is not None and misfits == cubes
    return FaceMisfit(
        film_face=sides[0].face,
        substrate_face=sides[1].face,
        film_cell=sides[0].cell,
        substrate_cell=sides[1].cell,
        cube_on_cube=cubes,
        misfits=misfits,
        relation="cube on cube" if on_cubes else _relation(match, *sides),
        match=match,
        better=better,
        better_relation=_relation(better, *sides),
        verdict=verdict,
    )


def _verdict(
    cubes: tuple[float, float] | None, matches: list[Match], along: Match | None
) -> tuple[Verdict, tuple[float, float] | None, Match | None]:
    """Return the verdict, and the relation that it rests on."""
    if cubes is not None and abs(cubes[0]) <= RULE:
        return "fits", cubes, next((match for match in matches if _is_same(match, cubes)), None)
    if not matches:
        return "too large", cubes, None
    match = along or matches[0]
    cells = sorted((_cells(match.film), _cells(match.substrate)))
    small = cubes is None and cells[0] == 1 and cells[1] <= MOST_CELLS
    return "fits" if small else "coincidence", match_misfits(match), match


def _along_edges(
    matches: list[Match], film: FloatArray | None, substrate: FloatArray | None
) -> Match | None:
    """Return the smallest match with a few edges of one cube along a few of the other."""
    if film is None or substrate is None:
        return None
    counts = product(range(1, MOST_EDGES + 1), repeat=2)
    for ours, theirs in sorted(counts, key=lambda pair: (sum(pair), pair)):
        misfits = cube_on_cube(ours * film, theirs * substrate)
        for match in matches:
            if _is_same(match, misfits):
                return match
    return None


def _better(matches: list[Match], misfits: tuple[float, float] | None) -> Match | None:
    """Return the least strained match where it has less than half the misfit."""
    best = min(matches, key=lambda match: (match.log_strain, match.area), default=None)
    if best is None or misfits is None:
        return None
    return best if 2 * abs(match_misfits(best)[0]) < abs(misfits[0]) else None


def match_misfits(match: Match) -> tuple[float, float]:
    """Return the principal misfits of a match.

    Parameters
    ----------
    match : Match
        The match.

    Returns
    -------
    tuple of float
        (film − substrate)/substrate, the larger magnitude first.
    """
    return misfits_of(np.array(match.strains))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Side:
    """A face of a crystal, its surface cell, and the edges of the cube in it."""

    face: Miller
    cell: FloatArray
    edges: FloatArray | None


def _side(crystal: Crystal, face: object) -> _Side:
    miller = face_indices(crystal, face)
    return _Side(face=miller, cell=surface_cell(crystal, miller), edges=cube_face(crystal, miller))


def _matches(film: _Side, substrate: _Side, *, area: float, strain: float) -> tuple[Match, ...]:
    """Return the matches, smallest area first; two cells of the larger side are always tried."""
    limits = MatchLimits(max_strain=strain, max_area=area)
    largest = max(float(np.linalg.det(side.cell)) for side in (film, substrate))
    limits = replace(limits, max_area=max(area, TWO_CELLS * largest))
    found = find_matches(film.cell, substrate.cell, limits)
    return tuple(sorted(found, key=lambda match: (round(match.area, 4), match.log_strain)))


def _relation(match: Match | None, film: _Side, substrate: _Side) -> str:
    """Name the cells that coincide, in cubes where both faces are of cubes."""
    if match is None:
        return ""
    pairs = (film, match.film), (substrate, match.substrate)
    labels = [_cube_label(matrix, side) for side, matrix in pairs]
    if None in labels:
        labels = [wood_label(matrix, side.cell) for side, matrix in pairs]
    return f"film {labels[0]} on substrate {labels[1]}"


def _cube_label(supercell: IntArray, side: _Side) -> str | None:
    """Name a supercell in edges of the cube, where it has a name in them."""
    basis = None if side.edges is None else cell_on_edges(side.cell, side.edges)
    if basis is None or side.edges is None:
        return None
    label = wood_label(supercell @ basis, side.edges)
    return None if "cells" in label else label


def _cells(supercell: IntArray) -> int:
    return abs(round(float(np.linalg.det(supercell))))


def _is_same(match: Match, misfits: tuple[float, float]) -> bool:
    return bool(np.abs(np.subtract(match_misfits(match), misfits)).max() < SAME)
