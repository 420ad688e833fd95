"""What is said about grains side by side: line, sizes, junctions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.walls import verdict
from heterobuild.geometry.stripes import common_lengths
from heterobuild.incoherent.touching import kinds_of, nearest_pairs, surface_of_atoms
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.incoherent.side_by_side_grains import Grain
    from heterobuild.incoherent.side_by_side_lines import Line
    from heterobuild.incoherent.side_by_side_standing import Standing
    from heterobuild.model import Crystal

_FITS = 0.05
_MOST = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """A row of grains in their places.

    Parameters
    ----------
    crystals : tuple of Crystal
        The parts.
    names : tuple of str
        Their names.
    stands : tuple of Standing
        How they stand.
    line : Line
        The common length of line.
    owners : tuple of int
        Part of each grain from left to right.
    grains : tuple of Grain
        The grains.
    asked : tuple of (float, float)
        Width and height in Å that were asked of each.
    places : tuple of dict
        Shift and offset at each junction, to the right of each grain.
    gap : float or "auto"
        What was asked.
    """

    crystals: tuple[Crystal, ...]
    names: tuple[str, ...]
    stands: tuple[Standing, ...]
    line: Line
    owners: tuple[int, ...]
    grains: tuple[Grain, ...]
    asked: tuple[tuple[float, float], ...]
    places: tuple[dict[str, float], ...]
    gap: float | str


def side_by_side_steps(row: Row) -> tuple[Step, ...]:
    """Describe grains side by side.

    Parameters
    ----------
    row : Row
        The grains.

    Returns
    -------
    tuple of Step
        The line, the orientations, the grains, then each junction.
    """
    return (
        _line_step(row.line, row.stands, row.names),
        Step(
            name="orientation",
            choice=", ".join(
                f"{name} {entry.text} of {crystal.name}"
                for name, entry, crystal in zip(row.names, row.stands, row.crystals, strict=True)
            ),
            values={name: entry.text for name, entry in zip(row.names, row.stands, strict=True)},
        ),
        _grains_step(row),
        *(_junction_step(row, k) for k in range(len(row.places))),
    )


def _line_step(line: Line, stands: Sequence[Standing], names: Sequence[str]) -> Step:
    """Describe the coincidence along the line."""
    shown = ", ".join(
        f"{count} × {entry.repeats[0]:.3f} Å of {name} ({100 * strain:+.2f} %)"
        for count, entry, name, strain in zip(line.counts, stands, names, line.strains, strict=True)
    )
    return Step(
        name="line",
        choice=f"{line.length:.3f} Å: {shown}; misfit {100 * line.misfit:.2f} %, "
        f"{line.others} longer ones within the limits",
        values={
            "length_A": round(line.length, 6),
            "repeats": dict(zip(names, line.counts, strict=True)),
            "strain": {n: round(s, 8) for n, s in zip(names, line.strains, strict=True)},
            "misfit": round(line.misfit, 8),
            "others": line.others,
        },
    )


def _grains_step(row: Row) -> Step:
    """Describe the sizes of the grains."""
    rows: list[dict[str, object]] = [
        {
            "part": row.names[part],
            "octahedra": grain.octahedra,
            "atoms": len(grain.atoms),
            "width_A": round(grain.size[0], 3),
            "height_A": round(grain.size[1], 3),
            "asked_width_A": round(width, 3),
            "asked_height_A": round(height, 3),
        }
        for part, grain, (width, height) in zip(row.owners, row.grains, row.asked, strict=True)
    ]
    words = ", ".join(
        f"{entry['part']} {entry['octahedra']} octahedra, {entry['width_A']} Å wide and "
        f"{entry['height_A']} Å high"
        for entry in rows
    )
    return Step(name="grains", choice=words, values={"grains": rows})


def _junction_step(row: Row, number: int) -> Step:
    """Describe the junction to the right of a grain."""
    right = (number + 1) % len(row.grains)
    sides = row.grains[number], row.grains[right]
    parts, names = (row.owners[number], row.owners[right]), row.names
    height, line = min(grain.size[1] for grain in sides), row.line
    place = row.places[number]
    near = _contacts(*sides, line.length, place["offset_A"] if right <= number else 0.0)
    through = _through(*(row.stands[part].repeats[2] for part in parts))
    misfit = line.misfit
    shown = ", ".join(f"{what} {value:.2f} Å" for what, value in near.items())
    said = f"through the film {through[0]} : {through[1]} planes, {100 * through[2]:+.2f} %"
    return Step(
        name="wall",
        choice=f"{names[parts[1]]} beside {names[parts[0]]}: misfit along the line "
        f"{100 * misfit:.2f} %, {verdict(misfit)}; {said}; closest {shown}; "
        f"line {line.length:.1f} Å, {line.length * height / 100:.2f} nm²",
        values={
            "coherent": False,
            "inner": names[parts[0]],
            "outer": names[parts[1]],
            "misfit": round(misfit, 6),
            "misfit_through": round(through[2], 6),
            "planes_through": list(through[:2]),
            "verdict": verdict(misfit),
            "line_A": round(line.length, 3),
            "height_A": round(height, 3),
            "area_A2": round(line.length * height, 2),
            "gap": row.gap,
            "closest_A": {what: round(value, 3) for what, value in near.items()},
            **place,
        },
    )


def _contacts(left: Grain, right: Grain, length: float, shift: float) -> dict[str, float]:
    """Return the closest contacts of two grains."""
    ours = left.atoms.copy()
    places = [ours.positions + [step, 0.0, 0.0] for step in (-length, 0.0, length)]
    tripled = ours.repeat((1, 1, 1))
    tripled = tripled + ours + ours
    tripled.positions = np.concatenate(places)
    kinds, code = kinds_of(right.atoms)
    points = right.atoms.positions + [0.0, shift, 0.0]
    points[:, 0] += np.floor((ours.positions[:, 0].min() - points[:, 0]) / length + 1) * length
    return nearest_pairs(surface_of_atoms(tripled), points, kinds, code)


def _through(left: float, right: float) -> tuple[int, int, float]:
    """Return how many planes of either side come nearest through the film, and their misfit."""
    counts, strains = common_lengths((left, right), most_strain=np.inf, longest=_MOST * left)
    fits = np.flatnonzero(strains <= _FITS)
    k = int(fits[0]) if len(fits) else int(np.argmin(strains.round(9)))
    n, m = counts[k].tolist()
    return n, m, m * right / (n * left) - 1
