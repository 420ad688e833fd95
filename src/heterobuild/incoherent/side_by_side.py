"""Grains side by side, each on a lattice of its own: from crystals to the finished model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.coherent.finishing import in_box
from heterobuild.geometry.rigid import cells_away
from heterobuild.incoherent.side_by_side_gaps import least_offset, trial_shifts
from heterobuild.incoherent.side_by_side_grains import count_layers, make_grain, shifted
from heterobuild.incoherent.side_by_side_lines import common_line, stiffness_shares
from heterobuild.incoherent.side_by_side_records import Row, side_by_side_steps
from heterobuild.incoherent.side_by_side_standing import standing
from heterobuild.incoherent.side_by_side_windows import GrainSize
from heterobuild.labels import join, units
from heterobuild.model import Heterostructure, Region, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.incoherent.side_by_side_grains import Grain
    from heterobuild.incoherent.side_by_side_lines import Line
    from heterobuild.incoherent.side_by_side_standing import Standing
    from heterobuild.model import Crystal


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """What is built.

    Parameters
    ----------
    owners : tuple of int
        Part of each grain from left to right, from 0.
    widths : tuple of float
        Width of each grain in Å.
    heights : tuple of float
        Height of each part in Å.
    orientations : tuple of str
        How each part stands: direction along the line and plane of the film; empty for the
        default.
    max_strain : float
        Largest misfit along the line that strain may take up.
    max_length : float
        Largest length of the line in Å.
    match : int
        Which of the common lengths is built, from 0, the shortest.
    strain : {"first", "second", "shared", "stiffness"} or float
        Who takes the misfit.
    periodic : bool
        Whether the row of grains repeats across the line.
    gap : float or "auto"
        Distance in Å that the grains keep; "auto" lets the closest ions touch.
    neutrality : str
        Policy.
    cations : str
        Rule that orients molecular cations of free orientation.
    vacuum : float
        Empty distance in Å along free directions.
    """

    owners: tuple[int, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    orientations: tuple[str, ...]
    max_strain: float
    max_length: float
    match: int
    strain: str | float
    periodic: bool
    gap: float | Literal["auto"]
    neutrality: str
    cations: str
    vacuum: float


def side_by_side(
    crystals: tuple[Crystal, ...],
    options: SideBySide,
    *,
    names: tuple[str, ...],
    name: str,
    seed: int,
) -> Heterostructure:
    """Build grains side by side.

    Parameters
    ----------
    crystals : tuple of Crystal
        The parts.
    options : SideBySide
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
        Labelled atoms; the bottoms of all grains are at one height.

    Raises
    ------
    UsageError
        If an orientation contradicts itself, a grain holds no octahedron, or the policy cannot
        reach zero charge.
    NothingFitsError
        If the crystals have no common length along the line; with the nearest misses.
    """
    stands = [standing(c, text) for c, text in zip(crystals, options.orientations, strict=True)]
    line = _line(crystals, stands, options, names)
    grains = _grains(crystals, stands, line, options, names=names, seed=seed)
    placed, places, across = _placed(grains, line, options)
    last = len(placed) - 1
    for k, grain in enumerate(placed):
        count_layers(grain, left=options.periodic or k > 0, right=options.periodic or k < last)
    cell = np.diag([line.length, across, 0.0])
    pbc = (True, options.periodic, False)
    atoms, molecules = join([(g.atoms, g.molecules) for g in placed], cell=cell, pbc=pbc)
    upright = np.diag([line.length, across if options.periodic else 1.0, 1.0])
    atoms.positions -= cells_away(
        atoms.positions, atoms.numbers, units(atoms), cell=upright, pbc=pbc
    )
    atoms, box = in_box(atoms, options.vacuum)
    row = Row(
        crystals=crystals,
        names=names,
        stands=tuple(stands),
        line=line,
        owners=options.owners,
        grains=tuple(placed),
        asked=tuple(
            (width, options.heights[part])
            for part, width in zip(options.owners, options.widths, strict=True)
        ),
        places=tuple(places),
        gap=options.gap,
    )
    each = dict(zip(options.owners, placed, strict=True))
    return Heterostructure(
        name=name,
        atoms=atoms,
        regions=_regions(crystals, stands, line, names),
        molecules=molecules,
        steps=(*side_by_side_steps(row), *_own_steps(each, names), box),
        notices=tuple(dict.fromkeys(n for crystal in crystals for n in crystal.notices)),
        ledger=tuple(entry for grain in placed for entry in grain.ledger),
    )


def _line(
    crystals: Sequence[Crystal],
    stands: Sequence[Standing],
    options: SideBySide,
    names: Sequence[str],
) -> Line:
    """Choose the length of the line."""
    widths = np.bincount(options.owners, weights=options.widths, minlength=len(crystals))
    return common_line(
        [entry.repeats[0] for entry in stands],
        most_strain=options.max_strain,
        longest=options.max_length,
        rank=options.match,
        shares=stiffness_shares(
            crystals, (widths * np.array(options.heights)).tolist(), options.strain
        ),
        names=names,
    )


def _grains(
    crystals: Sequence[Crystal],
    stands: Sequence[Standing],
    line: Line,
    options: SideBySide,
    *,
    names: Sequence[str],
    seed: int,
) -> list[Grain]:
    """Make the grains from left to right; equal ones are cut once."""
    made: dict[tuple[int, float], Grain] = {}
    found = []
    for part, width in zip(options.owners, options.widths, strict=True):
        if (part, width) not in made:
            made[part, width] = make_grain(
                crystals[part],
                stands[part],
                GrainSize(
                    repeats=line.counts[part],
                    strain=line.strains[part],
                    width=width,
                    height=options.heights[part],
                ),
                name=names[part],
                region=part + 1,
                policy=options.neutrality,
                cations=options.cations,
                seed=seed,
            )
        found.append(made[part, width])
    return found


def _placed(
    grains: Sequence[Grain], line: Line, options: SideBySide
) -> tuple[list[Grain], list[dict[str, float]], float]:
    """Push the grains together one after the other, each shifted along the line for least room."""
    placed, records, across = [grains[0]], [], 0.0
    for k in range(1, len(grains)):
        closes = options.periodic and k == len(grains) - 1
        period = min(line.length / line.counts[part] for part in options.owners[k - 1 : k + 1])
        grain, along, own, across = min(
            (
                _tried(grains[k], along, placed, line.length, options, closes=closes)
                for along in trial_shifts(period).tolist()
            ),
            key=lambda found: round(found[3], 6),
        )
        placed.append(grain)
        records.append({"shift_A": round(along, 4), "offset_A": round(own, 4)})
    if options.periodic:
        records.append({"shift_A": 0.0, "offset_A": round(across, 4)})
    return placed, records, across if options.periodic else 0.0


def _tried(
    grain: Grain,
    along: float,
    placed: Sequence[Grain],
    length: float,
    options: SideBySide,
    *,
    closes: bool,
) -> tuple[Grain, float, float, float]:
    """Return a grain shifted along the line and pushed to the last one, and the room it needs."""
    gap = 0.0 if options.gap == "auto" else float(options.gap)
    moved = shifted(grain, along, 0.0)
    own = least_offset(placed[-1].atoms, moved.atoms, length, gap=gap)
    moved = shifted(moved, 0.0, own)
    room = least_offset(moved.atoms, placed[0].atoms, length, gap=gap) if closes else own
    return moved, along, own, room


def _own_steps(each: dict[int, Grain], names: Sequence[str]) -> list[Step]:
    """Return what was done to a grain of each part, under the name of the part."""
    return [
        Step(
            name=step.name,
            choice=f"{names[part]}: {step.choice.removeprefix(names[part] + ': ')}",
            values=dict(step.values),
        )
        for part, grain in sorted(each.items())
        for step in grain.steps
    ]


def _regions(
    crystals: Sequence[Crystal], stands: Sequence[Standing], line: Line, names: Sequence[str]
) -> tuple[Region, ...]:
    """Describe the parts; all grains of a part are one region."""
    return tuple(
        Region(
            code=code,
            name=name,
            crystal=crystal.name,
            formula=crystal.formula,
            cell=stands[code - 1].basis @ crystal.cell @ stands[code - 1].rotation,
            strain=np.diag([line.strains[code - 1], 0.0, 0.0]),
        )
        for code, (name, crystal) in enumerate(zip(names, crystals, strict=True), 1)
    )
