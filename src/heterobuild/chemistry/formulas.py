"""Formulas of counted units: write them, read those with whole numbers.

A formula counts units: elements, and molecules of the library by their short names. Spacers come
first, then the cations on A and B, then X, each alphabetic: ``Cs7Pb6Br19``, ``MA6Pb6Cl18``,
``BA2MAPb2I7``. Names that are not all capital letters stand in parentheses: ``(R-MBA)2PbI4``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.chemistry.ions import site_role
from heterobuild.chemistry.molecules import list_molecules, molecule_role
from heterobuild.chemistry.notation import read_units, unreadable, written_amount
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import IntArray
    from heterobuild.model import Sublattice

ORDER = (Site.SPACER, Site.A, Site.B, Site.X, Site.LIGAND, Site.INTERLAYER, Site.OTHER)

_WRITTEN = ("spacer", "A", "B", "B'", "X'", "X")


def unit_formula(counts: Mapping[str, int], order: Sequence[str] | None = None) -> str:
    """Write the formula of counted ions and molecules; numbers are not reduced.

    Parameters
    ----------
    counts : mapping of str to int
        How many there are of each element or molecule; zeros are left out.
    order : sequence of str, optional
        Names that come first, in this order. By default spacers, A, B, X, then ligands,
        interlayers and others, each alphabetic.

    Returns
    -------
    str
        The formula; empty for no ions.

    Examples
    --------
    >>> unit_formula({"Br": 19, "Pb": 6, "Cs": 7}), unit_formula({"PbI": 0, "R-MBA": 2, "I": 4})
    ('Cs7Pb6Br19', '(R-MBA)2I4')
    """
    first = {name: place for place, name in enumerate(order or ())}
    names = [name for name, count in counts.items() if count]
    names.sort(key=lambda name: (first.get(name, len(first)), ORDER.index(_role(name)), name))
    return "".join(
        written_unit(name) + (str(counts[name]) if counts[name] != 1 else "") for name in names
    )


def _role(name: str) -> Site:
    """Return the usual role of an element or molecule; unknown molecules are spacers."""
    if name in atomic_numbers:
        return site_role(name)
    return molecule_role(name) if name in list_molecules() else Site.SPACER


def written_unit(name: str) -> str:
    """Write one unit, in parentheses where it could be read in two ways.

    Parameters
    ----------
    name : str
        Element or molecule.

    Returns
    -------
    str
        Such as ``PEA`` or ``(R-MBA)``.
    """
    plain = name in atomic_numbers or re.fullmatch(r"[A-Z]{2,}", name)
    return name if plain else f"({name})"


def hill_formula(numbers: IntArray) -> str:
    """Return the Hill formula of atoms: carbon, hydrogen, then alphabetic.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.

    Returns
    -------
    str
        The formula; alphabetic where there is no carbon, empty for no atoms.

    Examples
    --------
    >>> hill_formula(np.array([7, 6, 1, 1, 1, 1, 1, 1]))
    'CH6N'
    """
    found, amounts = np.unique(np.asarray(numbers, dtype=np.int64), return_counts=True)
    counts = {chemical_symbols[z]: int(n) for z, n in zip(found, amounts, strict=True)}
    first = [symbol for symbol in ("C", "H") if "C" in counts and symbol in counts]
    order = first + sorted(set(counts) - set(first))
    return "".join(symbol + (str(counts[symbol]) if counts[symbol] > 1 else "") for symbol in order)


def expand_formula(formula: str) -> dict[str, int]:
    """Read a formula into counts of units.

    Molecules may be given by short name (``MAPbCl3``), as condensed formula (``CH3NH3PbI3``,
    ``CH(NH2)2PbI3``) or, in parentheses, as the Hill formula that one molecule of the library
    has (``(C4H12N)2PbI4``). Numbers are whole; series such as ``MAPb0.5Sn0.5I3`` are refused.

    Parameters
    ----------
    formula : str
        The formula.

    Returns
    -------
    dict of str to int
        Count of each element or molecule, in the order of the formula.

    Raises
    ------
    UsageError
        If the formula is empty, holds a fraction, unbalanced parentheses, or a Hill formula of
        several molecules.
    UnknownNameError
        If a piece of it is no element and no molecule; near names are suggested.

    Examples
    --------
    >>> expand_formula("MAPbCl3"), expand_formula("CH(NH2)2PbI3")
    ({'MA': 1, 'Pb': 1, 'Cl': 3}, {'FA': 1, 'Pb': 1, 'I': 3})
    >>> expand_formula("(R-MBA)2PbI4")
    {'R-MBA': 2, 'Pb': 1, 'I': 4}
    """
    amounts = read_units(formula)
    if any(amount.denominator != 1 for amount in amounts.values()):
        raise unreadable(formula, "it holds a fraction", "write whole numbers, as in MA2PbSnI6")
    return {name: int(amount) for name, amount in amounts.items()}


def written_compound(sublattices: Sequence[Sublattice]) -> str:
    """Write the canonical formula of sublattices.

    Ions that share sites stand side by side, the larger amount first: with whole amounts as they
    are (``CsPbBr2I``), else with their shares in parentheses (``CsPb(I0.6Br0.4)3``). Where shares
    are no decimals of six places, plain amounts are written (``CsPbI2.5Br0.5``), if need be of
    several formula units (``FA2CsPb3I9``), so that the formula is exact. The
    terminal halide of an inorganic layered phase comes before the bridging one, as in Cs2PbI2Cl2.

    Parameters
    ----------
    sublattices : sequence of Sublattice
        In the order spacer, A, B, B', X, X'.

    Returns
    -------
    str
        The formula.

    Examples
    --------
    >>> from heterobuild.model import Sublattice
    >>> half = Fraction(1, 2)
    >>> x = Sublattice(name="X", amounts=(("Br", 3 * half), ("I", 3 * half)))
    >>> written_compound([Sublattice(name="A", amounts=(("FA", half), ("MA", half))), x])
    'FA0.5MA0.5(Br0.5I0.5)3'
    >>> thirds = Sublattice(name="A", amounts=(("FA", Fraction(2, 3)), ("Cs", Fraction(1, 3))))
    >>> written_compound([thirds, replace(x, amounts=(("I", Fraction(3)),))])
    'FA2CsI9'
    """
    ordered = sorted(sublattices, key=lambda entry: _WRITTEN.index(entry.name))
    merged: list[Sublattice] = []
    for entry in ordered:
        last = merged[-1] if merged else None
        if last and not last.mixed and not entry.mixed and last.parent == entry.parent:
            amounts = ((entry.parent, last.total + entry.total),)
            merged[-1] = replace(last, amounts=amounts)
        else:
            merged.append(entry)
    shares = "".join(map(_written_sublattice, merged))
    return shares if "/" not in shares else _without_quotients(merged)


def _without_quotients(sublattices: Sequence[Sublattice]) -> str:
    """Write plain amounts, of so many formula units that decimals are exact."""
    amounts = [pair for entry in sublattices for pair in entry.amounts]
    whole = lcm(*(amount.denominator for _, amount in amounts))
    decimal = whole
    for prime in (2, 5):
        while decimal % prime == 0:
            decimal //= prime
    written = (
        "".join(written_unit(name) + written_amount(amount * units) for name, amount in amounts)
        for units in (1, decimal, whole)
    )
    return next(text for text in written if "/" not in text)


def _written_sublattice(sublattice: Sublattice) -> str:
    """Write the ions of one kind of site; mixed spacers always with their shares."""
    whole = all(amount.denominator == 1 for _, amount in sublattice.amounts)
    keep = whole and not (sublattice.name == "spacer" and sublattice.mixed)
    scale = Fraction(1) if keep else sublattice.total
    inner = "".join(
        written_unit(name) + written_amount(amount / scale) for name, amount in sublattice.amounts
    )
    return inner if scale == 1 else f"({inner}){written_amount(scale)}"
