"""Fractions x, y and z in a formula, with their values: ``CsPb(BrxI1-x)3, x = 0.4``."""

from __future__ import annotations

import re
from fractions import Fraction

from heterobuild.chemistry.notation import unreadable, written_amount
from heterobuild.chemistry.spelling import plain_text

_TERM = r"(?:\d*\.?\d*\*?[xyz]|\d+(?:\.\d+)?)"
_SUM = rf"{_TERM}(?:[+-]{_TERM})*"
_AMOUNT = re.compile(rf"\(({_SUM})\)|({_SUM})")
_PART = re.compile(r"([+-]?)(\d*\.?\d*)\*?([xyz]?)")
_CLAUSE = re.compile(r"(?:[,;(]|and|with|for)*(?=[xyz]=)")
_VALUE = re.compile(r"([xyz])=(\d+/\d+|\d*\.?\d+)\)?")


def with_fractions(text: str) -> str:
    """Put the values that follow a formula in the place of its fractions.

    Parameters
    ----------
    text : str
        Such as ``CsPb(BrxI1-x)3, x = 0.4`` or ``FAyCs1-yPbI3-xBrx, x = 0.3, y = 1/3``.

    Returns
    -------
    str
        The formula with numbers; the text itself where no values follow.

    Raises
    ------
    UsageError
        If a value is no number, or makes an amount negative.

    Examples
    --------
    >>> with_fractions("CsPb(BrxI1-x)3, x = 0.4")
    'CsPb(Br0.4I0.6)3'
    """
    plain = plain_text(text)
    clauses = [piece for piece in _CLAUSE.split(plain)[1:] if piece]
    if not clauses:
        return text
    values: dict[str, Fraction] = {}
    for clause in clauses:
        match = _VALUE.fullmatch(clause)
        if not match or match[2].endswith("/0"):
            raise unreadable(text, f"{clause} gives no number", "give a value such as x = 0.4")
        values[match[1]] = Fraction(match[2])

    def written(match: re.Match[str]) -> str:
        amount = match[1] or match[2]
        names = set(amount) & set("xyz")
        if not names or not names <= values.keys():
            return match[0]
        value = _value(amount, values)
        if value < 0:
            raise unreadable(
                text, f"{amount} is negative, {written_amount(value)}", "give a smaller value"
            )
        return written_amount(value) or "1"

    return _AMOUNT.sub(written, _CLAUSE.split(plain)[0])


def _value(amount: str, values: dict[str, Fraction]) -> Fraction:
    """Return the value of an amount such as ``3-3y``."""
    total = Fraction(0)
    for sign, number, name in _PART.findall(amount):
        if number or name:
            size = Fraction(number or 1) * (values[name] if name else 1)
            total += -size if sign == "-" else size
    return total
