"""How far apart inorganic sheets are where a layered phase meets another part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.part import height_of
from heterobuild.assembly.part_kinds import has_spacers
from heterobuild.labels import SITE, Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.part import Part


@dataclass(frozen=True, kw_only=True, eq=False)
class SheetGap:
    """The last inorganic planes of two parts that meet.

    Parameters
    ----------
    metals : float
        Distance in Å of the last B plane of the lower and the first one of the upper part.
    halides : float or None
        Distance in Å of the halide planes that enclose the spacers between them; None where
        there are no spacers between.
    """

    metals: float
    halides: float | None


def sheet_gap(lower: Part, upper: Part, gap: float) -> SheetGap | None:
    """Measure the distance of the inorganic sheets on both sides of an interface.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    gap : float
        Distance in Å of the facing planes.

    Returns
    -------
    SheetGap or None
        The distances; None where no part has spacers, or one of them has no metals.
    """
    if not has_spacers(lower.slab) and not has_spacers(upper.slab):
        return None
    below, above = _planes(lower, lower.top, 0.0), _planes(upper, upper.bottom, gap)
    if not below[Site.B].size or not above[Site.B].size:
        return None
    low, high = float(below[Site.B].max()), float(above[Site.B].min())
    every = {site: np.concatenate([below[site], above[site]]) for site in below}
    spacers = every[Site.SPACER]
    spacers = spacers[(spacers > low) & (spacers < high)]
    if not spacers.size:
        return SheetGap(metals=high - low, halides=None)
    halides = every[Site.X]
    over, under = halides[halides > spacers.max()], halides[halides < spacers.min()]
    return SheetGap(metals=high - low, halides=float(over.min() - under.max()))


def sheet_gap_step(lower: Part, upper: Part, contact: Contact) -> Step | None:
    """Describe the distance of the inorganic sheets where a layered phase meets another part.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    contact : Contact
        How they meet.

    Returns
    -------
    Step or None
        The two distances; the spacing of sheets in the literature is that of the metals.
    """
    found = sheet_gap(lower, upper, contact.gap)
    if found is None:
        return None
    head = f"{lower.name} | {upper.name}: metal planes {found.metals / 10:.3f} nm apart"
    between = (
        "no spacers between them"
        if found.halides is None
        else f"halide planes around the spacers {found.halides / 10:.3f} nm apart"
    )
    return Step(
        name="inorganic sheets",
        choice=f"{head}, {between}",
        values={
            "lower": lower.name,
            "upper": upper.name,
            "metal_planes_A": round(found.metals, 6),
            "halide_planes_A": None if found.halides is None else round(found.halides, 6),
        },
    )


def _planes(part: Part, edge: int, lift: float) -> dict[Site, FloatArray]:
    """Return the heights of planes that hold a kind of site, the one at the edge at `lift`."""
    stacking = part.slab.stacking
    numbers = np.arange(part.slab.first, part.slab.first + part.slab.count)
    level = height_of(part, edge) - lift
    height = np.array([height_of(part, int(number)) - level for number in numbers])
    found = {}
    for site in (Site.B, Site.X, Site.SPACER):
        holding = np.unique(stacking.plane[stacking.atoms.arrays[SITE] == site])
        found[site] = height[np.isin(numbers % len(stacking.terminations), holding)]
    return found
