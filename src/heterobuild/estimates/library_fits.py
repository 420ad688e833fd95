"""Rules for lengths, fitted to the library: perovskites, bonds, sheets of octahedra."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.charged_radii import charged_radius
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.estimates.measured_lengths import (
    by_formula,
    in_plane_length,
    ions_on,
    layered_phases,
    mean_bond,
    perovskite_ions,
    perovskite_phases,
    terminal_height,
    volume_length,
)
from heterobuild.estimates.radii_fit import RadiiFit, fit_lengths, fit_ratio, predict
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

DIVALENT = 2
"""Charge in e of B in ABX3 and in sheets of layered phases, whose A and spacers have one each."""

LONE_PAIR = ("Ge", "Sn", "Pb")
"""Divalent cations with a lone pair of s electrons."""

REFERENCE = "MA"
"""The cation whose perovskite a sheet is compared with: most layered phases hold it, or none."""


@cache
def perovskite_fit(without: frozenset[str] = frozenset()) -> RadiiFit:
    """Fit the pseudo-cubic length of the perovskites of the library.

    Parameters
    ----------
    without : frozenset of str, optional
        Names of phases or formulas whose compounds are left out.

    Returns
    -------
    RadiiFit
        The rule, with the error of each compound.
    """
    lengths = by_formula(perovskite_phases(), volume_length, without)
    terms = [perovskite_terms(*perovskite_ions(name)) for name in lengths]
    return fit_lengths(tuple(lengths), np.array(terms), np.array(list(lengths.values())))


@cache
def bond_fit(without: frozenset[str] = frozenset()) -> RadiiFit:
    """Fit the mean bond of the perovskites of the library.

    Parameters
    ----------
    without : frozenset of str, optional
        Names of phases or formulas whose compounds are left out.

    Returns
    -------
    RadiiFit
        The rule, with the error of each compound.
    """
    known = [p for p in perovskite_phases() if any(s.role is Site.X for s in p.sites)]
    lengths = by_formula(known, lambda phase: mean_bond(phase.path), without)
    terms = [bond_terms(*perovskite_ions(name)[1:]) for name in lengths]
    return fit_lengths(tuple(lengths), np.array(terms), np.array(list(lengths.values())))


@cache
def sheet_ratio(*, single: bool, without: frozenset[str] = frozenset()) -> tuple[float, float, int]:
    """Compare the in-plane lengths of layered phases with those of estimated perovskites.

    Parameters
    ----------
    single : bool
        Phases with one layer of octahedra across a sheet, or those with more.
    without : frozenset of str, optional
        Names of phases or formulas whose compounds are left out.

    Returns
    -------
    ratio : float
        Mean ratio.
    error : float
        Mean absolute relative error of phases that are predicted from the others.
    count : int
        Number of compounds.
    """
    chosen = [p for p in layered_phases() if (octahedra_across(p.formula) == 1) == single]
    lengths = by_formula(chosen, in_plane_length, without)
    cubes = [
        predict(perovskite_fit(without), perovskite_terms(REFERENCE, *sheet_ions(name)[:2]))[0]
        for name in lengths
    ]
    return (*fit_ratio(np.array(list(lengths.values())), np.array(cubes)), len(cubes))


@cache
def terminal_ratio(without: frozenset[str] = frozenset()) -> tuple[float, float, int]:
    """Compare the height of terminal halides over their B cations with the estimated bond.

    Parameters
    ----------
    without : frozenset of str, optional
        Names of phases or formulas whose compounds are left out.

    Returns
    -------
    ratio : float
        Mean ratio, over layered phases of single octahedra of which atoms are known.
    error : float
        Mean absolute relative error of phases that are predicted from the others.
    count : int
        Number of compounds.
    """
    known = [p for p in layered_phases() if p.sites and octahedra_across(p.formula) == 1]
    lengths = by_formula(known, lambda phase: terminal_height(phase.path), without)
    bonds = []
    for name in lengths:
        b, _, end = sheet_ions(name)
        bonds.append(predict(bond_fit(without), bond_terms(b, end))[0])
    return (*fit_ratio(np.array(list(lengths.values())), np.array(bonds)), len(bonds))


def octahedra_across(formula: str) -> int:
    """Return the number of octahedra across one sheet of a layered phase.

    Parameters
    ----------
    formula : str
        Short formula such as ``BA2MAPb2I7``.

    Returns
    -------
    int
        B cations in the formula.

    Examples
    --------
    >>> octahedra_across("BA2MAPb2I7")
    2
    """
    return sum(expand_formula(formula)[name] for name in ions_on(formula, Site.B))


def sheet_ions(formula: str) -> tuple[str, str, str]:
    """Return the B cation of a layered phase, its bridging and its terminal halide.

    Parameters
    ----------
    formula : str
        Short formula such as ``Cs2PbI2Cl2``.

    Returns
    -------
    tuple of str
        B, the bridging halide, the terminal halide: of two the smaller bridges, which the
        corners of octahedra need (Cs2PbI2Cl2, 10.1021/jacs.8b06046).

    Examples
    --------
    >>> sheet_ions("Cs2PbI2Cl2")
    ('Pb', 'Cl', 'I')
    """
    halides = sorted(ions_on(formula, Site.X), key=ionic_radius)
    return ions_on(formula, Site.B)[0], halides[0], halides[-1]


def perovskite_terms(a: str, b: str, x: str) -> FloatArray:
    """Return the terms of the pseudo-cubic length.

    Parameters
    ----------
    a, b, x : str
        Ions.

    Returns
    -------
    (4,) float array
        One, rB + rX in Å, what a lone pair adds, and rA in Å.
    """
    return np.append(bond_terms(b, x), ionic_radius(a, 12))


def bond_terms(b: str, x: str) -> FloatArray:
    """Return the terms of the bond.

    Parameters
    ----------
    b, x : str
        Ions.

    Returns
    -------
    (3,) float array
        One, rB + rX in Å with B of charge +2 and the halide between two cations, and for cations
        with a lone pair by how much they are smaller than Pb.
    """
    metal = charged_radius(b, DIVALENT)
    pair = charged_radius("Pb", DIVALENT) - metal if b in LONE_PAIR else 0.0
    return np.array([1.0, metal + ionic_radius(x, 2), pair])
