"""Dots on the lattice of a periodic matrix: species by region, the network whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.dot_walls import wall_of_dots
from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.parts import Parts
from heterobuild.coherent.walls import wall_step
from heterobuild.errors import UsageError
from heterobuild.frameworks.carving import ON_FACE
from heterobuild.geometry.shape_algebra import turned
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.dots.arrangement import PlacedDots, Placement
    from heterobuild.frameworks.sites import Shared
    from heterobuild.geometry.shapes import Shape
    from heterobuild.model import Crystal, WallProfile

_TURNED = 1e-6


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


def draft_dots(
    matrix: Matrix,
    centres: FloatArray,
    shapes: Sequence[Shape],
    crystals: tuple[Crystal, Crystal],
    *,
    shared: Shared,
    profile: WallProfile,
    asked: str,
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
    asked : str
        The sizes that were asked for, in words.
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
            fields=()
            if not profile.graded
            else (wall_of_dots(matrix, centres, shapes, range(matrix.block.grid[3])),),
            shared=shared,
            profile=profile,
        ),
        rotation=matrix.rotation,
        centre=np.zeros(3),
        seed=seed,
    )
    placed = dots_step(draft, centres, shapes, inside=inside, total=int(there.sum()), asked=asked)
    return replace(draft, steps=(placed, wall_step(draft, 1, wall), *draft.steps))


def asked_sizes(name: str, placement: Placement, shapes: Sequence[Shape]) -> str:
    """Say which sizes of dots were asked for.

    Parameters
    ----------
    name : str
        The form of the options, of mean size.
    placement : Placement
        Distribution of sizes, or the table of the dots.
    shapes : sequence of Shape
        Solids of the dots.

    Returns
    -------
    str
        Form and spread, or the smallest and the largest dot of a table.
    """
    if placement.table is not None:
        ordered = sorted(shapes, key=lambda shape: (max(shape.half), shape.name))
        ends = dict.fromkeys((ordered[0].name, ordered[-1].name))
        return f"{placement.table}: {' to '.join(ends)}"
    if placement.distribution == "monodisperse":
        return name
    return f"{name}, {placement.distribution} with a spread of {100 * placement.spread:g} %"


def dots_step(
    draft: Draft,
    centres: FloatArray,
    shapes: Sequence[Shape],
    *,
    inside: int,
    total: int,
    asked: str,
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
    asked : str
        The sizes that were asked for, in words.

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
        f"({100 * inside / total:.2f} % by volume), mean diameter of equal volume {mean:.1f} Å, "
        f"asked {asked}",
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
