"""Which ions of a formula go on which sites: spacer, A, B, X."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from heterobuild.chemistry.ions import ion_table, ionic_radius, site_role
from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_role
from heterobuild.chemistry.notation import HALIDES
from heterobuild.chemistry.valences import possible_charges
from heterobuild.errors import UsageError
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Mapping

Amounts: TypeAlias = dict[str, Fraction]

SITES = ("spacer", "A", "B", "X")


def assign_sites(amounts: Mapping[str, Fraction], formula: str) -> dict[str, Amounts]:
    """Put each ion of a formula on the kind of site that it takes in halide perovskites.

    Halides go on X; alkali ions, thallium(I) and molecules that fit the cage on A; other organic
    cations between the sheets; all other metals on B. Where the cations make a perovskite but too
    many are on A, the smallest alkali ions move to B, as in Cs2NaBiCl6. Where A cations alone
    make a layered formula, the largest stand between the sheets, as in Cs2PbI2Cl2.

    Parameters
    ----------
    amounts : mapping of str to fractions.Fraction
        Amount of each element or molecule.
    formula : str
        The formula, for messages.

    Returns
    -------
    dict of str to dict
        Amounts by site, ``spacer``, ``A``, ``B`` and ``X``; a site may be empty.

    Raises
    ------
    UsageError
        If an ion has no place in a halide perovskite, or there is no halide or no metal.
    UnknownNameError
        If no charge is known for an ion.

    Examples
    --------
    >>> sites = assign_sites({"Cs": Fraction(2), "Na": Fraction(1), "Bi": Fraction(1),
    ...                       "Cl": Fraction(6)}, "Cs2NaBiCl6")
    >>> sorted(sites["A"]), sorted(sites["B"])
    (['Cs'], ['Bi', 'Na'])
    """
    sites: dict[str, Amounts] = {site: {} for site in SITES}
    for unit, amount in amounts.items():
        sites[_site(unit, formula)][unit] = amount
    if not sites["X"]:
        raise _missing(formula, "halide", "F, Cl, Br or I on X")
    sites = _small_to_b(sites)
    if not sites["B"]:
        raise _missing(formula, "metal for the B site", "a metal such as Pb, Sn, Ge, Ag, Bi or Cu")
    return sites if sites["spacer"] else _large_between_sheets(sites, formula)


def total(amounts: Mapping[str, Fraction]) -> Fraction:
    """Return the sum of amounts.

    Parameters
    ----------
    amounts : mapping of str to fractions.Fraction
        Amounts on one site.

    Returns
    -------
    fractions.Fraction
        Their sum; zero for none.
    """
    return sum(amounts.values(), Fraction(0))


def by_share(amounts: Mapping[str, Fraction]) -> tuple[tuple[str, Fraction], ...]:
    """Return the ions of a site in the canonical order: larger amount first, then by name.

    Parameters
    ----------
    amounts : mapping of str to fractions.Fraction
        Amounts on one site.

    Returns
    -------
    tuple of (str, fractions.Fraction)
        Ion and amount.
    """
    return tuple(sorted(amounts.items(), key=lambda entry: (-entry[1], entry[0])))


def _site(unit: str, formula: str) -> str:
    """Return the usual site of an ion."""
    if unit in HALIDES:
        return "X"
    charge = possible_charges(unit)[-1]
    if unit in list_molecules():
        if charge <= 0:
            kind = "neutral" if charge == 0 else f"an anion of {charge:+g} e"
            raise UsageError(
                f"{unit} is {kind}, a perovskite has cations there",
                where=formula,
                next_step="name a cation; ligands and interlayers are put on surfaces, not here",
            )
        return "A" if molecule_role(unit) == Site.A else "spacer"
    if charge < 0:
        raise UsageError(
            f"{unit} is no halide",
            where=formula,
            allowed=f"{', '.join(HALIDES)} on X",
            next_step="name a halide; give other crystals by library name or file",
        )
    return "A" if site_role(unit) == Site.A and possible_charges(unit)[0] == 1 else "B"


def _missing(formula: str, what: str, allowed: str) -> UsageError:
    """Make the error for a formula without ions on a site that all structure types have."""
    return UsageError(
        f"the formula has no {what}",
        where=formula,
        allowed=allowed,
        next_step="write a perovskite or relative such as CsPbBr3, or name a library crystal",
    )


def _small_to_b(sites: dict[str, Amounts]) -> dict[str, Amounts]:
    """Move the smallest alkali ions to B where that makes as many A as B in a perovskite."""
    a, b, x = total(sites["A"]), total(sites["B"]), total(sites["X"])
    if sites["spacer"] or a <= b or 3 * (a + b) != 2 * x:
        return sites
    kept, moved = dict(sites["A"]), dict(sites["B"])
    alkali = [unit for unit in kept if unit not in list_molecules()]
    for unit in sorted(alkali, key=lambda unit: (_radius(unit), unit)):
        if 2 * total(kept) <= a + b:
            break
        moved[unit] = kept.pop(unit)
    return sites | {"A": kept, "B": moved} if total(kept) == total(moved) else sites


def _radius(ion: str) -> float:
    """Return the radius on the A site in Å; molecules without one are the largest."""
    return ionic_radius(ion, 12) if ion in ion_table() else math.inf


def _large_between_sheets(sites: dict[str, Amounts], formula: str) -> dict[str, Amounts]:
    """Split A cations into those between and those inside the sheets of a layered formula."""
    a, b, x = (total(sites[site]) for site in ("A", "B", "X"))
    unit_count = x - 3 * b
    if unit_count <= 0 or a - b != unit_count or (b / unit_count).denominator != 1:
        return sites
    rest, between = dict(sites["A"]), {}
    open_places = 2 * unit_count
    for ion in sorted(rest, key=lambda ion: (-_radius(ion), ion)):
        taken = min(open_places, rest[ion])
        if taken:
            between[ion] = taken
            rest[ion] -= taken
            open_places -= taken
    if len(between) > 1 and not between.keys().isdisjoint(list_molecules()):
        raise UsageError(
            f"{' and '.join(between)} alternate between the sheets",
            where=formula,
            next_step="alternating-cation phases are no structure type here, give a CIF file",
        )
    return sites | {"spacer": between, "A": {ion: n for ion, n in rest.items() if n}}


def spacer_charge(spacers: Mapping[str, Fraction], formula: str) -> int:
    """Return the charge that all spacers of a formula have.

    Parameters
    ----------
    spacers : mapping of str to fractions.Fraction
        Amounts between the sheets.
    formula : str
        The formula, for the message.

    Returns
    -------
    int
        1 (Ruddlesden–Popper) or 2 (Dion–Jacobson); 0 without spacers.

    Raises
    ------
    UsageError
        If spacers of different charge are mixed, or the charge is neither.
    """
    charges = {
        unit: round(load_molecule(unit).charge) if unit in list_molecules() else 1
        for unit in spacers
    }
    if len(set(charges.values())) > 1 or max(charges.values(), default=0) > 2:
        named = ", ".join(f"{unit} {charge:+d}" for unit, charge in charges.items())
        raise UsageError(
            "the spacers of one sheet all have charge +1 or all +2",
            where=formula,
            measured=named,
            next_step="mix spacers of one charge",
        )
    return max(charges.values(), default=0)
