"""Stacks of unequal sheets, named by a series: ``PEA2FAn-1SnnI3n+1, n = 1+2``."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.chemistry.compounds import layered_series
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from heterobuild.model import Crystal

_SEQUENCE = re.compile(r"(.+?)\s*[,;:]?\s*n\s*=\s*(\d+(?:\s*\+\s*\d+)+)")
MOST_SHEETS = 20
"""Sheets of one period; more are a superlattice that no cell holds."""


def is_stack(text: str) -> bool:
    """Tell whether a text names a stack of unequal sheets.

    Parameters
    ----------
    text : str
        What the user gave.

    Returns
    -------
    bool
        Whether it ends in several numbers of layers with plus signs between them.

    Examples
    --------
    >>> is_stack("PEA2FAn-1SnnI3n+1, n = 1+2"), is_stack("BA2MAn-1PbnI3n+1, n = 2")
    (True, False)
    """
    return _SEQUENCE.fullmatch(text.strip()) is not None


def stacked_sheets(text: str) -> Crystal:
    """Build a crystal whose sheets follow one another in a sequence.

    Parameters
    ----------
    text : str
        A series in n and the sequence, such as ``BA2MAn-1PbnI3n+1, n = 1+1+3``.

    Returns
    -------
    Crystal
        The model; the sequence is repeated along c.

    Raises
    ------
    UsageError
        If the series cannot be read, a site is mixed, or the sequence is too long.

    Examples
    --------
    >>> stack = stacked_sheets("PEA2FAn-1SnnI3n+1, n = 1+2")
    >>> stack.name, stack.space_group_number > 0
    ('PEA2FAn-1SnnI3n+1, n = 1+2', True)
    """
    from heterobuild.layered import LayeredIons, layered_crystal

    match = _SEQUENCE.fullmatch(text.strip())
    if match is None:
        raise UsageError("no sequence of sheets", measured=repr(text), next_step="write n = 1+2")
    sequence = tuple(int(word) for word in match[2].split("+"))
    if len(sequence) > MOST_SHEETS:
        raise UsageError(
            "the sequence of sheets is too long",
            where=text,
            measured=f"{len(sequence)} sheets",
            allowed=f"at most {MOST_SHEETS}",
            next_step="name one period",
        )
    compounds = {n: layered_series(match[1], n) for n in sequence}
    thickest = compounds[max(sequence)]
    if thickest.mixed:
        raise UsageError(
            "sheets of a sequence hold one ion on each site",
            where=text,
            next_step="give each site one ion",
        )
    ions = {entry.name: entry.parent for entry in thickest.sublattices}
    crystal = layered_crystal(
        LayeredIons(
            spacer=ions["spacer"],
            a=ions.get("A"),
            b=ions["B"],
            x=ions["X"],
            terminal=ions.get("X'"),
        ),
        sequence,
        prototype="dion_jacobson" if thickest.prototype == "dion_jacobson" else "ruddlesden_popper",
    )
    return replace(crystal, name=f"{match[1]}, n = {'+'.join(map(str, sequence))}")
