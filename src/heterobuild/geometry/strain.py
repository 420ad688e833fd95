"""Finite deformations of row vectors: polar decomposition, measures of strain, sharing.

A map acts from the right, ``x' = x @ G``. It is split as ``G = U @ R``: first the symmetric
stretch U in the frame of the undeformed body, then the proper rotation R.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray


def polar(deformation: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Split a deformation into stretch and rotation.

    Parameters
    ----------
    deformation : (n, n) float array
        Map G of row vectors with positive determinant.

    Returns
    -------
    stretch : (n, n) float array
        Symmetric positive U.
    rotation : (n, n) float array
        Proper rotation R with ``G = U @ R``.

    Raises
    ------
    ValueError
        If the determinant is not positive: that would be a reflection.

    Examples
    --------
    >>> stretch, rotation = polar(np.array([[0.0, 1.1], [-1.0, 0.0]]))
    >>> stretch.round(3).tolist(), rotation.round(3).tolist()
    ([[1.1, 0.0], [0.0, 1.0]], [[0.0, 1.0], [-1.0, 0.0]])
    """
    if not np.linalg.det(deformation) > 0:
        raise ValueError("a deformation must keep the handedness (positive determinant)")
    left, values, right = np.linalg.svd(deformation)
    return (left * values) @ left.T, left @ right


def stretch_power(stretch: FloatArray, exponent: float) -> FloatArray:
    """Return a power of a symmetric stretch: a share of its logarithmic strain.

    Parameters
    ----------
    stretch : (n, n) float array
        Symmetric positive matrix U.
    exponent : float
        Share f; 0 gives no strain, 1 all of it, and shares f and 1 − f compose to U.

    Returns
    -------
    (n, n) float array
        Uᶠ.

    Examples
    --------
    >>> stretch_power(np.diag([1.21, 1.0]), 0.5).round(6).tolist()
    [[1.1, 0.0], [0.0, 1.0]]
    """
    values, vectors = np.linalg.eigh(stretch)
    power: FloatArray = (vectors * values**exponent) @ vectors.T
    return power


def principal_strains(deformation: FloatArray) -> FloatArray:
    """Return the engineering principal strains of a map, largest first.

    Parameters
    ----------
    deformation : (..., n, n) float array
        Maps of row vectors.

    Returns
    -------
    (..., n) float array
        Singular values minus 1, fractions.

    Examples
    --------
    >>> principal_strains(np.diag([0.98, 1.03])).round(3).tolist()
    [0.03, -0.02]
    """
    values: FloatArray = np.linalg.svd(deformation, compute_uv=False) - 1
    return values


def logarithmic_strain(deformation: FloatArray) -> FloatArray:
    """Return the logarithmic (Hencky) strain of a map in the frame after it.

    It is ½ ln(Gᵀ G), whose eigenvalues are the logarithms of the principal stretches.

    Parameters
    ----------
    deformation : (n, n) float array
        Map G of row vectors.

    Returns
    -------
    (n, n) float array
        Symmetric tensor, fraction.

    Examples
    --------
    >>> logarithmic_strain(np.diag([np.e, 1.0])).round(6).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    values, vectors = np.linalg.eigh(deformation.T @ deformation)
    strain: FloatArray = (vectors * (np.log(values) / 2)) @ vectors.T
    return strain


def stretch_of(strain: FloatArray) -> FloatArray:
    """Return the stretch of a logarithmic strain, its matrix exponential.

    Parameters
    ----------
    strain : (n, n) float array
        Symmetric tensor, fraction.

    Returns
    -------
    (n, n) float array
        Symmetric positive U = exp(strain).

    Examples
    --------
    >>> stretch_of(np.diag([1.0, 0.0])).round(3).tolist()
    [[2.718, 0.0], [0.0, 1.0]]
    """
    values, vectors = np.linalg.eigh(strain)
    stretch: FloatArray = (vectors * np.exp(values)) @ vectors.T
    return stretch


def right_stretches(gradients: FloatArray) -> FloatArray:
    """Return the symmetric stretches of many deformations.

    Parameters
    ----------
    gradients : (n, 3, 3) float array
        Deformations G of row vectors, ``x' = x @ G``.

    Returns
    -------
    (n, 3, 3) float array
        The U of ``G = U @ R`` with a rotation R.

    Examples
    --------
    >>> turn = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    >>> right_stretches((np.diag([1.1, 1.0, 1.0]) @ turn)[None])[0].round(9).diagonal().tolist()
    [1.1, 1.0, 1.0]
    """
    squares, axes = np.linalg.eigh(gradients @ gradients.transpose(0, 2, 1))
    stretches: FloatArray = (axes * np.sqrt(squares)[:, None, :]) @ axes.transpose(0, 2, 1)
    return stretches


def von_mises(strain: FloatArray) -> float:
    """Return the von Mises equivalent of a strain in the plane.

    √(⅔ e : e), where e is the deviator of the tensor completed with zeros along the normal. In
    principal strains this is ⅔ √(ε₁² − ε₁ε₂ + ε₂²): two thirds of ε for an equal strain ε along
    both directions.

    Parameters
    ----------
    strain : (2, 2) float array
        Symmetric strain in the plane, fraction.

    Returns
    -------
    float
        Equivalent strain, fraction.

    Examples
    --------
    >>> round(von_mises(np.diag([0.03, 0.03])), 9)
    0.02
    """
    trace = float(strain[0, 0] + strain[1, 1])
    return float(np.sqrt(max(2 / 3 * (float(np.sum(strain**2)) - trace**2 / 3), 0.0)))


def plane_rotation(angle: float) -> FloatArray:
    """Return the rotation of row vectors about z, counter-clockwise seen from above.

    Parameters
    ----------
    angle : float
        Angle in degrees.

    Returns
    -------
    (3, 3) float array
        Matrix R for ``x @ R``.

    Examples
    --------
    >>> (np.array([1.0, 0.0, 0.0]) @ plane_rotation(90)).round(6).tolist()
    [0.0, 1.0, 0.0]
    """
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def rotation_angle(rotation: FloatArray) -> float:
    """Return the angle of a plane rotation of row vectors.

    Parameters
    ----------
    rotation : (2, 2) or (3, 3) float array
        Rotation about z.

    Returns
    -------
    float
        Angle in degrees in (−180, 180], counter-clockwise seen from above.

    Examples
    --------
    >>> rotation_angle(plane_rotation(-30.0))
    -30.0
    """
    angle = round(float(np.degrees(np.arctan2(rotation[0, 1], rotation[0, 0]))), 9)
    return 180.0 if angle == -180.0 else angle + 0.0
