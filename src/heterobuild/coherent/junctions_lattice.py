"""The block of a lateral junction: one lattice, its line along x, its rows along y."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.coherent.matrix import MARGIN
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import complete
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.rigid import move_units
from heterobuild.labels import units

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Crystal

_LATTICE = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class JunctionBlock:
    """Whole octahedra between two faces, in the frame of the model: line along x, film along z.

    Parameters
    ----------
    block : Block
        The block; its cell vectors are along the line, across it in the plane, and through it.
    occupied : (nx, ny, nz, u) bool array
        Sites of the model.
    index : (nx, ny, nz, b, 3) int array
        Row along the line, row across it, and layer or sheet of each octahedron, from 0 in the
        middle part of the block.
    spacing : tuple of float
        Distance in Å between octahedra of a row, and between rows.
    cell : (3, 3) float array
        Cell in Å; free directions span the octahedra.
    rotation : (3, 3) float array
        From the frame of the crystal into that of the model.
    periodic : tuple of bool
        Periodic directions.
    """

    block: Block
    occupied: BoolArray
    index: IntArray
    spacing: tuple[float, float]
    cell: FloatArray
    rotation: FloatArray
    periodic: tuple[bool, bool, bool]

    @property
    def octahedra(self) -> BoolArray:
        """Which octahedra are there, shape (nx, ny, nz, b)."""
        found: BoolArray = self.occupied[..., self.block.framework.b_units]
        return found


def deformed(crystal: Crystal, deformation: FloatArray) -> Crystal:
    """Strain the lattice of a crystal; molecules keep their shape and their direction.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms; left unchanged.
    deformation : (3, 3) float array
        Map for row vectors.

    Returns
    -------
    Crystal
        The strained crystal.
    """
    atoms = crystal.require_atoms().copy()
    atoms.positions = move_units(
        atoms.positions,
        atoms.numbers,
        units(atoms),
        deformation=deformation,
        rotation=np.eye(3),
    )
    atoms.cell = np.asarray(atoms.cell) @ deformation
    return replace(crystal, cell=crystal.cell @ deformation, atoms=atoms)


def line_directions(line: tuple[int, int]) -> IntArray:
    """Return the pseudo-cubic directions along a line, across it, and through the film.

    Parameters
    ----------
    line : tuple of int
        Indices of the line along the two pseudo-cubic axes in the plane.

    Returns
    -------
    (3, 3) int array
        Rows; right-handed.

    Examples
    --------
    >>> line_directions((1, 1)).tolist()
    [[1, 1, 0], [-1, 1, 0], [0, 0, 1]]
    """
    u, v = line
    return np.array([[u, v, 0], [-v, u, 0], [0, 0, 1]])


def line_periods(crystal: Crystal, line: tuple[int, int]) -> tuple[int, int, int]:
    """Return after how many steps a crystal repeats along a line, across, and through the film.

    Parameters
    ----------
    crystal : Crystal
        A crystal with pseudo-cubic axes.
    line : tuple of int
        Indices of the line in the plane.

    Returns
    -------
    tuple of int
        Multiples of the directions of `line_directions`.

    Raises
    ------
    UsageError
        If the crystal has no pseudo-cubic axes, or they are no lattice directions.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> line_periods(load_crystal("BA2PbI4"), (1, 0)), line_periods(load_crystal("BA2PbI4"), (1, 1))
    ((2, 2, 2), (1, 1, 2))
    """
    if crystal.pseudocubic is None:
        raise UsageError(
            f"{crystal.name} has no pseudo-cubic axes",
            where="wall",
            next_step="take wall: incoherent, so that each part keeps its own lattice",
        )
    found = []
    for axis in line_directions(line) @ crystal.pseudocubic:
        multiples = np.arange(1, 13)[:, None] * axis
        whole = np.flatnonzero(np.abs(multiples - np.rint(multiples)).max(axis=1) < _LATTICE)
        if not len(whole):
            raise UsageError(
                f"the line is no direction of the lattice of {crystal.name}",
                where="line",
                measured=f"[{line[0]} {line[1]} 0]pc",
                next_step='take "[100]pc" or "[110]pc", or another phase',
            )
        found.append(int(whole[0]) + 1)
    return found[0], found[1], found[2]


def junction_block(
    crystal: Crystal,
    line: tuple[int, int],
    counts: tuple[int, int, int],
    periodic: tuple[bool, bool],
) -> JunctionBlock:
    """Repeat a crystal along a line and across it, and cut it to whole octahedra.

    Parameters
    ----------
    crystal : Crystal
        The crystal; perovskite, or layered with its sheets in the plane.
    line : tuple of int
        Indices of the line along the pseudo-cubic axes in the plane.
    counts : tuple of int
        Octahedra in a row along the line, rows across it, and layers or sheets. Periodic ones
        are multiples of the periods.
    periodic : tuple of bool
        Whether the model repeats along the line and across it.

    Returns
    -------
    JunctionBlock
        The block.
    """
    steps = line_directions(line)
    period = np.array(line_periods(crystal, line))
    axes = np.rint(period[:, None] * steps @ np.asarray(crystal.pseudocubic)).astype(np.int64)
    framework = framework_of(crystal, axes)
    rows = line[0] ** 2 + line[1] ** 2
    each = period * (1, rows, 1)
    closed = (*periodic, False)
    cells = [
        n // e if p else -(-n // e) + 2 * MARGIN
        for n, e, p in zip(counts, each.tolist(), closed, strict=True)
    ]
    starts = [0 if p else -MARGIN for p in closed]
    block = Block(
        framework=framework,
        origin=(starts[0], starts[1], starts[2]),
        cells=(cells[0], cells[1], cells[2]),
        periodic=closed,
    )
    rotation = _upright(framework.cell).T
    index = _octahedron_index(block, pseudocubic_axes(crystal), steps, rows)
    there: BoolArray = np.asarray(((index >= 0) & (index < np.array(counts))).all(axis=-1))
    whole = np.diag(block.cells) @ framework.cell @ rotation
    long, wide = framework.cell[:2] @ rotation
    return JunctionBlock(
        block=block,
        occupied=complete(block, there, "AX"),
        index=index,
        spacing=(float(long[0]) / int(period[0]), float(wide[1]) / int(each[1])),
        cell=whole,
        rotation=rotation,
        periodic=closed,
    )


def with_row_edge(junction: JunctionBlock) -> JunctionBlock:
    """Let the edge of an octahedron be the distance of rows, where spacers part the octahedra.

    Parameters
    ----------
    junction : JunctionBlock
        A block of sheets.

    Returns
    -------
    JunctionBlock
        The same; its pseudo-cubic axis through the sheets is as long as makes the volume of the
        pseudo-cubic cell the cube of that distance, by which layers and profiles count.
    """
    framework = junction.block.framework
    axes = np.asarray(framework.crystal.pseudocubic).copy()
    volume = abs(float(np.linalg.det(axes @ framework.cell)))
    axes[2] *= junction.spacing[1] ** 3 / volume
    crystal = replace(framework.crystal, pseudocubic=axes)
    block = replace(junction.block, framework=replace(framework, crystal=crystal))
    return replace(junction, block=block)


def _upright(cell: FloatArray) -> FloatArray:
    """Return unit rows: along the first vector, in the plane of the first two, and normal."""
    x = cell[0] / np.linalg.norm(cell[0])
    z = np.cross(cell[0], cell[1])
    z /= np.linalg.norm(z)
    return np.array([x, np.cross(z, x), z])


def _octahedron_index(block: Block, axes: FloatArray, steps: IntArray, rows: int) -> IntArray:
    """Count the octahedra along the line, across it, and through the film.

    Sheets are told apart by the widest gap between heights of B cations. Where rows are staggered,
    as in a zigzag line or from sheet to sheet, the number is that of the nearest step before.
    """
    framework = block.framework
    own = framework.centres[framework.b_units] @ np.linalg.inv(steps @ axes)
    own[:, :2] -= own[0, :2]
    heights = np.sort(own[:, 2] % 1)
    gaps = np.diff(np.append(heights, heights[0] + 1))
    own[:, 2] -= heights[int(np.argmax(gaps.round(6)))] + gaps.max() / 2 - 1
    home = np.column_stack([own[:, :2], np.floor(own[:, 2])])
    period = framework.cell @ np.linalg.inv(steps @ axes)
    grid = np.stack(
        np.meshgrid(
            *(np.arange(o, o + n) for o, n in zip(block.origin, block.cells, strict=True)),
            indexing="ij",
        ),
        axis=-1,
    )
    place = (grid @ period)[..., None, :] + home
    found = np.stack(
        [
            np.floor(place[..., 0] + 0.25),
            np.floor(place[..., 1] * rows + 0.25),
            np.rint(place[..., 2]),
        ],
        axis=-1,
    ).astype(np.int64)
    for axis, each in ((0, 1), (1, rows)):
        if block.periodic[axis]:
            found[..., axis] %= round(block.cells[axis] * period[axis, axis] * each)
    return found
