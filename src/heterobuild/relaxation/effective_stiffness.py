"""Elastic constants of a periodic network, with the sites free to follow the strain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.relaxation.conjugate_gradients import minimise
from heterobuild.relaxation.elongations import linearise, measure_bonds
from heterobuild.relaxation.spring_constants import GPA

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.relaxation.springs import Octahedra, Springs


def effective_stiffness(
    springs: Springs, octahedra: Octahedra, *, sites: int, volume: float, tolerance: float = 1e-9
) -> FloatArray:
    """Return the elastic constants of a periodic network without stress.

    Natural lengths play no part. In the cubic crystal no site moves relative to the others and
    these are the constants that the springs were fitted to; in a tilted crystal the octahedra
    turn as they are strained, and this tells what the same springs give there.

    Parameters
    ----------
    springs : Springs
        The springs, periodic along all axes.
    octahedra : Octahedra
        The breathing terms.
    sites : int
        Number of sites.
    volume : float
        Volume of the cell in Å³.
    tolerance : float
        Of `heterobuild.relaxation.conjugate_gradients.minimise`; the error of the constants
        goes with its square.

    Returns
    -------
    (6, 6) float array
        Voigt matrix in GPa.
    """
    lengths = measure_bonds(springs, octahedra, np.zeros((sites, 3)), np.zeros((3, 3)))
    rows = linearise(springs, octahedra, lengths, sites=sites, components=tuple(range(6)))
    held = replace(rows, strain_map=rows.strain_map[:, :0])
    answers = np.empty_like(rows.strain_map)
    for component in range(6):
        given = rows.strain_map[:, component]
        step = minimise(replace(held, lacking=-given), tolerance=tolerance)
        answers[:, component] = given + rows.map @ step.displacements.ravel()
    energy = answers.T @ (rows.stiffness[:, None] * answers)
    return np.asarray(energy / volume / GPA)
