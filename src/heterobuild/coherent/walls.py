"""What is said about a wall between two coherent parts: misfit, area, shared halides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.block import links_of, mean_over_octahedra
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.frameworks.unit_values import unit_highest, unit_lowest
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.framework import Framework

NEAR, COHERENT = 0.01, 0.05
"""Absolute misfits up to which parts are nearly matched, and up to which the field's screens keep
a pair as coherent."""


def verdict(misfit: float) -> str:
    """Judge a misfit in words.

    Parameters
    ----------
    misfit : float
        As a fraction.

    Returns
    -------
    str
        The verdict.

    Examples
    --------
    >>> verdict(0.004), verdict(-0.066)
    ('nearly matched', 'large: misfit dislocations or intermixing are likely')
    """
    if abs(misfit) <= NEAR:
        return "nearly matched"
    if abs(misfit) <= COHERENT:
        return "coherent growth is possible"
    return "large: misfit dislocations or intermixing are likely"


def wall_step(draft: Draft, number: int, wall: FloatArray) -> Step:
    """Describe the wall between a part and the next one outside it.

    The area is that of the face of the inner part where the outer part lies on it. It is summed
    over the shared halides: each step from B to B through the wall has the area of its octahedron
    normal to the step, times the cosine squared to the normal of the wall. Summed over the three
    directions of steps the squares are one, so that the area is that of the form, not of the
    staircase of octahedra.

    Parameters
    ----------
    draft : Draft
        The draft.
    number : int
        Code of the inner part.
    wall : (nx, ny, nz, b) float array
        Signed distance of each B cation from the wall in Å.

    Returns
    -------
    Step
        Misfit of the outer part to the inner one, verdict, area, halides that both share.
    """
    inner, outer = draft.crystals[number - 1], draft.crystals[number]
    names = draft.names[number - 1], draft.names[number]
    misfit = cube_edge(outer) / cube_edge(inner) - 1
    shared, area = _shared_halides(draft, number, wall)
    return Step(
        name="wall",
        choice=f"{names[1]} on {names[0]}: misfit {100 * misfit:+.2f} %, {verdict(misfit)}; "
        f"one network, {shared} shared halides, {area / 100:.1f} nm²",
        values={
            "coherent": True,
            "inner": names[0],
            "outer": names[1],
            "misfit": round(misfit, 6),
            "verdict": verdict(misfit),
            "area_A2": round(area, 2),
            "shared_halides": shared,
        },
    )


def _shared_halides(draft: Draft, number: int, wall: FloatArray) -> tuple[int, float]:
    """Count the halides between octahedra of a part and of the next one, and measure the wall."""
    block, region = draft.sites.block, draft.sites.region
    framework = block.framework
    codes = region[..., framework.b_units]
    there = codes > 0
    chosen = None if there.all() else there
    halides = np.flatnonzero(framework.site == Site.X).tolist()
    joined = [
        join(framework, block.periodic, values, halides, chosen)
        for values in (codes, wall)
        for join in (unit_lowest, unit_highest)
    ]
    count, area = 0, 0.0
    for (v, least), (_, most), (_, inside), (_, outside) in zip(*joined, strict=True):
        both = (least == number) & (most == number + 1)
        count += int(np.count_nonzero(both))
        # The cosine is the change of the distance from the wall over the length of the step.
        across = float((outside[both].astype(np.float64) - inside[both]).sum())
        area += framework.octahedron_volume * across / _step_square(framework, v)
    return count, area


def _step_square(framework: Framework, halide: int) -> float:
    """Return the squared distance in Å² of the two B cations beside a halide."""
    links = framework.links[framework.links[:, 1] == halide]
    places = framework.centres[framework.b_units[links[:, 0]]] - links[:, 2:] @ framework.cell
    step = places[0] - places[1]
    return float(step @ step)


def outermost_halides(
    block: Block, occupied: BoolArray, surface: FloatArray, planes: int, edge: float
) -> BoolArray | None:
    """Choose the halides of the outermost planes.

    Terminal halides are the first plane; the next planes lie half an edge below one another.

    Parameters
    ----------
    block : Block
        The block.
    occupied : (nx, ny, nz, u) bool array
        Sites of the particle.
    surface : (nx, ny, nz, b) float array
        Signed distance of each B cation from the surface in Å.
    planes : int
        Number of planes.
    edge : float
        Pseudo-cubic edge in Å.

    Returns
    -------
    (nx, ny, nz, u) bool array or None
        The halides; None of no plane.

    Raises
    ------
    UsageError
        If these are all halides, so that nothing of the core would be left between its cations.
    """
    if planes < 1:
        return None
    chosen = occupied[..., block.framework.b_units]
    halides = occupied & (block.framework.site == Site.X)
    terminal: BoolArray = halides & (links_of(block, chosen) == 1)
    # Halfway between the B inside and the one that would follow outside: 0 of terminal halides.
    depth = -mean_over_octahedra(block, surface)
    deepest = (planes - 1) * edge / 2 + edge / 4
    near: BoolArray = terminal if planes == 1 else terminal | (halides & (depth < deepest))
    if near.sum() == halides.sum():
        raise UsageError(
            "the exchanged planes hold all halides of the particle",
            where="halide_planes",
            measured=f"{planes}, with {int(halides.sum())} halides",
            next_step="exchange fewer planes, or build a particle of the shell's crystal",
        )
    return near


def plane_step(draft: Draft, planes: int) -> Step:
    """Describe outermost planes whose halides were exchanged.

    Parameters
    ----------
    draft : Draft
        The draft; the exchanged halides are the last part.
    planes : int
        Number of planes.

    Returns
    -------
    Step
        Number of halides, and the misfit of the crystal that they come from.
    """
    inner, outer = draft.crystals[-2], draft.crystals[-1]
    misfit = cube_edge(outer) / cube_edge(inner) - 1
    count = int((draft.sites.region == len(draft.names)).sum())
    return Step(
        name="wall",
        choice=f"{draft.names[-1]} on {draft.names[-2]}: {count} halides of {planes} outermost "
        f"planes exchanged, no lattice of their own; misfit {100 * misfit:+.2f} %",
        values={
            "coherent": True,
            "inner": draft.names[-2],
            "outer": draft.names[-1],
            "misfit": round(misfit, 6),
            "verdict": verdict(misfit),
            "exchanged_halides": count,
        },
    )
