"""Read formulas in the notation of the field: units with exact amounts.

A unit is an element, or a molecule of the library by its short name, its condensed formula
(``CH3NH3``, ``CH(NH2)2``) or, in parentheses, a Hill formula that one molecule has. Amounts are
whole numbers, decimals or quotients (``2``, ``0.85``, ``1/3``); subscripts of any kind are read.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from ase.data import atomic_numbers

from heterobuild.chemistry.ions import ion_table
from heterobuild.chemistry.molecules import list_molecules, load_molecule, molecule_table
from heterobuild.chemistry.spelling import plain_text, short_names
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from heterobuild.model import Molecule

HALIDES = ("F", "Cl", "Br", "I")
EXAMPLES = "write it like CsPbBr3, MAPbCl3 or (R-MBA)2PbI4"

_ELEMENT = re.compile(r"[A-Z][a-z]?")
_NUMBER = re.compile(r"\d+/\d+|\d*\.\d+|\d*")
_VARIABLE = re.compile(r"[-+(]*\d*\.?\d*([xyznδ])")
_MIXED_OPEN = re.compile(r"[A-Z][A-Za-z]*/[A-Z][A-Za-z]*")
_HILL = re.compile(r"C\d*H\d*(?:[A-Z][a-z]?\d*)*")
_WORD = re.compile(r"(?<=\s)[(]?([A-Za-z-]*[a-z]{3,}[A-Za-z]*)")
_CAPITALS = re.compile(r"[A-Z]{2,}(?![a-z])")
_NAME = re.compile(r"\d?[A-Za-z][a-z]?(?:[A-Z-][A-Za-z]*)*")


def read_units(formula: str) -> dict[str, Fraction]:
    """Read a formula into exact amounts of units.

    Parameters
    ----------
    formula : str
        The formula, such as ``FA0.85Cs0.15Pb(Br0.4I0.6)3``.

    Returns
    -------
    dict of str to fractions.Fraction
        Amount of each element or molecule, in the order of the formula; zeros are left out.

    Raises
    ------
    UsageError
        If the formula is empty, has unbalanced parentheses, a free variable, two ions without
        their shares, or a Hill formula of several molecules.
    UnknownNameError
        If a piece of it is no element and no molecule; near names are suggested.

    Examples
    --------
    >>> {name: str(amount) for name, amount in read_units("CsPb(Br0.4I0.6)3").items()}
    {'Cs': '1', 'Pb': '1', 'Br': '6/5', 'I': '9/5'}
    """
    if word := _WORD.search(formula):
        raise unreadable(formula, f"{word[1]!r} is no part of it", "write the formula alone")
    text = short_names(plain_text(formula))
    if match := _MIXED_OPEN.search(text):
        raise unreadable(
            formula,
            f"it does not say in which shares {match[0]} mix",
            "write the share of each ion, as in Pb(Br0.5Cl0.5)4",
        )
    amounts, end = _read(text, 0, formula)
    if end < len(text):
        raise unreadable(formula, f"a parenthesis closes too early at {text[end:]!r}")
    amounts = {unit: amount for unit, amount in amounts.items() if amount}
    if not amounts:
        raise unreadable(formula, "it names no element")
    return amounts


def written_amount(amount: Fraction) -> str:
    """Write an amount after a unit so that it can be read back exactly.

    Parameters
    ----------
    amount : fractions.Fraction
        The amount.

    Returns
    -------
    str
        Empty for one; a decimal where it ends within six places, else a quotient.

    Examples
    --------
    >>> [written_amount(Fraction(text)) for text in ("1", "3", "0.85", "1/3")]
    ['', '3', '0.85', '1/3']
    """
    if amount == 1:
        return ""
    decimal = f"{float(amount):.6f}".rstrip("0").rstrip(".")
    return decimal if Fraction(decimal) == amount else str(amount)


def unreadable(formula: str, why: str, next_step: str = EXAMPLES) -> UsageError:
    """Make the error for a formula that cannot be read.

    Parameters
    ----------
    formula : str
        The formula, as given.
    why : str
        What is wrong with it.
    next_step : str, optional
        What to do; examples of formulas by default.

    Returns
    -------
    UsageError
        To be raised.
    """
    return UsageError(f"the formula {formula!r} cannot be read: {why}", next_step=next_step)


def _read(text: str, start: int, formula: str) -> tuple[dict[str, Fraction], int]:
    """Read units from a position to the end or to the closing parenthesis."""
    amounts: dict[str, Fraction] = {}
    at = start
    while at < len(text) and text[at] != ")":
        if text[at] == "(":
            part, at = _group(text, at + 1, formula)
        elif found := _molecule_at(text, at):
            part, at = {found: Fraction(1)}, at + len(found)
        elif (match := _ELEMENT.match(text, at)) and (symbol := _symbol(match[0])):
            part, at = {symbol: Fraction(1)}, at + len(symbol)
        else:
            raise _unknown(text, at, formula)
        digits = _NUMBER.match(text, at)
        number = digits[0] if digits else ""
        at += len(number)
        factor = _fraction(number, formula)
        for name, amount in part.items():
            amounts[name] = amounts.get(name, Fraction(0)) + amount * factor
    return amounts, at


def _fraction(number: str, formula: str) -> Fraction:
    """Return the value of an amount; nothing is one."""
    try:
        return Fraction(number or 1)
    except ZeroDivisionError:
        raise unreadable(formula, f"the amount {number} divides by zero") from None


def _group(text: str, start: int, formula: str) -> tuple[dict[str, Fraction], int]:
    """Read what stands between parentheses, first as one molecule, then as units."""
    end = text.find(")", start)
    inner = text[start:end]
    if end >= 0 and inner in list_molecules():
        return {inner: Fraction(1)}, end + 1
    hand, _, bare = inner.rpartition("-")
    same = [name for name in _by_hill(bare) if name.startswith(f"{hand}-" if hand else "")]
    if end >= 0 and len(same) == 1:
        return {same[0]: Fraction(1)}, end + 1
    if end >= 0 and same:
        names = ", ".join(same)
        raise unreadable(formula, f"{inner} is the formula of {names}", "write the short name")
    amounts, at = _read(text, start, formula)
    if at >= len(text):
        raise unreadable(formula, "a parenthesis is not closed")
    return amounts, at + 1


def _molecule_at(text: str, at: int) -> str:
    """Return the longest molecule name at a position; a leading digit only at a start."""
    opens = at == 0 or text[at - 1] == "("
    names = [name for name in list_molecules() if text.startswith(name, at)]
    names = [name for name in names if opens or not name[0].isdigit()]
    return max(names, key=len, default="")


def _symbol(letters: str) -> str:
    """Return the element of one or two letters; empty where there is none."""
    return next((s for s in (letters, letters[:1]) if s in atomic_numbers and s != "X"), "")


def _unknown(text: str, at: int, formula: str) -> UsageError:
    """Say what stands where no unit could be read."""
    if match := _VARIABLE.match(text, at):
        return _free_variable(match[1], formula)
    why = f"nothing is known by the name {text[at:]!r}"
    if formula.islower():
        return unreadable(formula, why, "write symbols with capital letters, as in CsPbBr3")
    name = _name_around(text, at)
    if name == "X":
        return unreadable(formula, "X stands for any halide", f"write {', '.join(HALIDES)}")
    if capitals := _CAPITALS.match(name):
        return _unknown_ion(capitals[0], formula)
    return UnknownNameError(
        f"the formula {formula!r} cannot be read: {why}",
        next_step=(_near(name) if name else "") or EXAMPLES,
    )


def _unknown_ion(name: str, formula: str) -> UnknownNameError:
    """Say how a molecule that the library lacks is given."""
    sentence = suggest(name, list_molecules()) if len(name) > 2 else ""
    near = sentence if sentence.startswith("did you mean") else ""
    step = f"give it with --molecule {name}=SMILES, or under molecules: in the recipe"
    return UnknownNameError(
        f"unknown ion {name}: no element or molecule of the library",
        where=formula,
        next_step=f"{near} Or {step}" if near else step,
    )


def _free_variable(name: str, formula: str) -> UsageError:
    """Say that a variable needs a value."""
    if name == "n":
        return unreadable(
            formula, "n has no value", "give it after the formula, as in BA2MAn-1PbnI3n+1, n = 2"
        )
    return unreadable(
        formula,
        f"{name} has no value",
        f"give {name} a value, as in CsPb(BrxI1-x)3, x = 0.4, or write CsPb(Br0.4I0.6)3",
    )


def _name_around(text: str, at: int) -> str:
    """Return the name at a position, with the capitals before it that were read as elements."""
    left = at
    while left > 0 and text[left - 1].isupper():
        left -= 1
    run = _NAME.match(text, left)
    return run[0] if run else ""


def _near(name: str) -> str:
    """Suggest what a name may mean; elements of the same first letter where it is short."""
    if len(name) <= 2:
        alike = sorted(ion for ion in ion_table() if ion[0] == name[0] and len(ion) <= 2)
        return f"did you mean {' or '.join(alike)}?" if alike else ""
    sentence = suggest(name, [*list_molecules(), *ion_table()])
    return sentence if sentence.startswith("did you mean") else ""


def _by_hill(formula: str) -> tuple[str, ...]:
    """Return the molecules that have a Hill formula."""
    return _hill_table(molecule_table()).get(formula, ()) if _HILL.fullmatch(formula) else ()


@lru_cache(maxsize=8)
def _hill_table(_extra: tuple[Molecule, ...]) -> dict[str, tuple[str, ...]]:
    """Return all molecules by Hill formula; the ones the user added only make the key."""
    table: dict[str, tuple[str, ...]] = {}
    for name in list_molecules():
        formula = load_molecule(name).formula
        table[formula] = (*table.get(formula, ()), name)
    return table
