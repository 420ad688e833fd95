"""All matches in growing area, with memory that does not grow with their number."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.classes import denominators
from heterobuild.matching.kernel import join_range
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.multiplicity import pair_counts
from heterobuild.matching.ranking import cell_counts
from heterobuild.matching.search import distinct_matches, find_matches
from heterobuild.matching.search_size import cells_within, require_searchable
from heterobuild.matching.surfaces import surface_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heterobuild.matching.kernel import RawMatches
    from heterobuild.matching.surfaces import Side, Surface
    from heterobuild.model import Match

BLOCK = 0.05
"""Width of a block of areas as a share of the largest: a twentieth of the matches or less."""


def stream_matches(
    film: Side,
    substrate: Side,
    limits: MatchLimits | None = None,
    *,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Match]:
    """Yield the common cells of two surfaces in growing area of the substrate.

    The matches are those of `find_matches`; only the order differs. A match is recognised as
    new by arithmetic, so none of the earlier ones is remembered: of the raw pairs only those
    are kept whose cell is the smallest common one.

    Parameters
    ----------
    film, substrate : Slab, (Crystal, face) or (2, 2) float array
        See `find_matches`.
    limits : MatchLimits, optional
        What the common cell may cost. With a parity, a window of rotation or parallel
        directions all matches are found first.
    progress : callable, optional
        Called with the finished share of the search, from 0 to 1.

    Yields
    ------
    Match
        One match after the other.

    Raises
    ------
    UsageError
        As `find_matches`.

    Examples
    --------
    >>> square, larger = np.diag([5.874, 5.874]), np.diag([6.289, 6.289])
    >>> [round(match.area) for match in stream_matches(square, larger)]
    [158, 158, 316, 356, 356]
    """
    bounds = limits or MatchLimits()
    if bounds.parity != "any" or bounds.rotation is not None or bounds.parallel is not None:
        # The smallest even cell of a map need not lie in the block of its smallest cell; and a
        # window admits only some settings of a match, which then have to be counted.
        yield from sorted(find_matches(film, substrate, bounds), key=lambda m: round(m.area, 4))
        return
    above, below = surface_of(film, "film"), surface_of(substrate, "substrate")
    require_searchable(min(above.area, below.area), bounds.max_area)
    step = max(below.area, BLOCK * bounds.max_area)
    edges = np.append(np.arange(below.area / 2, bounds.max_area, step), bounds.max_area)
    for low, high in pairwise(edges.tolist()):
        raw = join_range(above.cell, below.cell, bounds, low, high)
        matches = distinct_matches(_smallest(raw), above, below, bounds)
        _count_pairs(matches, above, below, bounds.max_area)
        yield from sorted(matches, key=lambda match: round(match.area, 4))
        if progress is not None:
            progress(float(high / bounds.max_area))


def _count_pairs(
    matches: tuple[Match, ...], above: Surface, below: Surface, max_area: float
) -> None:
    """Set the multiplicity of matches just made, of which the block holds a part of the pairs."""
    if not matches:
        return
    film = np.array([match.film for match in matches])
    substrate = np.array([match.substrate for match in matches])
    times = np.minimum(
        cells_within(max_area, above.area) // cell_counts(film),
        cells_within(max_area, below.area) // cell_counts(substrate),
    )
    counts = pair_counts(film, substrate, above.turns, below.turns, times).tolist()
    for match, count in zip(matches, counts, strict=True):
        match.__dict__["multiplicity"] = count


def _smallest(raw: RawMatches) -> RawMatches:
    """Keep the pairs whose cell is the smallest common cell of their map.

    With the map T = P/q in lowest terms, d the greatest common divisor of P's entries, the film
    vectors that T maps onto substrate vectors form a lattice of index q²/gcd(q, det P/d).
    """
    numerator, denominator = denominators(raw.film_matrix, raw.substrate_matrix)
    divisor = np.gcd.reduce(numerator.reshape(-1, 4), axis=1)
    p = numerator
    whole = np.abs(p[:, 0, 0] * p[:, 1, 1] - p[:, 0, 1] * p[:, 1, 0]) // np.maximum(divisor, 1)
    index = denominator**2 // np.gcd(denominator, whole)
    m = raw.film_matrix
    cells = m[:, 0, 0] * m[:, 1, 1] - m[:, 0, 1] * m[:, 1, 0]
    return raw.take(np.flatnonzero(cells == index))
