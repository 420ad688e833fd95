"""How each particle of an array is turned; particles that lie alike are made once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.rotations import from_axis_angles, random_rotations
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray
    from heterobuild.deposition.bodies import Body


@dataclass(frozen=True, kw_only=True, eq=False)
class Oriented:
    """Particles as they lie.

    Parameters
    ----------
    bodies : tuple of ase.Atoms
        Particles about their centres, each orientation of each drawing once.
    body_of : tuple of int
        Which drawing each of them is of.
    of_place : tuple of int
        Which of them stands at each place.
    rotations : (k, 3, 3) float array
        Rotation of each from the frame of the crystal.
    angles : (k,) float array
        Turn about the normal in degrees from where the particle is aligned with the film,
        counter-clockwise in the frame in which the film is below; not a number where tumbled.
    """

    bodies: tuple[Atoms, ...]
    body_of: tuple[int, ...]
    of_place: tuple[int, ...]
    rotations: FloatArray
    angles: FloatArray


def turned_bodies(
    bodies: Sequence[Body], count: int, kind: str, turn: float, along: FloatArray, *, seed: int
) -> Oriented:
    """Turn particles.

    Parameters
    ----------
    bodies : sequence of Body
        The particles, one for all places or one for each.
    count : int
        Number of places.
    kind : {"aligned", "random", "tumbled"}
        All alike; turned about the normal at random; or turned at random in space.
    turn : float
        Degrees by which aligned ones are turned.
    along : (2,) float array
        Direction of the film along which aligned ones lie.
    seed : int
        Seed of random orientations.

    Returns
    -------
    Oriented
        The particles as they lie.
    """
    rng = generator(seed, "orientation of particles")
    many = count if kind != "aligned" else len(bodies)
    body_of = [k % len(bodies) for k in range(many)]
    if kind == "tumbled":
        turns, angles = random_rotations(count, rng), np.full(count, np.nan)
    else:
        angles = rng.random(count) * 360 if kind == "random" else np.full(many, float(turn))
        film = np.degrees(np.arctan2(along[1], along[0]))
        rows = np.tile([0.0, 0.0, 1.0, film], (many, 1))
        rows[:, 3] += angles - [bodies[b].azimuth for b in body_of]
        turns = from_axis_angles(rows)
    found = []
    for b, matrix in zip(body_of, turns, strict=True):
        atoms = bodies[b].atoms.copy()
        atoms.positions = atoms.positions @ matrix
        found.append(atoms)
    return Oriented(
        bodies=tuple(found),
        body_of=tuple(body_of),
        of_place=tuple(k % many for k in range(count)),
        rotations=np.array([bodies[b].rotation @ m for b, m in zip(body_of, turns, strict=True)]),
        angles=angles,
    )


def in_frame(turns: Oriented, turn: FloatArray) -> Oriented:
    """Turn all particles with the frame of the film.

    Parameters
    ----------
    turns : Oriented
        The particles.
    turn : (2, 2) float array
        Rotation in the plane.

    Returns
    -------
    Oriented
        The particles in the new frame; angles to the film stay.
    """
    whole = np.eye(3)
    whole[:2, :2] = turn
    found = []
    for body in turns.bodies:
        atoms = body.copy()
        atoms.positions = atoms.positions @ whole
        found.append(atoms)
    return replace(turns, bodies=tuple(found), rotations=turns.rotations @ whole)
