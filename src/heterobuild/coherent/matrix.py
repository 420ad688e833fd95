"""A crystal as a periodic block or a slab along its pseudo-cubic axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import complete
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.lattice_directions import steps_to_lattice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.frameworks.framework import Framework
    from heterobuild.model import Crystal

MARGIN = 2
"""Empty cells above and below a slab; no link reaches over more."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Matrix:
    """A block of a crystal along its pseudo-cubic axes, in the frame of the model.

    Parameters
    ----------
    block : Block
        The block; the cell of its framework holds the fewest pseudo-cubic cells that are a
        period.
    occupied : (nx, ny, nz, u) bool array
        Sites of the crystal: all of a bulk, whole octahedra of a slab.
    cells : tuple of int
        Pseudo-cubic cells along the three axes.
    cell : (3, 3) float array
        Cell in Å in the frame of the model; of a slab the third vector spans its octahedra.
    rotation : (3, 3) float array
        From the frame of the crystal into that of the model: pseudo-cubic axes along x, y, z.
    """

    block: Block
    occupied: BoolArray
    cells: tuple[int, int, int]
    cell: FloatArray
    rotation: FloatArray

    @property
    def steps(self) -> FloatArray:
        """Pseudo-cubic axes in the frame of the model in Å, shape (3, 3)."""
        return pseudocubic_axes(self.block.framework.crystal) @ self.rotation


def periods(crystal: Crystal) -> tuple[int, int, int]:
    """Return after how many pseudo-cubic cells a crystal repeats along each axis.

    Parameters
    ----------
    crystal : Crystal
        A crystal with pseudo-cubic axes.

    Returns
    -------
    tuple of int
        1 of a cubic perovskite; 2 where octahedra are tilted.

    Raises
    ------
    UsageError
        If the crystal has no pseudo-cubic axes, or they are no lattice directions.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> periods(load_phase("CsPbBr3_orthorhombic"))
    (2, 2, 2)
    """
    if crystal.pseudocubic is None:
        raise UsageError(
            f"{crystal.name} has no pseudo-cubic axes",
            where="matrix",
            next_step="take a perovskite, or wall: incoherent",
        )
    found = []
    for axis in crystal.pseudocubic:
        steps = steps_to_lattice(axis)
        if steps is None:
            raise UsageError(
                f"the pseudo-cubic axes of {crystal.name} are no directions of its lattice",
                where="matrix",
                next_step="take another phase",
            )
        found.append(steps)
    return found[0], found[1], found[2]


def whole_periods(crystal: Crystal, cells: Sequence[int]) -> tuple[int, int, int]:
    """Return the size of a matrix that is nearest to the one that is wanted.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    cells : sequence of int
        Pseudo-cubic cells along each axis.

    Returns
    -------
    tuple of int
        The nearest multiples of its periods, at least one of each.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> whole_periods(load_phase("CsPbBr3_orthorhombic"), (1, 6, 9))
    (2, 6, 8)
    """
    period = periods(crystal)
    found = [max(1, round(n / p)) * p for n, p in zip(cells, period, strict=True)]
    return found[0], found[1], found[2]


def make_matrix(crystal: Crystal, cells: Sequence[int], *, slab: bool) -> Matrix:
    """Repeat a crystal along its pseudo-cubic axes.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    cells : sequence of int
        Pseudo-cubic cells along each axis; the nearest multiples of the periods are taken.
    slab : bool
        Whether it ends along z, in planes of A and X on both sides.

    Returns
    -------
    Matrix
        The block.

    Raises
    ------
    UsageError
        If the crystal cannot be repeated so.
    """
    period = periods(crystal)
    axes = np.diag(period) @ np.asarray(crystal.pseudocubic)
    framework = framework_of(crystal, np.rint(axes).astype(np.int64))
    counts = whole_periods(crystal, cells)
    blocks = [n // p for n, p in zip(counts, period, strict=True)]
    grid = (blocks[0], blocks[1], blocks[2] + (2 * MARGIN if slab else 0))
    block = Block(
        framework=framework,
        origin=(0, 0, -MARGIN if slab else 0),
        cells=grid,
        periodic=(True, True, not slab),
    )
    octahedra = np.ones(block.octahedra, dtype=bool)
    if slab:
        octahedra[:, :, :MARGIN] = octahedra[:, :, -MARGIN:] = False
        occupied = complete(block, octahedra, "AX")
    else:
        occupied = np.ones(block.grid, dtype=bool)
    rotation = pseudocubic_directions(crystal.cell, crystal.pseudocubic).T
    whole = np.diag(blocks) @ framework.cell @ rotation
    return Matrix(
        block=block,
        occupied=occupied,
        cells=counts,
        cell=whole,
        rotation=rotation,
    )


def lattice_origin(matrix: Matrix, parity: Sequence[str]) -> FloatArray:
    """Return a point of the lattice on which dots are centred.

    Parameters
    ----------
    matrix : Matrix
        The matrix.
    parity : sequence of {"A", "B"}
        What lies at the centre of a dot along each axis.

    Returns
    -------
    (3,) float array
        Point in Å in the frame of the model.
    """
    framework: Framework = matrix.block.framework
    half = np.array([0.5 if letter == "A" else 0.0 for letter in parity])
    origin: FloatArray = framework.centres[framework.b_units[0]] @ matrix.rotation
    return origin + half @ matrix.steps
