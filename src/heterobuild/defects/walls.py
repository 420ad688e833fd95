"""How far from the wall between two regions the ions of any model are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.defects.units import nearest_distances
from heterobuild.geometry.periodic_pairs import near_pairs

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.defects.units import Units
    from heterobuild.model import Heterostructure, Step

_REACHES = (5.0, 8.0, 12.0)
"""Ranges in Å in which an ion at a wall looks for the other region, one after the other."""


def wall_distances(
    built: Heterostructure, units: Units, points: FloatArray | None = None
) -> FloatArray | None:
    """Return the distances of rigid units, or of other points, from the nearest wall.

    The wall of a stack is the plane halfway between the two facing planes of ions. Elsewhere it
    is given by the points halfway between each ion of the outermost layer and the nearest ion of
    another region.

    Parameters
    ----------
    built : Heterostructure
        The model.
    units : Units
        Its rigid units.
    points : (k, 3) float array, optional
        Points in Å; the centres of the units where not given.

    Returns
    -------
    (k,) float array or None
        Distances in Å; None where the model has no wall.
    """
    points = units.centres if points is None else points
    heights = _plane_heights(built, units)
    if heights:
        return _from_planes(points, np.array(heights), units)
    middles = _middles(units)
    if not len(middles):
        return None
    return nearest_distances(points, middles, units)


def _plane_heights(built: Heterostructure, units: Units) -> list[float]:
    """Return the heights along the normal of the flat walls of a stack."""
    normal = _normal(units)
    codes: dict[object, list[int]] = {}
    for region in built.regions:
        codes.setdefault(region.name, []).append(region.code)
    found = []
    for step in built.steps:
        if step.name == "gap" and "gap_A" in step.values:
            found += _wall_height(step, codes, units, units.centres @ normal)
    return found


def _wall_height(
    step: Step, codes: dict[object, list[int]], units: Units, height: FloatArray
) -> list[float]:
    """Return the middle of one gap, seen from the plane below it."""
    heights = []
    for code in codes.get(step.values.get("lower"), []):
        own = np.flatnonzero(units.region == code)
        if len(own):
            highest = own[np.argmax(height[own])]
            plane = own[units.layer[own] == units.layer[highest]]
            heights.append(float(height[plane].mean()) + float(str(step.values["gap_A"])) / 2)
    return heights


def _normal(units: Units) -> FloatArray:
    """Return the unit vector along the stacking direction."""
    across = np.cross(units.cell[0], units.cell[1])
    return np.asarray(across / np.linalg.norm(across), dtype=np.float64)


def _from_planes(points: FloatArray, heights: FloatArray, units: Units) -> FloatArray:
    """Return the distances from the nearest of several planes."""
    normal = _normal(units)
    away = (points @ normal)[:, None] - heights[None, :]
    if units.pbc[2]:
        period = float(units.cell[2] @ normal)
        away -= np.rint(away / period) * period
    return np.asarray(np.abs(away).min(axis=1), dtype=np.float64)


def _middles(units: Units) -> FloatArray:
    """Return the points halfway between facing ions of two regions."""
    outer = np.flatnonzero(np.abs(units.layer) == 1)
    found = []
    for code in np.unique(units.region[outer]).tolist():
        own, others = outer[units.region[outer] == code], outer[units.region[outer] != code]
        for reach in _REACHES:
            i, _, vectors = near_pairs(
                units.centres[own], units.cell, units.pbc, reach, units.centres[others]
            )
            if len(i):
                found.append(_nearest_middles(units.centres[own], i, vectors))
                break
    return np.concatenate(found) if found else np.zeros((0, 3))


def _nearest_middles(centres: FloatArray, i: IntArray, vectors: FloatArray) -> FloatArray:
    """Keep the nearest partner of each ion."""
    order = np.lexsort((np.linalg.norm(vectors, axis=1).round(6), i))
    i, vectors = i[order], vectors[order]
    nearest = np.r_[True, i[1:] != i[:-1]]
    return np.asarray(centres[i[nearest]] + vectors[nearest] / 2, dtype=np.float64)
