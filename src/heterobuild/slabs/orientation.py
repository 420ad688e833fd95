"""How the axes of a crystal lie in the frame of its slab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import pseudocubic_directions

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal, Stacking


def crystal_to_slab(stacking: Stacking) -> FloatArray:
    """Return the rotation of row vectors from the crystal's frame into the slab's.

    Parameters
    ----------
    stacking : Stacking
        The turned crystal.

    Returns
    -------
    (3, 3) float array
        Proper rotation.
    """
    rotation: FloatArray = np.linalg.solve(stacking.basis @ stacking.crystal.cell, stacking.cell)
    return rotation


def cation_axes(crystal: Crystal, rotation: FloatArray) -> FloatArray:
    """Return the pseudo-cubic directions along which cations are laid in a slab.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    rotation : (3, 3) float array
        Proper rotation of row vectors from the crystal's frame into the slab's.

    Returns
    -------
    (3, 3) float array
        Unit rows, right-handed, ordered so that the last is nearest to the normal: aligned
        cations then lie in the plane and add least to the dipole along the normal.
    """
    axes = pseudocubic_directions(crystal.cell, crystal.pseudocubic) @ rotation
    upright = int(np.argmax(np.abs(axes[:, 2])))
    return np.roll(axes, 2 - upright, axis=0)
