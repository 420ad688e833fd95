"""Which units of a block a particle keeps: whole octahedra, then what belongs to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.block import Block, halides_of, links_of, shift_points
from heterobuild.frameworks.unit_values import around_octahedra, unit_links
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.frameworks.framework import Framework
    from heterobuild.geometry.shapes import Shape

Termination: TypeAlias = Literal["AX", "BX2"]

ON_FACE = 1e-6
"""Distance in Å up to which a B cation on the face of a shape is inside."""

HALF = 0.5
"""Least share of its halides that a B cation keeps in a BX2 termination; the B cation at the
corner of a cube has exactly half."""

AT_A_TIME = 1 << 15
"""Points that are measured at a time, few enough to stay in the cache."""


def block_around(
    framework: Framework, centre: FloatArray, shape: Shape, rotation: FloatArray
) -> Block:
    """Return a free block that holds a shape, and all that belongs to the octahedra in it.

    Parameters
    ----------
    framework : Framework
        What each cell holds; where the shape is endless along z of the model, the third vector
        is the period along it.
    centre : (3,) float array
        Where the centre of the shape is in the crystal, in Å.
    shape : Shape
        The shape, in the frame of the model.
    rotation : (3, 3) float array
        Proper rotation from the frame of the crystal into that of the model, for row vectors.

    Returns
    -------
    Block
        The block.
    """
    inverse = np.linalg.inv(framework.cell)
    half = np.array(shape.half)
    endless = ~np.isfinite(half)
    edges = np.where(endless, 0.0, half)
    corners = np.stack(np.meshgrid(*([-e, e] for e in edges), indexing="ij"), -1).reshape(-1, 3)
    fractions = (corners @ rotation.T + centre) @ inverse
    cations = framework.centres[framework.b_units] @ inverse
    reach = np.abs(framework.links[:, 2:]).max(axis=0)
    low = np.floor(fractions.min(axis=0) - cations.max(axis=0)).astype(int) - reach
    high = np.ceil(fractions.max(axis=0) - cations.min(axis=0)).astype(int) + reach + 1
    periodic = (False, False, bool(endless.any()))
    if endless.any():
        low[2], high[2] = 0, 1
    return Block(
        framework=framework,
        origin=tuple(low.tolist()),
        cells=tuple((high - low).tolist()),
        periodic=periodic,
    )


def trimmed(block: Block, octahedra: BoolArray) -> tuple[Block, tuple[slice, ...]]:
    """Return the part of a block that holds chosen octahedra and all that belongs to them.

    Parameters
    ----------
    block : Block
        The block.
    octahedra : (nx, ny, nz, b) bool array
        Chosen B cations, at least one.

    Returns
    -------
    Block
        The smallest such block; whole along its periods.
    tuple of slice
        Its cells in the larger one.
    """
    links = block.framework.links[:, 2:]
    below, above = np.minimum(links.min(axis=0), 0), np.maximum(links.max(axis=0), 0)
    there = np.asarray(octahedra.any(axis=3))
    parts = []
    for axis, count in enumerate(block.cells):
        planes = np.flatnonzero(np.moveaxis(there, axis, 0).any(axis=(1, 2)))
        first = max(0, int(planes[0] + below[axis]))
        last = min(count, int(planes[-1] + above[axis]) + 1)
        parts.append(slice(0, count) if block.periodic[axis] else slice(first, last))
    x, y, z = parts
    a, b, c = block.origin
    smaller = replace(
        block,
        origin=(a + x.start, b + y.start, c + z.start),
        cells=(x.stop - x.start, y.stop - y.start, z.stop - z.start),
    )
    return smaller, (x, y, z)


def inside(block: Block, centre: FloatArray, shape: Shape, rotation: FloatArray) -> BoolArray:
    """Choose the octahedra whose B cation is inside a shape.

    Parameters
    ----------
    block : Block
        The block.
    centre : (3,) float array
        Where the centre of the shape is in the crystal, in Å.
    shape : Shape
        The shape, in the frame of the model.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.

    Returns
    -------
    (nx, ny, nz, b) bool array
        True inside.
    """
    chosen: BoolArray = distances(block, centre, shape, rotation) <= ON_FACE
    return chosen


def distances(
    block: Block,
    centre: FloatArray,
    shape: Shape,
    rotation: FloatArray,
    units: Sequence[int] | None = None,
) -> FloatArray:
    """Measure the signed distance of each B cation from the face of a shape.

    Parameters
    ----------
    block : Block
        The block.
    centre : (3,) float array
        Where the centre of the shape is in the crystal, in Å.
    shape : Shape
        The shape, in the frame of the model.
    rotation : (3, 3) float array
        Rotation from the frame of the crystal into that of the model.
    units : sequence of int, optional
        Units to measure instead of the B cations.

    Returns
    -------
    (nx, ny, nz, b) float32 array
        Distances in Å, negative inside.
    """
    measured = block.framework.b_units.tolist() if units is None else list(units)
    found = np.empty((*block.cells, len(measured)), dtype=np.float32)
    turned = not (rotation == np.eye(3)).all()
    thick = max(1, AT_A_TIME // (block.cells[1] * block.cells[2]))
    for b, unit in enumerate(measured):
        for first in range(0, block.cells[0], thick):
            points = block.positions(unit, first, first + thick)
            shift_points(points, -centre, points)
            part = found[first : first + thick, :, :, b]
            part[...] = shape.distance(points @ rotation if turned else points).reshape(part.shape)
    return found


def complete(block: Block, octahedra: BoolArray, termination: Termination) -> BoolArray:
    """Keep what belongs to the chosen octahedra.

    Parameters
    ----------
    block : Block
        The block.
    octahedra : (nx, ny, nz, b) bool array
        Chosen B cations.
    termination : {"AX", "BX2"}
        AX keeps every halide bonded to a chosen B cation and every cation whose cage has one;
        BX2 those only all of whose B cations are chosen, and drops B cations that would keep
        less than half of their halides.

    Returns
    -------
    (nx, ny, nz, u) bool array
        All units of the particle.

    Raises
    ------
    UsageError
        If nothing is left.
    """
    framework = block.framework
    chosen, b_units = octahedra, framework.b_units
    _require_any(chosen, termination)
    begun = int(np.count_nonzero(chosen))
    if termination == "AX":
        occupied = np.empty(block.grid, dtype=bool)
        occupied[..., b_units] = chosen
        units = around_octahedra(framework)
        for v, own in unit_links(framework, block.periodic, chosen, units):
            np.greater(own, 0, out=occupied[..., v])
        return occupied
    bonded = framework.site[framework.links[:, 1]] == Site.X
    halides = np.bincount(framework.links[bonded, 0], minlength=len(b_units))
    while True:
        occupied = links_of(block, chosen) >= np.maximum(framework.full, 1)
        dangling = chosen & (halides_of(block, occupied) < HALF * halides)
        if not dangling.any():
            occupied[..., b_units] = chosen
            return occupied
        chosen = chosen & ~dangling
        if not chosen.any():
            raise UsageError(
                "the termination BX2 leaves no octahedron of this shape",
                where="termination",
                measured=f"{begun} B cations inside, none of which keeps half of its halides "
                "once those at the rim that do not are gone",
                allowed="B cations that share halides with others on all sides: of perovskites "
                "2 × 2 × 2 or more, of other networks perhaps none",
                next_step="take termination: AX, or a larger shape",
            )


def _require_any(chosen: BoolArray, termination: str) -> None:
    if not chosen.any():
        raise UsageError(
            "the shape leaves no octahedron",
            where="shape",
            measured="0 B cations inside",
            allowed="1 or more" if termination == "AX" else "2 × 2 × 2 or more, to share halides",
            next_step="take a larger shape, or another centre",
        )
