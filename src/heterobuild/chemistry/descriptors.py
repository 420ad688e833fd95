"""Geometric descriptors of perovskites: tolerance factors and the octahedral factor.

Radii are those of ``structures/radii.toml``: Shannon's for twelve-fold A and six-fold B and X
(10.1107/S0567739476001551), and the effective radii of molecular cations of Kieslich, Sun and
Cheetham (10.1039/C4SC02211D). Ions that share a site count with the mean of their radii.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from heterobuild.chemistry.ions import formal_charge, ion_table, ionic_radius
from heterobuild.chemistry.valences import balanced_charges

if TYPE_CHECKING:
    from fractions import Fraction

    from heterobuild.model import Compound

Ions: TypeAlias = str | Mapping[str, float]

TWELVEFOLD = 12
SIXFOLD = 6
BARTEL_LIMIT = 4.18
"""New tolerance factor below which 92 % of perovskites lie (10.1126/sciadv.aav0693)."""


@dataclass(frozen=True, kw_only=True)
class Descriptors:
    """Descriptors of one compound; None where they are not defined or a radius is unknown.

    Parameters
    ----------
    tolerance_factor : float or None
        Goldschmidt's factor.
    octahedral_factor : float or None
        Ratio of the radii of B and X.
    new_tolerance_factor : float or None
        That of Bartel and others; perovskites lie below `BARTEL_LIMIT`.
    """

    tolerance_factor: float | None
    octahedral_factor: float | None
    new_tolerance_factor: float | None


def tolerance_factor(a: Ions, b: Ions, x: Ions) -> float:
    """Return Goldschmidt's tolerance factor, (r_A + r_X) / √2 (r_B + r_X).

    Parameters
    ----------
    a, b, x : str or mapping of str to float
        The ion on each site, or the ions with their shares or amounts.

    Returns
    -------
    float
        One for spheres that touch in the cubic perovskite (Goldschmidt 1926,
        10.1007/BF01507527).

    Raises
    ------
    UnknownNameError
        If the radius of an ion is not known.

    Examples
    --------
    >>> round(tolerance_factor("MA", "Pb", "I"), 3), round(tolerance_factor("Cs", "Pb", "I"), 3)
    (0.912, 0.851)
    >>> round(tolerance_factor({"FA": 0.85, "Cs": 0.15}, "Pb", {"Br": 0.4, "I": 0.6}), 3)
    0.974
    """
    r_a, r_b, r_x = _radius(a, TWELVEFOLD), _radius(b, SIXFOLD), _radius(x, SIXFOLD)
    return (r_a + r_x) / (math.sqrt(2) * (r_b + r_x))


def octahedral_factor(b: Ions, x: Ions) -> float:
    """Return the octahedral factor, r_B / r_X.

    Parameters
    ----------
    b, x : str or mapping of str to float
        The ion on each site, or the ions with their shares or amounts.

    Returns
    -------
    float
        √2 − 1 = 0.414 where six touching X just hold B (Li and others 2008,
        10.1107/S0108768108032734).

    Raises
    ------
    UnknownNameError
        If the radius of an ion is not known.

    Examples
    --------
    >>> round(octahedral_factor("Pb", "I"), 3)
    0.541
    """
    return _radius(b, SIXFOLD) / _radius(x, SIXFOLD)


def new_tolerance_factor(a: Ions, b: Ions, x: Ions, *, a_charge: int = 1) -> float:
    """Return the tolerance factor of Bartel and others (10.1126/sciadv.aav0693).

    It is r_X/r_B − n_A (n_A − (r_A/r_B) / ln(r_A/r_B)).

    Parameters
    ----------
    a, b, x : str or mapping of str to float
        The ion on each site, or the ions with their shares or amounts.
    a_charge : int, optional
        Charge n_A of the A cation in e; one in halides.

    Returns
    -------
    float
        Below 4.18 for most compounds that are perovskites; infinite where A is not larger
        than B.

    Raises
    ------
    UnknownNameError
        If the radius of an ion is not known.

    Examples
    --------
    >>> round(new_tolerance_factor("Cs", "Pb", "Br"), 2)
    4.1
    """
    r_a, r_b, r_x = _radius(a, TWELVEFOLD), _radius(b, SIXFOLD), _radius(x, SIXFOLD)
    if r_a <= r_b:
        return math.inf
    ratio = r_a / r_b
    return r_x / r_b - a_charge * (a_charge - ratio / math.log(ratio))


def describe_compound(compound: Compound) -> Descriptors:
    """Return the descriptors of a compound.

    Parameters
    ----------
    compound : Compound
        Any compound.

    Returns
    -------
    Descriptors
        Those of an ABX3 or a double perovskite, B and B' with the mean of their radii; None for
        other structure types, and where the radius is known for another charge only.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> round(describe_compound(parse_compound("Cs2AgBiBr6")).tolerance_factor, 3)
    0.89
    >>> describe_compound(parse_compound("PEA2PbI4")).tolerance_factor is None
    True
    """
    amounts = {ion: n for entry in compound.sublattices for ion, n in entry.amounts}
    if compound.prototype not in ("abx3", "double_perovskite") or not _charges_match(amounts):
        return Descriptors(tolerance_factor=None, octahedral_factor=None, new_tolerance_factor=None)
    a, x = _shares(compound, "A"), _shares(compound, "X")
    b = _shares(compound, "B", "B'")
    return Descriptors(
        tolerance_factor=tolerance_factor(a, b, x),
        octahedral_factor=octahedral_factor(b, x),
        new_tolerance_factor=new_tolerance_factor(a, b, x),
    )


def _radius(ions: Ions, coordination: int) -> float:
    """Return the mean radius in Å of the ions on a site."""
    if isinstance(ions, str):
        return ionic_radius(ions, coordination)
    total = sum(ions.values())
    return sum(n * ionic_radius(ion, coordination) for ion, n in ions.items()) / total


def _charges_match(amounts: Mapping[str, Fraction]) -> bool:
    """Tell whether the tabulated radii are those of the charges that the ions have."""
    charges = balanced_charges(amounts) or {}
    return bool(charges) and all(
        ion in ion_table() and formal_charge(ion) == charge for ion, charge in charges.items()
    )


def _shares(compound: Compound, *names: str) -> dict[str, float]:
    """Return the amounts on one or two sublattices."""
    return {ion: float(n) for name in names for ion, n in compound.on(name).amounts}
