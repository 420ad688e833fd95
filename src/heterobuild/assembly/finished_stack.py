"""From parts on their common cell to the labelled heterostructure with its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.assembly.contact import contact_steps
from heterobuild.assembly.describe import slab_step, strain_step
from heterobuild.assembly.grading import grade_stack
from heterobuild.assembly.notices import (
    composition_notices,
    polarity_notices,
    strain_notices,
    temperature_notices,
)
from heterobuild.assembly.organic_contact import organic_step
from heterobuild.assembly.sheet_gaps import sheet_gap_step
from heterobuild.assembly.stack import stack_parts
from heterobuild.assembly.tilt_report import tilt_step
from heterobuild.assembly.vacuum import add_vacuum
from heterobuild.model import Heterostructure, Step, WallProfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.model import Match


def finish_stack(
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    frame: Frame,
    *,
    name: str,
    fits: Iterable[Step],
    energy: Step,
    described: Sequence[Part],
    vacuum: float | None,
    match: Match | None = None,
    profile: WallProfile | None = None,
    profiles: Sequence[WallProfile] = (),
    tilts: str = "kept",
) -> Heterostructure:
    """Stack parts, let their ions mix, add vacuum, and tell every choice that was made.

    Parameters
    ----------
    parts : sequence of Part
        The parts from below to above.
    contacts : sequence of Contact
        The contact of each part with the next; one more where the stack is endless.
    frame : Frame
        The in-plane cell.
    name : str
        Name of the result.
    fits : iterable of Step
        The steps that tell the common cell.
    energy : Step
        The elastic energy.
    described : sequence of Part
        Each distinct part once, from below to above: its slab and strain are told; other parts
        are copies of these, with ions and cations of their own.
    vacuum : float or None
        Empty height in Å; None where the stack is endless.
    match : Match, optional
        The match, where there is one film on one substrate.
    profile : WallProfile, optional
        How the composition changes across the walls; sharp where not given.
    profiles : sequence of WallProfile, optional
        One a contact, in place of it.
    tilts : str, optional
        How the tilts of the parts were joined, for the record.

    Returns
    -------
    Heterostructure
        The labelled atoms, regions, steps and notices.

    Raises
    ------
    UsageError
        If a profile does not fit the walls, see `heterobuild.assembly.grading.grade_stack`.
    """
    stacked, molecules = stack_parts(parts, contacts, frame.whole)
    tilted = tilt_step(stacked, parts, contacts, frame, rule=tilts)
    graded = grade_stack(
        stacked,
        molecules,
        parts,
        contacts,
        profile=profile or WallProfile(),
        profiles=profiles,
        seed=frame.seed,
    )
    atoms = graded.atoms
    steps = [
        *(slab_step(part) for part in described),
        *fits,
        *(strain_step(part) for part in described),
        energy,
        *_contact_steps(parts, contacts),
        *([] if tilted is None else [tilted]),
        *_drawn([part.composition for part in (*described, *parts)]),
        *_drawn([part.cations for part in (*described, *parts)]),
        *_drawn([step for part in parts for step in part.organics]),
        *graded.steps,
    ]
    if vacuum is None:
        steps.append(Step(name="vacuum", choice="none: the stack is endless"))
    else:
        atoms, step = add_vacuum(atoms, vacuum)
        steps.append(step)
    return Heterostructure(
        name=name,
        atoms=atoms,
        regions=graded.regions,
        molecules=graded.molecules,
        match=match,
        steps=tuple(steps),
        notices=tuple(dict.fromkeys(_notices(described, parts))),
    )


def _drawn(steps: Iterable[Step | None]) -> list[Step]:
    """Return each step once; a part that was turned over shares those of its original."""
    return list({id(step): step for step in steps if step is not None}.values())


def _contact_steps(parts: Sequence[Part], contacts: Sequence[Contact]) -> Iterator[Step]:
    """Yield registry and gap of each contact, and the distance of inorganic sheets."""
    for index, contact in enumerate(contacts):
        yield from contact_steps(contact)
        pair = parts[index], parts[(index + 1) % len(parts)]
        step = sheet_gap_step(*pair, contact) or organic_step(*pair, contact.gap)
        if step is not None:
            yield step


def _notices(parts: Sequence[Part], stack: Sequence[Part]) -> Iterator[str]:
    """Yield what the user should know about the data and the cut."""
    for part in parts:
        yield from part.slab.crystal.notices
    for part in parts:
        yield from polarity_notices(part)
    for part in parts:
        yield from strain_notices(part)
    for part in (*parts, *stack):
        yield from composition_notices(part)
    yield from temperature_notices(*parts)
