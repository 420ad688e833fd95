"""Space group of a model whose spacers count atom by atom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.symmetry import symmetry_dataset
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import KIND, units

if TYPE_CHECKING:
    from collections.abc import Collection

    from ase import Atoms

    from heterobuild.arrays import FloatArray

SYMPREC = 0.01
"""Å; models are exact, so that only symmetry put in is found."""

_FIRST_KIND = 200


def explicit_space_group(
    atoms: Atoms, cell: FloatArray, points: Collection[int] = (), *, symprec: float = SYMPREC
) -> tuple[str, int]:
    """Find the space group of a structure, some kinds of its molecules taken as points.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with whole molecules.
    cell : (3, 3) float array
        Cell in Å.
    points : collection of int, optional
        Codes of the array ``kind`` of molecules whose orientation is a free choice.
    symprec : float, optional
        Tolerance in Å.

    Returns
    -------
    str
        Hermann–Mauguin symbol of the standard setting.
    int
        Number in the International Tables; P1 and 1 where spglib finds none.
    """
    kind = atoms.arrays[KIND]
    free = np.isin(kind, list(points))
    unit = units(atoms)
    first = np.unique(unit, return_index=True)[1]
    kept = np.flatnonzero(~free)
    positions, species = atoms.positions[kept], atoms.numbers[kept]
    single = first[free[first]]
    if len(single):
        centres = unit_centres(atoms.positions, atoms.numbers, unit)[unit[single]]
        positions = np.concatenate([positions, centres])
        species = np.concatenate([species, _FIRST_KIND + kind[single]])
    found = symmetry_dataset(cell, positions, species, symprec=symprec)
    return ("P1", 1) if found is None else (str(found.international), int(found.number))
