"""Compounds as such: put together, compared, and taken apart into pure members."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from heterobuild.chemistry.formulas import written_compound
from heterobuild.chemistry.sites import by_share
from heterobuild.chemistry.valences import balanced_charges
from heterobuild.errors import UsageError
from heterobuild.model import Compound, Sublattice

if TYPE_CHECKING:
    from collections.abc import Mapping

Key: TypeAlias = tuple[str, int, tuple[tuple[str, tuple[tuple[str, Fraction], ...]], ...]]
Choice: TypeAlias = tuple[tuple[str, ...], Fraction]


def compound_key(compound: Compound) -> Key:
    """Return what makes a compound the same as another one, however it was written.

    Parameters
    ----------
    compound : Compound
        The compound.

    Returns
    -------
    tuple
        Hashable: structure type, layers, and the amounts on each sublattice by name.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> compound_key(parse_compound("MAPbI2Br")) == compound_key(parse_compound("CH3NH3PbBrI2"))
    True
    """
    return (
        compound.prototype,
        compound.layers,
        tuple((entry.name, tuple(sorted(entry.amounts))) for entry in compound.sublattices),
    )


def same_compound(compound: Compound, other: Compound) -> bool:
    """Tell whether two compounds have the same ions in the same exact amounts on all sites.

    Parameters
    ----------
    compound, other : Compound
        The compounds.

    Returns
    -------
    bool
        Whether they are equal, whatever their formulas look like.
    """
    return compound_key(compound) == compound_key(other)


def make_compound(
    prototype: str, layers: int, sublattices: Mapping[str, Mapping[str, Fraction]]
) -> Compound:
    """Put a compound together, with its ions in canonical order and its canonical formula.

    Parameters
    ----------
    prototype : str
        Structure type.
    layers : int
        Number of octahedra across one sheet; 0 for others.
    sublattices : mapping of str to mapping
        Amounts in one formula unit by sublattice; empty ones are left out.

    Returns
    -------
    Compound
        The compound; its neutrality is not checked.
    """
    entries = tuple(
        Sublattice(name=name, amounts=by_share(sublattices[name]))
        for name in ("spacer", "A", "B", "B'", "X", "X'")
        if sublattices.get(name)
    )
    return Compound(
        formula=written_compound(entries),
        prototype=prototype,
        layers=layers,
        sublattices=entries,
    )


def pure_members(compound: Compound) -> tuple[tuple[Compound, float], ...]:
    """Return the end members of a compound and their shares.

    Each mixed sublattice is filled by one of its ions at a time, and the share of a member is the
    product of the shares of its ions. On the B site of an ABX3 two metals of charges other than
    +2 that compensate each other enter as a pair, so that all members are neutral:
    CsPb0.8Ag0.1Bi0.1Br3 is 0.8 CsPbBr3 and 0.2 Cs2AgBiBr6 (counted by B sites).

    Parameters
    ----------
    compound : Compound
        The compound.

    Returns
    -------
    tuple of (Compound, float)
        Pure compounds with shares that sum to one, the last sublattice changing first; the
        compound itself where it is pure.

    Raises
    ------
    UsageError
        If the ions of a site cannot be paired into neutral members.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> for member, share in pure_members(parse_compound("FA0.85Cs0.15Pb(Br0.4I0.6)3")):
    ...     print(member.formula, round(share, 6))
    FAPbI3 0.51
    FAPbBr3 0.34
    CsPbI3 0.09
    CsPbBr3 0.06
    """
    amounts: dict[str, Fraction] = {}
    for entry in compound.sublattices:
        for ion, amount in entry.amounts:
            amounts[ion] = amounts.get(ion, Fraction(0)) + amount
    charges = balanced_charges(amounts)
    if charges is None:
        raise UsageError(
            "the compound is not neutral",
            where=compound.formula,
            next_step="read it with parse_compound, which says what compensates",
        )
    choices = [_choices(entry, charges) for entry in compound.sublattices]
    return tuple(
        (_member(compound, [ions for ions, _ in choice]), float(prod(share for _, share in choice)))
        for choice in product(*choices)
    )


def _choices(sublattice: Sublattice, charges: Mapping[str, int]) -> list[Choice]:
    """Return the ways to fill a sublattice with one ion, or with a pair that compensates."""
    shares = dict(sublattice.shares)
    mean = sum(charges[ion] * share for ion, share in shares.items())
    single: list[Choice] = [((ion,), s) for ion, s in shares.items() if charges[ion] == mean]
    low = {ion: share for ion, share in shares.items() if charges[ion] < mean}
    high = {ion: share for ion, share in shares.items() if charges[ion] > mean}
    excess = {charges[ion] - mean for ion in (*low, *high)}
    if excess and (sublattice.name != "B" or len(excess) != 2 or sum(excess) != 0):
        raise UsageError(
            f"ions of different charge on {sublattice.name} have no neutral end members",
            measured=", ".join(f"{ion} {charges[ion]:+d}" for ion in shares),
            next_step="mix ions of one charge, or pairs such as Ag +1 and Bi +3 on Pb +2",
        )
    pairs = sum(low.values()) + sum(high.values())
    both = (sum(low.values()) or 1) * (sum(high.values()) or 1)
    return single + [
        ((first, second), pairs * low[first] * high[second] / both)
        for first in low
        for second in high
    ]


def _member(compound: Compound, ions: list[tuple[str, ...]]) -> Compound:
    """Fill each sublattice with one ion; a pair on B makes a double perovskite."""
    paired = any(len(names) > 1 for names in ions)
    factor = 2 if paired else 1
    parts: dict[str, dict[str, Fraction]] = {}
    for entry, names in zip(compound.sublattices, ions, strict=True):
        total = entry.total * factor / len(names)
        parts[entry.name] = {names[0]: total}
        if len(names) > 1:
            parts["B'"] = {names[1]: total}
    prototype = "double_perovskite" if paired else compound.prototype
    return make_compound(prototype, compound.layers, parts)
