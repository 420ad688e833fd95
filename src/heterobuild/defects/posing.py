"""The atoms of what takes another's site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.editing import guest_numbers
from heterobuild.defects.room import MOLECULAR, room_at, surroundings
from heterobuild.defects.units import contact_radii
from heterobuild.errors import UsageError
from heterobuild.geometry.rotations import random_rotations

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.defects.specification import Defect
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure, Molecule

_ORIENTATIONS = 300


def posed(
    built: Heterostructure, units: Units, wanted: Defect, unit: int, rng: np.random.Generator
) -> FloatArray:
    """Return the atoms of what takes a site; a molecule is turned to where it has most room.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    wanted : Defect
        The antisite.
    unit : int
        Unit whose site is taken.
    rng : numpy.random.Generator
        Draws 300 orientations of a molecule.

    Returns
    -------
    (k, 3) float array
        Positions in Å; the centre of a molecule is that of the unit.

    Raises
    ------
    UsageError
        If a molecule has no room in any of the orientations.
    """
    centre = units.centres[unit]
    molecule = next((m for m in built.molecules if m.name == wanted.species), None)
    if molecule is None:
        return np.asarray(centre[None], dtype=np.float64)
    poses, room = _turned(built, units, molecule, unit, rng)
    best = int(room.argmax())
    if room[best] < 1:
        raise UsageError(
            f"no room for {wanted.name}",
            where="defects",
            measured=f"contacts reach {room[best]:.2f} of the shortest allowed",
            next_step="choose another site, layer or region",
        )
    return np.asarray(poses[best], dtype=np.float64)


def _turned(
    built: Heterostructure,
    units: Units,
    molecule: Molecule,
    unit: int,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Return many orientations of a molecule on a site, and the room that each has."""
    centre = units.centres[unit]
    around = surroundings(units, centre[None], [unit], charge=molecule.charge)
    around = replace(around, allowed=np.full(len(around.allowed), MOLECULAR))
    turns = random_rotations(_ORIENTATIONS, rng)
    poses = centre + np.einsum("ai,kij->kaj", molecule.positions, turns)
    numbers = guest_numbers(built, molecule.name)
    radius = contact_radii(numbers, np.ones(len(numbers), dtype=np.bool_))
    flat = poses.reshape(-1, 3)
    room = room_at(flat, np.tile(radius, len(poses)), around)
    return poses, room.reshape(len(poses), -1).min(axis=1)
