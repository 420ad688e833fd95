"""What is said about a lateral junction: sizes, walls, counts of each part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.junctions_phases import own_lengths
from heterobuild.coherent.walls import verdict
from heterobuild.frameworks.block import extremes
from heterobuild.labels import Site
from heterobuild.model import Step

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.junctions_lattice import JunctionBlock
    from heterobuild.coherent.junctions_pattern import Pattern
    from heterobuild.coherent.junctions_phases import Sheets


def junction_steps(
    draft: Draft,
    junction: JunctionBlock,
    walls: tuple[FloatArray, ...],
    pattern: Pattern,
    sheets: Sheets | None,
) -> tuple[Step, ...]:
    """Describe a junction as it is built, before it relaxes.

    The area of a wall is its length times the height of the halides of the octahedra.

    Parameters
    ----------
    draft : Draft
        The draft.
    junction : JunctionBlock
        The octahedra.
    walls : tuple of (nx, ny, nz, b) float array
        Signed distance in Å of each B cation from each wall.
    pattern : Pattern
        How the parts share the plane.
    sheets : Sheets or None
        The sheets of layered phases.

    Returns
    -------
    tuple of Step
        The pattern, then each wall between two parts.
    """
    height = _height(draft)
    return (
        _pattern_step(draft, junction, pattern, sheets),
        *(
            _wall_step(
                draft, k, _line_length(junction, pattern, k), height, sheets=sheets is not None
            )
            for k in range(1, len(walls) + 1)
        ),
    )


def _pattern_step(
    draft: Draft, junction: JunctionBlock, pattern: Pattern, sheets: Sheets | None
) -> Step:
    """Describe sizes and counts."""
    codes = draft.sites.region[..., junction.block.framework.b_units]
    counts = {name: int((codes == k).sum()) for k, name in enumerate(draft.names, 1)}
    along, step = junction.spacing
    sizes = [round(n * step, 3) for n in pattern.widths]
    rows = ", ".join(f"{n} ({size:.1f} Å)" for n, size in zip(pattern.widths, sizes, strict=True))
    levels = int(junction.index[junction.octahedra][:, 2].max()) + 1
    what = "layers of octahedra" if sheets is None else f"sheets of {sheets.layers} layers"
    shown = ", ".join(f"{name} {n} octahedra" for name, n in counts.items())
    return Step(
        name="junction",
        choice=f"{pattern.kind.replace('_', '/')}, widths in rows {rows}; {levels} {what}; {shown}",
        values={
            "pattern": pattern.kind,
            "rows": list(pattern.widths),
            "widths_A": sizes,
            "length_octahedra": pattern.counts[0],
            "length_A": round(pattern.counts[0] * along, 4),
            "layers": levels,
            "octahedra": counts,
            "periodic": list(junction.periodic),
        },
    )


def _line_length(junction: JunctionBlock, pattern: Pattern, number: int) -> float:
    """Return the length in Å of all walls around the parts up to a number."""
    along, step = junction.spacing
    if pattern.kind == "core_crown":
        around = 2 * sum(pattern.widths[1:number])
        return 2 * ((pattern.widths[0] + around) * along + (pattern.across + around) * step)
    inside = pattern.owners < number
    walls = int((inside[1:] != inside[:-1]).sum())
    if junction.periodic[1]:
        walls += int(inside[0] != inside[-1])
    return walls * pattern.length * along


def _wall_step(draft: Draft, number: int, length: float, height: float, *, sheets: bool) -> Step:
    """Describe the wall between the parts up to a number and the others."""
    crystals, names = draft.crystals[number - 1 : number + 1], draft.names[number - 1 : number + 1]
    inner, outer = (own_lengths(crystal, sheets=sheets) for crystal in crystals)
    misfit, shared = outer / inner - 1, shared_halides(draft, number)
    return Step(
        name="wall",
        choice=f"{names[1]} beside {names[0]}: misfit {100 * misfit:+.2f} %, {verdict(misfit)}; "
        f"one network, {shared} shared halides, line {length:.1f} Å, "
        f"{length * height / 100:.2f} nm²",
        values={
            "coherent": True,
            "inner": names[0],
            "outer": names[1],
            "misfit": round(misfit, 6),
            "verdict": verdict(misfit),
            "line_A": round(length, 3),
            "height_A": round(height, 3),
            "area_A2": round(length * height, 2),
            "shared_halides": shared,
        },
    )


def _height(draft: Draft) -> float:
    """Return the sum of the heights of all sheets, from lowest to highest halide, in Å."""
    sites, framework = draft.sites, draft.sites.block.framework
    there = sites.region > 0
    level = framework.centres @ draft.rotation[:, 2]
    tall = framework.cell @ draft.rotation[:, 2]
    cells = np.arange(sites.block.cells[2]) + sites.block.origin[2]
    heights = (cells[:, None] * tall[2] + level)[None, None]
    halides = np.broadcast_to(heights, there.shape)[there & (framework.site == Site.X)]
    steps = np.diff(np.unique(halides.round(3)))
    # Planes of halides of one sheet are within one octahedron of each other.
    return float(steps[steps < 2 * framework.bond].sum())


def shared_halides(draft: Draft, number: int) -> int:
    """Count the halides between octahedra of the parts up to a number and of later ones.

    Parameters
    ----------
    draft : Draft
        The draft.
    number : int
        Code of the last part inside the wall.

    Returns
    -------
    int
        The count.
    """
    block, region = draft.sites.block, draft.sites.region
    codes = region[..., block.framework.b_units]
    there = codes > 0
    low, high = extremes(block, codes, None if there.all() else there)
    halides = (block.framework.site == Site.X) & (region > 0)
    return int((halides & (low <= number) & (high > number) & (high < 127)).sum())
