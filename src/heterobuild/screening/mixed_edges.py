"""Band edges of mixed crystals: linear between the end members, the gap bowed where that is known.

Where the gap bows by B, half of it is taken from either edge, because the share of each is not
known; B/2 is therefore added to the uncertainty of the edges.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.end_members import TRUST
from heterobuild.chemistry.bands import BandEdges
from heterobuild.screening.bowing import bowed_by, known_bowings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.end_members import EndMember
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Confidence

USUAL_UNCERTAINTY = 0.1
"""eV; what photoelectron spectroscopy of halide perovskites states, taken where none is stated."""

ABSENT = 1e-9
"""Share below which an end member takes no part."""


def mixed_edges(members: Sequence[EndMember], weights: FloatArray) -> BandEdges | None:
    """Interpolate the band edges of end members.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.
    weights : (m,) float array
        Their shares.

    Returns
    -------
    BandEdges or None
        See `interpolate_edges`.

    Examples
    --------
    >>> from heterobuild.alloys.end_members import end_members
    >>> mixed_edges(end_members(["CsPbBr3", "CsPbI3"]), np.array([0.5, 0.5])).gap
    2.07
    """
    edges = [member.edges for member in members]
    return interpolate_edges([member.formula for member in members], edges, weights)


def interpolate_edges(
    formulas: Sequence[str], edges: Sequence[BandEdges | None], weights: FloatArray
) -> BandEdges | None:
    """Interpolate gap and band edges.

    Parameters
    ----------
    formulas : sequence of str
        Formulas of the end members.
    edges : sequence of BandEdges or None
        What is known of each.
    weights : (m,) float array
        Their shares.

    Returns
    -------
    BandEdges or None
        Of the kind ``interpolated``, with the uncertainties of the end members interpolated as
        well, and without edges where one that takes part has none. None where the gap of one
        that takes part is not known, or the gap is known to bow by an unknown amount.

    Examples
    --------
    >>> from heterobuild.chemistry.bands import band_edges
    >>> pair = ["MAPbI3", "MAPbBr3"]
    >>> interpolate_edges(pair, [band_edges(name) for name in pair], np.array([0.5, 0.5])).gap
    1.8775
    """
    present = [i for i, share in enumerate(weights) if share > ABSENT]
    used = [(formulas[i], edge) for i in present if (edge := edges[i]) is not None]
    names, known = [name for name, _ in used], [edge for _, edge in used]
    shares = np.array([weights[i] for i in present])
    if len(known) < len(present):
        return None
    below = float(bowed_by(names, shares))
    if np.isnan(below):
        return None
    places = [(edge.vbm, edge.cbm) for edge in known if None not in (edge.vbm, edge.cbm)]
    vbm = cbm = uncertainty = None
    if len(places) == len(known):
        valence, conduction = shares @ np.array(places, dtype=np.float64)
        vbm, cbm = _rounded(valence + below / 2), _rounded(conduction - below / 2)
        stated = [edge.uncertainty or USUAL_UNCERTAINTY for edge in known]
        uncertainty = _rounded(np.hypot(shares @ np.array(stated), below / 2))
    return BandEdges(
        gap=_rounded(shares @ np.array([edge.gap for edge in known]) - below),
        vbm=vbm,
        cbm=cbm,
        uncertainty=uncertainty,
        kind="interpolated",
        source=mixing_rule(names),
        doi="",
        confidence=_lowest(known, names),
    )


def mixed_gaps(members: Sequence[EndMember], weights: FloatArray) -> FloatArray:
    """Return the gaps of many compositions.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.
    weights : (n, m) float array
        Their shares, a row for each composition.

    Returns
    -------
    (n,) float array
        Gaps in eV; not a number where the gap of one that takes part is not known, or the gap is
        known to bow by an unknown amount.

    Examples
    --------
    >>> from heterobuild.alloys.end_members import end_members
    >>> pair = end_members(["CsPbBr3", "CsPbI3"])
    >>> mixed_gaps(pair, np.array([[1.0, 0.0], [0.5, 0.5]])).round(3).tolist()
    [2.36, 2.07]
    """
    gaps = np.array([np.nan if m.edges is None else m.edges.gap for m in members])
    part = weights > ABSENT
    linear = np.where(part, weights * gaps, 0.0).sum(axis=1)
    found: FloatArray = linear - bowed_by([m.formula for m in members], np.where(part, weights, 0))
    return found


def mixing_rule(formulas: Sequence[str]) -> str:
    """Say in words how the gap of a mixture is found.

    Parameters
    ----------
    formulas : sequence of str
        Formulas of the end members that take part.

    Returns
    -------
    str
        One clause.

    Examples
    --------
    >>> mixing_rule(["CsPbBr3", "CsPbI3"])
    'linear between the end members, without bowing'
    >>> mixing_rule(["MAPbBr3", "MAPbI3"])
    'linear between the end members, bowing 0.33 eV of MAPbI3–MAPbBr3 (10.1021/nl400349b)'
    """
    line = "linear between the end members"
    if len(formulas) < 2:
        return "that of the end member"
    known = [entry for entry in known_bowings(formulas) if entry.value is not None]
    if not known:
        return f"{line}, without bowing"
    words = [
        f"bowing {entry.value:g} eV of {'–'.join(entry.members)} ({entry.doi or entry.source})"
        for entry in known
    ]
    every = len(known) == len(tuple(combinations(formulas, 2)))
    return ", ".join([line, *words, *([] if every else ["none known of other pairs"])])


def _rounded(value: float) -> float:
    return round(float(value), 6)


def _lowest(edges: Sequence[BandEdges], formulas: Sequence[str]) -> Confidence:
    """Return the trust in the weakest datum that takes part."""
    every = [edge.confidence for edge in edges]
    every += [entry.confidence for entry in known_bowings(formulas)]
    return max(every, key=list(TRUST).index)
