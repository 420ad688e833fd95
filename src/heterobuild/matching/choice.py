"""Choose one match, or say which limit would admit one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import NothingFitsError
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.search import find_matches, surface_area

if TYPE_CHECKING:
    from heterobuild.matching.surfaces import Side
    from heterobuild.model import Match

WIDEST = 0.3
"""Largest logarithmic strain up to which nearest misses are looked for."""

MOST_CELLS = 60
"""Largest superlattice, in surface cells, in which nearest misses are looked for: there are
about n² superlattices of up to n cells, and a message should not take longer than a build."""


def choose_match(
    film: Side, substrate: Side, limits: MatchLimits | None = None, *, rank: int = 0
) -> tuple[Match, tuple[Match, ...]]:
    """Return one match by its rank and the others, or say which limit would admit one.

    Parameters
    ----------
    film, substrate : Slab, (Crystal, face) or (2, 2) float array
        See `find_matches`.
    limits : MatchLimits, optional
        Largest strain and area.
    rank : int, optional
        0 for the first of `find_matches`.

    Returns
    -------
    match : Match
        The match of this rank.
    matches : tuple of Match
        All matches within the limits, in the order of their ranks.

    Raises
    ------
    NothingFitsError
        If there are not that many; the message holds the nearest misses.
    """
    bounds = limits or MatchLimits()
    matches = find_matches(film, substrate, bounds)
    if rank < len(matches):
        return matches[rank], matches
    if matches:
        raise NothingFitsError(
            f"there is no match of rank {rank}",
            measured=f"{len(matches)} matches",
            allowed=f"ranks 0 to {len(matches) - 1}",
            next_step="choose a lower rank or relax max_area or max_strain",
        )
    misses = nearest_misses(film, substrate, bounds)
    listed = "; ".join(
        f"strain {100 * miss.log_strain:.2f} % at {miss.area:.0f} Å²" for miss in misses
    )
    raise NothingFitsError(
        "no common in-plane cell within the limits",
        measured="nearest misses: " + (listed or "none up to 30 % strain"),
        allowed=f"strain {100 * bounds.max_strain:g} %, area {bounds.max_area:g} Å²",
        next_step=_advice(misses, bounds),
    )


def nearest_misses(film: Side, substrate: Side, limits: MatchLimits) -> tuple[Match, ...]:
    """Return matches just outside the limits: one needs more strain, another more area.

    Parameters
    ----------
    film, substrate : Slab, (Crystal, face) or (2, 2) float array
        See `find_matches`.
    limits : MatchLimits
        The limits within which nothing fits.

    Returns
    -------
    tuple of Match
        At most two: the least strained one within the area, up to `WIDEST`, and the
        smallest one within the strain, up to eight times the area or `MOST_CELLS`.
    """
    misses: list[Match] = []
    for strain in limits.max_strain + (WIDEST - limits.max_strain) * np.array(
        [0.05, 0.15, 0.4, 1.0]
    ):
        wider = MatchLimits(max_strain=max(strain, limits.max_strain), max_area=limits.max_area)
        if found := find_matches(film, substrate, wider):
            misses.append(min(found, key=lambda match: match.log_strain))
            break
    smallest = min(surface_area(film), surface_area(substrate))
    for area in (1.5, 2.0, 3.0, 4.0, 6.0, 8.0):
        wider = MatchLimits(max_strain=limits.max_strain, max_area=limits.max_area * area)
        if wider.max_area / smallest > MOST_CELLS:
            break
        if found := find_matches(film, substrate, wider):
            misses.append(found[0])
            break
    return tuple(misses)


def _advice(misses: tuple[Match, ...], limits: MatchLimits) -> str:
    """Say which limit to relax, and to what."""
    words = [
        f"max_strain: {np.ceil(miss.log_strain * 1e4) / 1e4:g}"
        if miss.log_strain > limits.max_strain
        else f"max_area: {np.ceil(max(miss.area, miss.film_area)):g}"
        for miss in misses
    ]
    return "set " + " or ".join(words) if words else "choose other faces or materials"
