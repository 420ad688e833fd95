"""Dots on the lattice of a periodic matrix: species by region, the network whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.assembly.draft import Parts, draft_parts
from heterobuild.assembly.walls import wall_step
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import AT_A_TIME, ON_FACE, complete
from heterobuild.frameworks.framework import framework_of
from heterobuild.frameworks.scaling import cube_edge
from heterobuild.geometry.shape_algebra import turned
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.assembly.dot_arrangement import PlacedDots
    from heterobuild.assembly.draft import Draft
    from heterobuild.frameworks.framework import Framework
    from heterobuild.frameworks.sites import Shared
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal
    from heterobuild.particles.options import WallProfile

FAR = 10
"""Octahedra around a dot up to which the distance from its wall is measured; farther sites are
labelled as if they were there."""

_TURNED = 1e-6

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
        multiples = np.arange(1, 13)[:, None] * axis
        whole = np.flatnonzero(np.abs(multiples - np.rint(multiples)).max(axis=1) < 1e-6)
        if not len(whole):
            raise UsageError(
                f"the pseudo-cubic axes of {crystal.name} are no directions of its lattice",
                where="matrix",
                next_step="take another phase",
            )
        found.append(int(whole[0]) + 1)
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


def dots_on_lattice(dots: PlacedDots, turn: FloatArray, table: str | None) -> list[Shape]:
    """Return the solids of coherent dots as they lie in the model.

    Parameters
    ----------
    dots : PlacedDots
        The dots.
    turn : (3, 3) float array
        Rotation from the frame of a form into that of the model.
    table : str or None
        File that they come from.

    Returns
    -------
    list of Shape
        One solid a dot.

    Raises
    ------
    UsageError
        If a table turns dots against the lattice of their matrix.
    """
    own = np.eye(3) if table is not None else turn
    off = np.abs(dots.rotations - own).max(axis=(1, 2))
    if off.max() > _TURNED:
        raise UsageError(
            "a coherent dot cannot be turned against its matrix",
            where=f"{table}, dot {int(np.argmax(off)) + 1}",
            next_step="remove the orientations, or take wall: incoherent",
        )
    straight = np.abs(turn - np.eye(3)).max() < _TURNED
    return [form.shape if straight else turned(form.shape, turn) for form in dots.forms]


def wall_of_dots(matrix: Matrix, centres: FloatArray, shapes: Sequence[Shape]) -> FloatArray:
    """Measure the distance of each octahedron from the wall of the nearest dot.

    Each dot is measured in the cells around it only, so the cost is that of the dots.

    Parameters
    ----------
    matrix : Matrix
        The matrix.
    centres : (n, 3) float array
        Centres of the dots in Å in the frame of the model.
    shapes : sequence of Shape
        Solid of each dot for its B cations.

    Returns
    -------
    (nx, ny, nz, b) float32 array
        Signed distances in Å, negative inside; those far away are cut at `FAR` octahedra.
    """
    block = matrix.block
    reach = FAR * cube_edge(block.framework.crystal)
    cell = block.framework.cell @ matrix.rotation
    b_points = block.framework.centres[block.framework.b_units] @ matrix.rotation
    found = np.full(block.octahedra, np.float32(reach))
    for centre, shape in zip(centres, shapes, strict=True):
        half = np.array(shape.half) + reach
        ranges = _cells_around(block, centre, half, cell)
        thick = max(1, AT_A_TIME // (len(ranges[1]) * len(ranges[2])))
        most = min(thick, block.cells[0]), block.cells[1], block.cells[2]
        for lines in product(*map(_once, ranges, most)):
            cells = zip(lines, block.origin, block.cells, strict=True)
            place = np.ix_(*((line - o) % n for line, o, n in cells))
            for b, point in enumerate(b_points):
                points = _grid(list(lines), cell, point - centre)
                distance = shape.distance(points.reshape(-1, 3)).reshape(points.shape[:3])
                near = found[..., b]
                near[place] = np.minimum(near[place], distance.astype(np.float32))
    return found


def _grid(steps: list[IntArray], cell: FloatArray, origin: FloatArray) -> FloatArray:
    """Return the points of a grid of cells, shape (nx, ny, nz, 3)."""
    x, y, z = (np.multiply.outer(n, vector) for n, vector in zip(steps, cell, strict=True))
    points = np.empty((len(x), len(y), len(z), 3))
    plane, line = x[:, None] + y, z + origin
    for axis in range(3):
        np.add(plane[..., None, axis], line[:, axis], out=points[..., axis])
    return points


def _once(line: IntArray, most: int) -> list[IntArray]:
    """Cut a row of cells into pieces; none is longer than the block, which holds each cell once."""
    return [line[start : start + most] for start in range(0, len(line), most)]


def _cells_around(
    block: Block, centre: FloatArray, reach: FloatArray, cell: FloatArray
) -> list[IntArray]:
    """Return the cells along each axis that a box around a dot touches.

    Along a period these are at most one cell more than half of it on both sides.
    """
    inverse = np.linalg.inv(cell)
    middle = centre @ inverse
    width = np.abs(inverse.T) @ reach
    ranges = []
    for k in range(3):
        low, high = int(np.floor(middle[k] - width[k])), int(np.ceil(middle[k] + width[k]))
        if block.periodic[k]:
            half = block.cells[k] / 2 + 1
            low = max(low, int(np.floor(middle[k] - half)))
            high = min(high, int(np.ceil(middle[k] + half)))
        else:
            first = block.origin[k]
            low, high = max(low, first), min(high, first + block.cells[k] - 1)
        ranges.append(np.arange(low, high + 1))
    return ranges


def draft_dots(
    matrix: Matrix,
    centres: FloatArray,
    shapes: Sequence[Shape],
    crystals: tuple[Crystal, Crystal],
    *,
    shared: Shared,
    profile: WallProfile,
    seed: int,
) -> Draft:
    """Put dots onto the sites of a matrix.

    Parameters
    ----------
    matrix : Matrix
        The matrix.
    centres : (n, 3) float array
        Centres of the dots in Å in the frame of the model.
    shapes : sequence of Shape
        Solid of each dot for its B cations.
    crystals : tuple of Crystal
        What dots and matrix are made of.
    shared : {"inner", "outer", "mixed"}
        Who gets the halides at a wall.
    profile : WallProfile
        Composition across the walls.
    seed : int
        Seed of all draws.

    Returns
    -------
    Draft
        The draft; neutral where both have ions of the same charges.

    Raises
    ------
    UsageError
        If the dots hold no octahedron, or leave none of the matrix.
    """
    wall = wall_of_dots(matrix, centres, shapes)
    there = matrix.occupied[..., matrix.block.framework.b_units]
    inside = int(((wall <= ON_FACE) & there).sum())
    if not inside or inside == int(there.sum()):
        raise UsageError(
            "the dots hold no octahedron" if not inside else "the dots fill the whole matrix",
            where="shape" if not inside else "cells",
            measured=f"{inside} of {int(there.sum())} octahedra in dots",
            next_step="take larger dots" if not inside else "take a larger matrix",
        )
    draft = draft_parts(
        matrix.block,
        matrix.occupied,
        Parts(
            names=("dot", "matrix"),
            crystals=crystals,
            walls=(wall,),
            shared=shared,
            profile=profile,
        ),
        rotation=matrix.rotation,
        centre=np.zeros(3),
        seed=seed,
    )
    steps = (dots_step(draft, centres, shapes, inside, int(there.sum())), wall_step(draft, 1, wall))
    return replace(draft, steps=(*steps, *draft.steps))


def dots_step(
    draft: Draft, centres: FloatArray, shapes: Sequence[Shape], inside: int, total: int
) -> Step:
    """Describe the dots that were placed.

    Parameters
    ----------
    draft : Draft
        The draft.
    centres : (n, 3) float array
        Centres in Å.
    shapes : sequence of Shape
        Solids of the dots.
    inside, total : int
        Octahedra in dots, and all.

    Returns
    -------
    Step
        Numbers, places and sizes; of more than a thousand dots the first thousand places.
    """
    volume = inside * draft.edge**3
    mean = (6 * volume / len(centres) / np.pi) ** (1 / 3)
    return Step(
        name="dots",
        choice=f"{len(centres)} in {total} octahedra, {inside} inside "
        f"({100 * inside / total:.2f} % by volume), mean diameter of equal volume {mean:.1f} Å",
        values={
            "count": len(centres),
            "octahedra": inside,
            "octahedra_of_all": total,
            "volume_fraction": round(inside / total, 6),
            "equivalent_diameter_A": round(float(mean), 3),
            "centres_A": np.round(centres[:1000], 4).tolist(),
            "names": [shape.name for shape in shapes[:1000]],
        },
    )
