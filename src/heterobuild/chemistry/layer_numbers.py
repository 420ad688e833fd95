"""Formulas in the number of layers n, such as ``BA2MAn-1PbnI3n+1, n = 1..4``."""

from __future__ import annotations

import re

from heterobuild.chemistry.notation import unreadable
from heterobuild.chemistry.spelling import plain_text
from heterobuild.chemistry.structure_types import THICKEST
from heterobuild.errors import UsageError

LARGEST = THICKEST
"""Thicker sheets are refused, so that a slip of the pen does not make thousands of formulas."""

_CLAUSE = re.compile(r"(?P<formula>.*?)(?:,|;|with|for|\()*n=(?P<values>[^)]*)\)?")
_IN_PARENTHESES = re.compile(r"\((\d*)n([+-]\d+)?\)")
_BARE = re.compile(r"(?:(\d+)|(?<![SIZM]))n(?!-[A-Z])([+-]\d+)?")
_RANGE = re.compile(r"(\d+)(?:(?:\.{2,}|…|-|to)(\d+))?")
_STEP = "write it like BA2MAn-1PbnI3n+1, n = 2 or n = 1..4"


def split_layer_numbers(text: str) -> tuple[str, tuple[int, ...]]:
    """Separate a formula from the numbers of layers that follow it.

    Parameters
    ----------
    text : str
        Such as ``BA2MAn-1PbnI3n+1, n = 1..4`` or ``… n = 1 and 2``.

    Returns
    -------
    str
        The formula, without blanks.
    tuple of int
        Values of n in the order given; empty where none are.

    Raises
    ------
    UsageError
        If the values are no whole numbers from 1 to `LARGEST`.

    Examples
    --------
    >>> split_layer_numbers("BA2MA(n-1)Pb(n)I(3n+1), n = 1..3")
    ('BA2MA(n-1)Pb(n)I(3n+1)', (1, 2, 3))
    """
    plain = plain_text(text)
    found = _CLAUSE.fullmatch(plain)
    if not found:
        return plain, ()
    pieces = re.split(r",|and|&", found["values"])
    ranges = [_RANGE.fullmatch(piece) for piece in pieces if piece]
    if not ranges or not all(ranges):
        raise unreadable(text, f"n = {found['values']} is no list of whole numbers", _STEP)
    bounds = [(int(match[1]), int(match[2] or match[1])) for match in ranges if match]
    for low, high in bounds:
        check_layer_number(low, text)
        check_layer_number(high, text)
    values = [n for low, high in bounds for n in range(low, high + 1)]
    if not values:
        raise unreadable(text, f"n = {found['values']} holds no number", _STEP)
    return found["formula"], tuple(dict.fromkeys(values))


def has_free_layer_number(formula: str) -> bool:
    """Tell whether amounts of a formula depend on n.

    Parameters
    ----------
    formula : str
        The formula.

    Returns
    -------
    bool
        Whether `with_layers` would change it.

    Examples
    --------
    >>> has_free_layer_number("PEA2FAn-1SnnI3n+1"), has_free_layer_number("CsSnI3")
    (True, False)
    """
    plain = plain_text(formula)
    return any(pattern.search(plain) for pattern in (_IN_PARENTHESES, _BARE))


def with_layers(formula: str, n: int) -> str:
    """Write the formula for one number of layers.

    Parameters
    ----------
    formula : str
        With amounts such as ``n-1`` or ``(3n+1)``.
    n : int
        Number of octahedra across one sheet, from 1.

    Returns
    -------
    str
        The formula with numbers; an ion whose amount is zero is written with 0.

    Raises
    ------
    UsageError
        If n is out of range.

    Examples
    --------
    >>> with_layers("PEA2FAn-1SnnI3n+1", 2)
    'PEA2FA1Sn2I7'
    """
    check_layer_number(n, formula)

    def value(match: re.Match[str]) -> str:
        return str(int(match[1] or 1) * n + int(match[2] or 0))

    return _BARE.sub(value, _IN_PARENTHESES.sub(value, plain_text(formula)))


def check_layer_number(n: int, where: str) -> None:
    """Refuse what is no number of layers.

    Parameters
    ----------
    n : int
        Number of octahedra across one sheet.
    where : str
        The formula, for the message.

    Raises
    ------
    UsageError
        If it is not from 1 to `LARGEST`.
    """
    if not 1 <= n <= LARGEST:
        raise UsageError(
            f"a sheet is 1 to {LARGEST} octahedra thick",
            where=where,
            measured=f"n = {n}",
            allowed=f"n from 1 to {LARGEST}",
            next_step="give n from 1; for a 3D perovskite write ABX3, such as MAPbI3",
        )
