"""Structure types of halide perovskites and relatives, and which one a composition has."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from heterobuild.chemistry.sites import SITES, total
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.chemistry.sites import Amounts

LAYERED = ("ruddlesden_popper", "dion_jacobson")

THICKEST = 20
"""Most octahedra across one sheet."""


@dataclass(frozen=True, kw_only=True)
class StructureType:
    """The number of sites in one formula unit.

    Parameters
    ----------
    prototype : str
        As in `heterobuild.model.Compound`.
    layers : int
        Number of octahedra across one sheet; 0 where there are none.
    counts : tuple of int
        Sites ``spacer``, ``A``, ``B``, ``X``.
    """

    prototype: str
    layers: int
    counts: tuple[int, int, int, int]


SIMPLE = tuple(
    StructureType(prototype=name, layers=0, counts=(0, a, b, x))
    for name, a, b, x in (
        ("abx3", 1, 1, 3),
        ("a4bx6", 4, 1, 6),
        ("ab2x5", 1, 2, 5),
        ("a2bx6", 2, 1, 6),
        ("ab2x3", 1, 2, 3),
        ("a3b2x5", 3, 2, 5),
    )
)
"""Types without spacers; a double perovskite is first an ABX3 of two metals."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How a composition compares with a structure type.

    Parameters
    ----------
    structure : StructureType
        The type.
    scale : fractions.Fraction
        Formula units of the type in the formula as written.
    off : mapping of str to tuple
        Sites whose amount differs: found and expected, per formula unit as written.
    """

    structure: StructureType
    scale: Fraction
    off: Mapping[str, tuple[Fraction, Fraction]]


def layered_type(n: int, charge: int) -> StructureType:
    """Return the layered type of n octahedra.

    Parameters
    ----------
    n : int
        Number of octahedra across one sheet, from 1.
    charge : int
        Charge of a spacer: 1 for A'2A(n−1)BnX(3n+1), 2 for A'A(n−1)BnX(3n+1).

    Returns
    -------
    StructureType
        The type.
    """
    return StructureType(
        prototype=LAYERED[charge - 1], layers=n, counts=(3 - charge, n - 1, n, 3 * n + 1)
    )


def nearest_type(sites: Mapping[str, Amounts], charge: int) -> Fit:
    """Return the structure type that a composition has, or comes nearest to.

    Parameters
    ----------
    sites : mapping of str to dict
        Amounts by site, from `heterobuild.chemistry.sites.assign_sites`.
    charge : int
        Charge of the spacers; 0 without.

    Returns
    -------
    Fit
        The fit with most sites that agree, then of a whole number of formula units, then with
        the least relative deviation.

    Raises
    ------
    UsageError
        If there are so few spacers that sheets would be thicker than `THICKEST`.

    Examples
    --------
    >>> sites = {"spacer": {}, "A": {"Cs": Fraction(4)}, "B": {"Pb": Fraction(1)},
    ...          "X": {"Br": Fraction(6)}}
    >>> nearest_type(sites, 0).structure.prototype
    'a4bx6'
    """
    found = tuple(total(sites[site]) for site in SITES)
    fits = [
        _fit(structure, scale, found)
        for structure in _candidates(found, charge)
        for scale in {n / k for n, k in zip(found, structure.counts, strict=True) if n and k}
    ]
    return min(fits, key=_badness)


def _candidates(found: tuple[Fraction, ...], charge: int) -> tuple[StructureType, ...]:
    """Return the types to compare with: the simple ones, or the layered ones."""
    if not charge:
        return SIMPLE
    spacers, _, metals, _ = found
    thickness = (3 - charge) * metals / spacers
    if thickness > THICKEST:
        raise UsageError(
            "there are too few spacers for a layered compound",
            measured=f"{float(spacers):g} spacers for {float(metals):g} metals, sheets of "
            f"n = {float(thickness):g} octahedra",
            allowed=f"n from 1 to {THICKEST}",
            next_step="give a smaller n, or write the perovskite without spacers",
        )
    return tuple(layered_type(n, charge) for n in range(1, THICKEST + 1))


def _fit(structure: StructureType, scale: Fraction, found: tuple[Fraction, ...]) -> Fit:
    """Compare the sites of a composition with those of a type."""
    off = {
        site: (n, k * scale)
        for site, n, k in zip(SITES, found, structure.counts, strict=True)
        if n != k * scale
    }
    return Fit(structure=structure, scale=scale, off=off)


def _badness(fit: Fit) -> tuple[int, bool, Fraction, Fraction, tuple[int, ...]]:
    """Order fits; the last entries only break ties."""
    deviation = sum(
        (abs(found - wanted) / max(found, wanted) for found, wanted in fit.off.values()),
        Fraction(0),
    )
    whole = fit.scale.denominator == 1
    return len(fit.off), not whole, deviation, abs(fit.scale - 1), fit.structure.counts
