"""Nearest misses: matches just outside the limits, and what would admit each."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from heterobuild.matching.kernel import ROUNDING
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.search import find_matches
from heterobuild.matching.search_size import MOST_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.arrays import IntArray
    from heterobuild.matching.surfaces import Surface
    from heterobuild.model import Match

    Pair = tuple[Surface, Surface]
    Change = tuple[str, object]

WIDEST = 0.3
"""Largest logarithmic strain up to which nearest misses are looked for."""

STRAINS = (0.02, 0.05, 0.15, 0.4, 1.0)
"""Steps from the strain allowed to the widest one, as shares of the way."""

FEW_CELLS = 60
"""Largest superlattice, in surface cells, in which nearest misses are looked for: there are
about n² superlattices of up to n cells, and a message should not take longer than a build."""

FEWER_CELLS = 16
"""The same where the strain is relaxed too, which multiplies the matches to look through."""

REACH = 15.0
"""Most surface cells times strain in any of these searches, which bounds the matches to look
through to some thousands: wide strains are tried in small cells, where they are needed."""

GROWTH = 1.5
"""Factor between the areas tried one after the other."""

ANGLES = (1.0, 3.0, 10.0, 30.0, 90.0, 360.0)
"""Degrees by which a window of rotation is widened."""

DEFAULTS: dict[str, Any] = {entry.name: entry.default for entry in fields(MatchLimits)}
"""The limits as they are if nobody sets them."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Miss:
    """A match outside the limits.

    Parameters
    ----------
    match : Match
        The match.
    pair : int
        Which of the pairs of surfaces has it.
    changes : tuple of (str, object)
        Names and values of the limits that would admit it; None for one to be left out.
    """

    match: Match
    pair: int
    changes: tuple[Change, ...]


def nearest_misses(pairs: Sequence[Pair], limits: MatchLimits) -> tuple[Miss, ...]:
    """Return matches just outside the limits, each with the limits that would admit it.

    One limit after the other is relaxed while the others hold: the optional ones, then strain,
    then area; strain and area together where one of them alone is not enough; and all of them
    where nothing else is.

    Parameters
    ----------
    pairs : sequence of (Surface, Surface)
        Films and substrates; the best miss over all pairs is taken.
    limits : MatchLimits
        The limits within which nothing fits.

    Returns
    -------
    tuple of Miss
        Of each kind the one that needs the least change, strain up to `WIDEST`, area up to
        `FEW_CELLS` surface cells, or `FEWER_CELLS` where both are relaxed.
    """
    found = [_first(pairs, limits, tries) for tries in _optional(limits)]
    found += _wider(pairs, limits)
    if not any(found):
        bare = MatchLimits(max_strain=limits.max_strain, max_area=limits.max_area)
        if bare != limits:
            found = [_first(pairs, limits, [bare]), *_wider(pairs, limits, bare)]
    misses: dict[tuple[Change, ...], Miss] = {}
    for miss in found:
        if miss is not None:
            misses.setdefault(miss.changes, miss)
    return tuple(misses.values())


def _optional(limits: MatchLimits) -> Iterator[list[MatchLimits]]:
    """Yield for each optional limit that is set the ways to relax it, the mildest first."""
    for name in ("max_atoms", "max_misfit_angle", "parallel", "parity"):
        if getattr(limits, name) != DEFAULTS[name]:
            yield [replace(limits, **{name: DEFAULTS[name]})]
    if limits.rotation is not None:
        low, high = limits.rotation
        yield [
            replace(limits, rotation=(max(low - angle, -180), min(high + angle, 180)))
            for angle in ANGLES
        ]


def _wider(
    pairs: Sequence[Pair], limits: MatchLimits, base: MatchLimits | None = None
) -> list[Miss | None]:
    """Relax strain, area, and both where one of them is not enough."""
    base = base or limits
    strains = [
        base.max_strain + (WIDEST - base.max_strain) * share
        for share in STRAINS
        if base.max_strain < WIDEST
    ]
    areas = _areas(pairs, base.max_area, FEW_CELLS)
    found = [
        _first(pairs, limits, [replace(base, max_strain=strain) for strain in strains]),
        _first(pairs, limits, [replace(base, max_area=area) for area in areas]),
    ]
    if not all(found):
        both = (
            replace(base, max_area=area, max_strain=strain)
            for area in _areas(pairs, base.max_area, FEWER_CELLS)
            for strain in strains
        )
        found.append(_first(pairs, limits, both))
    return found


def _areas(pairs: Sequence[Pair], area: float, count: int) -> Iterator[float]:
    """Yield growing areas, from one that holds a cell of either surface of some pair."""
    least = min(max(film.area, substrate.area) for film, substrate in pairs)
    most = max(count * min(film.area, substrate.area) for film, substrate in pairs)
    area = max(area * GROWTH, least * 1.1)
    while area <= max(most, least * 1.1):
        yield area
        area *= GROWTH


def _first(
    pairs: Sequence[Pair], limits: MatchLimits, tries: Iterator[MatchLimits] | list[MatchLimits]
) -> Miss | None:
    """Return the nearest miss within the first wider limits that admit any."""
    for wider in tries:
        found = [
            Miss(match=match, pair=number, changes=_changes(match, film, substrate, limits, wider))
            for number, (film, substrate) in enumerate(pairs)
            for match in find_matches(film, substrate, _bounded(film, substrate, wider))
        ]
        if found:
            return min(found, key=lambda miss: _distance(miss, limits))
    return None


def _bounded(film: Surface, substrate: Surface, limits: MatchLimits) -> MatchLimits:
    """Return limits whose area is within reach, but holds a cell of either surface."""
    small, large = sorted((film.area, substrate.area))
    most = max(REACH / limits.max_strain * small, 1.1 * large)
    most = min(limits.max_area, most, MOST_CELLS * small)
    return replace(limits, max_area=most)


def _changes(
    match: Match, film: Surface, substrate: Surface, limits: MatchLimits, wider: MatchLimits
) -> tuple[Change, ...]:
    """Return the limits that a match needs, of those that the wider ones relax."""
    changes: list[Change] = []
    if match.log_strain > limits.max_strain + ROUNDING:
        changes.append(("max_strain", math.ceil(match.log_strain * 1e4) / 1e4))
    area = max(match.area, match.film_area)
    if area > limits.max_area * (1 + 1e-9):
        changes.append(("max_area", math.ceil(area)))
    if limits.parallel != wider.parallel:
        changes.append(("parallel", None))
    if limits.parity != wider.parity:
        changes.append(("parity", wider.parity))
    if limits.rotation is not None and wider.rotation != limits.rotation:
        low, high = limits.rotation
        if not low - 1e-6 <= match.rotation <= high + 1e-6:
            floor, ceil = (math.floor(match.rotation * 100), math.ceil(match.rotation * 100))
            changes.append(("rotation", (min(low, floor / 100), max(high, ceil / 100))))
    angle = misfit_angle(match)
    if limits.max_misfit_angle is not None and angle > limits.max_misfit_angle:
        changes.append(("max_misfit_angle", math.ceil(angle * 100) / 100))
    if limits.max_atoms is not None and film.atoms is not None and substrate.atoms is not None:
        atoms = cells(match.film) * film.atoms + cells(match.substrate) * substrate.atoms
        if atoms > limits.max_atoms:
            changes.append(("max_atoms", atoms))
    return tuple(changes)


def _distance(miss: Miss, limits: MatchLimits) -> tuple[float, ...]:
    """Return what sorts misses: the turn out of the window, then what else has to change."""
    match, changes = miss.match, dict(miss.changes)
    low, high = limits.rotation or (-180.0, 180.0)
    turn = max(low - match.rotation, match.rotation - high) if "rotation" in changes else 0.0
    strain = match.log_strain if "max_strain" in changes else 0.0
    atoms, angle = changes.get("max_atoms", 0), changes.get("max_misfit_angle", 0)
    size = (round(max(match.area, match.film_area), 4), round(match.log_strain, 8))
    return (turn, float(str(atoms)), float(str(angle)), round(strain, 8), *size, miss.pair)


def misfit_angle(match: Match) -> float:
    """Return the largest change of a right angle by the strain of a match.

    Parameters
    ----------
    match : Match
        The match.

    Returns
    -------
    float
        Degrees.
    """
    large, small = match.strains
    return 90 - 2 * math.degrees(math.atan2(1 + small, 1 + large))


def cells(matrix: IntArray) -> int:
    """Return the number of surface cells in a common cell.

    Parameters
    ----------
    matrix : (2, 2) int array
        Vectors of the common cell in surface vectors.

    Returns
    -------
    int
        The determinant.

    Examples
    --------
    >>> import numpy as np
    >>> cells(np.array([[2, 1], [0, 3]]))
    6
    """
    (a, b), (c, d) = matrix.tolist()
    return int(a * d - b * c)
