"""How far gaps of mixed crystals lie off the straight line between the end members."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.formulas import expand_formula
from heterobuild.data_files import read_toml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Confidence


@dataclass(frozen=True, kw_only=True)
class Bowing:
    """The bowing of the gap between two compounds, E(x) = (1 − x) E₀ + x E₁ − b x (1 − x).

    Parameters
    ----------
    members : tuple of str
        Formulas of the two compounds.
    value : float or None
        Bowing parameter b in eV; None where the gap is known not to be linear, but no parameter
        is.
    source, doi : str
        Where it comes from.
    confidence : {"high", "medium", "low"}
        Trust in the value.
    """

    members: tuple[str, str]
    value: float | None
    source: str
    doi: str
    confidence: Confidence


def gap_bowing(first: str, second: str) -> Bowing | None:
    """Return the bowing of the gap between two compounds.

    Parameters
    ----------
    first, second : str
        Formulas, in either order.

    Returns
    -------
    Bowing or None
        None where nothing is known.

    Examples
    --------
    >>> gap_bowing("MAPbBr3", "MAPbI3").value, gap_bowing("CsPbBr3", "CsSrBr3") is None
    (0.33, True)
    """
    return _table().get(frozenset((first, second)))


def known_bowings(formulas: Sequence[str]) -> tuple[Bowing, ...]:
    """Return what is known of the bowing among end members, pair by pair.

    Parameters
    ----------
    formulas : sequence of str
        Formulas of the end members.

    Returns
    -------
    tuple of Bowing
        In the order of the pairs.
    """
    found = (gap_bowing(*pair) for pair in combinations(formulas, 2))
    return tuple(entry for entry in found if entry is not None)


def bowed_by(formulas: Sequence[str], weights: FloatArray) -> FloatArray:
    """Return how far the gap lies below the straight line.

    Two end members that differ in the ion of one site bow by b w₁ w₂ / W, with W the share of all
    end members that differ from them in that site only: for one mixed site b x (1 − x), for
    several the mean over the other sites. Pairs of which nothing is known do not bow.

    Parameters
    ----------
    formulas : sequence of str
        Formulas of the end members.
    weights : (..., m) float array
        Their shares.

    Returns
    -------
    (...) float array
        Energy in eV; not a number where the gap is known not to be linear, and no parameter is.

    Examples
    --------
    >>> bowed_by(["MAPbI3", "MAPbBr3"], np.array([0.5, 0.5])).round(4).tolist()
    0.0825
    """
    counts = [expand_formula(formula) for formula in formulas]
    total = np.zeros(weights.shape[:-1])
    for i, j in combinations(range(len(formulas)), 2):
        entry = gap_bowing(formulas[i], formulas[j])
        if entry is None:
            continue
        common = counts[i].items() & counts[j].items()
        alike = [k for k, other in enumerate(counts) if common <= other.items()]
        group = weights[..., alike].sum(axis=-1)
        both = weights[..., i] * weights[..., j]
        value = np.nan if entry.value is None else entry.value
        mixed = both > 0
        total[mixed] += value * both[mixed] / group[mixed]
    return total


@cache
def _table() -> dict[frozenset[str], Bowing]:
    """Return all entries, read once; never changed."""
    return {
        frozenset(entry["members"]): Bowing(
            members=tuple(entry["members"]),
            value=entry.get("b"),
            source=entry["source"],
            doi=entry.get("doi", ""),
            confidence=entry["confidence"],
        )
        for entry in read_toml("bands.toml").get("bowing", [])
    }
