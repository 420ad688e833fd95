"""The surface cells of many faces of one crystal, and how the crystal lies in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.slabs.stacking import surface_basis, upright
from heterobuild.slabs.surface_cell import CENTRINGS
from heterobuild.slabs.surface_symmetry import crystal_symmetry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal, Miller


def face_frames(crystal: Crystal, faces: Sequence[Miller]) -> tuple[FloatArray, FloatArray]:
    """Return the surface cells of faces and the rotations into their frames.

    The symmetry of the crystal is looked up once for all faces.

    Parameters
    ----------
    crystal : Crystal
        Any crystal; its atoms are not needed.
    faces : sequence of tuple of int
        Miller indices in the conventional setting.

    Returns
    -------
    cells : (k, 2, 2) float array
        Primitive surface cells in Å, as `heterobuild.slabs.surface_cell.surface_cell`.
    turns : (k, 3, 3) float array
        Rotations of row vectors from the crystal's frame into that of the face, the first vector
        of its cell along x and z along the normal.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> cells, turns = face_frames(load_crystal("CsPbBr3_cubic"), [(0, 0, 1), (1, 1, 0)])
    >>> [round(float(np.linalg.det(cell)), 2) for cell in cells]
    [34.5, 48.8]
    """
    if crystal.atoms is None:
        extra = CENTRINGS.get(crystal.space_group[:1].upper(), [])
        centrings = np.array([(0.0, 0.0, 0.0), *extra])
    else:
        centrings = crystal_symmetry(crystal).centrings
    found = [upright(surface_basis(crystal.cell, f, centrings) @ crystal.cell) for f in faces]
    cells = np.array([cell[:2, :2] for cell, _ in found]).reshape(-1, 2, 2)
    return cells, np.array([turn for _, turn in found]).reshape(-1, 3, 3)
