"""The plane lattice of a face, also of phases of which only the cell is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.slabs.miller import face_indices
from heterobuild.slabs.stacking import surface_basis, upright
from heterobuild.slabs.surface_symmetry import crystal_symmetry

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal

CENTRINGS: dict[str, list[tuple[float, float, float]]] = {
    "A": [(0, 0.5, 0.5)],
    "B": [(0.5, 0, 0.5)],
    "C": [(0.5, 0.5, 0)],
    "I": [(0.5, 0.5, 0.5)],
    "F": [(0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)],
    "R": [(2 / 3, 1 / 3, 1 / 3), (1 / 3, 2 / 3, 2 / 3)],
}
"""Centring vectors by the first letter of the Hermann–Mauguin symbol, R on hexagonal axes."""


def surface_cell(crystal: Crystal, miller: object) -> FloatArray:
    """Return the primitive surface cell of a face, reduced.

    Parameters
    ----------
    crystal : Crystal
        Any crystal; its atoms are not needed.
    miller : sequence of int or str
        The face, see `heterobuild.slabs.miller.face_indices`.

    Returns
    -------
    (2, 2) float array
        Row vectors in Å, right-handed, the first along x; ready for `find_matches`.

    Raises
    ------
    UsageError
        If the Miller indices cannot be read.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> surface_cell(load_crystal("BA2PbI4"), "001").round(2).tolist()
    [[8.69, 0.0], [0.0, 8.88]]
    """
    if crystal.atoms is None:
        letter = crystal.space_group[:1].upper()
        centrings = np.array([(0.0, 0.0, 0.0), *CENTRINGS.get(letter, ())])
    else:
        centrings = crystal_symmetry(crystal).centrings
    basis = surface_basis(crystal.cell, face_indices(crystal, miller), centrings)
    cell, _ = upright(basis @ crystal.cell)
    plane: FloatArray = cell[:2, :2]
    return plane
