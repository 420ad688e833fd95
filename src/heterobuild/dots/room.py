"""Whether dots of any form have room beside each other and within their cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.convex_hulls import hull_distance
from heterobuild.geometry.periodic_pairs import face_heights, near_pairs

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.particles.forms import Form

BOXES = ("cube", "cuboid", "platelet")
_DIRECTIONS = 2000
_TOLERANCE = 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class DotRoom:
    """Dots and the cell that they need room in.

    Parameters
    ----------
    centres : (n, 3) float array
        Centres in Å.
    forms : tuple of Form
        Form of each.
    rotations : (n, 3, 3) float array
        Rotation of each.
    cell : (3, 3) float array
        Cell in Å.
    pbc : tuple of bool
        Along which vectors it repeats.
    separation : float
        Least distance in Å from wall to wall.
    """

    centres: FloatArray
    forms: tuple[Form, ...]
    rotations: FloatArray
    cell: FloatArray
    pbc: tuple[bool, bool, bool]
    separation: float

    @cached_property
    def radii(self) -> FloatArray:
        """Radii in Å of the circumscribed balls, shape (n,)."""
        known = {id(form): outer_radius(form) for form in self.forms}
        return np.array([known[id(form)] for form in self.forms])


@lru_cache(maxsize=64)
def outer_radius(form: Form) -> float:
    """Return the radius of the ball around the centre of a form that holds it.

    Parameters
    ----------
    form : Form
        A finite form.

    Returns
    -------
    float
        Radius in Å; exact of spheres and boxes, else right to a few thousandths.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> from heterobuild.particles.forms import make_form
    >>> from heterobuild.particles.options import ParticleShape
    >>> cube = make_form(ParticleShape(octahedra=4), load_phase("CsPbBr3_cubic"))
    >>> round(outer_radius(cube) / 5.874, 3)
    3.464
    """
    corners = _corners(form)
    if corners is not None:
        return float(np.linalg.norm(corners, axis=1).max())
    turns = np.arange(_DIRECTIONS) * np.pi * (3 - 5**0.5)
    height = 1 - (2 * np.arange(_DIRECTIONS) + 1) / _DIRECTIONS
    across = np.sqrt(1 - height**2)
    even = np.column_stack([across * np.cos(turns), across * np.sin(turns), height])
    signs = np.array([s for s in product((-1.0, 0.0, 1.0), repeat=3) if any(s)])
    rays = np.concatenate([even, signs @ form.axes, signs * np.array(form.shape.half)])
    rays /= np.linalg.norm(rays, axis=1)[:, None]
    low, high = np.zeros(len(rays)), np.full(len(rays), float(np.linalg.norm(form.shape.half)))
    for _ in range(40):
        middle = (low + high) / 2
        inside = form.shape.distance(rays * middle[:, None]) <= 0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return float(high.max())


def pair_gaps(room: DotRoom, first: IntArray, second: IntArray, vectors: FloatArray) -> FloatArray:
    """Return the distances from wall to wall of pairs of dots.

    Parameters
    ----------
    room : DotRoom
        The dots; their places are not used.
    first, second : (p,) int array
        The pairs.
    vectors : (p, 3) float array
        From the first dot to the second in Å.

    Returns
    -------
    (p,) float array
        Distances in Å; of boxes that of their corners' hulls, −1 where they overlap; of other
        forms that of the circumscribed balls.
    """
    gaps: FloatArray = np.linalg.norm(vectors, axis=1) - room.radii[first] - room.radii[second]
    for pair, (i, j) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        here, there = _corners(room.forms[i]), _corners(room.forms[j])
        if here is not None and there is not None:
            apart = hull_distance(
                here @ room.rotations[i], there @ room.rotations[j] + vectors[pair]
            )
            gaps[pair] = apart if apart > 0 else -1.0
    return gaps


def judge_room(room: DotRoom) -> None:
    """Refuse dots that are larger than their cell, leave it, or are too near to one another.

    Parameters
    ----------
    room : DotRoom
        The dots.

    Raises
    ------
    UsageError
        With the sizes that were found and those that are allowed.
    """
    heights = face_heights(room.cell)
    normals = np.linalg.inv(room.cell) * heights
    _judge_faces(room, heights, normals)
    far = 2 * float(room.radii.max()) + room.separation
    first, second, vectors = near_pairs(room.centres, room.cell, room.pbc, far)
    gaps = pair_gaps(room, first, second, vectors)
    if not len(gaps) or gaps.min() >= room.separation - _TOLERANCE:
        return
    worst = int(np.argmin(gaps.round(6)))
    i, j = int(first[worst]), int(second[worst])
    own = i == j
    raise UsageError(
        "a dot is larger than its matrix" if own else f"dots {i + 1} and {j + 1} are too near",
        where=f"dot {i + 1}" + (" and its periodic image" if own else ""),
        measured=f"{gaps[worst]:.2f} Å from wall to wall"
        if gaps[worst] > 0
        else f"an overlap, {np.linalg.norm(vectors[worst]):.2f} Å from centre to centre",
        allowed=f"at least {room.separation:g} Å",
        next_step="raise cells or box, or take smaller dots (radius, octahedra) or a smaller "
        "separation",
    )


def _judge_faces(room: DotRoom, heights: FloatArray, normals: FloatArray) -> None:
    """Refuse dots that stand out of faces that do not repeat."""
    for axis in np.flatnonzero(~np.array(room.pbc)).tolist():
        height = room.centres @ normals[:, axis]
        for number, form in enumerate(room.forms):
            corners = _corners(form)
            reach = float(room.radii[number])
            if corners is not None:
                reach = float((corners @ room.rotations[number] @ normals[:, axis]).max())
            left = min(height[number], heights[axis] - height[number]) - reach
            if left < -_TOLERANCE:
                raise UsageError(
                    "a dot is larger than its matrix"
                    if 2 * reach > heights[axis]
                    else f"dot {number + 1} stands out of the matrix",
                    where=f"dot {number + 1} along {'abc'[axis]}",
                    measured=f"{2 * reach:.2f} Å across, {-left:.2f} Å outside",
                    allowed=f"within {heights[axis]:.2f} Å",
                    next_step="raise cells or box along it, or take smaller dots (radius, "
                    "octahedra)",
                )


def _corners(form: Form) -> FloatArray | None:
    """Return the corners of a box; None of other forms."""
    if form.kind not in BOXES:
        return None
    signs = np.array(list(product((-1.0, 1.0), repeat=3)))
    corners: FloatArray = signs * np.array(form.shape.half)
    return corners
