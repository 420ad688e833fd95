"""How many superlattices a search has to hold, and when there are too many."""

from __future__ import annotations

import math

from heterobuild.errors import UsageError
from heterobuild.matching.advice import Advice

MOST_CELLS = 500
"""Most surface cells in a superlattice. There are about n² π²/12 superlattices of up to n cells,
here 0.2 million, and matches grow with about the fourth power: more do not fit into memory."""

MOST_PAIRS = 5_000_000
"""Most pairs of superlattices that one search of two surfaces holds: some three gigabytes."""


def cells_within(max_area: float, area: float) -> int:
    """Return how many surface cells a superlattice of some area holds at most.

    Parameters
    ----------
    max_area : float
        Largest area in Å².
    area : float
        Area of the surface cell in Å².

    Returns
    -------
    int
        Cells, rounding of the last digit allowed for as in the search.

    Examples
    --------
    >>> cells_within(100.0, 34.5)
    2
    """
    return int(max_area / area * (1 + 1e-9))


def require_searchable(area: float, max_area: float) -> None:
    """Refuse a search with too many superlattices to hold.

    Parameters
    ----------
    area : float
        Area of the smallest surface cell in Å².
    max_area : float
        Largest area of a superlattice in Å².

    Raises
    ------
    UsageError
        If a superlattice may hold more than `MOST_CELLS` surface cells.
    """
    cells = max_area / area * (1 + 1e-9)
    if cells < MOST_CELLS + 1:
        return
    area_allowed = float(f"{MOST_CELLS * area:.3g}")
    raise UsageError(
        "too many superlattices to search",
        where="max_area",
        measured=f"about {math.pi**2 / 12 * cells * cells:.2g} superlattices of a surface cell of "
        f"{area:.4g} Å² up to {max_area:g} Å²",
        allowed=f"superlattices of up to {MOST_CELLS} surface cells, "
        f"about {math.pi**2 / 12 * MOST_CELLS**2:.2g}",
        next_step=Advice(
            f"lower max_area to {area_allowed:.10g} Å² or less; cells are in Å",
            options=f"lower --max-area to {area_allowed:.10g} or less; cells are in Å",
        ),
    )


def require_few_pairs(count: int, most: int = MOST_PAIRS) -> None:
    """Refuse a search that finds more than fits into memory.

    Parameters
    ----------
    count : int
        Pairs of superlattices found so far.
    most : int, optional
        How many are held.

    Raises
    ------
    UsageError
        If there are more.
    """
    if count <= most:
        return
    raise UsageError(
        "too many common cells to list",
        where="max_area",
        measured=f"at least {count:.3g} pairs of superlattices",
        allowed=f"{most:.3g}",
        next_step=Advice(
            "lower max_area or max_strain", options="lower --max-area or --max-strain"
        ),
    )
