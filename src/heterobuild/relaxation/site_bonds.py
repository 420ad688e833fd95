"""Bonds of the sites of a model: octahedra, A cations in their cages, B–X–B bridges."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import Block
from heterobuild.frameworks.cavities import nearest_halides
from heterobuild.frameworks.sites import Sites
from heterobuild.labels import Site
from heterobuild.relaxation.springs import BondTable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.frameworks.framework import Framework

    _Place: TypeAlias = tuple[int, CodeArray]

CAVITY = 12
"""Halides around an A cation."""

_HERE = np.zeros(3, dtype=np.int64)


def host_bonds(framework: Framework, rotation: FloatArray) -> BondTable:
    """Return the bonds of one cell of a framework.

    Parameters
    ----------
    framework : Framework
        The framework.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.

    Returns
    -------
    BondTable
        The endless crystal, for `heterobuild.relaxation.fit_in_lattice.fit_in_lattice`.
    """
    block = Block(framework=framework, origin=(0, 0, 0), cells=(1, 1, 1), periodic=(True,) * 3)
    ones = np.ones(block.grid, dtype=np.int16)
    sites = Sites(block=block, species=ones, region=ones, layer=ones, table=())
    number = np.arange(len(framework.site), dtype=np.int32)
    centres, corners, arms = octahedra_of(sites, number, rotation)
    return BondTable(
        positions=framework.centres @ rotation,
        centres=centres,
        corners=corners,
        arms=arms,
        cavity_bonds=cavities_of(sites, number, rotation),
    )


def octahedra_of(
    sites: Sites, number: CodeArray, rotation: FloatArray
) -> tuple[CodeArray, CodeArray, FloatArray]:
    """Find the octahedra that are there.

    Parameters
    ----------
    sites : Sites
        The sites.
    number : (s,) int32 array
        Number of each occupied site of the block; −1 of empty ones.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.

    Returns
    -------
    centres : (b,) int32 array
        Numbers of the B cations.
    corners : (b, 6) int32 array
        Numbers of the halides; −1 where one is missing.
    arms : (b, 6, 3) float array
        From the B cation to each halide in Å.
    """
    framework = sites.block.framework
    bonded = framework.links[framework.site[framework.links[:, 1]] == Site.X]
    parts = []
    for b, unit in enumerate(framework.b_units.tolist()):
        rows = bonded[bonded[:, 0] == b]
        centres = _of_unit(sites, number, unit, _HERE)
        corners = np.stack([_of_unit(sites, number, row[1], row[2:]) for row in rows], axis=1)
        arms = framework.centres[rows[:, 1]] + rows[:, 2:] @ framework.cell
        arms = (arms - framework.centres[unit]) @ rotation
        there = centres >= 0
        parts.append((centres[there], corners[there], np.repeat(arms[None], there.sum(), axis=0)))
    centres, corners, arms = (np.concatenate(column) for column in zip(*parts, strict=True))
    return centres, corners, arms


def cavities_of(
    sites: Sites, number: CodeArray, rotation: FloatArray
) -> tuple[CodeArray, CodeArray, FloatArray]:
    """Find the pairs of A cations and halides of their cages.

    Parameters
    ----------
    sites : Sites
        The sites.
    number : (s,) int32 array
        Number of each occupied site of the block; −1 of empty ones.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.

    Returns
    -------
    i, j : (m,) int32 array
        Numbers of A cation and halide.
    vectors : (m, 3) float array
        From one to the other in Å.
    """
    bonds = [
        (a, (a, _HERE), (x, np.array(step)))
        for a, x, *step in nearest_halides(sites.block.framework, CAVITY).tolist()
    ]
    return _pairs_of(sites, number, rotation, bonds)


def bridges_of(
    sites: Sites, number: CodeArray, rotation: FloatArray
) -> tuple[CodeArray, CodeArray, FloatArray]:
    """Find the pairs of B cations that share a halide, and the steps between them.

    Parameters
    ----------
    sites : Sites
        The sites.
    number : (s,) int32 array
        Number of each occupied site of the block; −1 of empty ones.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.

    Returns
    -------
    i, j : (m,) int32 array
        Numbers of the two.
    steps : (m, 3) float array
        From i to j in Å.
    """
    framework = sites.block.framework
    bonds = []
    for x in np.flatnonzero(framework.site == Site.X).tolist():
        for one, other in combinations(framework.links[framework.links[:, 1] == x], 2):
            near, far = framework.b_units[one[0]], framework.b_units[other[0]]
            bonds.append((x, (near, -one[2:]), (far, -other[2:])))
    return _pairs_of(sites, number, rotation, bonds)


def _pairs_of(
    sites: Sites,
    number: CodeArray,
    rotation: FloatArray,
    bonds: Iterable[tuple[int, _Place, _Place]],
) -> tuple[CodeArray, CodeArray, FloatArray]:
    """Return the pairs of sites, and the steps between them, of the bonds of one cell.

    A bond is a unit of the cell that has to be there, and the two ends.
    """
    framework = sites.block.framework
    first: list[CodeArray] = [np.empty(0, dtype=np.int32)]
    second: list[CodeArray] = [*first]
    vectors: list[FloatArray] = [np.empty((0, 3))]
    for through, (near, here), (far, there) in bonds:
        i, j = _of_unit(sites, number, near, here), _of_unit(sites, number, far, there)
        both = (i >= 0) & (j >= 0) & (_of_unit(sites, number, through, _HERE) >= 0)
        vector = framework.centres[far] + (there - here) @ framework.cell - framework.centres[near]
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
