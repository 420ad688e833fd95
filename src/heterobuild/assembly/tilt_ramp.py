"""Tilts of octahedra across a wall: one side takes over those of the other, at once or by degrees.

Corner-sharing octahedra turn together, so the tilts of one side go on into the other for some
octahedra. The halides of the following side are moved: the displacement of each from the middle
of its two B cations becomes ``(1 - w) own + w other``, where the other one is that of the crystal
across the wall, continued plane by plane beyond it. A displacement is scaled with the distance
of the two B cations, so angles are taken over and not lengths. Single A cations, whose
displacements are of second order in the tilts and vanish with them, move with the same weight
from the centres of their cages. B cations and molecules stay.

Distances are counted in octahedra, s = 1 for the first one of the following side, so that the
halides shared at the wall are at s = 1/2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.assembly.registry import shortest
from heterobuild.assembly.tilt_continuation import continued, tilt_ions
from heterobuild.errors import UsageError
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part

Rule = Literal["kept", "matched", "ramped"]


def tilt_weights(place: FloatArray, rule: Rule, planes: int) -> FloatArray:
    """Return how much of the other side's tilts there is at a distance from the wall.

    Parameters
    ----------
    place : (n,) float array
        Distance from the wall in octahedra; 1/2 is at the wall.
    rule : {"matched", "ramped"}
        Whether the weight is 1 in all the given octahedra, or falls linearly from 1 at the wall
        to 0 behind them.
    planes : int
        The octahedra.

    Returns
    -------
    (n,) float array
        Weights from 0 to 1. Halides shared by the last matched octahedron and the first of
        its own tilts have one half.

    Examples
    --------
    >>> tilt_weights(np.array([0.5, 1, 2, 2.5, 3]), "ramped", 2).tolist()
    [1.0, 0.75, 0.25, 0.0, 0.0]
    >>> tilt_weights(np.array([0.5, 1, 2, 2.5, 3]), "matched", 2).tolist()
    [1.0, 1.0, 1.0, 0.5, 0.0]
    """
    beyond = np.asarray(place) - 0.5 - planes
    if rule == "matched":
        return np.where(np.abs(beyond) < 0.25, 0.5, (beyond < 0).astype(float))
    ramp: FloatArray = np.clip(-beyond / planes, 0.0, 1.0) + 0.0
    return ramp


def follow_tilts(
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    frame: Frame,
    *,
    source: str,
    rule: Rule,
    planes: int,
) -> tuple[list[Part], list[Contact]]:
    """Let the neighbours of a part take over its tilts.

    Parameters
    ----------
    parts : sequence of Part
        The parts from below to above; left unchanged.
    contacts : sequence of Contact
        The contact of each part with the next; one more where the stack is endless.
    frame : Frame
        The in-plane cell.
    source : str
        Name of the crystal part whose tilts go on; its copies count too.
    rule : {"kept", "matched", "ramped"}
        See `tilt_weights`; "kept" returns the parts as they are.
    planes : int
        Octahedra over which the tilts are taken over.

    Returns
    -------
    parts : list of Part
        The parts with moved halides and A cations. Between two walls the nearer one decides.
    contacts : list of Contact
        The contacts; across walls that tilts pass the lattices of octahedra are in line.

    Raises
    ------
    UsageError
        If the octahedral network runs on across none of the walls of the source, or a side is
        no three-dimensional perovskite. Walls where the network ends pass nothing on.
    """
    result, joined = list(parts), list(contacts)
    if rule == "kept":
        return result, joined
    ends: list[Contact] = []
    walls: dict[int, list[tuple[Part, FloatArray, int]]] = {}
    for index, contact in enumerate(contacts):
        lower, upper = index, (index + 1) % len(parts)
        for ours, theirs, sign in ((upper, lower, 1), (lower, upper, -1)):
            if _is_copy(parts[theirs], source) and not _is_copy(parts[ours], source):
                ends.append(contact)
                if not contact.continues:
                    continue
                straight = _in_line(contact, parts[ours], parts[theirs], frame, sign)
                joined[index] = straight
                walls.setdefault(ours, []).append((parts[theirs], sign * straight.shift, sign))
    if not walls:
        raise _nothing_follows(source, ends)
    for index, found in walls.items():
        result[index] = _following(parts[index], found, frame, rule, planes)
    return result, joined


def _is_copy(part: Part, name: str) -> bool:
    """Tell whether a part is that of a name, or one of its copies, such as "film (lower)"."""
    return part.name == name or part.name.startswith(f"{name} (")


def _nothing_follows(source: str, contacts: Sequence[Contact]) -> UsageError:
    """Return the error for walls that pass no tilts."""
    if not contacts:
        return UsageError(
            f"no part follows the tilts of the {source}",
            where="tilts",
            next_step="name a part that another one lies on, or use tilts: kept",
        )
    contact = contacts[0]
    apart = np.isfinite(contact.misplacement)
    return UsageError(
        "octahedra that do not share corners across the wall do not pass on their tilts",
        where="tilts",
        measured=f"{contact.lower} {contact.planes[0]} | {contact.upper} {contact.planes[1]}"
        + (f", {contact.misplacement:.2f} Å from a common network" if apart else ""),
        allowed="facing planes that follow one another, the same cubic axes on both sides",
        next_step="choose terminations such as AX on BX2, limits with rotation: 0 and parity: "
        "even, no shift, or tilts: kept",
    )


def _in_line(contact: Contact, ours: Part, theirs: Part, frame: Frame, sign: int) -> Contact:
    """Let the lattices of octahedra go on in line, where the user did not shift them.

    The registry of two sides with tilts of their own meets both of them halfway; once one
    follows the other, there is nothing to meet.
    """
    if contact.registry.endswith("by the user"):
        return contact
    ions = tilt_ions(ours)
    near = np.flatnonzero((ions.kind == Site.X) & (ions.octahedra(sign) <= 1))
    found = continued(theirs, frame, ions, near=near, shift=sign * contact.shift, sign=sign)
    shift = np.round(contact.shift + sign * found.offset.mean(axis=0), 9) + 0.0
    return replace(contact, shift=shortest(shift, frame.cell))


def _following(
    part: Part,
    walls: Sequence[tuple[Part, FloatArray, int]],
    frame: Frame,
    rule: Rule,
    planes: int,
) -> Part:
    """Move the halides and A cations of one part."""
    ions = tilt_ions(part)
    own = ions.displacement
    weights, wishes = [], []
    for other, shift, sign in walls:
        weight = tilt_weights(ions.octahedra(sign), rule, planes)
        near = np.flatnonzero(weight > 0)
        found = continued(other, frame, ions, near=near, shift=shift, sign=sign)
        wish = own.copy()
        wish[near[found.found]] = found.displacement[found.found]
        weights.append(weight)
        wishes.append(wish)
    most = np.max(weights, axis=0)
    deciding = (np.array(weights) > most - 1e-9).astype(float)
    wish = (deciding[:, :, None] * wishes).sum(axis=0) / deciding.sum(axis=0)[:, None]
    atoms = part.atoms.copy()
    atoms.positions[ions.index] += most[:, None] * (wish - own)
    return replace(part, atoms=atoms)
