"""How the parts of a lateral junction share the plane: stripes, or a core in its crowns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.stripes import rectangle_distance, stripe_distance

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.coherent.junctions_lattice import JunctionBlock


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """Sizes of a pattern in octahedra.

    Parameters
    ----------
    kind : {"stripes", "core_crown"}
        Stripes whose walls run along the line, or nested rectangles.
    parts : int
        Number of parts. Stripes take turns; rectangles are given from the inside outward.
    widths : tuple of int
        Rows of each stripe; for rectangles the octahedra of the core along the line, then the
        width of each crown.
    across : int
        Rows of a rectangular core across the line.
    length : int
        Octahedra along the line of stripes.
    """

    kind: Literal["stripes", "core_crown"]
    parts: int
    widths: tuple[int, ...]
    across: int
    length: int

    @property
    def owners(self) -> IntArray:
        """Part of each stripe, from 0."""
        return np.arange(len(self.widths)) % self.parts

    @property
    def counts(self) -> tuple[int, int]:
        """Octahedra along the line and rows across it."""
        if self.kind == "stripes":
            return self.length, sum(self.widths)
        around = 2 * sum(self.widths[1:])
        return self.widths[0] + around, self.across + around


def judge_pattern(pattern: Pattern) -> None:
    """Refuse widths that leave a part out.

    Parameters
    ----------
    pattern : Pattern
        The pattern.

    Raises
    ------
    UsageError
        If a width is below one octahedron, or there are fewer widths than parts.
    """
    what = "stripe" if pattern.kind == "stripes" else "core or crown"
    wrong = len(pattern.widths) < pattern.parts
    if wrong or (pattern.kind == "core_crown" and len(pattern.widths) != pattern.parts):
        raise UsageError(
            f"{len(pattern.widths)} widths for {pattern.parts} parts",
            where="octahedra",
            measured=list(pattern.widths),
            allowed="one or more a part" if pattern.kind == "stripes" else "one a part",
            next_step=f"give {pattern.parts}",
        )
    sizes = (*pattern.widths, pattern.across)
    if min(sizes) < 1:
        nearest = [max(1, n) for n in pattern.widths]
        raise UsageError(
            f"a {what} is at least one octahedron wide",
            where="octahedra",
            measured=min(sizes),
            allowed="1 or more",
            next_step=f"use octahedra: {nearest}",
        )


def judge_periods(
    pattern: Pattern, each: tuple[int, int], periodic: tuple[bool, bool], crystal: str
) -> None:
    """Refuse a periodic pattern that does not close on the lattice.

    Parameters
    ----------
    pattern : Pattern
        The pattern.
    each : tuple of int
        Octahedra along the line and rows across it after which the crystal repeats.
    periodic : tuple of bool
        Whether the model repeats along the line and across it.
    crystal : str
        Name of the crystal.

    Raises
    ------
    UsageError
        If the total is no multiple; the message has the nearest choice.
    """
    for axis, where in ((0, "length"), (1, "octahedra")):
        total, step = pattern.counts[axis], each[axis]
        if not periodic[axis] or total % step == 0:
            continue
        key = "octahedra" if pattern.kind == "core_crown" else where
        better = _nearest(pattern, axis, step)
        raise UsageError(
            f"{crystal} repeats after {step} octahedra there, the pattern after {total}",
            where=key,
            measured=total,
            allowed=f"a multiple of {step}",
            next_step=f"use {key}: {better}",
        )


def _nearest(pattern: Pattern, axis: int, step: int) -> int | list[int]:
    """Return the nearest sizes that close."""
    more = -pattern.counts[axis] % step
    if pattern.kind == "core_crown":
        return [pattern.widths[0] + more, *pattern.widths[1:]]
    if axis == 0:
        return pattern.length + more
    return [*pattern.widths[:-1], pattern.widths[-1] + more]


def pattern_walls(
    pattern: Pattern, junction: JunctionBlock, periodic: tuple[bool, bool]
) -> tuple[FloatArray, ...]:
    """Measure the distance of each octahedron from the walls of the pattern.

    Parameters
    ----------
    pattern : Pattern
        The pattern.
    junction : JunctionBlock
        The octahedra.
    periodic : tuple of bool
        Whether the model repeats along the line and across it.

    Returns
    -------
    tuple of (nx, ny, nz, b) float array
        For each part but the last the signed distance in Å from the wall around it and the parts
        before it, negative inside.
    """
    x, y = junction.index[..., 0] + 0.5, junction.index[..., 1] + 0.5
    along, step = junction.spacing
    walls = []
    if pattern.kind == "stripes":
        edges = np.cumsum([0, *pattern.widths]).astype(np.float64)
        for part in range(pattern.parts - 1):
            rows = stripe_distance(y.ravel(), edges, pattern.owners <= part, periodic=periodic[1])
            walls.append(rows.reshape(y.shape) * step)
        return tuple(walls)
    middle = np.array(pattern.counts) / 2 * (along, step)
    points = np.stack([x * along, y * step], axis=-1).reshape(-1, 2) - middle
    half = np.array([pattern.widths[0], pattern.across]) / 2
    for crown in (0, *pattern.widths[1:-1]):
        half = half + crown
        walls.append(rectangle_distance(points, (half * (along, step)).tolist()).reshape(x.shape))
    return tuple(walls)
