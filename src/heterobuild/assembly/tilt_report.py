"""Tell the rotations of octahedra plane by plane across the walls of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.plane_tilts import one_copy, plane_tilts
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.assembly.plane_tilts import PlaneTilts

DEFINITION = (
    "components of the rotation vector of each octahedron about the pseudo-cubic axes, the last "
    "one nearest to the normal, the same ones in all parts; amplitudes of the pattern that "
    "alternates from octahedron to octahedron across the axis; + in phase along the axis, - in "
    "antiphase; of the amplitudes the sign tells the sense, which is kept where a pattern runs on"
)
"""What the numbers of the step mean; told with them."""


def tilt_step(
    atoms: Atoms,
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    frame: Frame,
    *,
    rule: str = "kept",
) -> Step | None:
    """Describe the tilts across the walls where the octahedral network runs on.

    Parameters
    ----------
    atoms : ase.Atoms
        The finished stack.
    parts : sequence of Part
        The parts from below to above.
    contacts : sequence of Contact
        How they meet.
    frame : Frame
        The in-plane cell; one of its copies is measured.
    rule : str, optional
        How the tilts were joined, see `heterobuild.assembly.tilt_ramp.follow_tilts`.

    Returns
    -------
    Step or None
        Angles per plane, B–X lengths and B–X–B angles; None where no network runs on.
    """
    if not any(contact.continues for contact in contacts):
        return None
    planes, measured = plane_tilts(one_copy(atoms, frame), parts, contacts)
    if not planes:
        return None
    lengths = np.concatenate([found.lengths.ravel() for found in measured])
    bridges = np.concatenate([found.bridges for found in measured])
    parted = dict.fromkeys(plane.part for plane in planes)
    words = "; ".join(
        f"{name} {_words([plane for plane in planes if plane.part == name])}" for name in parted
    )
    return Step(
        name="tilts",
        choice=f"{rule}: {words}",
        values={
            "rule": rule,
            "definition": DEFINITION,
            "bond_lengths_A": _range(lengths, 4),
            "bridge_angles_deg": _range(bridges, 2),
            "planes": [
                {
                    "part": plane.part,
                    "plane": plane.plane,
                    "octahedra": plane.octahedra,
                    "signs": plane.signs,
                    "angles_deg": [
                        None if np.isnan(angle) else round(float(angle), 3) + 0.0
                        for angle in plane.amplitudes
                    ],
                }
                for plane in planes
            ],
        },
    )


def _words(planes: Sequence[PlaneTilts]) -> str:
    """Tell the tilts of the lowest and the highest plane of a part."""
    whole = [plane for plane in planes if plane.octahedra]
    if not whole:
        return "has no whole octahedra"
    if all(plane.signs == "000" for plane in whole):
        return "untilted"
    ends = [whole[0], whole[-1]]
    texts = [
        " ".join(
            f"{abs(angle):.1f}°{sign if sign != '0' else ''}"
            for angle, sign in zip(plane.amplitudes, plane.signs, strict=True)
        )
        for plane in ends
    ]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} below, {texts[1]} above"


def _range(values: FloatArray, digits: int) -> list[float] | None:
    """Return the least and the largest value."""
    known = values[~np.isnan(values)]
    return (
        [round(float(edge), digits) for edge in (known.min(), known.max())] if len(known) else None
    )
