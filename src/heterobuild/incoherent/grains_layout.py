"""How grains divide a cell, for any shares of the phases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.mixtures_fields import judge_room, make_balls, make_grains
from heterobuild.geometry.tessellation_bodies import grain_bodies
from heterobuild.geometry.tessellation_sizes import shifted_to_shares
from heterobuild.geometry.tessellations import sampling_points
from heterobuild.incoherent.grains_curved import cut_grains, field_values, inclusions_in, level_sets
from heterobuild.incoherent.grains_places import polyhedral_grains
from heterobuild.incoherent.matrices import matrix_cells
from heterobuild.particles.sizes import length_in_angstrom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.mixtures_fields import Morphology
    from heterobuild.incoherent.grains_places import GrainMap
    from heterobuild.model import Crystal
    from heterobuild.particles.options import Length

LEAST, SAMPLED = 30_000, 500
"""Fewest points, and points for each grain, by which volumes are measured."""


def grain_layout(
    morphology: Morphology, cell: FloatArray, shares: Sequence[float], *, seed: int
) -> Callable[[Sequence[float]], GrainMap]:
    """Place grains, and return how they divide the cell for given shares of the phases.

    Seeds, sizes and phases of the grains stay when shares change a little: only walls move.
    Bicontinuous phases are divided by the grains of one tessellation, so that every grain ends
    somewhere: no lattice but that of the cell itself can repeat with it.

    Parameters
    ----------
    morphology : Morphology
        What is wanted.
    cell : (3, 3) float array
        Cell in Å.
    shares : sequence of float
        Share of the volume of each phase.
    seed : int
        Seed of all draws.

    Returns
    -------
    callable
        Takes shares and returns the grains.

    Raises
    ------
    UsageError
        If the cell is too small, or there are fewer grains than phases.
    """
    judge_room(morphology, cell)
    points = sampling_points(cell, max(LEAST, SAMPLED * morphology.count))
    if morphology.kind == "grains":
        grains, phase = make_grains(morphology, cell, shares, seed=seed)
        return lambda wanted: polyhedral_grains(
            shifted_to_shares(grains, phase, wanted, points), phase, cell, points
        )
    values, grid = field_values(morphology, cell, shares, seed)
    if morphology.kind == "inclusions":
        balls = make_balls(morphology, cell, shares, seed=seed)

        def inclusions(wanted: Sequence[float]) -> GrainMap:
            return inclusions_in(balls, *level_sets(values, grid, cell, wanted), cell)

        return inclusions
    divided, _ = make_grains(replace(morphology, kind="grains"), cell, [1.0], seed=seed)
    bodies = grain_bodies(divided, points)

    def cut(wanted: Sequence[float]) -> GrainMap:
        _, walls, codes = level_sets(values, grid, cell, wanted)
        return cut_grains(bodies, walls, codes, cell, len(wanted))

    return cut


def upright_edges(
    crystal: Crystal,
    *,
    cells: int | tuple[int, int, int] | None,
    box: Length | tuple[Length, Length, Length] | None,
    around: FloatArray,
) -> FloatArray:
    """Return the edges of an upright box for grains, whose lattices need not fit it.

    Parameters
    ----------
    crystal : Crystal
        The crystal whose cells count.
    cells : int or tuple of int or None
        Size in its pseudo-cubic cells, conventional ones without such.
    box : length or tuple of lengths or None
        The edges themselves.
    around : (3,) float array
        Edges in Å where neither is given.

    Returns
    -------
    (3,) float array
        Edges in Å.

    Raises
    ------
    UsageError
        If a length cannot be read or is out of range.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> upright_edges(
    ...     load_phase("CsPbBr3_cubic"), cells=None, box=("5 nm", 60, 70), around=np.zeros(3)
    ... ).tolist()
    [50.0, 60.0, 70.0]
    """
    if box is not None:
        edges = box if isinstance(box, tuple | list) else (box,) * 3
        return np.array([length_in_angstrom(edge, "box") for edge in edges])
    if cells is None:
        return around
    counts = matrix_cells(crystal, cells=cells, box=None, around=around)
    axes = crystal.cell if crystal.pseudocubic is None else crystal.pseudocubic @ crystal.cell
    found: FloatArray = np.array(counts) * np.linalg.norm(axes, axis=1)
    return found
