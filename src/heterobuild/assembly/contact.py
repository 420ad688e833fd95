"""Put one part on another: registry, gap and whether the octahedral network runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.gap import SHEET_CONTACT, continued_spacing, touching_distance
from heterobuild.assembly.organic_contact import has_cap, interlocking, organic_gap
from heterobuild.assembly.part import has_b_site, plane_of
from heterobuild.assembly.part_kinds import has_spacers, is_sheet
from heterobuild.assembly.registry import (
    CONTINUES_WITHIN,
    continuing_shift,
    facing_shift,
    hollow_shift,
    misplacement,
    shortest,
)
from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part


TIGHT = 0.01
"""Å by which a fixed gap may be smaller than the touching distance: rounding by the user."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Contact:
    """How the upper of two parts meets the lower.

    Parameters
    ----------
    lower, upper : str
        Names of the parts.
    planes : tuple of str
        Formulas of the facing planes, lower first.
    shift : (2,) float array
        In-plane shift of the upper part in Å, registry and wish added.
    gap : float
        Distance of the facing planes in Å.
    continues : bool
        Whether the octahedral network runs on across the interface.
    misplacement : float
        Largest in-plane distance in Å from the continued lattice; infinite where the facing
        planes do not follow one another in either crystal.
    registry : str
        How the in-plane shift was found.
    reason : str
        How the gap was found.
    """

    lower: str
    upper: str
    planes: tuple[str, str]
    shift: FloatArray
    gap: float
    continues: bool
    misplacement: float
    registry: str
    reason: str


def bring_together(
    lower: Part,
    upper: Part,
    frame: Frame,
    *,
    gap: float | Literal["auto"] = "auto",
    shift: FloatArray | None = None,
) -> Contact:
    """Find registry and distance of two parts.

    Parameters
    ----------
    lower, upper : Part
        The parts, strained onto the common cell.
    frame : Frame
        The in-plane cell that both share.
    gap : float or "auto", optional
        Distance of the facing planes in Å. "auto" continues the plane spacing where the network
        runs on, and elsewhere moves the upper part down until two ions touch.
    shift : (2,) float array, optional
        Extra in-plane shift of the upper part in Å from the registry found.

    Returns
    -------
    Contact
        The result.

    Raises
    ------
    UsageError
        If molecules do not fit into a gap that the user fixed.
    """
    wish = np.zeros(2) if shift is None else shift
    capped = has_cap(lower, top=True) or has_cap(upper, top=False)
    cell = frame.whole if capped else frame.cell
    registry, found = _registry(lower, upper, frame, capped=capped)
    placed = registry + wish
    error = np.inf if capped else misplacement(lower, upper, cell, placed)
    continues = bool(error <= CONTINUES_WITHIN)
    if gap != "auto":
        distance, reason = float(gap), "fixed by the user"
        natural = continued_spacing(lower, upper)[0] if continues else np.inf
        _require_room(lower, upper, frame, placed, distance, natural=natural)
    elif continues:
        distance, reason = continued_spacing(lower, upper)
    elif capped:
        distance, reason = organic_gap(lower, upper, frame, placed)
    else:
        distance = touching_distance(lower, upper, frame.whole, placed)
        reason = _touching_words(lower, upper)
    period = [len(part.slab.stacking.terminations) for part in (lower, upper)]
    return Contact(
        lower=lower.name,
        upper=upper.name,
        planes=(
            lower.slab.stacking.terminations[lower.top % period[0]].formula,
            upper.slab.stacking.terminations[upper.bottom % period[1]].formula,
        ),
        shift=shortest(placed, cell),
        gap=distance,
        continues=continues,
        misplacement=error,
        registry=found if not wish.any() else f"{found}, then shifted by the user",
        reason=reason,
    )


def _registry(lower: Part, upper: Part, frame: Frame, *, capped: bool) -> tuple[FloatArray, str]:
    """Return the in-plane shift without the user's wish, and how it was found."""
    if capped:
        return interlocking(lower, upper, frame).shift, "tails interlock deepest"
    shift, error = continuing_shift(lower, upper, frame.cell)
    if error <= CONTINUES_WITHIN:
        return shift, "continues the network" + _shared_plane(lower, upper)
    if is_sheet(lower.slab) or is_sheet(upper.slab):
        shift = hollow_shift(lower, upper, frame.cell, frame.whole)
        return shift, "no bonds across, the symmetric place where the sheet comes closest"
    return facing_shift(lower, upper, frame.cell), "opposite ions face one another"


def _shared_plane(lower: Part, upper: Part) -> str:
    """Say which plane a crystal with spacers and one without have in common."""
    layered = has_spacers(upper.slab)
    if layered == has_spacers(lower.slab):
        return ""
    sheet, other = (upper, lower) if layered else (lower, upper)
    facing = plane_of(sheet, sheet.bottom if layered else sheet.top)
    if has_b_site(facing):
        return f", the {sheet.name} bonds to the A–halide plane of the {other.name}"
    return (
        f", the ammonium plane of the {sheet.name} is the next A–halide plane of the {other.name}"
    )


def _touching_words(lower: Part, upper: Part) -> str:
    """Say which radii gave the distance."""
    if is_sheet(lower.slab) or is_sheet(upper.slab):
        return f"closest atoms at {SHEET_CONTACT:g} of the sum of their van der Waals radii"
    facing = [plane_of(lower, lower.top), plane_of(upper, upper.bottom)]
    if any((plane.role // 2 == Site.SPACER).any() for plane in facing):
        return "spacers touch, at 0.8 of the sum of van der Waals radii, 0.7 for N–H…halide"
    return "closest ions touch at the sum of their radii"


def _require_room(
    lower: Part,
    upper: Part,
    frame: Frame,
    shift: FloatArray,
    distance: float,
    *,
    natural: float,
) -> None:
    """Refuse a gap into which the molecules between the parts do not fit.

    Where the network continues, its own spacing always fits.
    """
    least = min(touching_distance(lower, upper, frame.whole, shift, molecules=True), natural)
    if distance < least - TIGHT:
        raise UsageError(
            f"the molecules between {lower.name} and {upper.name} do not fit into the gap",
            where="gap",
            measured=f"{distance:g} Å",
            allowed=f"at least {least:.2f} Å, where the first atoms touch",
            next_step=f"set gap to {np.ceil(100 * least) / 100:.2f} or to auto",
        )


def contact_steps(contact: Contact) -> tuple[Step, Step]:
    """Describe a contact as steps of the build.

    Parameters
    ----------
    contact : Contact
        The contact.

    Returns
    -------
    tuple of Step
        Registry and gap.
    """
    where = f"{contact.lower} {contact.planes[0]} | {contact.upper} {contact.planes[1]}"
    finite = np.isfinite(contact.misplacement)
    registry = Step(
        name="registry",
        choice=f"{where}: {contact.registry}",
        values={
            "lower": contact.lower,
            "upper": contact.upper,
            "shift_A": [round(float(value), 6) for value in contact.shift],
            "misplacement_A": round(contact.misplacement, 4) if finite else None,
        },
    )
    gap = Step(
        name="gap",
        choice=f"{where}: {contact.reason}",
        values={
            "lower": contact.lower,
            "upper": contact.upper,
            "gap_A": round(contact.gap, 6),
            "network_continues": contact.continues,
        },
    )
    return registry, gap
