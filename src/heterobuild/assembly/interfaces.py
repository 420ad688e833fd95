"""All interfaces of a stack: one gap and one shift each, one contact each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from heterobuild.assembly.contact import bring_together
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part

T = TypeVar("T")


def bring_all_together(
    parts: Sequence[Part],
    frame: Frame,
    reference: Part,
    *,
    gaps: Sequence[float | Literal["auto"]],
    shifts: Sequence[tuple[float, float]],
) -> list[Contact]:
    """Find registry and distance of each part and the next one.

    Parameters
    ----------
    parts : sequence of Part
        The parts from below to above.
    frame : Frame
        The in-plane cell.
    reference : Part
        The part whose surface vectors the shifts are fractions of.
    gaps : sequence of float or "auto"
        One an interface; as many as parts where the stack is endless.
    shifts : sequence of tuple of float
        The same for the in-plane shifts of the upper parts.

    Returns
    -------
    list of Contact
        The contacts from below to above.
    """
    vectors = (reference.slab.stacking.cell[:2] @ reference.deformation)[:, :2]
    return [
        bring_together(
            parts[k],
            parts[(k + 1) % len(parts)],
            frame,
            gap=gap,
            shift=np.array(shift) @ vectors,
        )
        for k, (gap, shift) in enumerate(zip(gaps, shifts, strict=True))
    ]


def per_interface(where: str, given: T | Sequence[T], default: T, count: int) -> list[T]:
    """Return one value an interface.

    Parameters
    ----------
    where : str
        Name of the option.
    given : object or list or tuple
        One value for all interfaces, or a list of one an interface; empty for the default.
    default : object
        What stands for nothing.
    count : int
        Number of interfaces.

    Returns
    -------
    list
        The values from below to above.

    Raises
    ------
    UsageError
        If the list has another length.

    Examples
    --------
    >>> per_interface("gaps", "auto", "auto", 3), per_interface("gaps", (3.0, 2.5), "auto", 2)
    (['auto', 'auto', 'auto'], [3.0, 2.5])
    """
    if not isinstance(given, list | tuple):
        return [given] * count  # type: ignore[list-item]
    if not given:
        return [default] * count
    if len(given) != count:
        raise UsageError(
            f"{where} has one entry an interface",
            where=where,
            measured=f"{len(given)} entries",
            allowed=f"{count}, from below to above; that of a superlattice includes the one that "
            "closes it",
            next_step="give as many entries as interfaces, or leave it out",
        )
    return list(given)
