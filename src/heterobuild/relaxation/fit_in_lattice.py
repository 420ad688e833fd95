"""Spring constants for a crystal whose octahedra are tilted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elasticity import cubic_stiffness, turn_stiffness
from heterobuild.geometry.strain import polar
from heterobuild.relaxation.effective_stiffness import effective_stiffness
from heterobuild.relaxation.spring_constants import cubic_average, fit_constants
from heterobuild.relaxation.springs import build_network

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.spring_constants import SpringConstants
    from heterobuild.relaxation.springs import BondTable


def fit_in_lattice(
    matrix: FloatArray,
    bonds: BondTable,
    *,
    volume: float,
    axes: FloatArray | None = None,
) -> SpringConstants:
    """Find the springs with which a given periodic lattice has given elastic constants.

    Springs fitted in the cubic lattice are too soft in a tilted one, since there the octahedra
    turn as they are strained. Starting from these, the springs are changed until the constants of
    the lattice itself, with its sites free to follow and averaged over the turns of the cube,
    agree by least squares. What is left is in `SpringConstants.missed`.

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa along the pseudo-cubic axes; its cubic average counts.
    bonds : BondTable
        One cell of the crystal.
    volume : float
        Volume of the cell in Å³.
    axes : (3, 3) float array, optional
        Directions of the pseudo-cubic axes in the frame of the bonds, one a row; of nearly right
        angles. By default x, y and z.

    Returns
    -------
    SpringConstants
        The springs; `met` are the constants of the given lattice.

    Raises
    ------
    UsageError
        If the matrix describes no solid.
    """
    from scipy.optimize import least_squares

    edge = float(np.cbrt(volume / len(bonds.centres)))
    start = fit_constants(matrix, edge)
    asked = np.array(start.asked)
    rotation = np.eye(3) if axes is None else polar(np.transpose(axes))[1]

    def springs_of(trial: FloatArray) -> SpringConstants:
        return fit_constants(cubic_stiffness(*(float(value) for value in trial)), edge)

    def met_by(trial: FloatArray) -> FloatArray:
        return np.array(_constants_in(bonds, springs_of(trial), volume, rotation))

    def deviation(trial: FloatArray) -> FloatArray:
        return np.asarray((met_by(trial) - asked) / asked[0])

    found = least_squares(
        deviation,
        start.met,
        diff_step=[1e-4] * 3,
        max_nfev=30,
        xtol=1e-9,
        ftol=1e-14,
        gtol=1e-12,
    )
    c11, c12, c44 = (float(value) for value in met_by(found.x))
    return replace(springs_of(found.x), asked=start.asked, met=(c11, c12, c44))


def _constants_in(
    bonds: BondTable, constants: SpringConstants, volume: float, rotation: FloatArray
) -> tuple[float, float, float]:
    """Return the cubic average of the constants of a lattice of one phase."""
    sites = len(bonds.positions)
    springs, octahedra = build_network(
        centres=bonds.centres,
        corners=bonds.corners,
        arms=bonds.arms,
        cavity_bonds=bonds.cavity_bonds,
        constants=[constants],
        phase=np.zeros(sites, dtype=np.int32),
        stretch=np.zeros(sites),
    )
    found = effective_stiffness(springs, octahedra, sites=sites, volume=volume, tolerance=1e-7)
    return cubic_average(turn_stiffness(found, rotation))
