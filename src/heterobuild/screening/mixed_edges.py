"""Band edges of mixed crystals, linear between the end members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.end_members import TRUST
from heterobuild.chemistry.bands import BandEdges
from heterobuild.screening.alignment import USUAL_UNCERTAINTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.end_members import EndMember
    from heterobuild.arrays import FloatArray

ABSENT = 1e-9
"""Share below which an end member takes no part."""


def mixed_edges(members: Sequence[EndMember], weights: FloatArray) -> BandEdges | None:
    """Interpolate the band edges linearly, without bowing.

    Parameters
    ----------
    members : sequence of EndMember
        The end members.
    weights : (m,) float array
        Their shares.

    Returns
    -------
    BandEdges or None
        Of the kind ``interpolated``, with the uncertainties of the end members interpolated as
        well; None where the edges of an end member that takes part are not known.

    Examples
    --------
    >>> from heterobuild.alloys.end_members import end_members
    >>> mixed_edges(end_members(["CsPbBr3", "CsPbI3"]), np.array([0.5, 0.5])).gap
    2.07
    """
    used = [(m.edges, share) for m, share in zip(members, weights, strict=True) if share > ABSENT]
    rows = [
        share * np.array([edges.gap, edges.vbm, edges.cbm, edges.uncertainty or USUAL_UNCERTAINTY])
        for edges, share in used
        if edges is not None and edges.vbm is not None and edges.cbm is not None
    ]
    if len(rows) < len(used):
        return None
    gap, vbm, cbm, uncertainty = (round(float(value), 6) for value in np.sum(rows, axis=0))
    return BandEdges(
        gap=gap,
        vbm=vbm,
        cbm=cbm,
        uncertainty=uncertainty,
        kind="interpolated",
        source="linear between the end members, without bowing",
        doi="",
        confidence=max((e.confidence for e, _ in used if e is not None), key=list(TRUST).index),
    )
