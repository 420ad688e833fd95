"""Put one part on another: registry, gap and whether the octahedral network runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.gap import continued_spacing, touching_distance
from heterobuild.assembly.registry import (
    CONTINUES_WITHIN,
    continuing_shift,
    facing_shift,
    misplacement,
    shortest,
)
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part


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
    """
    wish = np.zeros(2) if shift is None else shift
    cell = frame.cell
    registry, error = continuing_shift(lower, upper, cell)
    found = "continues the network"
    if error > CONTINUES_WITHIN:
        registry = facing_shift(lower, upper, cell)
        found = "opposite ions face one another"
    placed = registry + wish
    error = misplacement(lower, upper, cell, placed)
    continues = error <= CONTINUES_WITHIN
    if gap != "auto":
        distance, reason = float(gap), "fixed by the user"
    elif continues:
        distance, reason = continued_spacing(lower, upper)
    else:
        distance = touching_distance(lower, upper, frame.whole, placed)
        reason = "closest ions touch at the sum of their radii"
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
