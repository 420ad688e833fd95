"""Parts side by side on one lattice: stripes, and a core in its crowns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import draft_parts, neutral
from heterobuild.coherent.finishing import Finish, finish
from heterobuild.coherent.junctions_lattice import junction_block, line_periods, with_row_edge
from heterobuild.coherent.junctions_pattern import judge_pattern, judge_periods, pattern_walls
from heterobuild.coherent.junctions_phases import common_length, host_crystal, judge_phases
from heterobuild.coherent.junctions_records import junction_steps
from heterobuild.coherent.junctions_sheets import finish_sheets
from heterobuild.coherent.parts import Parts

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.finishing import ElasticOption
    from heterobuild.coherent.junctions_lattice import JunctionBlock
    from heterobuild.coherent.junctions_pattern import Pattern
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Heterostructure, WallProfile


@dataclass(frozen=True, kw_only=True)
class CoherentJunction:
    """What is built.

    Parameters
    ----------
    pattern : Pattern
        How the parts share the plane.
    layers : int
        Layers of octahedra of a perovskite, sheets of a layered phase.
    line : tuple of int
        Indices of the line along the pseudo-cubic axes in the plane.
    periodic : tuple of bool
        Whether the model repeats along the line and across it.
    strain : {"first", "second", "shared", "stiffness"} or float
        Who takes the misfit along the line.
    shared : {"inner", "outer", "mixed"}
        Who gets the halides at a wall: the part named first, the later one, or either.
    profile : WallProfile
        Composition across the walls.
    elastic : bool or "auto"
        Whether positions, and a period across the walls, relax by the elastic estimate.
    neutrality : str
        Policy, for free side faces.
    cations : str
        Rule that orients molecular cations of free orientation.
    vacuum : float
        Empty distance in Å along free directions.
    """

    pattern: Pattern
    layers: int
    line: tuple[int, int]
    periodic: tuple[bool, bool]
    strain: str | float
    shared: Shared
    profile: WallProfile
    elastic: ElasticOption
    neutrality: str
    cations: str
    vacuum: float


def coherent_junction(
    crystals: tuple[Crystal, ...],
    options: CoherentJunction,
    *,
    names: tuple[str, ...],
    name: str,
    seed: int,
) -> Heterostructure:
    """Build parts side by side on one lattice.

    Parameters
    ----------
    crystals : tuple of Crystal
        The parts: perovskites, or layered phases with the same sheets.
    options : CoherentJunction
        What is built.
    names : tuple of str
        Names of the parts.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms, the parts as regions in their order.

    Raises
    ------
    UsageError
        If the crystals have no common network, a width is too small or does not close on the
        lattice, or the policy cannot reach zero charge.
    """
    judge_pattern(options.pattern)
    sheets = judge_phases(crystals)
    shares = owned_shares(options.pattern)
    layered = sheets is not None
    length = common_length(crystals, shares, options.strain, sheets=layered)
    host = host_crystal(crystals, shares, length, sheets=layered)
    each = line_periods(host, options.line)
    rows = options.line[0] ** 2 + options.line[1] ** 2
    judge_periods(options.pattern, (each[0], each[1] * rows), options.periodic, host.name)
    counts = (*options.pattern.counts, options.layers)
    junction = junction_block(host, options.line, counts, options.periodic)
    if layered:
        junction = with_row_edge(junction)
    walls = pattern_walls(options.pattern, junction, options.periodic)
    draft = _drafted(junction, walls, crystals, options, names=names, seed=seed)
    steps = junction_steps(draft, junction, walls, options.pattern, sheets)
    draft = replace(draft, steps=(*steps, *draft.steps))
    if draft.sites.charge:
        draft = neutral(
            draft,
            options.neutrality,
            seed=seed,
            where="side faces",
            directions=~np.array(junction.periodic),
        )
    end = finish_sheets if layered else finish
    return end(draft, _finish(options, junction, name=name, seed=seed))


def owned_shares(pattern: Pattern) -> FloatArray:
    """Return the shares of the octahedra that the parts of a pattern have.

    Parameters
    ----------
    pattern : Pattern
        The pattern.

    Returns
    -------
    (n,) float array
        Shares; their sum is 1.
    """
    if pattern.kind == "stripes":
        counts = np.bincount(pattern.owners, weights=pattern.widths)
    else:
        around = 2 * np.cumsum([0, *pattern.widths[1:]])
        counts = np.diff(np.append(0, (pattern.widths[0] + around) * (pattern.across + around)))
    shares: FloatArray = counts / counts.sum()
    return shares


def _drafted(
    junction: JunctionBlock,
    walls: tuple[FloatArray, ...],
    crystals: tuple[Crystal, ...],
    options: CoherentJunction,
    *,
    names: tuple[str, ...],
    seed: int,
) -> Draft:
    """Give the sites to the parts."""
    return draft_parts(
        junction.block,
        junction.occupied,
        Parts(
            names=names,
            crystals=crystals,
            walls=walls,
            shared=options.shared,
            profile=options.profile,
        ),
        rotation=junction.rotation,
        centre=np.zeros(3),
        seed=seed,
    )


def _finish(options: CoherentJunction, junction: JunctionBlock, *, name: str, seed: int) -> Finish:
    """Return what is done with the draft; a period across stripes is free to relax."""
    along, across = options.periodic
    even = options.strain == "stiffness"
    free = (
        along and even,
        across and (even or options.pattern.kind == "stripes"),
        *(False,) * 4,
    )
    return Finish(
        name=name,
        seed=seed,
        cell=junction.cell,
        periodic=junction.periodic,
        vacuum=options.vacuum,
        cations=options.cations,
        elastic=options.elastic,
        free_strain=free if any(free) else None,
        ligands={},
        coverage=0.0,
    )
