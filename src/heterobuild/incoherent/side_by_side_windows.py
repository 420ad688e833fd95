"""The octahedra of a grain: those whose B cation is in a window across the line and through."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.parts import Parts
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import complete
from heterobuild.frameworks.framework import framework_of
from heterobuild.model import WallProfile

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.frameworks.framework import Framework
    from heterobuild.incoherent.side_by_side_standing import Standing
    from heterobuild.model import Crystal

_TRIED = 4
"""Places of a face between rows of B cations that are tried along each direction."""

_LEVEL = 0.4
"""Heights in Å within which B cations are in one row."""


@dataclass(frozen=True, kw_only=True)
class GrainSize:
    """What is asked of a grain.

    Parameters
    ----------
    repeats : int
        Repeats along the line.
    strain : float
        Strain along the line.
    width, height : float
        Distance in Å within which B cations are taken, across the line and through the film.
    """

    repeats: int
    strain: float
    width: float
    height: float


def _rows(values: FloatArray, period: float) -> FloatArray:
    """Return the distinct rows of B cations in one period, ascending."""
    ordered = np.sort(values % period)
    first = np.append(True, np.diff(ordered) > _LEVEL)
    rows: FloatArray = ordered[first]
    if len(rows) > 1 and rows[0] + period - rows[-1] < _LEVEL:
        rows = rows[1:]
    return rows


def window_starts(crystal: Crystal, stands: Standing) -> list[tuple[float, float]]:
    """Return where faces may lie: just before rows of B cations.

    Parameters
    ----------
    crystal : Crystal
        The crystal, strained.
    stands : Standing
        How it stands.

    Returns
    -------
    list of (float, float)
        Places across the line and through the film in Å, in the frame of the model.
    """
    rows, levels = _places(crystal, stands)
    return list(product(rows[:_TRIED].tolist(), levels[:_TRIED].tolist()))


def _places(crystal: Crystal, stands: Standing) -> tuple[FloatArray, FloatArray]:
    """Return the rows of B cations in one repeat, across the line and through the film."""
    framework = framework_of(crystal, stands.basis)
    points = framework.centres[framework.b_units] @ stands.rotation
    lattice = framework.cell @ stands.rotation
    leaning = points[:, 1] - points[:, 2] / lattice[2, 2] * lattice[2, 1]
    rows = _rows(leaning, float(lattice[1, 1]))
    return rows, _rows(points[:, 2], float(lattice[2, 2]))


def window_draft(
    strained: Crystal,
    crystal: Crystal,
    stands: Standing,
    size: GrainSize,
    *,
    start: tuple[float, float],
    name: str,
    seed: int,
) -> Draft:
    """Choose whole octahedra in a window, and put ions on their sites.

    Parameters
    ----------
    strained : Crystal
        The crystal, strained along the line.
    crystal : Crystal
        The same without strain, for its composition.
    stands : Standing
        How it stands.
    size : GrainSize
        How large the window is.
    start : tuple of float
        Where it begins, see `window_starts`.
    name : str
        Name of the part.
    seed : int
        Seed of all draws.

    Returns
    -------
    Draft
        The draft, not yet neutral.

    Raises
    ------
    UsageError
        If no octahedron is inside.
    """
    framework = framework_of(strained, stands.basis)
    lattice = framework.cell @ stands.rotation
    block = _block(lattice, size, framework)
    ends = np.array([size.width, size.height]) - _half_rows(strained, stands)
    inside = _window(block, stands.rotation, start, ends)
    if not inside.any():
        _refuse_empty(size, ends, name)
    return draft_parts(
        block,
        complete(block, inside, "AX"),
        Parts(names=(name,), crystals=(crystal,), walls=(), shared="outer", profile=WallProfile()),
        rotation=stands.rotation,
        centre=np.zeros(3),
        seed=seed,
    )


def _refuse_empty(size: GrainSize, ends: FloatArray, name: str) -> None:
    """Refuse a window without octahedra; what is too small is named."""
    low = ends[1] <= 0
    where, measured = ("heights", size.height) if low else ("widths", size.width)
    half = measured - float(ends[int(low)])
    least = float(np.ceil(20 * half) / 10)
    raise UsageError(
        "a grain holds no octahedron",
        where=where,
        measured=f"{measured:.1f} Å of {name}",
        allowed=f"{least:.1f} Å or more, a row of octahedra",
        next_step=f"use {least:.1f} for {name}",
    )


def _half_rows(crystal: Crystal, stands: Standing) -> FloatArray:
    """Return half the distances of rows of B cations, across the line and through the film."""
    rows, levels = _places(crystal, stands)
    return np.array(stands.repeats[1:]) / (len(rows), len(levels)) / 2


def _block(lattice: FloatArray, size: GrainSize, framework: Framework) -> Block:
    """Return cells that cover a window with room around it for what belongs to octahedra."""
    reach = int(np.abs(framework.links[:, 2:]).max()) + 1
    up = int(np.ceil(size.height / lattice[2, 2])) + 2
    lean = abs(lattice[2, 1]) * up / lattice[1, 1]
    wide = int(np.ceil(size.width / lattice[1, 1] + lean)) + 2
    first = -reach - (int(np.ceil(lean)) if lattice[2, 1] > 0 else 0)
    return Block(
        framework=framework,
        origin=(0, first, -reach),
        cells=(size.repeats, wide + 2 * reach + int(np.ceil(lean)), up + 2 * reach),
        periodic=(True, False, False),
    )


def _window(
    block: Block, rotation: FloatArray, start: tuple[float, float], ends: FloatArray
) -> BoolArray:
    """Choose the octahedra whose B cation is in the window."""
    found = np.zeros(block.octahedra, dtype=bool)
    for b, unit in enumerate(block.framework.b_units.tolist()):
        points = (block.positions(unit) @ rotation)[:, 1:] - start
        inside = ((points > -_LEVEL) & (points < ends)).all(axis=1)
        found[..., b] = inside.reshape(block.cells)
    return found
