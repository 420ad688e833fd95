"""Band gaps, band edges and reported alignments of known phases, from ``structures/bands.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, kw_only=True)
class ReportedAlignment:
    """A band alignment as a publication states it for one pair.

    Parameters
    ----------
    wide, narrow : str
        The phase with the wider gap and the one with the narrower gap.
    kind : str
        I, II, III or quasi-II.
    notes : str
        What kind of interface it was found at; empty where nothing is said.
    source : str
        Where it is stated.
    confidence : {"high", "medium", "low"}
        Trust in the statement.
    """

    wide: str
    narrow: str
    kind: str
    notes: str
    source: str
    confidence: Confidence


@cache
def _content() -> dict[str, Any]:
    """Return the tables of band edges and alignments, read once; never changed."""
    return read_toml("bands.toml")


@cache
def _table() -> dict[str, BandEdges]:
    """Return all entries by phase; those with edges win over a gap alone."""
    content = _content()
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
    wanted = _counts(formula)
    if wanted is None:
        return None
    return next((table[name] for name, counts in _formulas() if counts == wanted), None)


def reported_alignments(phase: str, other: str) -> tuple[ReportedAlignment, ...]:
    """Return what publications say of the band alignment of a pair.

    Parameters
    ----------
    phase, other : str
        Names of phases or formulas, in either order; see `band_edges` for which names mean the
        same phase.

    Returns
    -------
    tuple of ReportedAlignment
        In the order of the table; statements may contradict one another, because the alignment
        depends on how the interface was made. Empty where nothing is known.

    Examples
    --------
    >>> [entry.kind for entry in reported_alignments("CsPbBr3_orthorhombic", "PEA2PbBr4")]
    ['I', 'II', 'I']
    """
    found = []
    for entry in _content()["alignments"]:
        wide, narrow = entry.get("wide_phases", [entry["wide"]]), [entry["narrow"]]
        ways = ((phase, other), (other, phase))
        if any(_is_one_of(first, wide) and _is_one_of(second, narrow) for first, second in ways):
            found.append(
                ReportedAlignment(
                    wide=entry["wide"],
                    narrow=entry["narrow"],
                    kind=entry["type"],
                    notes=entry.get("notes", ""),
                    source=entry["source"],
                    confidence=entry["confidence"],
                )
            )
    return tuple(found)


def _is_one_of(phase: str, names: list[str]) -> bool:
    """Return whether a phase has one of these names, or is a perovskite of such a formula."""
    if phase in names:
        return True
    formula, _, polymorph = phase.partition("_")
    if polymorph and polymorph not in PEROVSKITE_PHASES:
        return False
    counts = _counts(formula)
    return counts is not None and any(_counts(name) == counts for name in names)


def _counts(formula: str) -> dict[str, int] | None:
    """Return the counts of a plain formula; None for any other name."""
    try:
        return expand_formula(formula)
    except UsageError:
        return None


@cache
def _formulas() -> tuple[tuple[str, dict[str, int]], ...]:
    """Return the entries whose name is a plain formula, with their counts."""
    plain = [name for name in _table() if "_" not in name and " " not in name]
    counted = [(name, _counts(name)) for name in plain]
    return tuple((name, counts) for name, counts in counted if counts is not None)
