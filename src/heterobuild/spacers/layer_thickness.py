"""Thickness of organic layers by model, fitted to the layered phases of the library."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.crystals.phase_files import phase_files
from heterobuild.errors import UsageError
from heterobuild.estimates.lengths import Estimate, octahedron_height
from heterobuild.estimates.organic_layers import spaced_phases
from heterobuild.spacers.bodies import as_spacer, outer_volume
from heterobuild.spacers.fits import HEAD_DEPTH

if TYPE_CHECKING:
    from collections.abc import Collection

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Molecule

_FEWEST_SPACERS = 2


def organic_thickness(
    molecule: Molecule, area_per_spacer: float, *, without: Collection[str] = ()
) -> Estimate:
    """Estimate the distance of the terminal halide planes on both sides of an organic layer.

    A bilayer of spacers with one head each measures 2 (c0 + c1 v / S): S is the area, v the van
    der Waals volume of the spacer outside the reach of its N (3.7 Å, see
    `heterobuild.spacers.bodies.POCKET`). The part near the N shares its space with the
    terminal halides, whatever it is; that is c0. 1/c1 is the packing coefficient of the rest.
    Both are fitted to the distances in the library: the measured spacing of sheets less the
    thickness of a sheet. A spacer with two heads stands upright between two pockets, so its layer
    measures the distance of the two N less twice their depth.

    Parameters
    ----------
    molecule : Molecule
        The spacer.
    area_per_spacer : float
        Area of one square of a sheet in Å².
    without : collection of str, optional
        Names or formulas of phases whose compounds are left out of the fit; none by default.

    Returns
    -------
    Estimate
        The distance in Å; the error is the mean over the phases of the library, each predicted
        from the others.

    Raises
    ------
    UsageError
        If the area is not positive, the molecule is no spacer, or no two kinds of spacer are left
        for the fit.

    Examples
    --------
    >>> pea = load_molecule("PEA")
    >>> round(organic_thickness(pea, 38.2, without=["PEA2PbI4"]).value, 0)
    10.0
    """
    if not area_per_spacer > 0:
        raise UsageError(
            "the area of a square is positive",
            measured=f"{area_per_spacer} Å²",
            next_step="give the in-plane cell in Å",
        )
    spacer = as_spacer(molecule)
    if spacer.two_headed:
        error = _two_headed_error(frozenset(without))
        rule = f"the N–N distance of {molecule.name}, {spacer.length:.2f} Å, less twice the depth "
        rule += f"of its heads, {HEAD_DEPTH} Å"
        return Estimate(value=spacer.length - 2 * HEAD_DEPTH, error=error, rule=rule)
    coefficients, error, count = _bilayer_fit(frozenset(without))
    half = coefficients @ [1.0, outer_volume(spacer) / area_per_spacer]
    rule = f"2 ({coefficients[0]:.2f} Å + {coefficients[1]:.2f} v / S) of the volume v of the "
    rule += f"spacer beyond the pocket and the area S, fitted to {count} phases of the library"
    return Estimate(value=float(2 * half), error=error, rule=rule)


@cache
def _bilayer_fit(without: frozenset[str]) -> tuple[FloatArray, float, int]:
    """Return the coefficients, the error of predictions, and the number of phases."""
    terms, halves, formulas = _bilayers(without)
    if len(set(np.round(terms[:, 2], 3).tolist())) < _FEWEST_SPACERS:
        raise UsageError(
            "too few measured organic layers are left to estimate one",
            measured=f"{len(terms)} phases",
            allowed="at least two kinds of spacer",
            next_step="leave out fewer phases, or give the thickness of the organic layer",
        )
    errors = []
    for formula in sorted(set(formulas)):
        others = np.array([entry != formula for entry in formulas])
        if len(set(np.round(terms[others, 2], 3).tolist())) < _FEWEST_SPACERS:
            continue
        part = np.linalg.lstsq(terms[others, :2], halves[others], rcond=None)[0]
        errors += (np.abs(terms[~others, :2] @ part / halves[~others] - 1.0)).tolist()
    fitted = np.linalg.lstsq(terms[:, :2], halves, rcond=None)[0]
    return fitted, float(np.mean(errors)), len(halves)


def _bilayers(without: frozenset[str]) -> tuple[FloatArray, FloatArray, list[str]]:
    """Return for each measured phase 1, v/S and v, half its organic layer, and its formula."""
    terms, halves, formulas = [], [], []
    for spacer, area, thickness, formula in _measured_layers(without):
        body = as_spacer(load_molecule(spacer))
        if not body.two_headed:
            volume = outer_volume(body)
            terms.append((1.0, volume / area, volume))
            halves.append(thickness / 2)
            formulas.append(formula)
    return np.array(terms).reshape(-1, 3), np.array(halves), formulas


@cache
def _two_headed_error(without: frozenset[str]) -> float:
    """Return the mean relative error of the rule for spacers with two heads."""
    errors = [0.05]
    for spacer, _, thickness, _ in _measured_layers(without):
        body = as_spacer(load_molecule(spacer))
        if body.two_headed:
            errors.append(abs((body.length - 2 * HEAD_DEPTH) / thickness - 1.0))
    return float(np.mean(errors[1:] or errors))


@cache
def _measured_layers(without: frozenset[str]) -> tuple[tuple[str, float, float, str], ...]:
    """Return spacer, area of a square, organic thickness and formula of the measured phases."""
    files = {phase.name: phase for phase in phase_files()}
    barred = {files[name].formula if name in files else name for name in without}
    rows = []
    for phase in spaced_phases():
        length = files[phase.name].layers.get("inplane_pseudocubic_a")
        if phase.formula in barred or length is None:
            continue
        sheet = octahedron_height(phase.b, phase.x, phase.layers, without=without).value
        rows.append((phase.spacer, float(length) ** 2, phase.spacing - sheet, phase.formula))
    return tuple(rows)
