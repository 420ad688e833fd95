"""Two equal ions about one site: split interstitials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.room import ANIONS, room_at, room_of_images, surroundings
from heterobuild.geometry.periodic_pairs import near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.defects.units import Units

_TURNS = np.radians(np.arange(0.0, 180.0, 15.0))
_SHIFTS = np.arange(1.2, 2.65, 0.05)
_EQUAL = 0.002
_REACH = 4.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Spot:
    """A place for one more ion.

    Parameters
    ----------
    point : (3,) float array
        The place in Å.
    room : float
        Shortest contact there over the shortest that is allowed.
    host : int
        Unit whose region and layer the ion has: the one whose site it shares, else the nearest.
    shift : (3,) float array or None
        By how much the host makes room, in Å.
    """

    point: FloatArray
    room: float
    host: int
    shift: FloatArray | None = None


@dataclass(frozen=True, kw_only=True)
class Ion:
    """What is put in.

    Parameters
    ----------
    radius : float
        Ionic radius in Å.
    charge : float
        Formal charge in e.
    """

    radius: float
    charge: float


def split_pair(
    units: Units,
    host: int,
    ion: Ion,
    rng: np.random.Generator,
    *,
    gone: Sequence[int] = (),
) -> Spot:
    """Return the roomiest pair of equal ions about one site.

    Parameters
    ----------
    units : Units
        The model.
    host : int
        Unit whose site is shared.
    ion : Ion
        What is put in.
    rng : numpy.random.Generator
        Chooses among what is equal.
    gone : sequence of int, optional
        Units that are not there any more.

    Returns
    -------
    Spot
        The place of the second ion, and the shift of the first.
    """
    centre, region = units.centres[host], int(units.region[host])
    around = surroundings(units, centre[None], [host, *gone], charge=ion.charge, region=region)
    across = _across(units, host)
    ways = np.cos(_TURNS)[:, None] * across[0] + np.sin(_TURNS)[:, None] * across[1]
    shifts = (ways[:, None] * _SHIFTS[:, None]).reshape(-1, 3)
    room = np.minimum(
        room_of_images(units, 2 * shifts, 2 * ion.radius, ANIONS),
        room_of_images(units, 0 * shifts, 2 * ion.radius, ANIONS),
    )
    for side in (1.0, -1.0):
        there = room_at(centre + side * shifts, np.full(len(shifts), ion.radius), around)
        room = np.minimum(room, there)
    equal = np.flatnonzero(room > room.max() - _EQUAL)
    chosen = int(rng.choice(equal))
    sign = 1.0 if rng.integers(2) else -1.0
    return Spot(
        point=centre + sign * shifts[chosen],
        room=float(room[chosen]),
        host=host,
        shift=-sign * shifts[chosen],
    )


def _across(units: Units, host: int) -> FloatArray:
    """Return two unit vectors across the bonds of an ion to its nearest cations."""
    others = np.flatnonzero(units.charge * units.charge[host] < 0)
    _, j, vectors = near_pairs(
        units.centres[[host]], units.cell, units.pbc, _REACH, units.centres[others]
    )
    axis = np.array([0.0, 0.0, 1.0])
    if len(j):
        strong = np.abs(units.charge[others[j]])
        length = np.linalg.norm(vectors, axis=1).round(3)
        axis = vectors[np.lexsort((length, -strong))[0]]
    axis = axis / np.linalg.norm(axis)
    seed = np.eye(3)[np.argmin(np.abs(axis).round(6))]
    first = seed - axis * (seed @ axis)
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(axis, first)])
