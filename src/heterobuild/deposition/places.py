"""The in-plane cell of an array: the lattice vectors of the film nearest to the wanted pitch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.deposition.arrays import (
    lattice_places,
    nearest_steps,
    random_places,
    wanted_steps,
)
from heterobuild.deposition.neighbours import (
    REACH,
    farthest_touch,
    in_plane_radius,
    room_between,
    width_along,
)
from heterobuild.errors import UsageError
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.deposition.arrays import Arrangement
    from heterobuild.deposition.neighbours import Room
    from heterobuild.deposition.orientations import Oriented

STRIDE = 0.5
"""Å by which a pitch grows until the particles keep their distance."""

RANDOM = 0.4
"""Share of the area that particles at random take with half the spacing around them, where no
pitch is given."""

FAR = 40.0
"""Å between particles up to which their distance is told."""

ROUNDING = 0.01
"""Å by which a spacing may be smaller than asked."""


@dataclass(frozen=True, kw_only=True)
class Array:
    """Where particles lie in the plane.

    Parameters
    ----------
    arrangement : {"square", "hexagonal", "random", "one"}
        The array.
    count : tuple of int
        Particles along its two steps.
    pitch : float or None
        Distance of centres in Å, or
    spacing : float
        least distance in Å between atoms of two particles.
    """

    arrangement: Arrangement
    count: tuple[int, int]
    pitch: float | None
    spacing: float

    @property
    def number(self) -> int:
        """Number of particles."""
        return self.count[0] * self.count[1]


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """An array on a film.

    Parameters
    ----------
    points : (n, 2) float array
        Centres in Å in the frame of the slab.
    matrix : (2, 2) int array
        The in-plane cell in surface vectors.
    steps : (2, 2) float array
        Steps of the array in Å, or the square that each particle at random has.
    asked : float
        Pitch in Å that was asked for, or follows from the spacing.
    room : Room
        What lies between the particles.
    """

    points: FloatArray
    matrix: IntArray
    steps: FloatArray
    asked: float
    room: Room


def chosen_places(
    array: Array, surface: FloatArray, along: FloatArray, turns: Oriented, *, seed: int
) -> Places:
    """Choose the in-plane cell and the places of the particles.

    With a pitch each step is the lattice vector of the film nearest to it. With a spacing the
    pitch grows until all particles keep it.

    Parameters
    ----------
    array : Array
        What is wanted.
    surface : (2, 2) float array
        Surface vectors of the film in Å, rows.
    along : (2,) float array
        Direction of the first step.
    turns : Oriented
        The particles as they lie, in the same frame.
    seed : int
        Seed of places at random.

    Returns
    -------
    Places
        The array.

    Raises
    ------
    UsageError
        If particles overlap at the pitch, with the least one.
    NothingFitsError
        If particles at random find no place.
    """
    made = _chosen(array, surface, along, turns, seed)
    if np.isfinite(made.room.distance) or made.room.overlap:
        return made
    room = room_between(turns.bodies, turns.of_place, made.points, made.matrix @ surface, upto=FAR)
    return replace(made, room=room)


def _chosen(
    array: Array, surface: FloatArray, along: FloatArray, turns: Oriented, seed: int
) -> Places:
    """Choose the array; room beyond what matters is not measured."""
    if array.arrangement == "random":
        return _at_random(array, surface, along, turns, seed)
    if array.pitch is None:
        return _spaced(array, surface, along, turns)
    made = _lattice(array, surface, along, turns, array.pitch, upto=REACH)
    if made is not None and not made.room.overlap:
        return made
    least = _spaced(array, surface, along, turns, spacing=0.0, start=array.pitch)
    reached = float(np.linalg.norm(least.steps, axis=1).min())
    raise UsageError(
        "particles overlap at this pitch",
        where="pitch",
        measured=f"{array.pitch:g} Å",
        allowed=f"from {least.asked:g} Å on, which becomes {reached:.2f} Å on this film",
        next_step=f"set pitch to {least.asked:g}, give a spacing instead, or make the particles "
        "smaller",
    )


def safe_pitch(array: Array, along: FloatArray, turns: Oriented, spacing: float) -> float:
    """Return a pitch at which particles surely keep a distance.

    Parameters
    ----------
    array : Array
        The array.
    along : (2,) float array
        Direction of the first step.
    turns : Oriented
        The particles as they lie.
    spacing : float
        Distance in Å.

    Returns
    -------
    float
        The largest width along any short step of the array, and the distance, in Å; where
        particles lie differently the diameter of the widest one counts.
    """
    if len(turns.bodies) > 1:
        return 2 * max(in_plane_radius(body) for body in turns.bodies) + spacing
    steps = wanted_steps(array.arrangement, 1.0, along)
    if array.arrangement == "hexagonal":
        steps = np.vstack([steps, steps[1] - steps[0]])
    return width_along(turns.bodies[0], steps) + spacing


def _lattice(
    array: Array,
    surface: FloatArray,
    along: FloatArray,
    turns: Oriented,
    pitch: float,
    *,
    upto: float,
) -> Places | None:
    """Return the array of one pitch; None where its steps span no cell."""
    numbers = nearest_steps(wanted_steps(array.arrangement, pitch, along), surface)
    if round(float(np.linalg.det(numbers))) < 1:
        return None
    steps = numbers @ surface
    matrix = np.diag(array.count) @ numbers
    points = lattice_places(array.count, steps)
    room = room_between(turns.bodies, turns.of_place, points, matrix @ surface, upto=upto)
    return Places(points=points, matrix=matrix, steps=steps, asked=pitch, room=room)


def _spaced(
    array: Array,
    surface: FloatArray,
    along: FloatArray,
    turns: Oriented,
    *,
    spacing: float | None = None,
    start: float = 0.0,
) -> Places:
    """Return the array of the least pitch, from a start on, at which particles keep a distance."""
    wanted = array.spacing if spacing is None else spacing
    surely = safe_pitch(array, along, turns, wanted)
    alike = len(turns.bodies) == 1
    pitch = max(start, STRIDE) if alike and spacing is not None else max(start, surely)
    pitch = float(np.ceil(pitch / STRIDE - 1e-9) * STRIDE)
    while True:
        made = _lattice(array, surface, along, turns, pitch, upto=wanted + REACH)
        if made is not None and _keeps(made.room, wanted):
            return made
        pitch += STRIDE


def _keeps(room: Room, spacing: float) -> bool:
    """Return whether particles keep their distance."""
    return not room.overlap and room.distance >= spacing - ROUNDING


def _at_random(
    array: Array, surface: FloatArray, along: FloatArray, turns: Oriented, seed: int
) -> Places:
    """Return particles at random; each has the square of the pitch on average."""
    radius = max(in_plane_radius(body) for body in turns.bodies)
    spacing = max(array.spacing, farthest_touch(turns.bodies))
    pitch = array.pitch
    if pitch is None:
        pitch = float(np.ceil(np.sqrt(np.pi / RANDOM) * (radius + spacing / 2)))
    wide = np.diag(array.count) @ wanted_steps("random", pitch, along)
    matrix = nearest_steps(wide, surface)
    if round(float(np.linalg.det(matrix))) < 1:
        raise UsageError(
            "the pitch is smaller than a surface cell of the film",
            where="pitch",
            measured=f"{pitch:g} Å",
            next_step=f"set pitch to {np.ceil(2 * radius + spacing):g}",
        )
    cell = matrix @ surface
    alike = len(turns.bodies) == 1
    points = random_places(
        array.number, cell, radius, spacing, generator(seed, "places of particles"),
        surface=surface if alike else None,
    )  # fmt: skip
    room = room_between(turns.bodies, turns.of_place, points, cell, upto=array.spacing + REACH)
    steps = np.diag(1 / np.array(array.count)) @ cell
    return Places(points=points, matrix=matrix, steps=steps, asked=pitch, room=room)
