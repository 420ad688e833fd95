"""Band alignment of two crystals from the positions of their band edges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from heterobuild.chemistry.bands import reported_alignments
from heterobuild.screening.crystal_edges import crystal_edges, table_name
from heterobuild.screening.mixed_edges import USUAL_UNCERTAINTY

if TYPE_CHECKING:
    from heterobuild.chemistry.bands import BandEdges, ReportedAlignment
    from heterobuild.model import Crystal

Side: TypeAlias = Literal["film", "substrate", "either"]


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """How the band edges of two crystals lie to one another, before contact.

    Parameters
    ----------
    kind : str
        ``I``, ``II`` or ``III``; several joined by "or" where the uncertainty leaves them open;
        ``unknown`` where an edge is not known.
    conduction_offset, valence_offset : float or None
        Edge of the film minus edge of the substrate in eV.
    uncertainty : float or None
        Uncertainty of the offsets in eV, those of the two crystals added in quadrature.
    electrons, holes : {"film", "substrate", "either"} or None
        Side with the lower conduction band and with the higher valence band; either where they
        differ by less than the uncertainty.
    film, substrate : BandEdges or None
        What is known of each crystal.
    reported : tuple of ReportedAlignment
        What publications state for the pair.
    """

    kind: str
    conduction_offset: float | None
    valence_offset: float | None
    uncertainty: float | None
    electrons: Side | None
    holes: Side | None
    film: BandEdges | None
    substrate: BandEdges | None
    reported: tuple[ReportedAlignment, ...]


def align_bands(film: Crystal, substrate: Crystal) -> Alignment:
    """Return the band alignment of two crystals from their tabulated edges.

    Both crystals share the vacuum level (the rule of Anderson): charges and dipoles of the
    interface are left out, because they depend on how it was made.

    Parameters
    ----------
    film, substrate : Crystal
        The crystals; the library's are looked up by phase, a user's perovskite by formula, and
        mixed ones lie between their end members.

    Returns
    -------
    Alignment
        The type and the offsets; unknown where an edge is missing.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> found = align_bands(load_crystal("CsPbBr3"), load_crystal("MAPbCl3"))
    >>> found.kind, round(found.conduction_offset, 2), found.electrons
    ('I', -0.4, 'film')
    """
    edges = crystal_edges(film), crystal_edges(substrate)
    kind, conduction, valence, uncertainty = "unknown", None, None, None
    if edges[0] and edges[1]:
        conduction = _difference(edges[0].cbm, edges[1].cbm)
        valence = _difference(edges[0].vbm, edges[1].vbm)
    if conduction is not None and valence is not None and edges[0] and edges[1]:
        uncertainty = math.hypot(*(_uncertainty(side) for side in edges if side))
        reach = _least_reach(edges[0], edges[1])
        kind = alignment_type(conduction, valence, reach, uncertainty)
    return Alignment(
        kind=kind,
        conduction_offset=conduction,
        valence_offset=valence,
        uncertainty=uncertainty,
        electrons=_lower(conduction, uncertainty),
        holes=_lower(None if valence is None else -valence, uncertainty),
        film=edges[0],
        substrate=edges[1],
        reported=reported_alignments(table_name(film), table_name(substrate)),
    )


def alignment_type(conduction: float, valence: float, reach: float, uncertainty: float) -> str:
    """Name the types of alignment that offsets admit.

    Parameters
    ----------
    conduction, valence : float
        Edge of the film minus edge of the substrate in eV.
    reach : float
        Lower conduction-band minimum minus higher valence-band maximum in eV; negative where the
        gap is broken.
    uncertainty : float
        Uncertainty of each of the three in eV.

    Returns
    -------
    str
        One type, or those that lie within the uncertainty.

    Examples
    --------
    >>> alignment_type(-0.40, 0.39, 2.36, 0.14), alignment_type(0.08, 0.07, 2.28, 0.14)
    ('I', 'I or II')
    """
    nominal = "III" if reach < 0 else "I" if conduction * valence < 0 else "II"
    possible = {nominal}
    if reach >= -uncertainty and min(abs(conduction), abs(valence)) <= uncertainty:
        possible |= {"I", "II"}
    elif reach >= -uncertainty and nominal == "III":
        possible.add("II")
    if reach <= uncertainty:
        possible.add("III")
    return " or ".join(sorted(possible))


def _difference(film: float | None, substrate: float | None) -> float | None:
    return None if film is None or substrate is None else round(film - substrate, 6)


def _uncertainty(edges: BandEdges) -> float:
    return USUAL_UNCERTAINTY if edges.uncertainty is None else edges.uncertainty


def _least_reach(first: BandEdges, second: BandEdges) -> float:
    """Return the distance from the higher valence band to the lower conduction band."""
    conduction = [edges.cbm for edges in (first, second) if edges.cbm is not None]
    valence = [edges.vbm for edges in (first, second) if edges.vbm is not None]
    return min(conduction) - max(valence)


def _lower(offset: float | None, uncertainty: float | None) -> Side | None:
    """Return the side to which carriers fall."""
    if offset is None or uncertainty is None:
        return None
    if abs(offset) <= uncertainty:
        return "either"
    return "film" if offset < 0 else "substrate"
