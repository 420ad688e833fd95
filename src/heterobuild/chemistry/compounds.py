"""Compounds from formulas: structure type, ions on their sites, exact amounts.

The notation of the field is read by `heterobuild.chemistry.notation`; this module recognises the
structure type by the composition, balances the formal charges exactly, and writes the canonical
formula: spacer, A, B, B', X, the ion with the larger share first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.chemistry.formula_faults import (
    explain_charge,
    explain_composition,
    explain_tetrahedra,
    explain_unequal_charges,
)
from heterobuild.chemistry.free_fractions import with_fractions
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.chemistry.layer_numbers import (
    has_free_layer_number,
    split_layer_numbers,
    with_layers,
)
from heterobuild.chemistry.notation import read_units, unreadable
from heterobuild.chemistry.pure_members import (
    compound_key,
    make_compound,
    pure_members,
    same_compound,
)
from heterobuild.chemistry.sites import SITES, assign_sites, spacer_charge, total
from heterobuild.chemistry.structure_types import LAYERED, nearest_type
from heterobuild.chemistry.valences import balanced_charges
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.chemistry.sites import Amounts
    from heterobuild.chemistry.structure_types import Fit
    from heterobuild.model import Compound

__all__ = [
    "compound_key",
    "layered_series",
    "make_compound",
    "parse_compound",
    "parse_layered_series",
    "pure_members",
    "same_compound",
]

TETRAHEDRAL = frozenset({"Be", "Co", "Hg", "Zn"})
"""Metals whose A2BX4 chlorides, bromides and iodides hold single tetrahedra, not sheets."""


def parse_compound(text: str) -> Compound:
    """Read a formula of a halide perovskite or relative.

    Parameters
    ----------
    text : str
        In the notation of the field: ``FA0.85Cs0.15Pb(Br0.4I0.6)3``, ``(PEA)2Cs2Pb3I10``,
        ``(4AMP)MAPb2I7``, ``CH3NH3PbI3``, ``Cs2AgBiBr6``, ``BA2MAn-1PbnI3n+1, n = 3``,
        ``CsPb(BrxI1-x)3, x = 0.4``.

    Returns
    -------
    Compound
        Structure type, and the ions of one formula unit on their sites. B is the metal of lower
        charge and B' that of higher charge in a double perovskite.

    Raises
    ------
    UsageError
        If the formula cannot be read, is not neutral, has a site whose fractions do not sum to
        a whole, or no structure type has its composition.
    UnknownNameError
        If an ion or molecule is not known; near names are suggested.

    Examples
    --------
    >>> compound = parse_compound("Cs0.15FA0.85Pb(Br0.4I0.6)3")
    >>> compound.formula, compound.prototype
    ('FA0.85Cs0.15Pb(I0.6Br0.4)3', 'abx3')
    >>> layered = parse_compound("(PEA)2Cs2Pb3I10")
    >>> layered.formula, layered.prototype, layered.layers
    ('PEA2Cs2Pb3I10', 'ruddlesden_popper', 3)
    """
    formula, numbers = split_layer_numbers(text)
    if len(numbers) > 1:
        raise unreadable(
            text,
            f"it names {len(numbers)} compounds, n = {', '.join(map(str, numbers))}",
            "give one n, as in BA2MAn-1PbnI3n+1, n = 2",
        )
    if numbers:
        return layered_series(formula, numbers[0])
    amounts = read_units(with_fractions(text))
    sites = assign_sites(amounts, text)
    fit = nearest_type(sites, spacer_charge(sites["spacer"], text))
    charges = balanced_charges(amounts)
    if fit.off:
        raise explain_composition(text, sites, fit, neutral=charges is not None)
    if charges is None:
        raise explain_charge(text, sites, fit)
    return _compound(text, sites, fit, charges)


def layered_series(text: str, n: int) -> Compound:
    """Read one member of a series of layered compounds.

    Parameters
    ----------
    text : str
        Formula in n, such as ``BA2MAn-1PbnI3n+1`` or ``PEA2FA(n-1)Sn(n)I(3n+1)``.
    n : int
        Number of octahedra across one sheet, from 1.

    Returns
    -------
    Compound
        The member.

    Raises
    ------
    UsageError
        If the formula has no n, n is below 1, or the member is no layered compound of n layers.

    Examples
    --------
    >>> layered_series("BA2MAn-1PbnI3n+1", 4).formula
    'BA2MA3Pb4I13'
    """
    if not has_free_layer_number(text):
        raise unreadable(text, "it has no n", "write it like BA2MAn-1PbnI3n+1")
    compound = parse_compound(with_layers(text, n))
    if compound.prototype not in LAYERED or compound.layers != n:
        raise UsageError(
            f"for n = {n} the formula is {compound.formula}, which has "
            f"{compound.layers or 'no sheets of'} layers",
            where=text,
            next_step="write the series like BA2MAn-1PbnI3n+1 or (4AMP)MAn-1PbnI3n+1",
        )
    return compound


def parse_layered_series(text: str) -> tuple[Compound, ...]:
    """Read a series of layered compounds, or a single compound.

    Parameters
    ----------
    text : str
        Such as ``pFPEA2Csn-1PbnI3n+1, n = 2``, ``BA2MAn-1PbnI3n+1, n = 1..4`` or
        ``PEA2FAn-1SnnI3n+1, n = 1 and 2``; a formula without n gives one compound.

    Returns
    -------
    tuple of Compound
        One for each n, in the order given.

    Raises
    ------
    UsageError
        If n has no value, or as in `layered_series`.

    Examples
    --------
    >>> [compound.formula for compound in parse_layered_series("BA2MAn-1PbnI3n+1, n = 1..3")]
    ['BA2PbI4', 'BA2MAPb2I7', 'BA2MA2Pb3I10']
    """
    formula, numbers = split_layer_numbers(text)
    if not numbers:
        return (parse_compound(text),)
    return tuple(layered_series(formula, n) for n in numbers)


def _compound(
    text: str, sites: Mapping[str, Amounts], fit: Fit, charges: Mapping[str, int]
) -> Compound:
    """Divide the amounts by the formula units, and split B and X where the type does."""
    structure, scale = fit.structure, fit.scale
    parts: dict[str, Amounts] = {
        site: {unit: n / scale for unit, n in sites[site].items()} for site in SITES
    }
    prototype = structure.prototype
    low, high = _split_metals(parts["B"], charges)
    if prototype == "abx3" and _is_double(low, high, charges):
        prototype = "double_perovskite"
        parts = {site: {u: 2 * n for u, n in part.items()} for site, part in parts.items()}
        parts |= {
            "B": {u: n for u, n in parts["B"].items() if u in low},
            "B'": {u: n for u, n in parts["B"].items() if u in high},
        }
    elif high and (prototype != "abx3" or 2 not in {charges[unit] for unit in parts["B"]}):
        raise explain_unequal_charges(text, {unit: charges[unit] for unit in parts["B"]})
    if structure.layers == 1 and TETRAHEDRAL & set(parts["B"]) and "F" not in parts["X"]:
        raise explain_tetrahedra(text, min(TETRAHEDRAL & set(parts["B"])))
    if structure.prototype == "ruddlesden_popper":
        parts |= _split_halides(parts)
    return make_compound(prototype, structure.layers, parts)


def _split_metals(metals: Amounts, charges: Mapping[str, int]) -> tuple[Amounts, Amounts]:
    """Return the metals of the lowest charge, and those of higher ones."""
    lowest = min(charges[unit] for unit in metals)
    low = {unit: n for unit, n in metals.items() if charges[unit] == lowest}
    return low, {unit: n for unit, n in metals.items() if unit not in low}


def _is_double(low: Amounts, high: Amounts, charges: Mapping[str, int]) -> bool:
    """Tell whether two kinds of metal, each of one charge, share the B sites half and half."""
    return total(low) == total(high) and len({charges[unit] for unit in high}) == 1


def _split_halides(parts: Mapping[str, Amounts]) -> dict[str, Amounts]:
    """Put the larger of two halides at the ends of inorganic sheets where it just fills them."""
    halides = parts["X"]
    largest = max(halides, key=ionic_radius)
    inorganic = all(len(unit) <= 2 and unit.istitle() for unit in parts["spacer"])
    if not inorganic or len(halides) != 2 or halides[largest] != 2:
        return {}
    return {
        "X": {u: n for u, n in halides.items() if u != largest},
        "X'": {largest: halides[largest]},
    }
