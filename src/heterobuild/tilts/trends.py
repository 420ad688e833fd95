"""Tilts of compounds that nobody measured: from the tolerance factor, fitted on the library.

A tilt is the order parameter of a transition from the cubic phase, so its square grows linearly
with the distance from where it vanishes. Here that distance is taken on the axis of Goldschmidt's
tolerance factor t: angle² = k (t0 − t), with t0 from the compounds of the library that are cubic
at room temperature and k from the tilted ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.chemistry.descriptors import tolerance_factor
from heterobuild.crystals.library import load_phase
from heterobuild.errors import UsageError
from heterobuild.estimates.measured_lengths import perovskite_ions, perovskite_phases
from heterobuild.estimates.tolerance import CUBIC_FROM
from heterobuild.tilts.angles import tilt_angles
from heterobuild.tilts.glazer import parse_tilting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heterobuild.tilts.glazer import Signs

FEWEST = 2
"""Phases that a fit needs, so that one can be predicted from another."""


@dataclass(frozen=True, kw_only=True)
class TiltEstimate:
    """Tilts that were not measured.

    Parameters
    ----------
    angles : tuple of float
        The tilt about each pseudo-cubic axis in degrees.
    error : float
        Mean absolute error in degrees of the total tilt of the phases of the fit, each predicted
        from the others.
    rule : str
        How they were found, in words; empty where there are none.
    """

    angles: tuple[float, float, float]
    error: float
    rule: str


def estimate_tilts(
    a: str, b: str, x: str, symbol: str, *, without: Collection[str] = ()
) -> TiltEstimate:
    """Estimate the tilts of a compound in one of the tilt systems that halides have.

    The total tilt, the root of the sum of squares, is fitted on the refined phases of the
    library with single ions on A, whose radii are of one kind: for one tilted axis on those with
    one, for three on the phases Pnma, which also give the ratio of antiphase to in-phase tilt.
    Where the compound should be cubic, the smallest tilt of the fit is taken.

    Parameters
    ----------
    a, b, x : str
        Ions such as ``Cs``, ``Pb``, ``Br``; molecular cations by short name.
    symbol : str
        Tilt system in Glazer's notation: ``a0a0a0``, one tilted axis, or ``a+b-b-`` in any
        order of the axes.
    without : collection of str, optional
        Names of phases or formulas that are left out of the fit; none by default.

    Returns
    -------
    TiltEstimate
        The angles.

    Raises
    ------
    UsageError
        If there is no fit for the tilt system, or too few phases are left.
    UnknownNameError
        If an ion has no radius.

    Examples
    --------
    >>> [round(angle) for angle in estimate_tilts("Cs", "Pb", "Br", "a-a-c+").angles]
    [6, 6, 11]
    """
    signs = parse_tilting(symbol).signs
    if signs == ("0", "0", "0"):
        return TiltEstimate(angles=(0.0, 0.0, 0.0), error=0.0, rule="")
    measured = _measured(_kind(signs, symbol), frozenset(without))
    if len(measured) < FEWEST:
        raise UsageError(
            f"too few phases are left to estimate the tilts {symbol}",
            measured=", ".join(measured) or "none",
            allowed=f"at least {FEWEST}",
            next_step="leave fewer phases out, or give the angles",
        )
    total = _total(tolerance_factor(a, b, x), list(measured.values()))
    ratio = float(np.mean([tilt.ratio for tilt in measured.values()]))
    share = {"0": 0.0, "+": 1.0, "-": ratio if "+" in signs else 1.0}
    parts = np.array([share[sign] for sign in signs])
    first, second, third = (float(angle) for angle in total * parts / np.linalg.norm(parts))
    error = _error(list(measured.values()))
    return TiltEstimate(
        angles=(first, second, third),
        error=error,
        rule=f"square of the tilts linear in the tolerance factor, fitted to {', '.join(measured)} "
        f"({error:.1f} degrees mean error of those left out)",
    )


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """Total tilt in degrees and its ratio of antiphase to in-phase, of one phase."""

    tolerance: float
    total: float
    ratio: float


def _kind(signs: Signs, symbol: str) -> int:
    """Return the number of tilted axes of a system that the library has."""
    if signs.count("0") == 2:
        return 1
    if signs.count("+") == 1 and signs.count("-") == 2:
        return 3
    raise UsageError(
        f"no tilts are known from which those of {symbol} could be estimated",
        next_step="give the angles, see tilted_perovskite",
    )


@cache
def _measured(axes: int, without: frozenset[str]) -> Mapping[str, _Measured]:
    """Measure the phases of the library with that many tilted axes, in the order of names."""
    found = {}
    for phase in sorted(perovskite_phases(), key=lambda phase: phase.name):
        ions = perovskite_ions(phase.formula)
        if ions[0] not in atomic_numbers or phase.source.coordinates != "high":
            continue
        if {phase.name, phase.formula} & without:
            continue
        tilts = tilt_angles(load_phase(phase.name))
        if sum(sign != "0" for sign in tilts.signs) == axes:
            plus, minus = tilts.in_phase.max(), tilts.antiphase.max()
            found[phase.name] = _Measured(
                tolerance=tolerance_factor(*ions),
                total=float(np.linalg.norm(tilts.angles)),
                ratio=float(minus / plus) if plus > 0 else 0.0,
            )
    return found


def _total(tolerance: float, measured: list[_Measured]) -> float:
    """Predict the total tilt in degrees."""
    slope = float(np.mean([t.total**2 / (CUBIC_FROM - t.tolerance) for t in measured]))
    smallest = min(tilt.total for tilt in measured)
    return math.sqrt(max(slope * (CUBIC_FROM - tolerance), smallest**2))


def _error(measured: list[_Measured]) -> float:
    """Predict each phase from the others, and return the mean absolute error in degrees."""
    errors = [
        abs(_total(tilt.tolerance, measured[:i] + measured[i + 1 :]) - tilt.total)
        for i, tilt in enumerate(measured)
    ]
    return float(np.mean(errors))
