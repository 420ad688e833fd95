"""All matches in growing area, with memory that does not grow with their number."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.classes import denominators
from heterobuild.matching.kernel import join_range
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.search import distinct_matches, find_matches
from heterobuild.matching.surfaces import surface_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heterobuild.matching.kernel import RawMatches
    from heterobuild.matching.surfaces import Side
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

    The matches are those of `find_matches`; only the order differs, and the multiplicity, which
    here counts the equivalent settings of the common cell and not its superlattices. A match is
    recognised as new by arithmetic, so none of the earlier ones is remembered: of the raw pairs
    only those are kept whose cell is the smallest common one.

    Parameters
    ----------
    film, substrate : Slab, (Crystal, face) or (2, 2) float array
        See `find_matches`.
    limits : MatchLimits, optional
        What the common cell may cost. With a parity all matches are found first.
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
    if bounds.parity != "any":
        # The smallest even cell of a map need not lie in the block of its smallest cell.
        yield from sorted(find_matches(film, substrate, bounds), key=lambda m: round(m.area, 4))
        return
    above, below = surface_of(film, "film"), surface_of(substrate, "substrate")
    step = max(below.area, BLOCK * bounds.max_area)
    edges = np.append(np.arange(below.area / 2, bounds.max_area, step), bounds.max_area)
    for low, high in pairwise(edges.tolist()):
        raw = join_range(above.cell, below.cell, bounds, low, high)
        matches = distinct_matches(_smallest(raw), above, below, bounds)
        yield from sorted(matches, key=lambda match: round(match.area, 4))
        if progress is not None:
            progress(float(high / bounds.max_area))


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
