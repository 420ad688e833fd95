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

    The area is the volume of the octahedra within one edge of the wall, over twice the edge.

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
    edge, block = draft.edge, draft.sites.block
    there = draft.sites.region[..., block.framework.b_units] > 0
    near = int(np.count_nonzero(there & (np.abs(wall) < edge)))
    shared = _shared_halides(draft, number)
    return Step(
        name="wall",
        choice=f"{names[1]} on {names[0]}: misfit {100 * misfit:+.2f} %, {verdict(misfit)}; "
        f"one network, {shared} shared halides, {near * edge**2 / 200:.1f} nm²",
        values={
            "coherent": True,
            "inner": names[0],
            "outer": names[1],
            "misfit": round(misfit, 6),
            "verdict": verdict(misfit),
            "area_A2": round(near * edge**2 / 2, 2),
            "shared_halides": shared,
        },
    )


def _shared_halides(draft: Draft, number: int) -> int:
    """Count the halides between octahedra of a part and of the next one outside it."""
    block, region = draft.sites.block, draft.sites.region
    codes = region[..., block.framework.b_units]
    there = codes > 0
    chosen = None if there.all() else there
    halides = np.flatnonzero(block.framework.site == Site.X).tolist()
    low = unit_lowest(block.framework, block.periodic, codes, halides, chosen)
    high = unit_highest(block.framework, block.periodic, codes, halides, chosen)
    count = 0
    for (v, least), (_, most) in zip(low, high, strict=True):
        both = (least == number) & (most == number + 1)
        count += int(np.count_nonzero(region[..., v][both]))
    return count


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
