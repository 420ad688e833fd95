"""Elastic constants of the library, and the answer of a strained layer along its free normal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.data_files import read_toml

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

DEFAULT_YOUNG = 15.0
"""GPa; the middle of what nanoindentation finds for lead halide perovskites (10–20 GPa)."""

DEFAULT_POISSON = 0.30
"""Poisson ratio that the field uses for halide perovskites."""

VOIGT = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
HELD, FREE = [0, 1, 5], [2, 3, 4]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stiffness:
    """Elastic constants of one crystal.

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa along the pseudo-cubic axes, order xx, yy, zz, yz, xz, xy with
        engineering shears.
    source : str
        Where the numbers come from, and of which phase.
    assumed : bool
        True where nothing is known of this compound and the isotropic default stands in.
    """

    matrix: FloatArray
    source: str
    assumed: bool


def stiffness(phase: str, formula: str) -> Stiffness:
    """Look up the elastic constants of a phase.

    In this order: the tensor of the phase, Young modulus and Poisson ratio of the phase, the
    same two of another phase of the compound, and an isotropic default.

    Parameters
    ----------
    phase : str
        Name of the phase in the library, such as ``CsPbBr3_cubic``.
    formula : str
        Short formula, such as ``CsPbBr3``.

    Returns
    -------
    Stiffness
        The constants and their origin.

    Examples
    --------
    >>> stiffness("CsPbBr3_cubic", "CsPbBr3").matrix[0, :2].tolist()
    [42.0, 7.0]
    >>> stiffness("mine.cif", "Cs2SnI6").assumed
    True
    """
    tables = _tables()
    related = [row["phase"] for table in tables.values() for row in _rows(table)]
    others = [name for name in dict.fromkeys(related) if name.split("_")[0] == formula]
    for name in dict.fromkeys([phase, *others]):
        for row in _rows(tables["single_crystal_constants"]):
            if row["phase"] == name and {"C11", "C12", "C44"} <= row.keys():
                return _known(cubic_stiffness(row["C11"], row["C12"], row["C44"]), row, phase)
        for row in _rows(tables["engineering_constants"]):
            if row["phase"] == name and {"young_modulus", "poisson"} <= row.keys():
                matrix = isotropic_stiffness(row["young_modulus"], row["poisson"])
                return _known(matrix, row, phase)
    return Stiffness(
        matrix=isotropic_stiffness(DEFAULT_YOUNG, DEFAULT_POISSON),
        source=(
            f"assumed isotropic and typical of halide perovskites, E = {DEFAULT_YOUNG:g} GPa, "
            f"Poisson ratio {DEFAULT_POISSON:g}"
        ),
        assumed=True,
    )


def cubic_stiffness(c11: float, c12: float, c44: float) -> FloatArray:
    """Return the Voigt matrix of a cubic crystal along its axes.

    Parameters
    ----------
    c11, c12, c44 : float
        Constants in GPa.

    Returns
    -------
    (6, 6) float array
        Matrix in GPa.
    """
    matrix = np.zeros((6, 6))
    matrix[:3, :3] = c12
    matrix[np.diag_indices(6)] = [c11] * 3 + [c44] * 3
    return matrix


def isotropic_stiffness(young: float, poisson: float) -> FloatArray:
    """Return the Voigt matrix of an isotropic body.

    Parameters
    ----------
    young : float
        Young modulus in GPa.
    poisson : float
        Poisson ratio.

    Returns
    -------
    (6, 6) float array
        Matrix in GPa.
    """
    scale = young / ((1 + poisson) * (1 - 2 * poisson))
    return cubic_stiffness(scale * (1 - poisson), scale * poisson, young / (2 * (1 + poisson)))


def turn_stiffness(matrix: FloatArray, rotation: FloatArray) -> FloatArray:
    """Express a Voigt matrix in a turned frame.

    Parameters
    ----------
    matrix : (6, 6) float array
        Matrix in GPa in the old frame.
    rotation : (3, 3) float array
        Proper rotation of row vectors from the old frame to the new, ``x' = x @ rotation``.

    Returns
    -------
    (6, 6) float array
        Matrix in GPa in the new frame.
    """
    index = np.zeros((3, 3), dtype=int)
    for voigt, (i, j) in enumerate(VOIGT):
        index[i, j] = index[j, i] = voigt
    tensor = matrix[index[:, :, None, None], index[None, None, :, :]]
    turned = np.einsum("ai,bj,ck,dl,abcd->ijkl", *[rotation] * 4, tensor, optimize=True)
    i, j = np.array(VOIGT).T
    result: FloatArray = turned[i[:, None], j[:, None], i[None, :], j[None, :]]
    return result


def free_normal_strain(matrix: FloatArray, in_plane: FloatArray) -> FloatArray:
    """Complete an in-plane strain so that no stress acts on the free surface.

    The three conditions σ_zz = σ_yz = σ_xz = 0 fix the three strains with a z component. For
    a cubic (001) layer this is ε_zz = −(C12/C11)(ε_xx + ε_yy).

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa in the frame whose z is the normal.
    in_plane : (2, 2) float array
        Symmetric strain in the plane, fraction.

    Returns
    -------
    (3, 3) float array
        Symmetric small-strain tensor.

    Examples
    --------
    >>> full = free_normal_strain(cubic_stiffness(42, 7, 4), np.diag([0.03, 0.03]))
    >>> round(float(full[2, 2]), 6)
    -0.01
    """
    free, held = FREE, HELD
    given = np.array([in_plane[0, 0], in_plane[1, 1], 2 * in_plane[0, 1]])
    answer = np.linalg.solve(matrix[np.ix_(free, free)], -matrix[np.ix_(free, held)] @ given)
    strain = np.zeros((3, 3))
    strain[:2, :2] = in_plane
    strain[2, 2] = answer[0]
    strain[1, 2] = strain[2, 1] = answer[1] / 2
    strain[0, 2] = strain[2, 0] = answer[2] / 2
    return strain


def plane_stress(matrix: FloatArray) -> FloatArray:
    """Return the stiffness of a layer whose surface is free.

    The strains with a z component follow the others so that σ_zz = σ_yz = σ_xz = 0
    (`free_normal_strain`); what is left is Q = C_hh − C_hf C_ff⁻¹ C_fh, with h the components
    held in the plane and f the free ones.

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa in the frame whose z is the normal.

    Returns
    -------
    (3, 3) float array
        Q in GPa, order xx, yy, xy with engineering shear.

    Examples
    --------
    >>> plane_stress(cubic_stiffness(42, 7, 4)).round(3).tolist()
    [[40.833, 5.833, 0.0], [5.833, 40.833, 0.0], [0.0, 0.0, 4.0]]
    """
    coupling = matrix[np.ix_(FREE, HELD)]
    answer = np.linalg.solve(matrix[np.ix_(FREE, FREE)], coupling)
    condensed = matrix[np.ix_(HELD, HELD)] - coupling.T @ answer
    return np.asarray((condensed + condensed.T) / 2)


def average_poisson(matrix: FloatArray) -> float:
    """Return the Poisson ratio of a crystal averaged over all directions.

    Mean of the bounds of Voigt and Reuss for bulk and shear modulus, after Hill
    (10.1088/0370-1298/65/5/307).

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa in any frame.

    Returns
    -------
    float
        Poisson ratio.

    Examples
    --------
    >>> round(average_poisson(isotropic_stiffness(15.0, 0.3)), 9)
    0.3
    """
    compliance = np.linalg.inv(matrix)
    normal, mixed, shear = _sums(matrix)
    soft_normal, soft_mixed, soft_shear = _sums(compliance)
    bulk = ((normal + 2 * mixed) / 9 + 1 / (soft_normal + 2 * soft_mixed)) / 2
    voigt = (normal - mixed + 3 * shear) / 15
    reuss = 15 / (4 * soft_normal - 4 * soft_mixed + 3 * soft_shear)
    mean = (voigt + reuss) / 2
    return float((3 * bulk - 2 * mean) / (2 * (3 * bulk + mean)))


def _sums(matrix: FloatArray) -> tuple[float, float, float]:
    """Return the sums of a Voigt matrix over xx–xx, over xx–yy, and over the shears."""
    diagonal = np.diagonal(matrix)
    mixed = matrix[0, 1] + matrix[0, 2] + matrix[1, 2]
    return float(diagonal[:3].sum()), float(mixed), float(diagonal[3:].sum())


@cache
def _tables() -> dict[str, Any]:
    """Return the elastic constants, read once; never changed."""
    return read_toml("elastic.toml")


def _rows(table: object) -> list[dict[str, Any]]:
    return [row for row in table if "phase" in row] if isinstance(table, list) else []


def _known(matrix: FloatArray, row: dict[str, Any], phase: str) -> Stiffness:
    borrowed = "" if row["phase"] == phase else f", measured or computed on {row['phase']}"
    source = f"{row['source']} ({row['kind']}, confidence {row['confidence']}{borrowed})"
    return Stiffness(matrix=matrix, source=source, assumed=False)
