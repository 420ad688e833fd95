"""The elastic estimate of sites: bonds of the framework become springs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.cavities import nearest_halides
from heterobuild.frameworks.emission import site_positions
from heterobuild.frameworks.sites import EMPTY
from heterobuild.labels import Site
from heterobuild.relaxation.local_strain import local_strain
from heterobuild.relaxation.relaxing import HELD, relax
from heterobuild.relaxation.springs import build_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.frameworks.sites import Sites
    from heterobuild.relaxation.local_strain import LocalStrain
    from heterobuild.relaxation.relaxing import Relaxed
    from heterobuild.relaxation.spring_constants import SpringConstants

CORNERS = 6
CAVITY = 12
"""Halides around an A cation."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ElasticEstimate:
    """Where sites go, and how they are strained.

    Parameters
    ----------
    moves : (s, 3) float array
        Displacement in Å of each site of the block beside the strain of the cell.
    relaxed : Relaxed
        The solution, for the occupied sites.
    strain : LocalStrain
        Strain of each occupied site relative to its own phase.
    index : (n,) int array
        Flat indices of the occupied sites.
    """

    moves: FloatArray
    relaxed: Relaxed
    strain: LocalStrain
    index: CodeArray


def estimate_positions(
    sites: Sites,
    constants: Sequence[SpringConstants],
    stretch: FloatArray,
    *,
    rotation: FloatArray,
    free_strain: tuple[bool, ...] | None = None,
    rounds: int = 2,
) -> ElasticEstimate:
    """Relax the sites of a coherent model of corner-sharing octahedra.

    Parameters
    ----------
    sites : Sites
        The sites.
    constants : sequence of SpringConstants
        Springs of each part, in the order of the codes.
    stretch : (s,) float array
        For each site of the block the length of its own phase over that of the lattice as built,
        minus 1.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    free_strain : tuple of bool, optional
        Components xx, yy, zz, yz, xz, xy of the strain of the cell that relax; none by default.
    rounds : int, optional
        Largest number of rounds; the second takes in the turning of bonds.

    Returns
    -------
    ElasticEstimate
        Displacements and strains.

    Raises
    ------
    HeterobuildError
        If the network is not stable, or the solution does not converge.
    """
    occupied = sites.species.ravel() != EMPTY
    index = np.flatnonzero(occupied)
    number = np.full(occupied.size, -1, dtype=np.int32)
    number[index] = np.arange(len(index), dtype=np.int32)
    centres, corners, arms = _octahedra(sites, number, rotation)
    springs, octahedra = build_network(
        centres=centres,
        corners=corners,
        arms=arms,
        cavity_bonds=_cavities(sites, number, rotation),
        constants=constants,
        phase=sites.region.ravel()[index].astype(np.int32) - 1,
        stretch=stretch[index],
    )
    periodic = np.abs(rotation[np.array(sites.block.periodic)]).sum(axis=0) > 0.5
    relaxed = relax(
        site_positions(sites, index, rotation=rotation),
        springs,
        octahedra,
        periodic=tuple(periodic.tolist()),
        rounds=rounds,
        free_strain=HELD if free_strain is None else free_strain,
    )
    moves = np.zeros((occupied.size, 3))
    moves[index] = relaxed.displacements
    return ElasticEstimate(
        moves=moves,
        relaxed=relaxed,
        strain=local_strain(springs, octahedra, relaxed),
        index=index,
    )


def _octahedra(
    sites: Sites, number: CodeArray, rotation: FloatArray
) -> tuple[CodeArray, CodeArray, FloatArray]:
    """Return centres, corners and arms of the octahedra that are there."""
    framework = sites.block.framework
    bonded = framework.links[framework.site[framework.links[:, 1]] == Site.X]
    parts = []
    for b, unit in enumerate(framework.b_units.tolist()):
        rows = bonded[bonded[:, 0] == b]
        centres = _of_unit(sites, number, unit, np.zeros(3, dtype=int))
        corners = np.stack([_of_unit(sites, number, row[1], row[2:]) for row in rows], axis=1)
        arms = framework.centres[rows[:, 1]] + rows[:, 2:] @ framework.cell
        arms = (arms - framework.centres[unit]) @ rotation
        there = centres >= 0
        parts.append((centres[there], corners[there], np.repeat(arms[None], there.sum(), axis=0)))
    centres, corners, arms = (np.concatenate(column) for column in zip(*parts, strict=True))
    return centres, corners, arms


def _cavities(
    sites: Sites, number: CodeArray, rotation: FloatArray
) -> tuple[CodeArray, CodeArray, FloatArray]:
    """Return the springs between A cations and halides."""
    framework = sites.block.framework
    first, second, vectors = [], [], []
    for a, x, *step in nearest_halides(framework, CAVITY).tolist():
        i = _of_unit(sites, number, a, np.zeros(3, dtype=int))
        j = _of_unit(sites, number, x, np.array(step))
        both = (i >= 0) & (j >= 0)
        vector = framework.centres[x] + np.array(step) @ framework.cell - framework.centres[a]
        first.append(i[both])
        second.append(j[both])
        vectors.append(np.repeat((vector @ rotation)[None], int(both.sum()), axis=0))
    return np.concatenate(first), np.concatenate(second), np.concatenate(vectors)


def _of_unit(sites: Sites, number: CodeArray, unit: int, step: CodeArray) -> CodeArray:
    """Return the number of a unit of the cell a step away from each cell; −1 where none is."""
    block = sites.block
    grid = number.reshape(block.grid)[..., unit]
    for axis, (n, periodic) in enumerate(zip(step.tolist(), block.periodic, strict=True)):
        if n == 0:
            continue
        grid = np.roll(grid, -n, axis=axis)
        if not periodic:
            lost = [slice(None)] * 3
            lost[axis] = slice(-n, None) if n > 0 else slice(None, -n)
            grid[tuple(lost)] = -1
    found: CodeArray = grid.ravel()
    return found
