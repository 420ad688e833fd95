"""The cube of a crystal: pseudo-cubic axes of perovskites, else the cell of cubic crystals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal, Miller

LAYERED = 1.25
"""Ratio of the third axis to the first two beyond which it is the step to the next layer; the
distortions of three-dimensional perovskites stay below 1.1."""

FIRST_CUBIC = 195
"""Number of the first cubic space group."""


@dataclass(frozen=True, kw_only=True)
class Cube:
    """Edge lengths to compare.

    Parameters
    ----------
    kind : str
        ``pseudo-cubic``; ``in-plane pseudo-cubic`` for layered phases; ``cubic cell`` for cubic
        crystals that are no perovskites.
    edges : tuple of float
        Lengths in Å: three, or the two in the plane of a layered phase.
    mean : float
        Arithmetic mean of the edges in Å.
    """

    kind: str
    edges: tuple[float, ...]
    mean: float


def cube_of(crystal: Crystal) -> Cube | None:
    """Return the edges by which a crystal is compared with others.

    Parameters
    ----------
    crystal : Crystal
        Any crystal; its atoms are not needed.

    Returns
    -------
    Cube or None
        The edges; None where the crystal has no cube.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> cube_of(load_phase("PEA2PbBr4"))
    Cube(kind='in-plane pseudo-cubic', edges=(5.8075, 5.81375), mean=5.810625)
    >>> cube_of(load_phase("NaCl")).kind, cube_of(load_phase("Cs4PbBr6"))
    ('cubic cell', None)
    """
    axes = _axes(crystal)
    if axes is None:
        return None
    kind = "cubic cell" if crystal.pseudocubic is None else "pseudo-cubic"
    if _is_layered(axes):
        axes, kind = axes[:2], "in-plane pseudo-cubic"
    edges = [float(edge) for edge in np.linalg.norm(axes, axis=1).round(9)]
    return Cube(kind=kind, edges=tuple(edges), mean=round(sum(edges) / len(edges), 9))


def cube_face(crystal: Crystal, miller: Miller) -> FloatArray | None:
    """Return the two edges of the cube that span a face.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.
    miller : tuple of int
        The face in the conventional setting.

    Returns
    -------
    (2, 2) float array or None
        Edges in Å in a frame of the face, rows, right-handed about its normal; None where the
        face is no face of the cube.
    """
    axes = _axes(crystal)
    if axes is None:
        return None
    indices = np.array(miller) if crystal.pseudocubic is None else crystal.pseudocubic @ miller
    along = np.flatnonzero(np.abs(indices) > 1e-6)
    if len(along) != 1 or (_is_layered(axes) and along[0] != 2):
        return None
    plane = axes[[(along[0] + 1) % 3, (along[0] + 2) % 3]]
    edges: FloatArray = np.linalg.cholesky(plane @ plane.T)
    return edges


def _axes(crystal: Crystal) -> FloatArray | None:
    """Return the axes of the cube in Å, rows."""
    if crystal.pseudocubic is not None:
        axes: FloatArray = crystal.pseudocubic @ crystal.cell
        return axes
    return crystal.cell if crystal.space_group_number >= FIRST_CUBIC else None


def _is_layered(axes: FloatArray) -> bool:
    lengths = np.linalg.norm(axes, axis=1)
    return bool(lengths[2] > LAYERED * lengths[:2].mean())
