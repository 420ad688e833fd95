"""Grains filled, cleared of what touches, and fitted to the wanted shares of the phases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of
from heterobuild.incoherent.grains_clashes import resolve
from heterobuild.incoherent.grains_contacts import find_contacts
from heterobuild.incoherent.grains_filling import chosen_sites, filled
from heterobuild.incoherent.grains_kept import trimmed, without_contacts
from heterobuild.incoherent.grains_layout import grain_layout
from heterobuild.incoherent.grains_orientations import grain_rotations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.coherent.mixtures_fields import Morphology
    from heterobuild.incoherent.grains_clashes import Removal
    from heterobuild.incoherent.grains_contacts import Contacts
    from heterobuild.incoherent.grains_filling import Chosen, Filling, Grain
    from heterobuild.incoherent.grains_kept import Kept
    from heterobuild.incoherent.grains_places import GrainMap
    from heterobuild.model import Crystal, Step

SMALLEST = 27
"""Octahedra of the bulk in a grain that surely has room for one."""

OFF, CLOSE, EXACT = 0.003, 0.006, 0.009
"""Deviations of the volume fractions that are good enough before and after what touches was taken
away, and at which octahedra are taken away for them."""

TRIES, SMALL, STEADY = 4, 1e6, 0.7
"""How often walls are moved for each; up to which volume in Å³ three times as often; and the power
of the ratio by which they are moved: whole octahedra answer in steps."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """What is to be filled.

    Parameters
    ----------
    crystals : tuple of Crystal
        The phases.
    morphology : Morphology
        How they share the cell.
    orientation : str
        How grains are turned.
    filling : Filling
        Gap, rule for molecules, seed.
    cell : (3, 3) float array
        Cell in Å.
    matrix : Matrix or None
        The block of the last phase, whose lattice is that of the cell, for inclusions.
    """

    crystals: tuple[Crystal, ...]
    morphology: Morphology
    orientation: str
    filling: Filling
    cell: FloatArray
    matrix: Matrix | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Build:
    """Grains without contacts, still charged.

    Parameters
    ----------
    layout : GrainMap
        Places of the grains.
    turned : Step
        Their orientations in words.
    grains : list of Grain
        The grains as they were filled.
    contacts : Contacts
        Pairs of atoms across walls.
    removal : Removal
        What touched.
    kept : list of Kept
        What is left of each grain.
    """

    layout: GrainMap
    turned: Step
    grains: list[Grain]
    contacts: Contacts
    removal: Removal
    kept: list[Kept]


def clear_of_contacts(task: Task, shares: FloatArray) -> Build:
    """Fill grains and take away what touches, until the phases have their shares.

    Walls are moved by the ratio of what is wanted to what is reached; of several trials the best
    is taken.

    Parameters
    ----------
    task : Task
        What is to be filled.
    shares : (n,) float array
        Wanted shares of the phases, by the volumes of their octahedra in the crystals.

    Returns
    -------
    Build
        The grains.

    Raises
    ------
    UsageError
        If a phase gets no octahedron.
    """
    layout_for = grain_layout(task.morphology, task.cell, shares.tolist(), seed=task.filling.seed)
    wanted, best = shares, np.inf
    start = shares
    small = abs(np.linalg.det(task.cell)) < SMALL
    for _ in range(3 * TRIES if small else TRIES):
        layout, chosen, turned, start = _sized(task, wanted, layout_for, start)
        grains = [filled(each, task.filling) for each in chosen]
        endless = [each.place.endless for each in chosen]
        contacts = find_contacts(grains, task.cell, endless, task.filling.gap)
        removal = resolve(grains, contacts)
        kept = without_contacts(grains, removal)
        reached = _shares(
            [(grain.chosen, left.octahedra) for grain, left in zip(grains, kept, strict=True)],
            len(task.crystals),
        )
        _judge_reached(reached, task)
        off = float(np.abs(reached - shares).max())
        if off < best:
            best = off
            found = Build(
                layout=layout,
                turned=turned,
                grains=grains,
                contacts=contacts,
                removal=removal,
                kept=kept,
            )
        if off < CLOSE:
            break
        wanted, start = (_moved(each, (shares / reached) ** STEADY) for each in (wanted, start))
    if best < EXACT:
        return found
    left = trimmed(found.grains, found.kept, shares)
    return replace(found, kept=left)


def _moved(shares: FloatArray, ratio: FloatArray) -> FloatArray:
    """Return shares times a ratio, which sum to one again."""
    found: FloatArray = np.clip(shares * ratio, 1e-4, None)
    found /= found.sum()
    return found


def _sized(
    task: Task,
    shares: FloatArray,
    layout_for: Callable[[Sequence[float]], GrainMap],
    start: FloatArray,
) -> tuple[GrainMap, list[Chosen], Step, FloatArray]:
    """Choose the octahedra of all grains, and move walls until the phases have their shares."""
    frameworks = [framework_of(crystal) for crystal in task.crystals]
    wanted, best = start, np.inf
    for _ in range(TRIES):
        layout = layout_for(wanted.tolist())
        turns, step = grain_rotations(
            layout.places,
            task.crystals,
            task.orientation,
            matrix=task.matrix,
            seed=task.filling.seed,
        )
        trial = [
            chosen_sites(
                place,
                frameworks[place.phase],
                turns[k],
                task.filling,
                number=k + 1,
                matrix=task.matrix if place.endless else None,
            )
            for k, place in enumerate(layout.places)
        ]
        chosen = [each for each in trial if each is not None]
        reached = _shares([(each, each.octahedra) for each in chosen], len(task.crystals))
        _judge_reached(reached, task)
        off = float(np.abs(reached - shares).max())
        if off < best:
            best, found = off, (layout, chosen, step, wanted)
        if off < OFF:
            break
        wanted = _moved(wanted, shares / reached)
    return found


def _shares(grains: Sequence[tuple[Chosen, BoolArray]], phases: int) -> FloatArray:
    """Return the shares of the phases, by the volumes that their octahedra have in the crystal."""
    volumes = np.zeros(phases)
    for each, octahedra in grains:
        volumes[each.place.phase] += int(octahedra.sum()) * each.block.framework.octahedron_volume
    return volumes / max(float(volumes.sum()), 1e-9)


def _judge_reached(reached: FloatArray, task: Task) -> None:
    """Refuse phases that have no octahedron, because their grains are too small."""
    if reached.min() > 0:
        return
    crystals, count, gap = task.crystals, task.morphology.count, task.filling.gap
    volume = float(abs(np.linalg.det(task.cell)))
    largest = max(framework_of(each).octahedron_volume for each in crystals)
    most = max(len(crystals), int(volume / (SMALLEST * largest)))
    fewer = max(len(crystals), most // 2)
    steps = ["gap: auto"] * (gap > 0) + [f"grains: {fewer}"] * (fewer < count)
    if task.morphology.kind == "bicontinuous" and not gap:
        steps.append(f"correlation_length: {2 * task.morphology.length:g}")
    raise UsageError(
        f"no grain of {crystals[int(np.argmin(reached))].name} has room for an octahedron",
        where="gap" if gap > 0 else "grains",
        measured=f"{count} grains in {volume:.4g} Å³" + (f", {gap:g} Å apart" if gap > 0 else ""),
        allowed=f"up to {most} in this cell" + (" where they touch" if gap > 0 else ""),
        next_step=f"use {', or '.join([*steps, 'a larger cell'])}",
    )
