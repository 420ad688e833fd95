"""A free coherent particle: where its centre is, its octahedra, its walls, its size."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.parts import Parts
from heterobuild.coherent.reached_sizes import size_step
from heterobuild.coherent.walls import outermost_halides, plane_step, wall_step
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.frameworks.carving import ON_FACE, block_around, complete, distances, trimmed
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.labels import Site
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.carving import Termination
    from heterobuild.frameworks.framework import Framework
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, WallProfile
    from heterobuild.particles.forms import Form
    from heterobuild.particles.options import ParticleShape

CENTRES = ("auto", "A", "B", "X")
"""Sites that can be named as the centre of a particle."""


def along_axis(translation: IntArray | None, periods: int = 1) -> IntArray | None:
    """Return a basis of the lattice whose third vector is the period of a wire.

    Parameters
    ----------
    translation : (3,) int array or None
        The period in conventional vectors, coprime; None for a finite particle.
    periods : int, optional
        Periods that the third vector holds.

    Returns
    -------
    (3, 3) int array or None
        Right-handed rows, the determinant the number of periods; None where there is no period.

    Raises
    ------
    UsageError
        If there are fewer than one period, or no small cell has the direction as an edge.

    Examples
    --------
    >>> along_axis(np.array([1, 0, 1])).tolist()
    [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    """
    if translation is None:
        return None
    if periods < 1:
        raise UsageError(
            "a wire holds at least one period",
            where="periods",
            measured=periods,
            next_step="use 2",
        )
    steps = np.array(list(np.ndindex(5, 5, 5))) - 2
    steps = steps[np.lexsort((*-steps.T[::-1], (steps**2).sum(axis=1)))]
    for first in steps:
        normals = np.cross(first, steps) @ translation
        fits = np.flatnonzero(normals == 1)
        if len(fits):
            return np.array([first, steps[fits[0]], periods * translation])
    raise UsageError(
        "no small cell has this direction as an edge",
        where="axis",
        measured=translation.tolist(),
        next_step="take a direction of smaller indices",
    )


def centre_point(framework: Framework, form: Form, centre: object) -> FloatArray:
    """Return the point of the crystal at the centre of a particle.

    Parameters
    ----------
    framework : Framework
        The framework.
    form : Form
        The form; its parity tells the automatic centre.
    centre : str or tuple of float
        ``auto``, ``A``, ``B``, ``X``, or fractions of the conventional cell.

    Returns
    -------
    (3,) float array
        Point in Å in the frame of the crystal.

    Raises
    ------
    UsageError
        If the crystal has no such site.
    """
    origin = framework.centres[framework.b_units[0]]
    if not isinstance(centre, str):
        point: FloatArray = np.array(centre, dtype=np.float64) @ framework.conventional
        return point
    if centre == "auto":
        half = np.array([0.5 if letter == "A" else 0.0 for letter in form.parity])
        middle: FloatArray = origin + half @ pseudocubic_axes(framework.crystal)
        return middle
    if centre not in CENTRES:
        raise UnknownNameError(
            f"unknown centre {centre!r}", where="centre", next_step=suggest(str(centre), CENTRES)
        )
    sites = framework.centres[framework.site == Site[str(centre)]]
    if not len(sites):
        raise UsageError(
            f"{framework.crystal.name} has no {centre} site",
            where="centre",
            next_step="use B, or auto",
        )
    steps = (sites - origin) @ np.linalg.inv(framework.cell)
    steps -= np.round(steps)
    near = np.linalg.norm(steps @ framework.cell, axis=1)
    nearest: FloatArray = origin + (steps @ framework.cell)[int(np.argmin(near.round(6)))]
    return nearest


def carve(
    host: Crystal,
    forms: Sequence[Form],
    names: Sequence[str],
    crystals: Sequence[Crystal],
    *,
    shape: ParticleShape,
    offset: FloatArray,
    termination: Termination,
    shared: Shared,
    profile: WallProfile,
    halide_planes: int = 0,
    seed: int,
) -> Draft:
    """Carve nested parts out of one framework.

    Parameters
    ----------
    host : Crystal
        Crystal whose framework is carved, stretched to the lattice of the model.
    forms : sequence of Form
        Outer form of each part, from the innermost outward; the last is that of the particle.
        With `halide_planes` the last part has none.
    names, crystals : sequence
        Names of the parts and what they are made of.
    shape : ParticleShape
        For the centre.
    offset : (3,) float array
        Shift of all inner parts from the centre in Å.
    termination : {"AX", "BX2"}
        Outermost plane.
    shared : {"inner", "outer", "mixed"}
        Who gets the halides at a wall.
    profile : WallProfile
        Composition across the walls.
    halide_planes : int, optional
        Outermost planes whose halides belong to the last part, where that has no form.
    seed : int
        Seed of all draws.

    Returns
    -------
    Draft
        The draft, charged.

    Raises
    ------
    UsageError
        If no octahedron is left, or an inner part reaches out of the particle.
    """
    outer = forms[-1]
    framework = framework_of(host, along_axis(outer.translation, shape.periods))
    centre = centre_point(framework, outer, shape.centre)
    block = block_around(framework, centre, outer.carving, outer.rotation)
    surface = distances(block, centre, outer.carving, outer.rotation)
    inner = centre + offset @ outer.rotation.T
    walls = [distances(block, inner, form.carving, outer.rotation) for form in forms[:-1]]
    if (surface <= ON_FACE).any():
        _judge_walls(walls, surface <= ON_FACE, names)
        if shared != "mixed":
            # Who gets a mixed site is drawn for every cell of the block, so that keeps its size.
            block, part = trimmed(block, surface <= ON_FACE)
            surface, *walls = (np.ascontiguousarray(field[part]) for field in (surface, *walls))
    occupied = complete(block, surface <= ON_FACE, termination)
    every = range(len(framework.site)) if profile.graded else ()
    fields = tuple(
        distances(block, inner, form.carving, outer.rotation, every) for form in forms[:-1] if every
    )
    draft = draft_parts(
        block,
        occupied,
        Parts(
            names=tuple(names),
            crystals=tuple(crystals),
            walls=tuple(walls),
            fields=fields,
            shared=shared,
            profile=profile,
        ),
        rotation=outer.rotation,
        centre=centre,
        surface=surface,
        outermost=outermost_halides(block, occupied, surface, halide_planes, cube_edge(host)),
        seed=seed,
    )
    steps = [size_step(draft, code, form) for code, form in enumerate(forms, 1)]
    steps += [wall_step(draft, code, wall) for code, wall in enumerate(walls, 1)]
    if halide_planes:
        steps.append(plane_step(draft, halide_planes))
    return replace(draft, steps=(*steps, *draft.steps))


def _judge_walls(walls: Sequence[FloatArray], octahedra: BoolArray, names: Sequence[str]) -> None:
    """Refuse an inner part that is empty or reaches beyond the one around it."""
    inside: list[BoolArray] = [*(wall <= ON_FACE for wall in walls), octahedra]
    for number, (inner, outer) in enumerate(pairwise(inside)):
        if not inner.any():
            raise UsageError(
                f"{names[number]} holds no octahedron",
                where=names[number],
                next_step="take a larger shape",
            )
        beyond = int((inner & ~outer).sum())
        if beyond or not (outer & ~inner).any():
            raise UsageError(
                f"{names[number]} is larger than {names[number + 1]} around it",
                where=names[number + 1],
                measured=f"{beyond} of {int(inner.sum())} octahedra outside"
                if beyond
                else "no octahedron between the two",
                next_step="make the shell thicker, the core smaller, or its offset smaller",
            )


def wire_cell(draft: Draft) -> FloatArray | None:
    """Return the cell of a wire, whose third vector is its period.

    Parameters
    ----------
    draft : Draft
        The draft.

    Returns
    -------
    (3, 3) float array or None
        Row vectors in Å, the first two zero until there is a box; None of a finite particle.
    """
    block = draft.sites.block
    if not block.periodic[2]:
        return None
    cell = np.zeros((3, 3))
    cell[2] = block.framework.cell[2] @ draft.rotation
    return cell
