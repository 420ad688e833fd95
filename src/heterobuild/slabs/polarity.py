"""Formal charge, dipole and Tasker type of slabs and faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, units
from heterobuild.slabs.stacking import plane_height

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.model import Stacking

NEUTRAL = 1e-6
"""e or e·Å; formal charges are small integers, so anything larger is real."""

POLAR = 1e-3
"""e/Å; polar perovskite faces have some 0.1 e/Å."""


def charge_and_dipole(atoms: Atoms) -> tuple[float, float]:
    """Return formal charge and normal dipole, each rigid unit a point charge at its centre.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms of a slab.

    Returns
    -------
    charge : float
        In e.
    dipole : float
        In e·Å along z, about the middle between the outermost centres.
    """
    unit = units(atoms)
    charge = np.bincount(unit, weights=atoms.arrays[CHARGE])
    height = unit_centres(atoms.positions, atoms.numbers, unit)[:, 2]
    middle = (height.max() + height.min()) / 2
    return (
        round(float(charge.sum()), 9) + 0.0,
        round(float(charge @ (height - middle)), 6) + 0.0,
    )


def tasker_type(stacking: Stacking, first: int) -> Literal["I", "II", "III"]:
    """Classify a face with a given lowest plane after Tasker.

    Type I has neutral planes; in type II charged planes repeat without a dipole; type III has
    a dipole in every repeat and is polar (Tasker 1979, 10.1088/0022-3719/12/22/036).

    Parameters
    ----------
    stacking : Stacking
        The planes.
    first : int
        Number of the lowest plane.

    Returns
    -------
    {"I", "II", "III"}
        The type. Planes count as flat: the rumpling of tilted octahedra makes no polar face.
    """
    charges = np.array([plane.charge for plane in stacking.terminations])
    if np.abs(charges).max() < NEUTRAL:
        return "I"
    return "II" if abs(layer_dipole(stacking, first)) < POLAR else "III"


def layer_dipole(stacking: Stacking, first: int) -> float:
    """Return the formal dipole of one stoichiometric layer, its planes taken as flat.

    Parameters
    ----------
    stacking : Stacking
        The planes.
    first : int
        Number of the layer's lowest plane.

    Returns
    -------
    float
        Dipole along the normal in e/Å. It does not depend on the origin, since a layer is
        neutral.
    """
    period = len(stacking.terminations)
    numbers = range(first, first + stacking.planes_per_layer)
    charges = np.array([stacking.terminations[number % period].charge for number in numbers])
    heights = np.array([plane_height(stacking, number) for number in numbers])
    return float(charges @ heights)
