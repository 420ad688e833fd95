"""Cells of a structure type, scaled from its measured members to another composition.

The lengths of one structure type are proportional to a sum of radii, w times the contact of A
and X and once that of B and X: s = w (rA + rX) + (rB + rX). Each axis has its own factor, the mean
over the members. w = 2 holds for all families of halides here; the repeat of a chain of octahedra
that share edges follows the octahedra more, with w = 1/2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.chemistry.charged_radii import charged_radius, compound_charges
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.estimates.library_fits import LONE_PAIR, perovskite_fit
from heterobuild.estimates.measured_lengths import room_factor

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.crystals.phase_files import PhaseFile
    from heterobuild.model import Compound

AXES = (2.0, 2.0, 2.0)
"""Weights of the contact of A and X for the three axes."""

MOLECULES = {False: 0.6, True: 0.25}
"""Share that counts of what the radius of a molecule exceeds that of Cs by. Radii of molecules are
those in cages of ABX3. Between separate octahedra, chains or layers they take less room (key
False), and along axes on which B and X form an endless network they can stretch its bonds by no
more than in ABX3 (key True). The cell of hexagonal FAPbI3 is judged by it in the documentation."""

OUTSIDE = 0.2
"""Share of a scaling beyond the members of a family that is taken as its error. Changes of the
metal or of A by 10 % move single axes of the delta and hexagonal phases by up to 3 % more or less
than their radii say."""


LARGER = 0.4
"""Share of the scaling by the full radius of a molecule, from Cs, that is taken as its error: it
gives 5 % for hexagonal FAPbI3, whose axes are missed by 4 and 5 %."""


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
    *,
    endless: tuple[bool, bool, bool] = (False, False, False),
    without: Collection[str] = (),
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
    endless : tuple of bool, optional
        Axes along which bonds of B to X go on and on, see `MOLECULES`.
    without : collection of str, optional
        Names of phases or formulas that radii must not rest on; none by default.

    Returns
    -------
    ScaledCell
        The cell; its angles are the means of those of the members. The error grows with how far
        radii lie outside those of the members.

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
    measure = partial(contact_sum, without=frozenset(without))
    counted = tuple(zip(weights, [MOLECULES[along] for along in endless], strict=True))
    scales = np.array([[measure(member, *how) for how in counted] for member in members])
    lengths = np.array([measure(compound, *how) for how in counted])
    lengths *= (axes / scales).mean(axis=0)
    full = np.array([[measure(member, w) for w in weights] for member in members])
    wanted = np.array([measure(compound, w, 0.0) for w in weights])
    molecular = np.array([measure(compound, w) for w in weights]) / wanted - 1.0
    angles = np.array([t.lengths_angles[3:] for t in templates]).mean(axis=0)
    above, below = wanted / full.max(axis=0) - 1.0, 1.0 - wanted / full.min(axis=0)
    beyond = float(np.maximum(np.maximum(above, below), 0.0).mean())
    a, b, c, alpha, beta, gamma = (float(value) for value in (*lengths, *angles))
    return ScaledCell(
        lengths_angles=(a, b, c, alpha, beta, gamma),
        error=float(np.abs(left_out(axes, scales)).mean())
        + OUTSIDE * beyond
        + LARGER * float(molecular.mean()),
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
def contact_sum(
    compound: Compound,
    weight: float = 2.0,
    share: float = 1.0,
    *,
    without: frozenset[str] = frozenset(),
) -> float:
    """Return the sum of radii that the lengths of a structure type follow.

    Parameters
    ----------
    compound : Compound
        A pure compound.
    weight : float, optional
        Weight of the contact of A and X.
    share : float, optional
        Share that counts of what the radius of a molecule on A exceeds that of Cs by.
    without : frozenset of str, optional
        As in `octahedral_radius`.

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
    metal = float(
        np.mean([octahedral_radius(name, charges[name], without=without) for name in metals])
    )
    cation, largest = compound.on("A").parent, ionic_radius("Cs", 12)
    radius = ionic_radius(cation, 12)
    if cation not in atomic_numbers:
        radius = largest + share * (radius - largest)
    return weight * (radius + halide) + metal + halide


def octahedral_radius(symbol: str, charge: int, *, without: frozenset[str] = frozenset()) -> float:
    """Return the radius of a B cation as the lengths of its octahedra show it.

    Parameters
    ----------
    symbol : str
        Element.
    charge : int
        Formal charge in e.
    without : frozenset of str, optional
        Names of phases or formulas of perovskites that do not count; none by default.

    Returns
    -------
    float
        The octahedral radius in Å. For divalent cations with a lone pair that are smaller than
        Pb a part of the difference is given back, the share that the perovskites of the library
        show.

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
    _, bond, pair, _ = perovskite_fit(without).coefficients
    return radius + float(pair / bond) * (ionic_radius("Pb", 6) - radius)
