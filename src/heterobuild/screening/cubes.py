"""The cube of a crystal: pseudo-cubic axes of perovskites, else the cell of cubic crystals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.strain import principal_strains

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal, Miller

LAYERED = 1.25
"""Ratio of the third axis to the first two beyond which it is the step to the next layer; the
distortions of three-dimensional perovskites stay below 1.1."""

FIRST_CUBIC = 195
"""Number of the first cubic space group."""

QUARTER_TURN = np.array([[0, 1], [-1, 0]])


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
    >>> from heterobuild.crystals import load_crystal
    >>> cube_of(load_crystal("PEA2PbBr4"))
    Cube(kind='in-plane pseudo-cubic', edges=(5.8075, 5.81375), mean=5.810625)
    >>> cube_of(load_crystal("NaCl")).kind, cube_of(load_crystal("Cs4PbBr6"))
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


def cube_on_cube(film: FloatArray, substrate: FloatArray) -> tuple[float, float]:
    """Return the principal misfits of two faces laid edge on edge.

    Parameters
    ----------
    film, substrate : (2, 2) float array
        Edges as `cube_face` returns them.

    Returns
    -------
    tuple of float
        (film − substrate)/substrate along the two principal directions, the larger magnitude
        first; of the two ways to lay edge on edge the less strained one.

    Examples
    --------
    >>> [round(misfit, 4) for misfit in cube_on_cube(np.diag([5.874] * 2), np.diag([5.68] * 2))]
    [0.0342, 0.0342]
    """
    ways = [np.linalg.solve(film, substrate), np.linalg.solve(film, QUARTER_TURN @ substrate)]
    return min((misfits_of(principal_strains(way)) for way in ways), key=lambda pair: abs(pair[0]))


def misfits_of(strains: FloatArray) -> tuple[float, float]:
    """Turn strains of the film into misfits.

    Parameters
    ----------
    strains : (2,) float array
        Principal engineering strains of the film when it takes the substrate's lattice.

    Returns
    -------
    tuple of float
        (film − substrate)/substrate, which is 1/(1 + strain) − 1, the larger magnitude first.
    """
    first, second = (float(misfit) for misfit in 1 / (1 + np.asarray(strains)) - 1)
    return (first, second) if abs(first) >= abs(second) else (second, first)


def _axes(crystal: Crystal) -> FloatArray | None:
    """Return the axes of the cube in Å, rows."""
    if crystal.pseudocubic is not None:
        axes: FloatArray = crystal.pseudocubic @ crystal.cell
        return axes
    return crystal.cell if crystal.space_group_number >= FIRST_CUBIC else None


def _is_layered(axes: FloatArray) -> bool:
    lengths = np.linalg.norm(axes, axis=1)
    return bool(lengths[2] > LAYERED * lengths[:2].mean())
