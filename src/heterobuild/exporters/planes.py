"""The lowest atomic planes of a structure, to be frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from ase import Atoms
    from numpy.typing import NDArray

# Units of one plane lie closer together than this; planes that share a label (the two sides
# of a sandwich) lie far apart.
_RUMPLING = 2.5


def lowest_planes(atoms: Atoms, count: int) -> NDArray[np.bool_]:
    """Select the lowest planes along the normal of a and b, molecules whole.

    A plane is the set of ions and molecules that share region and layer; its height is the
    mean height of their centres.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    count : int
        Number of planes.

    Returns
    -------
    (n,) bool array
        True for the atoms of the lowest planes.

    Raises
    ------
    UsageError
        If the number is negative or larger than the number of planes.
    """
    if count == 0:
        return np.zeros(len(atoms), dtype=np.bool_)
    cell = atoms.cell.array
    normal = np.cross(cell[0], cell[1])
    unit = labels.units(atoms)
    size = np.bincount(unit)
    height = np.bincount(unit, atoms.positions @ normal / np.linalg.norm(normal)) / size
    first = np.unique(unit, return_index=True)[1]
    region, layer = (atoms.arrays[name][first] for name in (labels.REGION, labels.LAYER))
    order = np.lexsort((height, layer, region))
    new = (np.diff(region[order]) != 0) | (np.diff(layer[order]) != 0)
    new |= np.diff(height[order]) > _RUMPLING
    plane = np.empty(len(order), dtype=np.int64)
    plane[order] = np.concatenate([[0], np.cumsum(new)])
    mean = np.bincount(plane, height) / np.bincount(plane)
    if not 0 < count <= len(mean):
        raise UsageError(
            "so many planes cannot be frozen",
            where="freeze_layers",
            measured=count,
            allowed=f"0 to {len(mean)}",
        )
    chosen = np.argsort(mean, kind="stable")[:count]
    frozen: NDArray[np.bool_] = np.isin(plane, chosen)[unit]
    return frozen
