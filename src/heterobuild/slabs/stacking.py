"""Turn a crystal until hkl points up and read it as an endless sequence of planes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.formulas import unit_formula
from heterobuild.geometry.height_groups import group_heights
from heterobuild.geometry.lattice_plane import lattice_basis, plane_basis, reduce_plane
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import CHARGE, KIND, take, units
from heterobuild.model import Stacking, Termination
from heterobuild.slabs.aristotype import ideal_heights
from heterobuild.slabs.miller import face_indices
from heterobuild.slabs.surface_symmetry import crystal_symmetry, height_shifts, surface_turns

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Miller
    from heterobuild.slabs.surface_symmetry import CrystalSymmetry

SAME_HEIGHT = 0.1
"""Å; planes mapped on one another by a symmetry operation agree within this height."""


def stack_planes(crystal: Crystal, miller: object, *, tolerance: float | None = None) -> Stacking:
    """Read a crystal as planes parallel to (hkl).

    The surface vectors are a reduced primitive basis of the plane lattice, centring included.
    Ions whose heights differ by the rumpling of tilted octahedra share a plane: in a distorted
    ABX3 the planes are those of the undistorted one, elsewhere the heights themselves decide.
    Molecules count with their centre and are never cut.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    miller : sequence of int or str
        The face in the conventional setting, or "001pc" in pseudo-cubic axes, see
        `face_indices`.
    tolerance : float, optional
        Largest height step in Å inside a plane; by default the planes of the undistorted ABX3,
        or the natural break between rumpling and plane spacing, see `group_heights`.

    Returns
    -------
    Stacking
        The planes.

    Raises
    ------
    MissingAtomsError
        If only the cell is known.
    UsageError
        If the Miller indices cannot be read.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> stacking = stack_planes(load_crystal("CsPbBr3_cubic"), "001")
    >>> [plane.formula for plane in stacking.terminations]
    ['PbBr2', 'CsBr']
    """
    indices = face_indices(crystal, miller)
    atoms = crystal.require_atoms()
    symmetry = crystal_symmetry(crystal)
    basis = surface_basis(crystal.cell, indices, symmetry.centrings)
    cell, turn = upright(basis @ crystal.cell)
    primitive = take(atoms, symmetry.primitive)
    primitive.positions = primitive.positions @ turn
    return arrange(crystal, indices, cell, basis, primitive, symmetry=symmetry, tolerance=tolerance)


def arrange(
    crystal: Crystal,
    miller: Miller,
    cell: FloatArray,
    basis: FloatArray,
    atoms: Atoms,
    *,
    symmetry: CrystalSymmetry,
    tolerance: float | None,
) -> Stacking:
    """Sort the atoms of one repeat into planes.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    miller : tuple of int
        The face.
    cell : (3, 3) float array
        Surface vectors and repeat in Å, upright.
    basis : (3, 3) float array
        The same as fractions of the conventional axes.
    atoms : ase.Atoms
        Labelled atoms of one primitive cell, turned upright, molecules in one piece.
    symmetry : CrystalSymmetry
        The crystal's operations.
    tolerance : float or None
        See `stack_planes`.

    Returns
    -------
    Stacking
        The planes.
    """
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    flat = None
    if tolerance is None:
        rotation = np.linalg.solve(basis @ crystal.cell, cell)
        flat = ideal_heights(crystal, atoms, centres, unit, rotation)
    heights = centres[:, 2] if flat is None else flat
    group, lift = group_heights(heights, cell[2, 2], tolerance=tolerance)
    moved = lift[:, None] / cell[2, 2] * cell[2]
    fractions = (centres + moved) @ np.linalg.inv(cell)
    moved -= np.floor(fractions[:, :2] + 1e-6) @ cell[:2]
    order = np.argsort(group[unit], kind="stable")
    placed = atoms.copy()
    placed.positions = atoms.positions + moved[unit]
    placed = take(placed, order)
    placed.set_cell(cell)
    placed.pbc = (True, True, True)
    shifts = height_shifts(symmetry, crystal.cell, miller)
    terminations = _terminations(crystal, placed, group[unit][order], cell, shifts)
    return Stacking(
        crystal=crystal,
        miller=miller,
        cell=cell,
        basis=basis,
        atoms=placed,
        plane=group[unit][order],
        unit=units(placed),
        terminations=terminations,
        planes_per_layer=_period([plane.formula for plane in terminations]),
        turns=surface_turns(symmetry, basis, miller),
        tolerance=tolerance,
    )


def plane_height(stacking: Stacking, number: int) -> float:
    """Return the mean height of a plane anywhere in the endless sequence.

    Parameters
    ----------
    stacking : Stacking
        The planes.
    number : int
        Number of the plane; negative below the first repeat.

    Returns
    -------
    float
        Height in Å.
    """
    repeats, index = divmod(number, len(stacking.terminations))
    return float(stacking.terminations[index].height + repeats * stacking.cell[2, 2])


def unit_names(atoms: Atoms, unit: IntArray, crystal: Crystal) -> list[str]:
    """Name each rigid unit: the element of an ion, the short name of a molecule.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    unit : (n_atoms,) int array
        Rigid unit of each atom.
    crystal : Crystal
        Holds the names of the molecules.

    Returns
    -------
    list of str
        One name a unit.
    """
    _, first = np.unique(unit, return_index=True)
    kinds, numbers = atoms.arrays[KIND][first], atoms.numbers[first]
    return [
        crystal.molecules[kind - 1].name if kind else chemical_symbols[number]
        for kind, number in zip(kinds, numbers, strict=True)
    ]


def _terminations(
    crystal: Crystal, atoms: Atoms, plane: IntArray, cell: FloatArray, shifts: FloatArray
) -> tuple[Termination, ...]:
    unit = units(atoms)
    names = np.array(unit_names(atoms, unit, crystal))
    _, first = np.unique(unit, return_index=True)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)[:, 2]
    charge = np.bincount(unit, weights=atoms.arrays[CHARGE])
    area = float(np.linalg.det(cell[:2, :2]))
    found: list[Termination] = []
    for index in range(int(plane.max()) + 1):
        inside = plane[first] == index
        formula = unit_formula(Counter(names[inside].tolist()))
        height = float(centres[inside].mean())
        found.append(
            Termination(
                index=index,
                height=round(height, 6) + 0.0,
                formula=formula,
                charge=round(float(charge[inside].sum()) / area, 9) + 0.0,
                thickness=round(float(np.ptp(centres[inside])), 6),
                equivalent=index,
            )
        )
        found[-1] = replace(found[-1], equivalent=_equivalent(found, shifts, cell[2, 2]))
    return tuple(found)


def _equivalent(planes: list[Termination], shifts: FloatArray, period: float) -> int:
    """Return the first plane that a proper symmetry operation maps onto the last one."""
    last = planes[-1]
    for plane in planes[:-1]:
        distance = last.height - plane.height - shifts
        distance -= np.round(distance / period) * period
        if plane.formula == last.formula and (np.abs(distance) < SAME_HEIGHT).any():
            return plane.index
    return last.index


def _period(formulas: list[str]) -> int:
    """Return the shortest period of a cyclic sequence."""
    count = len(formulas)
    return next(
        step
        for step in range(1, count + 1)
        if count % step == 0 and formulas == formulas[step:] + formulas[:step]
    )


def surface_basis(cell: FloatArray, miller: Miller, centrings: FloatArray) -> FloatArray:
    """Return surface vectors and repeat of a face: reduced, right-handed, the repeat short.

    Parameters
    ----------
    cell : (3, 3) float array
        Conventional cell in Å.
    miller : tuple of int
        The face in the conventional setting.
    centrings : (m, 3) float array
        All centring vectors modulo 1, the zero vector included, as fractions.

    Returns
    -------
    (3, 3) float array
        Rows u, v in the face and w to the next lattice plane, fractions of the conventional
        axes.
    """
    lattice = lattice_basis(centrings)
    components = np.rint(lattice @ miller * len(centrings)).astype(int).tolist()
    factor = gcd(*components)
    normal = (components[0] // factor, components[1] // factor, components[2] // factor)
    basis: FloatArray = plane_basis(normal) @ lattice
    basis[:2] = reduce_plane(basis[:2] @ cell) @ basis[:2]
    flat = basis @ cell
    lateral = np.linalg.lstsq(flat[:2].T, flat[2], rcond=None)[0]
    basis[2] -= np.rint(lateral - 1e-9) @ basis[:2]
    return basis


def upright(vectors: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Turn u onto x and v into the xy plane by a proper rotation of row vectors.

    Parameters
    ----------
    vectors : (3, 3) float array
        Surface vectors and repeat in Å in any frame, right-handed.

    Returns
    -------
    cell : (3, 3) float array
        The turned vectors.
    turn : (3, 3) float array
        The rotation, ``cell = vectors @ turn``.
    """
    first = vectors[0] / np.linalg.norm(vectors[0])
    normal = np.cross(vectors[0], vectors[1])
    normal /= np.linalg.norm(normal)
    turn = np.column_stack([first, np.cross(normal, first), normal])
    cell = vectors @ turn
    cell[np.abs(cell) < 1e-10] = 0.0
    return cell, turn
