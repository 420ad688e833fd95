"""The ions and molecules of a model as one table of rigid units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild import labels
from heterobuild.chemistry.elements import vdw_table
from heterobuild.chemistry.ions import radius_table
from heterobuild.geometry.rigid import unit_centres

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Heterostructure

UNKNOWN_RADIUS = 1.5
"""Radius in Å of an element that no table holds."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Units:
    """The rigid units of a model, m of n atoms.

    Parameters
    ----------
    unit : (n,) int array
        Rigid unit of each atom.
    first : (m,) int array
        First atom of each unit.
    positions : (n, 3) float array
        Positions in Å, each unit in one piece.
    centres : (m, 3) float array
        An ion's nucleus, a molecule's centroid without H, in Å.
    charge : (m,) float array
        Formal charge in e.
    species : (m,) int array
        Number into `names`.
    names : tuple of str
        Elements and molecules.
    region, layer, site : (m,) int array
        The labels.
    radius : (n,) float array
        Contact radius of each atom in Å: ionic, that of van der Waals in molecules.
    cell : (3, 3) float array
        Cell in Å.
    pbc : tuple of bool
        Periodic directions.
    """

    unit: IntArray
    first: IntArray
    positions: FloatArray
    centres: FloatArray
    charge: FloatArray
    species: IntArray
    names: tuple[str, ...]
    region: IntArray
    layer: IntArray
    site: IntArray
    radius: FloatArray
    cell: FloatArray
    pbc: tuple[bool, bool, bool]


def rigid_table(built: Heterostructure) -> Units:
    """Return the rigid units of a model.

    Parameters
    ----------
    built : Heterostructure
        The model.

    Returns
    -------
    Units
        The table.
    """
    atoms = built.atoms
    molecule = atoms.arrays[labels.MOLECULE]
    unit, first = labels.rigid_units(molecule)
    positions = _in_one_piece(built, unit, first)
    numbers = atoms.numbers[first].astype(np.int64)
    kind = atoms.arrays[labels.KIND][first].astype(np.int64)
    code = np.where(molecule[first] > 0, -kind, numbers)
    found, species = np.unique(code, return_inverse=True)
    names = tuple(
        chemical_symbols[value] if value > 0 else built.molecules[-value - 1].name
        for value in found.tolist()
    )
    pbc = [bool(flag) for flag in atoms.pbc]
    return Units(
        unit=unit,
        first=first,
        positions=positions,
        centres=unit_centres(positions, atoms.numbers, unit),
        charge=np.bincount(unit, atoms.arrays[labels.CHARGE]).astype(np.float64).round(9),
        species=species.astype(np.int64),
        names=names,
        region=atoms.arrays[labels.REGION][first].astype(np.int64),
        layer=atoms.arrays[labels.LAYER][first].astype(np.int64),
        site=atoms.arrays[labels.SITE][first].astype(np.int64),
        radius=contact_radii(atoms.numbers, molecule > 0),
        cell=atoms.cell.complete().array,
        pbc=(pbc[0], pbc[1], pbc[2]),
    )


def contact_radii(numbers: IntArray, molecular: IntArray) -> FloatArray:
    """Return the radii by which contacts are judged.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.
    molecular : (n,) bool array
        Whether each is an atom of a molecule.

    Returns
    -------
    (n,) float array
        Ionic radii of ions, van der Waals radii of atoms in molecules, in Å.
    """
    ionic, outer = radius_table()[numbers], vdw_table()[numbers]
    radius = np.where(molecular | np.isnan(ionic), outer, ionic)
    return np.asarray(np.nan_to_num(radius, nan=UNKNOWN_RADIUS), dtype=np.float64)


def _in_one_piece(built: Heterostructure, unit: IntArray, first: IntArray) -> FloatArray:
    """Return the positions with each molecule next to its first atom."""
    atoms = built.atoms
    positions = np.asarray(atoms.positions, dtype=np.float64)
    away = positions - positions[first][unit]
    steps = np.rint(away @ np.linalg.inv(atoms.cell.complete().array)) * np.array(atoms.pbc)
    return np.asarray(positions - steps @ atoms.cell.complete().array, dtype=np.float64)


def apart(vectors: FloatArray, units: Units) -> FloatArray:
    """Return the shortest images of vectors.

    Parameters
    ----------
    vectors : (k, 3) float array
        Vectors in Å.
    units : Units
        The model, for cell and periodicity.

    Returns
    -------
    (k, 3) float array
        The vectors to the nearest image.
    """
    from ase.geometry import find_mic

    if not len(vectors):
        return np.asarray(vectors, dtype=np.float64)
    return np.asarray(find_mic(vectors, units.cell, units.pbc)[0], dtype=np.float64)


def nearest_distances(points: FloatArray, targets: FloatArray, units: Units) -> FloatArray:
    """Return the distances from the nearest of many points, images counted.

    Parameters
    ----------
    points : (k, 3) float array
        Places in Å.
    targets : (t, 3) float array
        Points in Å whose nearest one counts.
    units : Units
        The model, for cell and periodicity.

    Returns
    -------
    (k,) float array
        Distances in Å; infinite where there is no target.
    """
    from scipy.spatial import cKDTree

    if not len(targets):
        return np.full(len(points), np.inf)
    steps = [(-1, 0, 1) if periodic else (0,) for periodic in units.pbc]
    grid = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 3)
    inverse = np.linalg.inv(units.cell)
    periodic = np.array(units.pbc)

    def wrapped(at: FloatArray) -> FloatArray:
        return np.asarray(at - (np.floor(at @ inverse) * periodic) @ units.cell)

    images = (wrapped(targets)[None] + (grid @ units.cell)[:, None]).reshape(-1, 3)
    return np.asarray(cKDTree(images).query(wrapped(points))[0], dtype=np.float64)
