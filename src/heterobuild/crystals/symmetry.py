"""Space group of a structure whose molecules count as points."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import KIND, units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray

MOST_UNITS = 4000
"""Larger cells are not searched: the time grows with the square of the number of units."""

_FIRST_KIND = 200


@contextmanager
def quiet_spglib() -> Iterator[None]:
    """Silence the warning of spglib 2.8 that it will raise exceptions one day.

    Both ways of telling a failure, None and an exception, are handled where spglib is called.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def rigid_unit_symmetry(atoms: Atoms, *, symprec: float) -> tuple[str, int]:
    """Find the space group of a structure of rigid units.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with whole molecules, periodic in three directions.
    symprec : float
        Tolerance in Å.

    Returns
    -------
    str
        Hermann–Mauguin symbol of the standard setting.
    int
        Number in the International Tables; P1 and 1 where spglib finds none.

    Examples
    --------
    >>> from heterobuild.crystals.library import load_phase
    >>> rigid_unit_symmetry(load_phase("MAPbCl3").require_atoms(), symprec=0.01)
    ('Pm-3m', 221)
    """
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    if len(centres) > MOST_UNITS:
        return "P1", 1
    kinds, numbers = np.zeros(len(centres), dtype=int), np.zeros(len(centres), dtype=int)
    kinds[unit], numbers[unit] = atoms.arrays[KIND], atoms.numbers
    species = np.where(kinds > 0, _FIRST_KIND + kinds, numbers)
    found = symmetry_dataset(np.asarray(atoms.cell), centres, species, symprec=symprec)
    return ("P1", 1) if found is None else (str(found.international), int(found.number))


def symmetry_dataset(
    cell: FloatArray, positions: FloatArray, species: IntArray, *, symprec: float
) -> Any:
    """Ask spglib for the symmetry of points in a cell.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å, row vectors.
    positions : (n, 3) float array
        Cartesian coordinates in Å.
    species : (n,) int array
        Equal numbers for equal points.
    symprec : float
        Tolerance in Å.

    Returns
    -------
    spglib.SpglibDataset or None
        None where spglib finds no symmetry.
    """
    import spglib

    failure = getattr(spglib, "SpglibError", RuntimeError)
    fractional = positions @ np.linalg.inv(cell)
    try:
        with quiet_spglib():
            return spglib.get_symmetry_dataset((cell, fractional, species), symprec=symprec)
    except failure:
        return None
