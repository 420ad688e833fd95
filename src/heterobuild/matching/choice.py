"""Choose one match, or say which limit would admit one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.errors import NothingFitsError
from heterobuild.matching.advice import Advice
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.miss_words import advice_for, describe_limits, describe_miss
from heterobuild.matching.misses import FEW_CELLS, WIDEST, nearest_misses
from heterobuild.matching.search import find_matches
from heterobuild.matching.surfaces import surface_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.matching.misses import Pair
    from heterobuild.matching.surfaces import Side
    from heterobuild.model import Match


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
    above, below = surface_of(film, "film"), surface_of(substrate, "substrate")
    matches = find_matches(above, below, bounds)
    if rank < len(matches):
        return matches[rank], matches
    if not matches:
        raise no_match([(above, below)], bounds)
    raise NothingFitsError(
        f"there is no match of rank {rank}",
        measured=f"{len(matches)} matches",
        allowed=f"ranks 0 to {len(matches) - 1}",
        next_step=Advice(
            "choose a lower rank or relax max_area or max_strain",
            options="choose a lower --match or relax --max-area or --max-strain",
        ),
    )


def no_match(
    pairs: Sequence[Pair], limits: MatchLimits, names: Sequence[str] = ()
) -> NothingFitsError:
    """Return the error for surfaces that do not fit, with the nearest misses.

    Parameters
    ----------
    pairs : sequence of (Surface, Surface)
        Films and substrates.
    limits : MatchLimits
        The limits within which nothing fits.
    names : sequence of str, optional
        Names of the pairs, such as their faces.

    Returns
    -------
    NothingFitsError
        To be raised; its advice names the limits that would admit each miss.
    """
    misses = nearest_misses(pairs, limits)
    heads = [f"{names[miss.pair]} " if names else "" for miss in misses]
    listed = [head + describe_miss(miss) for head, miss in zip(heads, misses, strict=True)]
    nothing = f"none up to {100 * WIDEST:g} % strain and {FEW_CELLS} surface cells"
    return NothingFitsError(
        "no common in-plane cell within the limits",
        measured="nearest misses: " + ("; ".join(listed) or nothing),
        allowed=describe_limits(limits),
        next_step=advice_for(misses),
    )
