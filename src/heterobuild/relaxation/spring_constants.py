"""Spring constants of a perovskite network that has given elastic constants.

The network of a cubic perovskite with edge a has springs B–X (k_b), X–X along the twelve edges of
each octahedron (k_e), A–X (k_a), and one term for each octahedron, ½ k_v (sum of the elongations
of its six B–X bonds)². Each site is a centre of inversion, so a homogeneous strain moves no site
relative to the others, and the constants of the crystal are sums over the bonds::

    C11 = k_b / 2a + (k_e + k_a) / a + k_v / a
    C12 = (k_e + k_a) / 2a + k_v / a
    C44 = (k_e + k_a) / 2a

Without k_v these would obey Cauchy's relation C12 = C44. The elastic constants leave the share of
k_e in k_e + k_a open. The crystal and every part cut from it is stable if, and the crystal only
if, k_b > 0, k_a > 0 and k_b + 6 k_v + 4 k_e > 0: an off-centre B, turning octahedra (which hold all
lengths but A–X) and breathing octahedra.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

GPA = 1 / 160.21766208
"""One GPa in eV/Å³."""

EDGE_SHARE = 0.5
"""Share of X–X in the springs that carry shear, where stability allows it: both alike, since the
elastic constants do not tell them apart."""

MOST_EDGE = 0.9
"""Largest share of X–X: what is left holds the octahedra against turning."""

MARGIN = 0.02
"""Distance kept from instability, as a fraction of C11, so that no mode is so soft that the
displacements mean nothing."""


@dataclass(frozen=True, kw_only=True)
class SpringConstants:
    """Spring constants of one phase.

    Parameters
    ----------
    bond, edge, cavity : float
        Stiffness of a spring B–X, X–X and A–X in eV/Å².
    breathing : float
        Stiffness of the sum of the six B–X elongations of an octahedron in eV/Å²; negative where
        C12 < C44.
    asked, met : tuple of float
        C11, C12, C44 in GPa that were asked for and that the network has in the cubic crystal.
    """

    bond: float
    edge: float
    cavity: float
    breathing: float
    asked: tuple[float, float, float]
    met: tuple[float, float, float]

    @property
    def missed(self) -> tuple[str, ...]:
        """The constants that no stable network of this kind has, in words.

        Returns
        -------
        tuple of str
            One entry a constant; empty where all three are met.
        """
        rows = zip(("C11", "C12", "C44"), self.asked, self.met, strict=True)
        return tuple(
            f"{name} {met:.2f} GPa instead of {asked:.2f} GPa"
            for name, asked, met in rows
            if abs(met - asked) > 1e-6 * max(abs(entry) for entry in self.asked)
        )


def fit_constants(matrix: FloatArray, lattice_parameter: float) -> SpringConstants:
    """Find the stable springs whose crystal has given elastic constants.

    All three constants are met exactly where C44, C11 − C12 − C44 and, with the largest share of
    X–X, C11 + 2 C12 − 4 (1 − share) C44 exceed `MARGIN` C11. Elsewhere the nearest constants that
    fulfil this, by least squares, are taken, and `SpringConstants.missed` says so.

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix in GPa along the pseudo-cubic axes. A matrix that is not cubic is averaged
        over the turns of the cube.
    lattice_parameter : float
        Edge in Å of the cube that holds one formula unit: the cube root of its volume.

    Returns
    -------
    SpringConstants
        The springs, the constants asked for and those met.

    Raises
    ------
    UsageError
        If the matrix describes no solid, or the length is not positive.

    Examples
    --------
    >>> from heterobuild.chemistry.elasticity import cubic_stiffness
    >>> found = fit_constants(cubic_stiffness(42, 7, 4), 5.87)
    >>> round(found.bond, 3), round(found.edge, 3), round(found.breathing, 3), found.missed
    (2.272, 0.147, 0.11, ())
    >>> fit_constants(cubic_stiffness(22, 11, 16), 6.0).missed[2]
    'C44 14.16 GPa instead of 16.00 GPa'
    """
    if not lattice_parameter > 0 or not np.isfinite(lattice_parameter):
        raise UsageError("a lattice parameter must be positive", measured=f"{lattice_parameter} Å")
    asked = cubic_average(matrix)
    c11, c12, c44 = met = _nearest_stable(asked)
    share = float(np.clip(1 - (c11 * (1 - MARGIN) + 2 * c12) / (4 * c44), EDGE_SHARE, MOST_EDGE))
    scale = lattice_parameter * GPA
    return SpringConstants(
        bond=2 * scale * (c11 - c12 - c44),
        edge=2 * scale * c44 * share,
        cavity=2 * scale * c44 * (1 - share),
        breathing=scale * (c12 - c44),
        asked=asked,
        met=met,
    )


def cubic_average(matrix: FloatArray) -> tuple[float, float, float]:
    """Return C11, C12 and C44 of a stiffness averaged over the turns of the cube.

    Parameters
    ----------
    matrix : (6, 6) float array
        Voigt matrix along the axes of the cube.

    Returns
    -------
    tuple of float
        C11, C12, C44 in the unit of the matrix.
    """
    diagonal = np.diagonal(matrix)
    mixed = (matrix[0, 1] + matrix[0, 2] + matrix[1, 2]) / 3
    return float(diagonal[:3].mean()), float(mixed), float(diagonal[3:].mean())


def _nearest_stable(asked: tuple[float, float, float]) -> tuple[float, float, float]:
    """Project C11, C12, C44 on the cone of stable networks: Moreau's decomposition."""
    from scipy.optimize import nnls

    limits = np.array(
        [
            [-MARGIN, 0.0, 1.0],
            [1.0 - MARGIN, -1.0, -1.0],
            [1.0 - MARGIN, 2.0, -4.0 * (1.0 - MOST_EDGE)],
        ]
    )
    if not np.isfinite(asked).all():
        raise UsageError("elastic constants must be numbers", measured=asked)
    if (limits @ asked >= 0).all() and asked[0] > 0:
        return asked
    multipliers, _ = nnls(limits.T, -np.array(asked))
    c11, c12, c44 = (float(value) for value in asked + multipliers @ limits)
    if not c44 > 1e-9 * max(abs(value) for value in asked):
        listed = ", ".join(f"{value:g}" for value in asked)
        raise UsageError("elastic constants of no solid", measured=f"{listed} GPa")
    return c11, c12, c44
