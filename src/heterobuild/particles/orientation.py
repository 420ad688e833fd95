"""How a crystal stands in the frame of a particle."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.crystals.cations import pseudocubic_directions
from heterobuild.errors import UsageError
from heterobuild.geometry.lattice_directions import steps_to_lattice
from heterobuild.particles.sizes import AXIAL

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal
    from heterobuild.particles.options import ParticleShape

UPRIGHT = 0.06
"""Largest cosine between directions that count as perpendicular: 3.4°, more than the 1.8° by which
pseudo-cubic axes of orthorhombic phases are off."""

LONGEST_PERIOD = 1000
"""Steps along a direction after which no lattice translation is looked for."""

_X, _Z = (1, 0, 0), (0, 0, 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Orientation:
    """A crystal in the frame of the model.

    Parameters
    ----------
    rotation : (3, 3) float array
        Proper rotation from the crystal's frame, ``points' = points @ rotation``.
    axes : (3, 3) float array
        Pseudo-cubic axes in Å, rows, in the frame of the model; those of the cell where there
        are none.
    along : tuple of int or None
        Pseudo-cubic axis, 0 to 2, that lies along x, y and z of the model; None where they lie
        otherwise, or there are none.
    direction : tuple of int
        What points along z, in numbers of the axes.
    """

    rotation: FloatArray
    axes: FloatArray
    along: tuple[int, int, int] | None
    direction: tuple[int, int, int]


def orient(options: ParticleShape, crystal: Crystal) -> Orientation:
    """Turn a crystal as the options of a particle say.

    By default pseudo-cubic axes lie along x, y and z as well as they can. A crystal without them
    has a along x and the normal of its ab plane along z. A direction that is asked for along z
    lies there exactly, that along x as well as it can. Platelets, rods and wires have their axis
    along z.

    Parameters
    ----------
    options : ParticleShape
        Directions.
    crystal : Crystal
        The crystal.

    Returns
    -------
    Orientation
        The crystal in the frame of the model.

    Raises
    ------
    UsageError
        If a direction is zero, or the two are not perpendicular.
    """
    axes = pseudocubic_axes(crystal)
    z, x = _upward(options), _direction(options.along_x, "along_x")
    if x == _X and z == _Z:
        frame = _own_frame(crystal)
        if options.kind == "wire":
            frame = _upright(frame[0], axes[2])
    else:
        x = _sideways(options, axes, x, z)
        frame = _upright(np.array(x) @ axes, np.array(z) @ axes)
    rotation = frame.T.copy()
    steps = np.array([x, np.cross(z, x), z])
    straight = crystal.pseudocubic is not None and bool(((steps != 0).sum(axis=1) == 1).all())
    first, second, third = np.abs(steps).argmax(axis=1).tolist()
    return Orientation(
        rotation=rotation,
        axes=axes @ rotation,
        along=(first, second, third) if straight else None,
        direction=z,
    )


def lattice_translation(direction: tuple[int, int, int], crystal: Crystal) -> IntArray:
    """Return the shortest step of a crystal along a direction, in whole conventional cells.

    Parameters
    ----------
    direction : tuple of int
        Numbers of pseudo-cubic axes, or of those of the cell where there are none.
    crystal : Crystal
        The crystal.

    Returns
    -------
    (3,) int array
        Cells along each conventional axis.

    Raises
    ------
    UsageError
        If there is none within `LONGEST_PERIOD` steps.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> lattice_translation((1, 0, 0), load_phase("CsPbBr3_orthorhombic")).tolist()
    [1, 0, 1]
    """
    step = np.array(direction) // gcd(*direction)
    fractions = step if crystal.pseudocubic is None else step @ crystal.pseudocubic
    steps = steps_to_lattice(fractions, most=LONGEST_PERIOD)
    if steps is None:
        raise UsageError(
            f"{crystal.name} has no lattice translation along this direction",
            where="axis",
            measured=list(direction),
            next_step="take a direction of small indices",
        )
    cells = np.rint(steps * fractions).astype(np.int64)
    return np.asarray(cells // np.gcd.reduce(cells))


def _direction(value: object, where: str) -> tuple[int, int, int]:
    """Return three coprime integers."""
    try:
        u, v, w = (operator.index(number) for number in value)  # type: ignore[attr-defined]
        factor = gcd(u, v, w)
    except (TypeError, ValueError):
        factor = 0
    if factor == 0:
        raise UsageError(
            "a direction is three whole numbers, not all zero",
            where=where,
            measured=repr(value),
            next_step="write [0, 0, 1]",
        )
    return u // factor, v // factor, w // factor


def _upward(options: ParticleShape) -> tuple[int, int, int]:
    """Return the direction along z."""
    z = _direction(options.along_z, "along_z")
    if options.kind not in AXIAL:
        return z
    axis = _direction(options.axis, "axis")
    if z not in {_Z, axis}:
        raise UsageError(
            f"the axis of a {options.kind} lies along z",
            where="along_z",
            measured=list(z),
            allowed=list(axis),
            next_step="leave along_z out",
        )
    return axis


def _sideways(
    options: ParticleShape, axes: FloatArray, x: tuple[int, int, int], z: tuple[int, int, int]
) -> tuple[int, int, int]:
    """Return the direction along x, which is perpendicular to that along z."""
    cosine = _cosine(np.array([x]), z, axes)[0]
    if cosine <= UPRIGHT:
        return x
    other = _perpendicular(axes, z)
    if x == _X and options.kind in AXIAL and other is not None:
        return other
    raise UsageError(
        "the directions along x and z are not perpendicular",
        where="along_x",
        measured=f"{list(x)} and {list(z)}, {np.degrees(np.arccos(cosine)):.1f}° apart",
        allowed="90°",
        next_step="choose another direction" if other is None else f"take {list(other)} along x",
    )


def _perpendicular(axes: FloatArray, z: tuple[int, int, int]) -> tuple[int, int, int] | None:
    """Return the direction of smallest indices that is perpendicular to another."""
    steps = np.array([step for step in np.ndindex(5, 5, 5) if step != (2, 2, 2)]) - 2
    steps = steps[_cosine(steps, z, axes) <= UPRIGHT]
    if not len(steps):
        return None
    first = np.lexsort((*-steps.T[::-1], (steps**2).sum(axis=1)))[0]
    u, v, w = steps[first].tolist()
    return u, v, w


def _cosine(steps: IntArray, z: tuple[int, int, int], axes: FloatArray) -> FloatArray:
    """Return the absolute cosines of directions with another one."""
    vectors, upward = steps @ axes, np.array(z) @ axes
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(upward)
    return np.asarray(np.abs(vectors @ upward) / lengths)


def _own_frame(crystal: Crystal) -> FloatArray:
    """Return the directions of a crystal along x, y and z where nobody asks for others."""
    if crystal.pseudocubic is not None:
        return pseudocubic_directions(crystal.cell, crystal.pseudocubic)
    a, b, _ = crystal.cell
    return _upright(a, np.cross(a, b))


def _upright(x: FloatArray, z: FloatArray) -> FloatArray:
    """Return an orthonormal right-handed frame with z as given and x as near as it can be."""
    upward = z / np.linalg.norm(z)
    across = x - (x @ upward) * upward
    across /= np.linalg.norm(across)
    return np.array([across, np.cross(upward, across), upward])
