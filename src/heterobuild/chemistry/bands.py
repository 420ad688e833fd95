"""Band gaps and band edges of known phases, from ``structures/bands.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from heterobuild.chemistry.formulas import expand_formula
from heterobuild.data_files import read_toml
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.model import Confidence

PEROVSKITE_PHASES = frozenset(
    {"cubic", "tetragonal", "orthorhombic", "pseudocubic", "alpha", "beta", "gamma"}
)
"""Polymorphs that share the entry of their bare formula; delta phases have gaps of their own."""


@dataclass(frozen=True, kw_only=True)
class BandEdges:
    """Gap and edges of one phase, in eV with the vacuum level at zero.

    Parameters
    ----------
    gap : float
        Band gap.
    vbm, cbm : float or None
        Valence-band maximum and conduction-band minimum; None where only the gap is known.
    uncertainty : float or None
        Uncertainty of the edges; None where not stated.
    kind : {"pes", "optical", "computed", "review"}
        How it was found: photoelectron spectroscopy with the optical gap, absorption or exciton
        energy, computation, or a review that names no method.
    source, doi : str
        Where it comes from; the DOI is empty where unknown.
    confidence : {"high", "medium", "low"}
        Trust in the values.
    """

    gap: float
    vbm: float | None
    cbm: float | None
    uncertainty: float | None
    kind: str
    source: str
    doi: str
    confidence: Confidence


@cache
def _table() -> dict[str, BandEdges]:
    """Return all entries by phase; those with edges win over a gap alone."""
    content = read_toml("bands.toml")
    table: dict[str, BandEdges] = {}
    for entry in (*content["levels"], *content["gaps"]):
        edges = BandEdges(
            gap=float(entry["gap"]),
            vbm=entry.get("vbm"),
            cbm=entry.get("cbm"),
            uncertainty=entry.get("uncertainty"),
            kind=entry["kind"],
            source=entry["source"],
            doi=entry.get("doi", ""),
            confidence=entry["confidence"],
        )
        table.setdefault(entry["phase"], edges)
    return table


def band_edges(phase: str) -> BandEdges | None:
    """Return gap and band edges of a phase.

    Parameters
    ----------
    phase : str
        Name of a phase such as ``CsPbI3_delta``, or a formula such as ``MAPbI3`` or
        ``CH3NH3PbI3``. Perovskite polymorphs without an entry of their own, such as
        ``CsPbBr3_cubic``, take that of their formula; other polymorphs do not.

    Returns
    -------
    BandEdges or None
        The values; None where nothing is known.

    Examples
    --------
    >>> band_edges("MAPbI3").gap, band_edges("CsPbBr3_cubic").vbm
    (1.57, -6.53)
    >>> band_edges("CsSnI3_delta") is None
    True
    """
    table = _table()
    if phase in table:
        return table[phase]
    formula, _, polymorph = phase.partition("_")
    if polymorph and polymorph not in PEROVSKITE_PHASES:
        return None
    try:
        wanted = expand_formula(formula)
    except UsageError:
        return None
    return next((table[name] for name, counts in _formulas() if counts == wanted), None)


@cache
def _formulas() -> tuple[tuple[str, dict[str, int]], ...]:
    """Return the entries whose name is a plain formula, with their counts."""
    found = []
    for name in _table():
        if "_" not in name and " " not in name:
            try:
                found.append((name, expand_formula(name)))
            except UsageError:
                continue
    return tuple(found)
