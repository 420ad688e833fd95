"""How a face is written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.slabs.miller import miller_label, parse_miller

if TYPE_CHECKING:
    from heterobuild.model import Crystal, Miller


def face_label(crystal: Crystal, face: Miller) -> str:
    """Return the label of a face, with its pseudo-cubic indices where they differ.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    face : tuple of int
        Miller indices in the conventional setting.

    Returns
    -------
    str
        Such as ``(010) = (001)pc``.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> face_label(load_crystal("CsPbBr3_orthorhombic"), (0, 1, 0))
    '(010) = (001)pc'
    >>> face_label(load_crystal("SrTiO3"), (1, -1, 0))
    '(1-10)'
    """
    label = miller_label(face)
    if crystal.pseudocubic is None:
        return label
    indices = np.rint(12 * crystal.pseudocubic @ np.array(face)).astype(int).tolist()
    along = miller_label(parse_miller(indices))
    return label if along == label else f"{label} = {along}pc"
