"""Misfit of two faces of cubes laid edge on edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.strain import principal_strains

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

QUARTER_TURN = np.array([[0, 1], [-1, 0]])


def cube_on_cube(film: FloatArray, substrate: FloatArray) -> tuple[float, float]:
    """Return the principal misfits of two faces laid edge on edge.

    Parameters
    ----------
    film, substrate : (2, 2) float array
        Edges as `heterobuild.crystals.cubes.cube_face` returns them.

    Returns
    -------
    tuple of float
        (film − substrate)/substrate along the two principal directions, the larger magnitude
        first; of the two ways to lay edge on edge the less strained one.

    Examples
    --------
    >>> [round(misfit, 4) for misfit in cube_on_cube(np.diag([5.874] * 2), np.diag([5.68] * 2))]
    [0.0342, 0.0342]
    """
    ways = [np.linalg.solve(film, substrate), np.linalg.solve(film, QUARTER_TURN @ substrate)]
    return min((misfits_of(principal_strains(way)) for way in ways), key=lambda pair: abs(pair[0]))


def misfits_of(strains: FloatArray) -> tuple[float, float]:
    """Turn strains of the film into misfits.

    Parameters
    ----------
    strains : (2,) float array
        Principal engineering strains of the film when it takes the substrate's lattice.

    Returns
    -------
    tuple of float
        (film − substrate)/substrate, which is 1/(1 + strain) − 1, the larger magnitude first.
    """
    first, second = (float(misfit) for misfit in 1 / (1 + np.asarray(strains)) - 1)
    return (first, second) if abs(first) >= abs(second) else (second, first)
