"""Lengths of compounds that nobody measured: fitted to the radii of the ions on the library.

Every number is for 298 K and carries the relative error that is found when each compound of the
library is predicted from the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heterobuild.estimates.library_fits import (
    REFERENCE,
    bond_fit,
    bond_terms,
    perovskite_fit,
    perovskite_terms,
    sheet_ratio,
    terminal_ratio,
)
from heterobuild.estimates.radii_fit import predict

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A length that was not measured.

    Parameters
    ----------
    value : float
        In Å, at 298 K.
    error : float
        Expected relative error: the mean absolute one over the compounds of the library, each
        predicted from the others, and larger where radii lie outside those of the fit.
    rule : str
        How it was found, in words.
    """

    value: float
    error: float
    rule: str


def pseudocubic_length(a: str, b: str, x: str, *, without: Collection[str] = ()) -> Estimate:
    """Estimate the pseudo-cubic length of a perovskite ABX3.

    The cube root of the volume of one formula unit is linear in radii, as Jiang et al. 2006
    (J. Phys. Chem. Solids 67, 1531) and Ubic (10.1111/j.1551-2916.2007.01881.x) write it:
    c0 + cA rA + cB (rB + rX), fitted to the perovskites of the library. For cations with a lone
    pair (Pb, Sn, Ge) the term cL (rPb - rB) is added: the pair keeps the octahedron of Sn and Ge
    wider than their radii say. Radii are those of A with twelve neighbours, B with six, X with
    two. Each compound counts once, the mean over its perovskite phases, brought to 298 K by
    their coefficients of expansion.

    Parameters
    ----------
    a, b, x : str
        Ions such as ``Cs``, ``Pb``, ``Br``; molecular cations by short name.
    without : collection of str, optional
        Names of phases or formulas whose compounds are left out of the fit, with all their
        phases; none by default.

    Returns
    -------
    Estimate
        The length in Å.

    Raises
    ------
    UnknownNameError
        If an ion has no radius in ``structures/radii.toml``.

    Examples
    --------
    >>> round(pseudocubic_length("Cs", "Pb", "Br", without=["CsPbBr3"]).value, 2)
    5.84
    """
    fit = perovskite_fit(frozenset(without))
    value, error = predict(fit, perovskite_terms(a, b, x))
    return Estimate(
        value=value,
        error=error,
        rule=f"pseudo-cubic length linear in radii, fitted to {len(fit.names)} perovskites of "
        "the library",
    )


def bond_length(b: str, x: str, *, without: Collection[str] = ()) -> Estimate:
    """Estimate the mean bond of a B cation to the six halides of its octahedron.

    Linear in rB + rX, with a term for lone pairs as in `pseudocubic_length`, fitted to the mean
    bonds of the perovskites ABX3 of the library of which atoms are known.

    Parameters
    ----------
    b, x : str
        Ions such as ``Pb`` and ``Br``.
    without : collection of str, optional
        As in `pseudocubic_length`.

    Returns
    -------
    Estimate
        The bond in Å.

    Raises
    ------
    UnknownNameError
        If an ion has no radius in ``structures/radii.toml``.

    Examples
    --------
    >>> round(bond_length("Pb", "I").value, 1)
    3.2
    """
    fit = bond_fit(frozenset(without))
    value, error = predict(fit, bond_terms(b, x))
    return Estimate(
        value=value,
        error=error,
        rule=f"bond linear in radii, fitted to {len(fit.names)} perovskites of the library",
    )


def sheet_length(b: str, x: str, n: int, *, without: Collection[str] = ()) -> Estimate:
    """Estimate the in-plane pseudo-cubic length of a sheet in a layered phase.

    The estimated length of the methylammonium perovskite of the same metal and bridging halide,
    times the mean ratio of the two in the layered phases of the library: one ratio for single
    layers of octahedra, one for thicker sheets. Sheets between organic spacers and between ions
    follow the same ratio within its error.

    Parameters
    ----------
    b, x : str
        Ions such as ``Pb`` and ``I``; the halide is the one that bridges in the plane.
    n : int
        Layers of octahedra across the sheet, from 1.
    without : collection of str, optional
        Names of phases or formulas whose compounds are left out, layered and others.

    Returns
    -------
    Estimate
        The length in Å.

    Raises
    ------
    UnknownNameError
        If an ion has no radius in ``structures/radii.toml``.

    Examples
    --------
    >>> round(sheet_length("Pb", "I", 1).value, 1)
    6.2
    """
    ratio, error, count = sheet_ratio(single=n == 1, without=frozenset(without))
    cube = pseudocubic_length(REFERENCE, b, x, without=without)
    return Estimate(
        value=ratio * cube.value,
        error=max(error, cube.error),
        rule=f"{ratio:.3f} of the estimated length of {REFERENCE}{b}{x}3, the mean ratio of "
        f"{count} layered phases of the library",
    )


def octahedron_height(b: str, x: str, n: int = 1, *, without: Collection[str] = ()) -> Estimate:
    """Estimate the thickness of a sheet between its planes of terminal halides.

    Single layers measure twice the estimated bond, times the mean ratio of the two in the
    layered phases of the library of which atoms are known; each further layer of octahedra adds
    the pseudo-cubic length of a thick sheet.

    Parameters
    ----------
    b, x : str
        Ions such as ``Pb`` and ``I``; the halide is the terminal one.
    n : int, optional
        Layers of octahedra across the sheet; one by default.
    without : collection of str, optional
        As in `sheet_length`.

    Returns
    -------
    Estimate
        The thickness in Å, along the normal.

    Raises
    ------
    UnknownNameError
        If an ion has no radius in ``structures/radii.toml``.

    Examples
    --------
    >>> round(octahedron_height("Pb", "I").value, 1)
    6.3
    """
    ratio, error, count = terminal_ratio(frozenset(without))
    bond = bond_length(b, x, without=without)
    value = 2.0 * ratio * bond.value
    rule = f"{2 * ratio:.3f} of the estimated bond, from {count} layered phases of the library"
    worst = max(error, bond.error)
    if n > 1:
        further = sheet_length(b, x, n, without=without)
        value += (n - 1) * further.value
        worst = max(worst, further.error)
        rule += f", and {n - 1} in-plane lengths"
    return Estimate(value=value, error=worst, rule=rule)
