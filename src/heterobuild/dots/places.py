"""Whether dots lie within their cell and keep apart, for balls and polyhedra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.convex_hulls import corners, hull_distance
from heterobuild.geometry.periodic_pairs import face_heights, near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_TOLERANCE = 1e-3
"""Å; dots that touch shall pass with rounded coordinates."""

_FINEST_SCALE = 1e-7
"""How exactly the factor is found at which overlapping dots touch."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Dots:
    """Dots, one by one.

    Parameters
    ----------
    centres : (n, 3) float array
        Centres in Å, as given.
    radii : (n,) float array
        Radii in Å; of polyhedra those of the inscribed balls.
    rotations : (n, 3, 3) float array
        Proper rotations R; ``x @ R`` turns the crystal of the dot into the frame of the model.
    shapes : tuple of str
        Solid of each dot, see `heterobuild.geometry.convex_hulls.corners`.
    """

    centres: FloatArray
    radii: FloatArray
    rotations: FloatArray
    shapes: tuple[str, ...]


def dot_gaps(dots: Dots, first: IntArray, second: IntArray, vectors: FloatArray) -> FloatArray:
    """Return the distances from wall to wall of pairs of dots.

    Parameters
    ----------
    dots : Dots
        The dots.
    first, second : (p,) int array
        The pairs.
    vectors : (p, 3) float array
        From the centre of the first dot to that of the second in Å.

    Returns
    -------
    (p,) float array
        Distances in Å. Where dots overlap, minus the sum of what their radii have to shrink by,
        both by the same factor, until they touch.

    Examples
    --------
    >>> turns = np.tile(np.eye(3), (2, 1, 1))
    >>> two = Dots(
    ...     centres=np.zeros((2, 3)), radii=np.full(2, 5.0), rotations=turns,
    ...     shapes=("cube", "sphere"),
    ... )
    >>> dot_gaps(two, np.array([0]), np.array([1]), np.array([[0.0, 0.0, 12.0]])).round(6).tolist()
    [2.0]
    """
    radii = dots.radii
    balls = np.array([shape == "sphere" for shape in dots.shapes], dtype=bool)
    gaps: FloatArray = np.linalg.norm(vectors, axis=1) - radii[first] - radii[second]
    for pair in np.flatnonzero(~(balls[first] & balls[second])).tolist():
        i, j = int(first[pair]), int(second[pair])
        gaps[pair] = _solid_gap(
            radii[i] * corners(dots.shapes[i]) @ dots.rotations[i],
            radii[j] * corners(dots.shapes[j]) @ dots.rotations[j],
            vectors[pair],
            rounding=float(radii[[i, j]] @ balls[[i, j]]),
            sizes=float(radii[i] + radii[j]),
        )
    return gaps


def _solid_gap(
    here: FloatArray, there: FloatArray, vector: FloatArray, *, rounding: float, sizes: float
) -> float:
    """Return the distance of two solids; if they overlap, by how much they have to shrink."""

    def gap(scale: float) -> float:
        return hull_distance(scale * here, scale * there + vector) - scale * rounding

    apart = gap(1.0)
    if apart > 0:
        return apart
    low, high = 0.0, 1.0
    while high - low > _FINEST_SCALE:
        middle = (low + high) / 2
        low, high = (middle, high) if gap(middle) > 0 else (low, middle)
    return (low - 1) * sizes


def check_places(
    dots: Dots,
    *,
    cell: FloatArray | None,
    pbc: Sequence[bool],
    separation: float,
    places: Sequence[str],
) -> None:
    """Refuse dots that leave their cell or are too near to one another.

    Parameters
    ----------
    dots : Dots
        The dots.
    cell : (3, 3) float array or None
        Cell in Å, rows; None for free space.
    pbc : sequence of three bool
        Whether the cell repeats along each of its vectors. Along these, centres lie within one
        cell, from 0 to 1 or from −0.5 to 0.5 of it.
    separation : float
        Least distance from wall to wall in Å.
    places : sequence of str
        Where each dot is given, for messages.

    Raises
    ------
    UsageError
        If a dot is outside or two are too near.
    """
    centres, radii = dots.centres, dots.radii
    box = np.eye(3) if cell is None else cell
    periodic = np.asarray(pbc, dtype=bool) & (cell is not None)
    if cell is not None:
        _check_inside(dots, cell, periodic, places)
    _check_volume(centres, radii, cell, places)
    wide = np.array([np.linalg.norm(corners(shape), axis=1).max() for shape in dots.shapes])
    bounding = radii * np.maximum(wide, 1.0)
    first, second, vectors = near_pairs(
        centres, box, periodic.tolist(), 2 * float(bounding.max()) + separation
    )
    near = np.linalg.norm(vectors, axis=1) < bounding[first] + bounding[second] + separation
    first, second, vectors = first[near], second[near], vectors[near]
    gaps = dot_gaps(dots, first, second, vectors)
    close = np.flatnonzero(gaps < separation - _TOLERANCE)
    if not len(close):
        return
    worst = int(close[np.argmin(gaps[close].round(6))])
    i, j = int(first[worst]), int(second[worst])
    who = f"dots {i + 1} and {j + 1}" if i != j else f"dot {i + 1} and its periodic image"
    verb = "overlap" if gaps[worst] < -_TOLERANCE else "are too near"
    others = int(np.sum(~((first[close] == i) & (second[close] == j))))
    raise UsageError(
        f"{who} {verb}" + (f", and {others} more pairs" if others else ""),
        where=places[j],
        measured=f"{gaps[worst]:.3f} Å from wall to wall, "
        f"{np.linalg.norm(vectors[worst]):.3f} Å from centre to centre",
        allowed=f"at least {separation:g} Å from wall to wall",
        next_step="move the dots apart, or take smaller ones",
    )


def _check_inside(
    dots: Dots,
    cell: FloatArray,
    periodic: BoolArray,
    places: Sequence[str],
) -> None:
    """Refuse centres outside the cell, and dots that stand out of faces that do not repeat."""
    inverse = np.linalg.inv(cell)
    fractions = dots.centres @ inverse
    normals = inverse * face_heights(cell)
    for number, shape in enumerate(dots.shapes):
        hull = dots.radii[number] * corners(shape) @ dots.rotations[number] @ normals
        reach = hull.max(axis=0) + (dots.radii[number] if shape == "sphere" else 0.0)
        rim = np.where(periodic, 0.0, (reach - _TOLERANCE) / face_heights(cell))
        low = np.where(periodic, -0.5 - 1e-9, rim)
        outside = (fractions[number] < low) | (fractions[number] > 1 - rim + 1e-9)
        if outside.any():
            axis = int(np.flatnonzero(outside)[0])
            raise UsageError(
                f"dot {number + 1} lies outside the cell along {'abc'[axis]}",
                where=places[number],
                measured=f"a centre at {fractions[number, axis]:.6g} of the cell, "
                f"{reach[axis]:.4g} Å from centre to wall",
                allowed=f"a centre from {low[axis]:.4g} to {1 - rim[axis]:.4g}",
                next_step="move the dot, or take a larger cell",
            )


def _check_volume(
    centres: FloatArray, radii: FloatArray, cell: FloatArray | None, places: Sequence[str]
) -> None:
    """Refuse more dots than the space can hold, before their pairs are counted."""
    if cell is None:
        low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
        space = float(np.prod(high - low))
    else:
        space = float(abs(np.linalg.det(cell)))
    volume = float((4 / 3 * np.pi * radii**3).sum())
    if volume > space:
        raise UsageError(
            "the dots have more volume than the space they lie in",
            where=places[0].rpartition(",")[0],
            measured=f"at least {volume:.5g} Å³",
            allowed=f"{space:.5g} Å³",
            next_step="take fewer or smaller dots; are all lengths in Å?",
        )
