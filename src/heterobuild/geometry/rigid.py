"""Move rigid units (ions and molecules) as wholes: centres deform, shapes only turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray


def unit_centres(positions: FloatArray, numbers: IntArray, unit: IntArray) -> FloatArray:
    """Return the centre of each rigid unit: the mean of its non-hydrogen atoms.

    Parameters
    ----------
    positions : (n, 3) float array
        Cartesian coordinates in Å, each unit in one piece.
    numbers : (n,) int array
        Atomic numbers. Hydrogen is left out, because diffraction hardly sees it.
    unit : (n,) int array
        Unit of each atom, 0 … m − 1.

    Returns
    -------
    (m, 3) float array
        Centres in Å.
    """
    count = int(unit.max(initial=-1)) + 1
    if count == len(unit) and np.array_equal(unit, np.arange(count)):
        return positions.astype(np.float64)  # ions only
    weight = (numbers != 1).astype(np.float64)
    total = np.bincount(unit, weights=weight, minlength=count)
    weight[total[unit] == 0] = 1.0
    total = np.bincount(unit, weights=weight, minlength=count)
    sums = [np.bincount(unit, weights=weight * column, minlength=count) for column in positions.T]
    return np.column_stack(sums) / total[:, None]


def cells_away(
    positions: FloatArray,
    numbers: IntArray,
    unit: IntArray,
    *,
    cell: FloatArray,
    pbc: Sequence[bool] | BoolArray,
) -> FloatArray:
    """Return by which lattice vectors whole rigid units lie outside a cell.

    Parameters
    ----------
    positions : (n, 3) float array
        Cartesian coordinates in Å, each unit in one piece.
    numbers, unit : (n,) int array
        Atomic numbers, and the rigid unit of each atom.
    cell : (3, 3) float array
        Row vectors in Å that span space.
    pbc : (3,) bool
        Periodic directions.

    Returns
    -------
    (n, 3) float array
        Sums of periodic vectors in Å; positions less these have all centres in the cell. A centre
        less than 1e-9 of a vector below a border counts as on it.

    Examples
    --------
    >>> pair = np.array([[10.5, 0.0, -7.0], [11.9, 0.0, -7.0]])
    >>> units, periodic = np.array([0, 0]), (True, True, False)
    >>> away = cells_away(pair, np.array([6, 7]), units, cell=10 * np.eye(3), pbc=periodic)
    >>> (pair - away).round(3).tolist()
    [[0.5, 0.0, -7.0], [1.9, 0.0, -7.0]]
    """
    fractions = unit_centres(positions, numbers, unit) @ np.linalg.inv(cell)
    vectors: FloatArray = (np.floor(fractions + 1e-9) * np.asarray(pbc)) @ cell
    return vectors[unit]


def move_units(
    positions: FloatArray,
    numbers: IntArray,
    unit: IntArray,
    *,
    deformation: FloatArray,
    rotation: FloatArray,
) -> FloatArray:
    """Deform the positions of rigid units and rotate their shapes.

    Parameters
    ----------
    positions : (n, 3) float array
        Cartesian coordinates in Å, each unit in one piece.
    numbers, unit : (n,) int array
        Atomic numbers, and the rigid unit of each atom.
    deformation : (3, 3) float array
        Map of the centres, ``x' = x @ deformation``.
    rotation : (3, 3) float array
        Proper rotation of the shapes, the rotational part of `deformation`.

    Returns
    -------
    (n, 3) float array
        New coordinates; distances inside a unit are as before.
    """
    centres = unit_centres(positions, numbers, unit)[unit]
    return centres @ deformation + (positions - centres) @ rotation
