"""The space-group operations that matter for a face: centrings, and shifts along the normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.symmetry import symmetry_dataset
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import KIND, units

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.model import Crystal, Miller

SYMMETRY_TOLERANCE = 0.01
"""Å; the coordinates of the library are given to 0.001–0.0001 of a cell edge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CrystalSymmetry:
    """Operations of a crystal, molecules of free orientation taken as points.

    Parameters
    ----------
    rotations : (m, 3, 3) int array
        Rotation parts, acting on columns of conventional fractions.
    translations : (m, 3) float array
        Translation parts, fractions.
    centrings : (k, 3) float array
        Pure translations modulo 1.
    primitive : (n_kept,) int array
        Atoms of one primitive cell, whole molecules.
    """

    rotations: IntArray
    translations: FloatArray
    centrings: FloatArray
    primitive: IntArray


def crystal_symmetry(crystal: Crystal, *, tolerance: float = SYMMETRY_TOLERANCE) -> CrystalSymmetry:
    """Find the operations of a crystal with spglib.

    A molecule whose orientation is a modelling choice counts as one point, so that a cubic
    hybrid perovskite is cubic; atoms of refined molecules count one by one.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    tolerance : float, optional
        Distance in Å within which positions are the same, see `SYMMETRY_TOLERANCE`.

    Returns
    -------
    CrystalSymmetry
        The operations; only the identity where spglib finds none.

    Raises
    ------
    MissingAtomsError
        If only the cell is known.
    """
    atoms = crystal.require_atoms()
    unit = units(atoms)
    kind = atoms.arrays[KIND]
    free = np.isin(
        kind, [i + 1 for i, m in enumerate(crystal.molecules) if m.name in crystal.placed]
    )
    _, first = np.unique(unit, return_index=True)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    point = np.sort(np.concatenate([first[free[first]], np.flatnonzero(~free)]))
    where = np.where(free[point, None], centres[unit[point]], atoms.positions[point])
    types = np.where(free[point], 200 + kind[point], atoms.numbers[point])
    dataset = symmetry_dataset(crystal.cell, where, types, symprec=tolerance)
    if dataset is None:
        rotations, translations = np.eye(3, dtype=int)[None], np.zeros((1, 3))
        mapping = np.arange(len(point))
    else:
        rotations, translations = dataset.rotations, dataset.translations
        mapping = dataset.mapping_to_primitive
    pure = (rotations == np.eye(3, dtype=int)).all(axis=(1, 2))
    order = int(pure.sum())
    return CrystalSymmetry(
        rotations=rotations,
        translations=translations,
        centrings=np.mod(np.rint(translations[pure] * order) / order, 1.0),
        primitive=_one_of_each(unit, unit[point], mapping),
    )


def height_shifts(symmetry: CrystalSymmetry, cell: FloatArray, miller: Miller) -> FloatArray:
    """Return how far the proper operations that keep a face's normal shift along it.

    Parameters
    ----------
    symmetry : CrystalSymmetry
        The crystal's operations.
    cell : (3, 3) float array
        Conventional cell in Å.
    miller : tuple of int
        The face.

    Returns
    -------
    (m,) float array
        Shifts in Å along the normal.
    """
    keep = _keeps_normal(symmetry, miller)
    length = float(np.linalg.norm(np.linalg.inv(cell) @ miller))
    shifts: FloatArray = symmetry.translations[keep] @ miller / length
    return shifts


def surface_turns(
    symmetry: CrystalSymmetry, basis: FloatArray, miller: Miller, *, tolerance: float = 1e-3
) -> IntArray:
    """Return the rotations about a face's normal that map each plane onto itself.

    Parameters
    ----------
    symmetry : CrystalSymmetry
        The crystal's operations.
    basis : (3, 3) float array
        Surface vectors u, v and repeat w as fractions of the conventional axes.
    miller : tuple of int
        The face.
    tolerance : float, optional
        Largest shift along the normal as a fraction of the repeat.

    Returns
    -------
    (k, 2, 2) int array
        Matrices acting on row coordinates along u and v, the identity first.
    """
    keep = _keeps_normal(symmetry, miller)
    inverse = np.linalg.inv(basis)
    rise = symmetry.translations[keep] @ inverse[:, 2]
    keep[np.flatnonzero(keep)[np.abs(rise - np.rint(rise)) > tolerance]] = False
    turns = basis @ symmetry.rotations[keep].transpose(0, 2, 1) @ inverse
    flat = np.unique(np.rint(turns[:, :2, :2]).astype(np.int64), axis=0)
    first = np.argsort(-np.trace(flat, axis1=1, axis2=2), kind="stable")
    return flat[first]


def _keeps_normal(symmetry: CrystalSymmetry, miller: Miller) -> BoolArray:
    normal = np.array(miller)
    turned = np.einsum("i,mij->mj", normal, symmetry.rotations)
    proper = np.rint(np.linalg.det(symmetry.rotations)) == 1
    keep: BoolArray = proper & (turned == normal).all(axis=1)
    return keep


def _one_of_each(unit: IntArray, unit_of_point: IntArray, mapping: IntArray) -> IntArray:
    """Keep the first of the units that lie on the same primitive positions."""
    signature = np.full(int(unit.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(signature, unit_of_point, mapping)
    _, kept = np.unique(signature, return_index=True)
    return np.flatnonzero(np.isin(unit, kept))
