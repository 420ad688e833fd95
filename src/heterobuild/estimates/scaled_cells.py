"""Cells of a structure type, scaled from its measured members to another composition.

The lengths of one structure type are proportional to a sum of radii, w times the contact of A
and X and once that of B and X: s = w (rA + rX) + (rB + rX). Each axis has its own factor, the mean
over the members. w = 2 holds for all families of halides here; the repeat of a chain of octahedra
that share edges follows the octahedra more, with w = 1/2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.charged_radii import charged_radius, compound_charges
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.estimates.library_fits import LONE_PAIR, perovskite_fit
from heterobuild.estimates.measured_lengths import room_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.crystals.phase_files import PhaseFile
    from heterobuild.model import Compound

AXES = (2.0, 2.0, 2.0)
"""Weights of the contact of A and X for the three axes."""

OUTSIDE = 0.2
"""Share of a scaling beyond the members of a family that is taken as its error. Changes of the
metal or of A by 10 % move single axes of the delta and hexagonal phases by up to 3 % more or less
than their radii say."""


@dataclass(frozen=True, kw_only=True)
class ScaledCell:
    """An estimated cell.

    Parameters
    ----------
    lengths_angles : tuple of float
        a, b, c in Å, α, β, γ in degrees, at 298 K.
    error : float
        Expected relative error of the lengths, mean absolute; nan where a single member leaves
        nothing to measure it by.
    members : int
        Number of compounds it is scaled from.
    """

    lengths_angles: tuple[float, float, float, float, float, float]
    error: float
    members: int


def cell_like(
    templates: Sequence[PhaseFile],
    compound: Compound,
    weights: tuple[float, float, float] = AXES,
) -> ScaledCell:
    """Scale the cells of a structure type to another composition.

    Parameters
    ----------
    templates : sequence of PhaseFile
        Measured phases of one structure type in one setting; at least one.
    compound : Compound
        The pure compound, of the same structure type.
    weights : tuple of float, optional
        Weight of the contact of A and X for each axis.

    Returns
    -------
    ScaledCell
        The cell; its angles are the means of those of the members.

    Raises
    ------
    UnknownNameError
        If a radius is not known.

    Examples
    --------
    >>> from heterobuild.crystals.phase_names import find_phase
    >>> cell = cell_like([find_phase("Cs4PbBr6")[0]], parse_compound("Cs4PbCl6"))
    >>> [round(length, 1) for length in cell.lengths_angles[:3]]
    [13.2, 13.2, 16.6]
    """
    axes = np.array([np.array(t.lengths_angles[:3]) * room_factor(t) for t in templates])
    members = [parse_compound(template.formula) for template in templates]
    scales = np.array([[contact_sum(member, w) for w in weights] for member in members])
    wanted = np.array([contact_sum(compound, w) for w in weights])
    lengths = wanted * (axes / scales).mean(axis=0)
    angles = np.array([t.lengths_angles[3:] for t in templates]).mean(axis=0)
    above, below = wanted / scales.max(axis=0) - 1.0, 1.0 - wanted / scales.min(axis=0)
    beyond = float(np.maximum(np.maximum(above, below), 0.0).mean())
    a, b, c, alpha, beta, gamma = (float(value) for value in (*lengths, *angles))
    return ScaledCell(
        lengths_angles=(a, b, c, alpha, beta, gamma),
        error=float(np.abs(left_out(axes, scales)).mean()) + OUTSIDE * beyond,
        members=len(templates),
    )


def left_out(axes: FloatArray, scales: FloatArray) -> FloatArray:
    """Predict each member of a structure type from the others.

    Parameters
    ----------
    axes : (n, 3) float array
        Lengths in Å.
    scales : (n, 3) float array
        Sums of radii in Å that they follow.

    Returns
    -------
    (n, 3) float array
        Relative errors, nan for a single member.
    """
    ratios = axes / scales
    if len(ratios) == 1:
        return np.full(axes.shape, np.nan)
    rest = (ratios.sum(axis=0) - ratios) / (len(ratios) - 1)
    errors: FloatArray = rest / ratios - 1.0
    return errors


@cache
def contact_sum(compound: Compound, weight: float = 2.0) -> float:
    """Return the sum of radii that the lengths of a structure type follow.

    Parameters
    ----------
    compound : Compound
        A pure compound.
    weight : float, optional
        Weight of the contact of A and X.

    Returns
    -------
    float
        w (rA + rX) + (rB + rX) in Å, the mean over B and B' of a double perovskite.

    Raises
    ------
    UnknownNameError
        If a radius is not known.
    """
    charges = compound_charges(compound)
    halide = ionic_radius(compound.on("X").parent, 2)
    metals = [name for site in ("B", "B'") for name, _ in compound.on(site).amounts]
    metal = float(np.mean([octahedral_radius(name, charges[name]) for name in metals]))
    return weight * (ionic_radius(compound.on("A").parent, 12) + halide) + metal + halide


def octahedral_radius(symbol: str, charge: int) -> float:
    """Return the radius of a B cation as the lengths of its octahedra show it.

    Parameters
    ----------
    symbol : str
        Element.
    charge : int
        Formal charge in e.

    Returns
    -------
    float
        The octahedral radius in Å. For divalent cations with a lone pair that are smaller than
        Pb a part of the difference is given back, the share that all perovskites of the library
        show, whatever is left out elsewhere.

    Raises
    ------
    UnknownNameError
        If no radius is known at this charge.

    Examples
    --------
    >>> octahedral_radius("Pb", 2), octahedral_radius("Sn", 4)
    (1.19, 0.69)
    """
    radius = charged_radius(symbol, charge)
    if symbol not in LONE_PAIR or charge != 2:
        return radius
    _, bond, pair, _ = perovskite_fit().coefficients
    return radius + float(pair / bond) * (ionic_radius("Pb", 6) - radius)
