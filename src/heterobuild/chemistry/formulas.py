"""Formulas in the notation of the field: write them from counts, read simple ones.

A formula counts units: elements, and molecules of the library by their short names. Spacers come
first, then the cations on A and B, then X, each alphabetic: ``Cs7Pb6Br19``, ``MA6Pb6Cl18``,
``BA2MAPb2I7``. Names that are not all capital letters stand in parentheses: ``(R-MBA)2PbI4``.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.chemistry.ions import site_role
from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_role
from heterobuild.errors import UsageError
from heterobuild.labels import Site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import IntArray

ORDER = (Site.SPACER, Site.A, Site.B, Site.X, Site.LIGAND, Site.INTERLAYER, Site.OTHER)
CONDENSED = {
    "CH3CH2NH3": "EA",
    "C2H5NH3": "EA",
    "(CH3)2NH2": "DMA",
    "CH3NH3": "MA",
    "NH3CH3": "MA",
    "CH(NH2)2": "FA",
    "HC(NH2)2": "FA",
    "NH2CHNH2": "FA",
    "C(NH2)3": "GUA",
    "C4H9NH3": "BA",
    "C8H17NH3": "OA",
    "C6H5CH2NH3": "PMA",
    "C6H5C2H4NH3": "PEA",
    "C6H5CH2CH2NH3": "PEA",
    "p-FPEA": "pFPEA",
    "m-FPEA": "mFPEA",
    "Br-PEA": "BrPEA",
    "Br-DMA": "BrDMA",
    "RMBA": "R-MBA",
    "SMBA": "S-MBA",
}
"""Ways to write a molecule that its file does not name."""

_CONDENSED = re.compile("|".join(map(re.escape, sorted(CONDENSED, key=len, reverse=True))))
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉[]", "0123456789()")
_ELEMENT = re.compile(r"[A-Z][a-z]?")
_NUMBER = re.compile(r"\d*")


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
        _written(name) + (str(counts[name]) if counts[name] != 1 else "") for name in names
    )


def _role(name: str) -> Site:
    """Return the usual role of an element or molecule; unknown molecules are spacers."""
    if name in atomic_numbers:
        return site_role(name)
    return molecule_role(name) if name in list_molecules() else Site.SPACER


def _written(name: str) -> str:
    """Put a name in parentheses where it could be read in two ways."""
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
        If the formula is empty, holds a fraction, an unknown symbol, unbalanced parentheses, or
        a Hill formula of several molecules.

    Examples
    --------
    >>> expand_formula("MAPbCl3"), expand_formula("CH(NH2)2PbI3")
    ({'MA': 1, 'Pb': 1, 'Cl': 3}, {'FA': 1, 'Pb': 1, 'I': 3})
    >>> expand_formula("(R-MBA)2PbI4")
    {'R-MBA': 2, 'Pb': 1, 'I': 4}
    """
    text = formula.translate(_SUBSCRIPTS).replace(" ", "").replace("_", "")
    if re.search(r"\d\.\d", text):
        raise _unreadable(formula, "it holds a fraction", "write whole numbers, as in MA2PbSnI6")
    text = _CONDENSED.sub(lambda match: f"({CONDENSED[match[0]]})", text)
    counts, end = _read(text, 0, formula)
    if end < len(text):
        raise _unreadable(formula, f"a parenthesis closes too early at {text[end:]!r}")
    if not +counts:
        raise _unreadable(formula, "it names no element")
    return dict(+counts)


def _read(text: str, start: int, formula: str) -> tuple[Counter[str], int]:
    """Read units from a position to the end or to the closing parenthesis."""
    counts: Counter[str] = Counter()
    at = start
    while at < len(text) and text[at] != ")":
        if text[at] == "(":
            part, at = _group(text, at + 1, formula)
        elif found := _molecule_at(text, at):
            part, at = Counter({found: 1}), at + len(found)
        elif (match := _ELEMENT.match(text, at)) and (symbol := _symbol(match[0])):
            part, at = Counter({symbol: 1}), at + len(symbol)
        else:
            raise _unreadable(formula, f"nothing is known by the name {text[at:]!r}")
        digits = _NUMBER.match(text, at)
        number = digits[0] if digits else ""
        at += len(number)
        for name, count in part.items():
            counts[name] += count * int(number or 1)
    return counts, at


def _group(text: str, start: int, formula: str) -> tuple[Counter[str], int]:
    """Read what stands between parentheses, first as one molecule, then as units."""
    end = text.find(")", start)
    inner = text[start:end]
    if end >= 0 and inner in list_molecules():
        return Counter({inner: 1}), end + 1
    hand, _, bare = inner.rpartition("-")
    same = [
        name for name in _by_hill().get(bare, ()) if name.startswith(f"{hand}-" if hand else "")
    ]
    if end >= 0 and len(same) == 1:
        return Counter({same[0]: 1}), end + 1
    if end >= 0 and same:
        names = ", ".join(same)
        raise _unreadable(formula, f"{inner} is the formula of {names}", "write the short name")
    counts, at = _read(text, start, formula)
    if at >= len(text):
        raise _unreadable(formula, "a parenthesis is not closed")
    return counts, at + 1


def _molecule_at(text: str, at: int) -> str:
    """Return the longest molecule name at a position; a leading digit only at the very start."""
    names = [name for name in list_molecules() if text.startswith(name, at)]
    names = [name for name in names if at == 0 or not name[0].isdigit()]
    return max(names, key=len, default="")


def _symbol(letters: str) -> str:
    """Return the element of one or two letters; empty where there is none."""
    return next((s for s in (letters, letters[:1]) if s in atomic_numbers and s != "X"), "")


@cache
def _by_hill() -> dict[str, tuple[str, ...]]:
    """Return the molecules of the library by Hill formula."""
    table: dict[str, tuple[str, ...]] = {}
    for name in list_molecules():
        formula = load_molecule(name).formula
        table[formula] = (*table.get(formula, ()), name)
    return table


def _unreadable(formula: str, why: str, next_step: str = "") -> UsageError:
    """Make the error for a formula that cannot be read."""
    return UsageError(
        f"the formula {formula!r} cannot be read: {why}",
        next_step=next_step or "write it like CsPbBr3, MAPbCl3 or (R-MBA)2PbI4",
    )
