"""What a screen is: its materials and limits, cut into tasks that never change."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.matching.limits import MatchLimits
from heterobuild.screening.faces import require_index
from heterobuild.screening.materials import find_materials
from heterobuild.screening.pairs import require_bare_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.screening.materials import Material

BLOCK = 16
"""Substrate crystals of a task. A task is always computed as a whole, so that the numbers do
not depend on how tasks are dealt out."""

TASKS_PER_SHARD = 24
"""Tasks of a shard at 400 Å² and index 1, about a second of work."""


@dataclass(frozen=True, kw_only=True)
class ScreenSpec:
    """Everything that decides the table of a screen.

    Parameters
    ----------
    films, substrates : tuple of Material
        The crystals of either side.
    max_index : int, optional
        Largest absolute Miller index of the faces.
    limits : MatchLimits, optional
        Largest strain, area and misfit angle of a common cell, and the window of rotations.

    Raises
    ------
    UsageError
        If the largest index is out of range, or a limit needs more than surface cells.
    """

    films: tuple[Material, ...]
    substrates: tuple[Material, ...]
    max_index: int = 1
    limits: MatchLimits = field(default_factory=MatchLimits)

    def __post_init__(self) -> None:
        """Refuse an index that cannot be meant, and limits that a screen cannot keep."""
        require_index(self.max_index)
        require_bare_limits(self.limits)


def plan_screen(
    films: Sequence[str] | None = None,
    substrates: Sequence[str] | None = None,
    *,
    max_index: int = 1,
    limits: MatchLimits | None = None,
) -> ScreenSpec:
    """Make the specification of a screen from names.

    Parameters
    ----------
    films, substrates : sequence of str, optional
        See `heterobuild.screening.materials.find_materials`; the whole library by default.
    max_index : int, optional
        Largest absolute Miller index of the faces.
    limits : MatchLimits, optional
        Largest strain, area and misfit angle of a common cell, and the window of rotations.

    Returns
    -------
    ScreenSpec
        The specification.

    Raises
    ------
    UnknownNameError
        If a name stands for nothing.
    UsageError
        If a folder, the index or a limit cannot be used.
    """
    return ScreenSpec(
        films=find_materials(films),
        substrates=find_materials(substrates),
        max_index=max_index,
        limits=limits or MatchLimits(),
    )


def tasks(spec: ScreenSpec) -> tuple[tuple[int, int], ...]:
    """Return the tasks of a screen, in the order of the table.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.

    Returns
    -------
    tuple of (int, int)
        Number of the film, and of the first substrate of its block.
    """
    blocks = range(0, len(spec.substrates), BLOCK)
    return tuple((film, block) for film in range(len(spec.films)) for block in blocks)


def shard_tasks(spec: ScreenSpec, shard: int, count: int) -> tuple[tuple[int, int], ...]:
    """Return the tasks of one shard.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.
    shard : int
        Number of the shard, from 1.
    count : int
        Number of shards.

    Returns
    -------
    tuple of (int, int)
        See `tasks`; empty where there are more shards than tasks.

    Raises
    ------
    UsageError
        If there is no such shard.
    """
    if not 1 <= shard <= count:
        raise UsageError(
            "there is no such shard",
            measured=f"{shard}/{count}",
            allowed=f"1/{max(count, 1)} to {max(count, 1)}/{max(count, 1)}",
            next_step="count shards from 1",
        )
    every = tasks(spec)
    return every[(shard - 1) * len(every) // count : shard * len(every) // count]


def usual_count(spec: ScreenSpec) -> int:
    """Return into how many shards a screen is cut where nobody says it.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.

    Returns
    -------
    int
        So many that each takes about a second; the number of processors plays no part.
    """
    work = (spec.limits.max_area / 400) ** 2 * spec.limits.max_strain / 0.05
    number = len(tasks(spec))
    return max(1, min(number, math.ceil(number * work * spec.max_index**2 / TASKS_PER_SHARD)))


def fingerprint(spec: ScreenSpec) -> str:
    """Return a short name of a screen that changes with anything that changes its table.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.

    Returns
    -------
    str
        First 16 digits of a SHA-256; paths play no part.
    """
    from heterobuild.provenance import versions

    content = [
        versions()["heterobuild"],
        [[material.name, material.sha256] for material in spec.films],
        [[material.name, material.sha256] for material in spec.substrates],
        [spec.max_index, asdict(spec.limits)],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
