"""How near particles beside one another come, and whether they overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.periodic_pairs import near_pairs
from heterobuild.incoherent.touching import clashes, kinds_of, surface_of_atoms, touching
from heterobuild.labels import take

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray

REACH = 6.0
"""Å beyond the wanted spacing within which distances are measured; atoms that touch are nearer."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What lies between particles.

    Parameters
    ----------
    distance : float
        Least distance in Å between atoms of two particles; infinite where all are farther apart
        than was looked.
    overlap : bool
        Whether atoms of two particles are nearer than they may be.
    """

    distance: float
    overlap: bool


def room_between(
    bodies: Sequence[Atoms],
    of_place: Sequence[int],
    places: FloatArray,
    cell: FloatArray,
    *,
    upto: float,
) -> Room:
    """Measure the room between all particles and their images.

    Parameters
    ----------
    bodies : sequence of ase.Atoms
        Labelled particles as they lie, about their centres.
    of_place : sequence of int
        Which of them stands at each place.
    places : (n, 2) float array
        Centres in the plane in Å.
    cell : (2, 2) float array
        In-plane cell in Å, rows.
    upto : float
        Distance in Å up to which atoms are looked at.

    Returns
    -------
    Room
        The least of all.
    """
    box = np.eye(3)
    box[:2, :2] = cell
    flat = np.column_stack([places, np.zeros(len(places))])
    widest = max(in_plane_radius(body) for body in bodies)
    first, second, vectors = near_pairs(flat, box, (True, True, False), 2 * widest + upto)
    seen: dict[tuple[int, int, float, float], tuple[float, bool]] = {}
    for i, j, vector in zip(first.tolist(), second.tolist(), vectors, strict=True):
        if i == j and not (vector[:2] > 0).any():
            continue  # the image on the other side tells the same
        key = (of_place[i], of_place[j], *(float(v) for v in vector[:2].round(4)))
        if key not in seen:
            seen[key] = _pair(bodies[key[0]], bodies[key[1]], vector, upto)
    return Room(
        distance=min((distance for distance, _ in seen.values()), default=np.inf),
        overlap=any(overlap for _, overlap in seen.values()),
    )


def in_plane_radius(body: Atoms) -> float:
    """Return the radius of the upright cylinder about the centre that holds all atoms.

    Parameters
    ----------
    body : ase.Atoms
        The particle about its centre.

    Returns
    -------
    float
        In Å.
    """
    return float(np.sqrt((body.positions[:, :2] ** 2).sum(axis=1).max()))


def width_along(body: Atoms, directions: FloatArray) -> float:
    """Return the largest width of a particle along some directions.

    Parameters
    ----------
    body : ase.Atoms
        The particle.
    directions : (m, 2) float array
        Unit vectors in the plane.

    Returns
    -------
    float
        Distance in Å between the outermost atoms.
    """
    return float(np.ptp(body.positions[:, :2] @ directions.T, axis=0).max())


def farthest_touch(bodies: Sequence[Atoms]) -> float:
    """Return the distance at which no two atoms of particles are nearer than they may be.

    Parameters
    ----------
    bodies : sequence of ase.Atoms
        Labelled particles.

    Returns
    -------
    float
        In Å.
    """
    kinds = {kind for body in bodies for kind in kinds_of(body)[0]}
    return max(touching(first, second) for first in kinds for second in kinds)


def _pair(first: Atoms, second: Atoms, vector: FloatArray, upto: float) -> tuple[float, bool]:
    """Return the least distance of two particles, and whether they overlap.

    A pair nearer than `upto` is nearer along the line between the centres too, which leaves the
    atoms on the facing sides.
    """
    from scipy.spatial import cKDTree

    length = float(np.linalg.norm(vector))
    along = vector / length
    ours, theirs = first.positions @ along, second.positions @ along + length
    near = take(first, np.flatnonzero(ours >= theirs.min() - upto))
    far = take(second, np.flatnonzero(theirs <= ours.max() + upto))
    if not len(near) or not len(far):
        return np.inf, False
    far.positions = far.positions + vector
    distance, _ = cKDTree(near.positions).query(far.positions, distance_upper_bound=upto)
    least = float(np.min(distance))
    if least >= REACH:
        return least, False
    kinds, code = kinds_of(far)
    return least, bool(clashes(surface_of_atoms(near), far.positions, kinds, code, gap=0).any())
