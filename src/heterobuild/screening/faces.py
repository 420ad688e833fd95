"""The distinct faces of a crystal up to a Miller index."""

from __future__ import annotations

from itertools import product
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.slabs.miller import face_indices
from heterobuild.slabs.surface_cell import surface_cell
from heterobuild.slabs.surface_symmetry import crystal_symmetry

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Miller

HIGHEST_INDEX = 5
"""Faces of higher index have no practical meaning for epitaxy and large surface cells."""

_ALIKE = 1e-4


def distinct_faces(crystal: Crystal, max_index: int = 1) -> tuple[Miller, ...]:
    """Return one face of each kind up to a Miller index.

    Faces that a proper rotation of the crystal's point group maps onto one another are of one
    kind. Those that only an inversion or a reflection relates are mirror images; they are of one
    kind where the plane lattice has a mirror line, and elsewhere they match other lattices
    and are kept apart.

    Parameters
    ----------
    crystal : Crystal
        The crystal. Where only the cell is known, the point group is that of the space-group
        symbol, or the identity where the symbol is unknown.
    max_index : int, optional
        Largest absolute index, along the pseudo-cubic axes of a crystal that has them, so that
        a tilted perovskite shows the faces of the cubic one.

    Returns
    -------
    tuple of tuple of int
        (h, k, l) in the conventional setting, coprime, sorted by the sum of squares.

    Raises
    ------
    UsageError
        If the largest index is not from 1 to 5.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> distinct_faces(load_crystal("CsPbBr3_cubic"))
    ((0, 0, 1), (1, 1, 0), (1, 1, 1))
    """
    require_index(max_index)
    rotations = point_group(crystal)
    proper = np.rint(np.linalg.det(rotations)) > 0
    axes = "" if crystal.pseudocubic is None else "pc"
    left = dict.fromkeys(
        face_indices(crystal, f"{h} {k} {m}{axes}")
        for h, k, m in product(range(-max_index, max_index + 1), repeat=3)
        if gcd(h, k, m) == 1
    )
    found: list[Miller] = []
    while left:
        face = next(iter(left))
        images = _images(face, rotations[proper])
        if not proper.all() and _has_mirror_line(surface_cell(crystal, face)):
            images |= _images(face, rotations)
        images &= set(left)
        found.append(min(images, key=_usual))
        for image in images:
            del left[image]
    return tuple(sorted(found, key=lambda face: (sum(i * i for i in face), _usual(face))))


def require_index(max_index: int) -> None:
    """Refuse a largest index that cannot be meant.

    Parameters
    ----------
    max_index : int
        Largest absolute Miller index.

    Raises
    ------
    UsageError
        If it is not from 1 to 5.
    """
    if not 1 <= max_index <= HIGHEST_INDEX:
        raise UsageError(
            "the largest Miller index is out of range",
            where="max_index",
            measured=max_index,
            allowed=f"1 to {HIGHEST_INDEX}",
            next_step="use 1 for the low-index faces",
        )


def point_group(crystal: Crystal) -> IntArray:
    """Return the rotation parts of a crystal's operations.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    (m, 3, 3) int array
        Matrices that act on columns of conventional fractions, the identity included.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> len(point_group(load_phase("CsPbBr3_cubic"))), len(point_group(load_phase("BA2PbI4")))
    (48, 8)
    """
    if crystal.atoms is not None:
        return np.unique(crystal_symmetry(crystal).rotations, axis=0).astype(np.int64)
    import gemmi

    find: Any = gemmi.find_spacegroup_by_name  # its annotation forgets None
    group = find(crystal.space_group.replace("_", ""))
    if group is None:
        return np.eye(3, dtype=np.int64)[None]
    operations = group.operations().sym_ops
    rotations = np.array([operation.rot for operation in operations]) // gemmi.Op.DEN
    return np.unique(rotations, axis=0).astype(np.int64)


def _images(face: Miller, rotations: IntArray) -> set[Miller]:
    return {(h, k, m) for h, k, m in (np.array(face) @ rotations).tolist()}


def _usual(face: Miller) -> tuple[object, ...]:
    """Put the face first that people would write: (001), (110), (111), few minus signs."""
    negative = sum(index < 0 for index in face)
    single = sum(index != 0 for index in face) == 1
    return (negative, face if single else tuple(-index for index in face))


def _has_mirror_line(cell: FloatArray) -> bool:
    """Tell whether a reduced plane lattice is rectangular, centred, square or hexagonal."""
    first, second = (cell**2).sum(axis=1)
    across = abs(float(cell[0] @ cell[1]))
    least = min(across, abs(first - second), abs(2 * across - first))
    return bool(least < _ALIKE * max(first, second))
