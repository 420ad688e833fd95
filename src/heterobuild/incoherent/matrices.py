"""A crystal of any structure as a periodic or slab matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.matrix import MARGIN, Matrix, make_matrix, periods
from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block
from heterobuild.frameworks.carving import complete
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.periodic_pairs import face_heights
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.orientation import orient
from heterobuild.particles.sizes import length_in_angstrom

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.dots.arrangement import PlacedDots
    from heterobuild.model import Crystal
    from heterobuild.particles.options import Length


def any_matrix(crystal: Crystal, cells: tuple[int, int, int], *, slab: bool) -> Matrix:
    """Repeat a crystal along its pseudo-cubic axes, or its conventional cell without such.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    cells : tuple of int
        Cells along each axis.
    slab : bool
        Whether it ends along the third, in planes of A and X on both sides.

    Returns
    -------
    Matrix
        The block in the frame of the model.

    Raises
    ------
    UsageError
        If a number of cells is below 1, or a slab would not lie in the plane.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> any_matrix(load_phase("Cs4PbBr6"), (2, 2, 1), slab=False).cell.diagonal().round(2).tolist()
    [27.46, 23.78, 17.32]
    """
    if min(cells) < 1:
        raise UsageError("a matrix has at least one cell along each axis", measured=list(cells))
    if crystal.pseudocubic is not None:
        return make_matrix(crystal, cells, slab=slab)
    framework = framework_of(crystal)
    block = Block(
        framework=framework,
        origin=(0, 0, -MARGIN if slab else 0),
        cells=(cells[0], cells[1], cells[2] + (2 * MARGIN if slab else 0)),
        periodic=(True, True, not slab),
    )
    rotation = orient(ParticleShape(), crystal).rotation
    octahedra = np.ones(block.octahedra, dtype=bool)
    occupied = np.ones(block.grid, dtype=bool)
    if slab:
        octahedra[:, :, :MARGIN] = octahedra[:, :, -MARGIN:] = False
        occupied = complete(block, octahedra, "AX")
    return Matrix(
        block=block,
        occupied=occupied,
        cells=cells,
        cell=np.diag(cells) @ crystal.cell @ rotation,
        rotation=rotation,
    )


def matrix_cells(
    crystal: Crystal,
    *,
    cells: int | tuple[int, int, int] | None,
    box: Length | tuple[Length, Length, Length] | None,
    around: FloatArray,
) -> tuple[int, int, int]:
    """Return the size of a matrix in cells.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    cells : int or tuple of int or None
        Cells along each axis, pseudo-cubic ones where there are such.
    box : length or tuple of lengths or None
        The same as lengths; the nearest number of cells is taken.
    around : (3,) float array
        Least size in Å where neither is given.

    Returns
    -------
    tuple of int
        Cells along each axis.

    Raises
    ------
    UsageError
        If both are given, or a number is below 1.
    """
    if cells is not None and box is not None:
        raise UsageError(
            "both cells and box are given",
            where="box",
            measured=f"{cells} cells and {box}",
            allowed="one of the two",
            next_step="remove one",
        )
    if cells is not None:
        counts = (cells,) * 3 if isinstance(cells, int) else tuple(cells)
        return counts[0], counts[1], counts[2]
    axes = crystal.cell
    steps = np.ones(3, dtype=np.int64)
    if crystal.pseudocubic is not None:
        steps = np.array(periods(crystal))
        axes = crystal.pseudocubic @ crystal.cell
    if box is not None:
        edges = box if isinstance(box, tuple | list) else (box,) * 3
        wanted = np.array([length_in_angstrom(edge, "box") for edge in edges])
        found = np.rint(wanted / np.linalg.norm(axes, axis=1) / steps)
    else:
        found = np.ceil(around / face_heights(axes) / steps - 1e-9)
    found = np.maximum(found, 1) * steps
    a, b, c = found.astype(np.int64).tolist()
    return a, b, c


def on_octahedra(matrix: Matrix, dots: PlacedDots) -> FloatArray:
    """Move dots that have the axes of their matrix so that rows of octahedra run on through them.

    Parameters
    ----------
    matrix : Matrix
        The matrix.
    dots : PlacedDots
        The dots.

    Returns
    -------
    (n, 3) float array
        The nearest centres at which an octahedron of the dot lies on one of the matrix, in Å.
    """
    framework = matrix.block.framework
    cell = framework.cell @ matrix.rotation
    b_points = framework.centres[framework.b_units] @ matrix.rotation
    moved = np.empty_like(dots.centres)
    for k, (form, turn, centre) in enumerate(
        zip(dots.forms, dots.rotations, dots.centres, strict=True)
    ):
        half = np.array([0.5 if letter == "A" else 0.0 for letter in form.parity])
        away = centre - (b_points + half @ form.axes @ turn)
        away -= np.rint(away @ np.linalg.inv(cell)) @ cell
        nearest = int(np.argmin(np.linalg.norm(away, axis=1).round(6)))
        moved[k] = centre - away[nearest]
    return moved
