"""What the user should know about the parts of a stack: data, cuts, cells."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.decoration import largest_rounding
from heterobuild.alloys.supercells import ROUNDING
from heterobuild.chemistry.expansion import EXPANSION, FAR_APART
from heterobuild.slabs.miller import miller_label
from heterobuild.slabs.polarity import tasker_type
from heterobuild.slabs.stacking import stack_planes

if TYPE_CHECKING:
    from heterobuild.assembly.part import Part
    from heterobuild.model import Crystal

LARGE_DIPOLE = 0.03
"""e/Å; dipole over area from which a cut is told to be polar: a step of 5 V, more than a band gap.
Ammonium heads a little out of their plane have less."""

SIMPLE_FACES = ((0, 0, 1), (1, 0, 0), (0, 1, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1), (0, 1, 2))
"""Faces that are looked through for cuts without a dipole."""

FACES_TOLD = 3
"""Faces named in a notice at most."""


def strain_notices(part: Part) -> tuple[str, ...]:
    """Warn where a strained part's normal strain and energy rest on assumed constants.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    tuple of str
        One sentence, or nothing.
    """
    if not part.elastic.assumed or np.abs(part.strain).max() < 1e-6:
        return ()
    name = part.slab.crystal.name
    return (f"{name}: strain along the normal and elastic energy rest on {part.elastic.source}",)


def composition_notices(part: Part) -> tuple[str, ...]:
    """Warn where the whole cell is too small for the wanted shares of mixed sites.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    tuple of str
        One sentence, or nothing.
    """
    step = part.composition
    if step is None or largest_rounding(step) <= ROUNDING:
        return ()
    return (f"{step.choice}; repeat the common cell for shares nearer to those wanted",)


def polarity_notices(part: Part) -> tuple[str, ...]:
    """Warn of a polar cut, with what would not be polar.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    tuple of str
        One sentence, or nothing where the slab has no large dipole.
    """
    slab = part.slab
    area = float(np.linalg.det(slab.stacking.cell[:2, :2]))
    if slab.tasker != "III" or abs(slab.dipole) / area < LARGE_DIPOLE:
        return ()
    head = (
        f"{part.name}: {slab.crystal.name} {miller_label(slab.miller)} from {slab.bottom.formula} "
        f"to {slab.top.formula} is polar, {slab.dipole:+.1f} e·Å a surface cell"
    )
    planes = slab.stacking.terminations
    fine = [
        f"{plane.index} ({plane.formula})"
        for plane in planes
        if plane.equivalent == plane.index and tasker_type(slab.stacking, plane.index) != "III"
    ]
    if fine:
        return (f"{head}; not polar where the bottom is plane {' or '.join(fine)}",)
    words = f"{head}, and so is every stoichiometric cut of this face"
    faces = nonpolar_faces(slab.crystal)
    if faces:
        words += f"; faces with cuts that are not: {', '.join(faces)}"
    return (words,)


def nonpolar_faces(crystal: Crystal) -> list[str]:
    """Return the simple faces of a crystal that can be cut without a dipole.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    list of str
        Faces, each with the bottom plane of such a cut, at most `FACES_TOLD`.
    """
    found: list[str] = []
    for face in SIMPLE_FACES:
        stacking = stack_planes(crystal, face)
        for plane in stacking.terminations:
            if tasker_type(stacking, plane.index) != "III":
                found.append(f"{miller_label(face)} from {plane.formula} (plane {plane.index})")
                break
        if len(found) == FACES_TOLD:
            break
    return found


def temperature_notices(*parts: Part) -> tuple[str, ...]:
    """Warn where cells were measured at temperatures far apart.

    Parameters
    ----------
    *parts : Part
        The parts, from below to above.

    Returns
    -------
    tuple of str
        For each pair one sentence with the misfit that thermal expansion alone makes, if any.
    """
    crystals = {part.slab.crystal.name: part.slab.crystal.temperature for part in parts}
    known = [(name, value) for name, value in crystals.items() if value is not None]
    found = []
    for (theirs, low), (ours, high) in combinations(known, 2):
        if abs(high - low) >= FAR_APART:
            share = 100 * EXPANSION * abs(high - low)
            cells = f"the cells of {ours} ({high:g} K) and {theirs} ({low:g} K)"
            misfit = f"thermal expansion alone makes about {share:.1f} % of misfit"
            found.append(f"{cells} were measured at different temperatures; {misfit}")
    return tuple(found)
