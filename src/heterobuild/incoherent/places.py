"""Where dots on lattices of their own stand in their matrix, and how they are turned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.dots.arrangement import arrange_dots, fits
from heterobuild.geometry.rotations import random_rotations
from heterobuild.incoherent.matrices import any_matrix, matrix_cells, on_octahedra
from heterobuild.incoherent.relations import (
    known_relation,
    rotation_for,
)
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape
from heterobuild.particles.orientation import orient
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.dots.arrangement import PlacedDots
    from heterobuild.dots.sizes import Placement
    from heterobuild.frameworks.carving import Termination
    from heterobuild.geometry.orientation_relations import OrientationRelation
    from heterobuild.model import Crystal
    from heterobuild.particles.options import Length


AROUND = 18.0
"""Å of matrix on each side of a dot where no size is given: three octahedra."""


@dataclass(frozen=True, kw_only=True)
class IncoherentDots:
    """What is built.

    Parameters
    ----------
    shape : ParticleShape
        Form and mean size of the dots.
    placement : Placement
        How many, how different, and where.
    cells : int or tuple of int or None, optional
        Size of the matrix in pseudo-cubic cells, or conventional ones without such.
    box : length or tuple of lengths or None, optional
        The same as lengths.
    orientation : str, optional
        ``auto``, ``aligned``, ``random``, or a relation, the matrix first.
    gap : float or "auto", optional
        Distance in Å between the ions of dot and matrix at least.
    registry : bool, optional
        Whether dots without a table are moved by less than a cell of the matrix to where the
        fewest of its octahedra go.
    slab : bool, optional
        Whether the matrix ends along z.
    vacuum : float, optional
        Empty height of a slab in Å.
    termination : {"AX", "BX2"}, optional
        Outermost plane of dots on {100} faces.
    neutrality : str, optional
        Policy for the surfaces of dots.
    wall_neutrality : str, optional
        Policy for the matrix: its walls at dots, and the surfaces of a slab.
    cations : str, optional
        Rule that orients molecular cations of free orientation.
    """

    shape: ParticleShape
    placement: Placement
    cells: int | tuple[int, int, int] | None = None
    box: Length | tuple[Length, Length, Length] | None = None
    orientation: str = "auto"
    gap: float | Literal["auto"] = "auto"
    registry: bool = True
    slab: bool = False
    vacuum: float = 15.0
    termination: Termination = "AX"
    neutrality: str = "auto"
    wall_neutrality: str = "auto"
    cations: str = "random"


def sized_matrix(dot: Crystal, matrix: Crystal, options: IncoherentDots) -> Matrix:
    """Return the matrix in the size that is wanted, or that one dot needs.

    Parameters
    ----------
    dot, matrix : Crystal
        The crystals.
    options : IncoherentDots
        What is built.

    Returns
    -------
    Matrix
        The matrix in the frame of the model.

    Raises
    ------
    UsageError
        If sizes contradict each other.
    """
    half = np.array(make_form(options.shape, dot).shape.half)
    around = 2 * (np.where(np.isfinite(half), half, 0.0) + AROUND)
    counts = matrix_cells(matrix, cells=options.cells, box=options.box, around=around)
    return any_matrix(matrix, counts, slab=options.slab)


def relation_of(options: IncoherentDots, matrix: Crystal, dot: Crystal) -> str | None:
    """Return the orientation relation in words, if one is used.

    Parameters
    ----------
    options : IncoherentDots
        What is built.
    matrix, dot : Crystal
        The crystals.

    Returns
    -------
    str or None
        The relation, the matrix first; None for parallel axes and random orientations.
    """
    if options.orientation == "auto":
        return known_relation(matrix, dot)
    return None if options.orientation in {"aligned", "random"} else options.orientation


def place_dots(
    dot: Crystal, matrix: Crystal, block: Matrix, options: IncoherentDots, *, seed: int
) -> PlacedDots:
    """Choose places, sizes and orientations of the dots.

    Dots whose pseudo-cubic axes are those of the matrix are moved by less than an octahedron so
    that its rows of octahedra run on through them, where there is room.

    Parameters
    ----------
    dot, matrix : Crystal
        The crystals.
    block : Matrix
        The matrix in the frame of the model.
    options : IncoherentDots
        What is built.
    seed : int
        Seed of all draws.

    Returns
    -------
    PlacedDots
        The dots.

    Raises
    ------
    UsageError
        If a dot is larger than the matrix, or an option cannot be used.
    NothingFitsError
        If the dots cannot be placed at the wanted separation.
    """
    relation = relation_of(options, matrix, dot)
    own = make_form(options.shape, dot).rotation
    if options.placement.table is not None:
        standing = ParticleShape(along_x=options.shape.along_x, along_z=options.shape.along_z)
        own = orient(standing, dot).rotation

    def related(found: str | OrientationRelation) -> FloatArray:
        turn: FloatArray = own.T @ rotation_for(found, matrix, block.rotation, dot)
        return turn

    def turns(count: int) -> FloatArray:
        if options.orientation == "random":
            return random_rotations(count, generator(seed, "orientations of dots"))
        return np.tile(np.eye(3) if relation is None else related(relation), (count, 1, 1))

    dots = arrange_dots(
        options.shape,
        dot,
        options.placement,
        cell=block.cell,
        pbc=(True, True, not options.slab),
        seed=seed,
        turns=turns,
        rotation_of=related,
    )
    free = options.orientation == "random" or options.placement.table is not None
    if free or relation is not None or matrix.pseudocubic is None or dot.pseudocubic is None:
        return dots
    moved = replace(dots, centres=on_octahedra(block, dots))
    has_room = fits(moved, options.placement, block.cell, (True, True, not options.slab))
    return moved if has_room else dots
