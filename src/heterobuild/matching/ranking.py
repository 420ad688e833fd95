"""Order distinct matches: the Pareto front of strain against size, then the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.matching.pareto import SAME_STRAIN, leaders
from heterobuild.model import Match

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.maps import Maps
    from heterobuild.matching.surfaces import Surface

_PLACES = np.array([1 << 48, 1 << 32, 1 << 16, 1])
"""One number for a matrix, in the order of its entries; those are smaller than 2¹⁵."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Distinct matches as arrays.

    Parameters
    ----------
    maps : Maps
        Each match in its smallest common cell.
    rotation : (k,) float array
        Turn of the film in degrees.
    multiplicity : (k,) int array
        Pairs of superlattices that each stands for.
    """

    maps: Maps
    rotation: FloatArray
    multiplicity: IntArray


def ranked_matches(
    found: Found, film: Surface, substrate: Surface, limits: MatchLimits
) -> tuple[Match, ...]:
    """Return the matches within the remaining limits in the order of their ranks.

    Parameters
    ----------
    found : Found
        Distinct matches.
    film, substrate : Surface
        The surfaces.
    limits : MatchLimits
        Its `max_atoms` and `max_misfit_angle`.

    Returns
    -------
    tuple of Match
        First the Pareto front of strain against size, then the rest, each by size, strain,
        rotation and matrices.
    """
    maps = found.maps
    ours, theirs = cell_counts(maps.film), cell_counts(maps.substrate)
    large, small = maps.stretches
    strain = np.maximum(np.log(large), -np.log(small))
    fine = np.ones(len(strain), dtype=bool)
    if limits.max_misfit_angle is not None:
        fine &= 90 - 2 * np.degrees(np.arctan2(small, large)) <= limits.max_misfit_angle
    size = theirs
    if film.atoms is not None and substrate.atoms is not None:
        size = ours * film.atoms + theirs * substrate.atoms
        if limits.max_atoms is not None:
            fine &= size <= limits.max_atoms
    order = _ranking(found, size, np.rint(strain / SAME_STRAIN).astype(np.int64), fine)
    records = _records(
        maps.film,
        maps.substrate,
        (theirs * substrate.area).tolist(),
        (ours * film.area).tolist(),
        zip((large - 1).tolist(), (small - 1).tolist(), strict=True),
        strain.tolist(),
        found.rotation.tolist(),
        maps.deformation,
        found.multiplicity.tolist(),
    )
    return tuple([records[i] for i in order.tolist()])


def turn_order(angle: FloatArray, step: float) -> IntArray:
    """Return numbers that sort rotations: small ones first, of both senses counter-clockwise.

    Parameters
    ----------
    angle : (k,) float array
        Rotations in degrees.
    step : float
        Angles closer than this are ties.

    Returns
    -------
    (k,) int array
        Numbers from 0.

    Examples
    --------
    >>> turn_order(np.array([-30.0, 0.0, 30.0, 15.0]), 1.0).tolist()
    [60, 0, 59, 29]
    """
    steps = np.rint(angle / step).astype(np.int64)
    order: IntArray = 2 * np.abs(steps) - (steps > 0)
    return order


def cell_counts(matrices: IntArray) -> IntArray:
    """Return the determinants of matrices.

    Parameters
    ----------
    matrices : (k, 2, 2) int array
        Cells in surface vectors.

    Returns
    -------
    (k,) int array
        Surface cells in each.
    """
    return matrices[:, 0, 0] * matrices[:, 1, 1] - matrices[:, 0, 1] * matrices[:, 1, 0]


def _ranking(found: Found, size: IntArray, strain: IntArray, fine: BoolArray) -> IntArray:
    """Return the order of the matches that are fine."""
    ties = (cells.reshape(-1, 4) @ _PLACES for cells in (found.maps.film, found.maps.substrate))
    order = np.lexsort((*ties, turn_order(found.rotation, 1e-4), strain, size))
    order = order[fine[order]]
    front = leaders(strain[order])
    return np.concatenate([order[front], order[~front]])


def _records(*columns: Iterable[Any]) -> list[Match]:
    """Return one record a row, the columns in the order of the fields.

    There is nothing to check in a match; the constructor of the frozen record would take six
    times as long.
    """
    records = []
    for film, substrate, area, film_area, strains, strain, turn, deformation, number in zip(
        *columns, strict=True
    ):
        record = object.__new__(Match)
        record.__dict__.update(
            film=film,
            substrate=substrate,
            area=area,
            film_area=film_area,
            strains=strains,
            log_strain=strain,
            rotation=turn,
            deformation=deformation,
            multiplicity=number,
        )
        records.append(record)
    return records
