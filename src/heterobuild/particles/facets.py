"""Faces of polyhedral particles: how they are written, and which are equivalent."""

from __future__ import annotations

import itertools
import math
import numbers
import re
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cubes import cube_of
from heterobuild.crystals.symmetry import symmetry_dataset
from heterobuild.errors import UsageError
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import KIND, units

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal

SYMPREC = 0.01
"""Å; tolerance within which measured coordinates have the symmetry of their space group."""

_NEXT = 'write "100", "1-10" or "1 1 0"; four indices (hkil) of a hexagonal cell'
_KINDS = 200


def read_facet(text: str) -> tuple[int, int, int]:
    """Read the indices of a face.

    Parameters
    ----------
    text : str
        Such as ``100``, ``1-10``, ``{1 1 0}``, or four indices of a hexagonal cell.

    Returns
    -------
    tuple of int
        (h, k, l), coprime.

    Raises
    ------
    UsageError
        If these are no indices, or all are zero.

    Examples
    --------
    >>> read_facet("1-10"), read_facet("(2, 2, 0)"), read_facet("10-10")
    ((1, -1, 0), (1, 1, 0), (1, 0, 0))
    """
    words = str(text).strip().strip("()[]{}").strip()
    index = r"-?\d+" if re.search(r"[\s,]", words) else r"-?\d"
    read = re.fullmatch(rf"{index}(?:[\s,]*{index})*", words)
    indices = [int(word) for word in re.findall(index, words)] if read else []
    if len(indices) == 4 and indices[0] + indices[1] + indices[2] == 0:
        del indices[2]
    factor = math.gcd(*indices) if len(indices) == 3 else 0
    if factor == 0:
        raise UsageError(
            "these are no indices of a face", where="facets", measured=repr(text), next_step=_NEXT
        )
    h, k, m = (number // factor for number in indices)
    return h, k, m


def read_facets(facets: dict[str, float]) -> tuple[FloatArray, FloatArray]:
    """Read families of faces and their surface energies.

    Parameters
    ----------
    facets : dict of str to float
        Energy by indices.

    Returns
    -------
    (f, 3) float array
        Indices of one face of each family.
    (f,) float array
        Energies, in the given unit.

    Raises
    ------
    UsageError
        If there is no face, indices cannot be read, or an energy is not positive.
    """
    if not facets:
        raise UsageError(
            "a Wulff polyhedron needs its faces",
            where="facets",
            next_step='give energies such as {"100": 1.0, "111": 1.2}',
        )
    for name, energy in facets.items():
        if not _is_energy(energy):
            raise UsageError(
                "this surface energy cannot be used",
                where=f"facets, {name}",
                measured=repr(energy),
                allowed="above 0",
            )
    indices = np.array([read_facet(name) for name in facets], dtype=np.float64)
    return indices, np.array(list(facets.values()), dtype=np.float64)


def _is_energy(value: object) -> bool:
    """Return whether a value is a positive number."""
    return isinstance(value, numbers.Real) and 0 < float(value) < math.inf


def cube_operations() -> FloatArray:
    """Return the operations of a cube.

    Returns
    -------
    (48, 3, 3) float array
        Signed permutations of the axes.
    """
    signs = itertools.product((1.0, -1.0), repeat=3)
    permutations = [np.eye(3)[list(p)] for p in itertools.permutations(range(3))]
    return np.array([np.diag(sign) @ p for sign in signs for p in permutations])


def equivalences(crystal: Crystal) -> FloatArray:
    """Return the operations that make equivalent faces of one.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    (m, 3, 3) float array
        Operations on row indices, ``hkl' = hkl @ operation``: the 48 of the cube for pseudo-cubic
        axes, whatever the tilts; the 16 of them that keep the stacking axis for layered phases;
        the point group of the crystal where it has no such axes.

    Raises
    ------
    MissingAtomsError
        If a crystal without pseudo-cubic axes has no atoms.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> [len(equivalences(load_phase(name))) for name in ("CsPbBr3_orthorhombic", "Cs4PbBr6")]
    [48, 12]
    """
    if crystal.pseudocubic is None:
        return _point_group(crystal)
    cube = cube_of(crystal)
    operations = cube_operations()
    if cube is not None and len(cube.edges) == 2:
        operations = operations[operations[:, 2, 2] != 0]
    return operations


def _point_group(crystal: Crystal) -> FloatArray:
    """Return the rotations that spglib finds, molecules counting as points."""
    atoms = crystal.require_atoms()
    unit = units(atoms)
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    species = np.zeros(len(centres), dtype=np.int64)
    kinds = atoms.arrays[KIND]
    species[unit] = np.where(kinds > 0, _KINDS + kinds, atoms.numbers)
    found = symmetry_dataset(crystal.cell, centres, species, symprec=SYMPREC)
    if found is None:
        return np.eye(3)[None]
    return np.unique(np.asarray(found.rotations, dtype=np.float64), axis=0)
