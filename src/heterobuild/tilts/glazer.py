"""Glazer's notation for tilted octahedra, his 23 tilt systems and their space groups.

A symbol such as ``a-b+a-`` names the tilt about each pseudo-cubic axis: a letter for its size,
equal letters for equal angles, and a sign: ``+`` where successive octahedra along that axis turn
alike, ``-`` where they turn oppositely, ``0`` where they do not turn. The list is Glazer's
(10.1107/S0567740872007976) with the space groups as corrected since, see Woodward
(10.1107/S0108768196010713); 15 of the systems are distinct in the group-theoretical analysis of
Howard and Stokes (10.1107/S0108768198004200), in the same space groups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

Sign: TypeAlias = Literal["+", "-", "0"]
Signs: TypeAlias = tuple[Sign, Sign, Sign]

EQUAL_ANGLES = 1e-6
"""Degrees; angles typed for one letter that differ by more contradict it."""

STEEPEST = 30.0
"""Degrees; the largest tilts of perovskites are near 20, and beyond 30 halides overlap."""

_SYMBOL = re.compile(r"([abc])\^?([+\-−–0])" * 3)


@dataclass(frozen=True, kw_only=True)
class TiltSystem:
    """One of the 23 tilt systems.

    Parameters
    ----------
    number : int
        Glazer's number, 1 to 23.
    symbol : str
        His symbol; the axes may come in any order.
    space_group : str
        Hermann–Mauguin symbol in the standard setting.
    space_group_number : int
        Number in the International Tables.
    """

    number: int
    symbol: str
    space_group: str
    space_group_number: int


@dataclass(frozen=True, kw_only=True)
class Tilting:
    """A symbol in Glazer's notation, understood.

    Parameters
    ----------
    symbol : str
        The symbol as it was meant, with plain signs.
    letters : tuple of str
        The letter of each axis.
    signs : tuple of {"+", "-", "0"}
        The sign of each axis.
    system : TiltSystem
        Which of the 23 systems it is, whatever the order of the axes.
    """

    symbol: str
    letters: tuple[str, str, str]
    signs: Signs
    system: TiltSystem


TILT_SYSTEMS = tuple(
    TiltSystem(number=number, symbol=symbol, space_group=group, space_group_number=international)
    for number, symbol, group, international in (
        (1, "a+b+c+", "Immm", 71),
        (2, "a+b+b+", "Immm", 71),
        (3, "a+a+a+", "Im-3", 204),
        (4, "a+b+c-", "Pmmn", 59),
        (5, "a+a+c-", "P4_2/nmc", 137),
        (6, "a+b+b-", "Pmmn", 59),
        (7, "a+a+a-", "P4_2/nmc", 137),
        (8, "a+b-c-", "P2_1/m", 11),
        (9, "a+a-c-", "P2_1/m", 11),
        (10, "a+b-b-", "Pnma", 62),
        (11, "a+a-a-", "Pnma", 62),
        (12, "a-b-c-", "P-1", 2),
        (13, "a-b-b-", "C2/c", 15),
        (14, "a-a-a-", "R-3c", 167),
        (15, "a0b+c+", "Immm", 71),
        (16, "a0b+b+", "I4/mmm", 139),
        (17, "a0b+c-", "Cmcm", 63),
        (18, "a0b+b-", "Cmcm", 63),
        (19, "a0b-c-", "C2/m", 12),
        (20, "a0b-b-", "Imma", 74),
        (21, "a0a0c+", "P4/mbm", 127),
        (22, "a0a0c-", "I4/mcm", 140),
        (23, "a0a0a0", "Pm-3m", 221),
    )
)
"""The 23 systems in Glazer's order, with standard settings of his space groups."""


def parse_tilting(symbol: str) -> Tilting:
    """Read a symbol in Glazer's notation.

    Parameters
    ----------
    symbol : str
        Three pairs of a letter a, b, c and a sign, in the order of the pseudo-cubic axes; blanks
        and ``^`` are ignored. The letter of an axis that does not turn says nothing, but must not
        be that of one that does.

    Returns
    -------
    Tilting
        Signs, letters and the system.

    Raises
    ------
    UsageError
        If it is no such symbol.

    Examples
    --------
    >>> parse_tilting("a-b+a-").system
    TiltSystem(number=10, symbol='a+b-b-', space_group='Pnma', space_group_number=62)
    """
    found = _SYMBOL.fullmatch(symbol.replace(" ", ""))
    if found is None:
        raise UsageError(
            f"{symbol!r} is no symbol of a tilt system",
            allowed="three letters a, b, c, each followed by +, - or 0",
            next_step=f"use one of {', '.join(entry.symbol for entry in TILT_SYSTEMS)}",
        )
    parts = found.groups()
    letters = cast("tuple[str, str, str]", parts[0::2])
    signs = cast("Signs", tuple("-" if sign in "−–" else sign for sign in parts[1::2]))
    still = {letter for letter, sign in zip(letters, signs, strict=True) if sign == "0"}
    turned = {letter for letter, sign in zip(letters, signs, strict=True) if sign != "0"}
    if still & turned:
        raise UsageError(
            f"{symbol!r} gives one letter to an axis with a tilt and to one without",
            next_step="use another letter for the axis without a tilt",
        )
    plain = "".join(letter + sign for letter, sign in zip(letters, signs, strict=True))
    return Tilting(symbol=plain, letters=letters, signs=signs, system=_system(letters, signs))


def tilt_symbol(signs: Signs, angles: Sequence[float], *, tolerance: float = EQUAL_ANGLES) -> str:
    """Write tilts in Glazer's notation.

    Parameters
    ----------
    signs : tuple of {"+", "-", "0"}
        The sign of each axis.
    angles : sequence of float
        The angle of each axis in degrees, not negative.
    tolerance : float, optional
        Degrees; angles that differ by no more get one letter, see `EQUAL_ANGLES`.

    Returns
    -------
    str
        The symbol; an axis has the letter of the first one that equals it, else its own.

    Examples
    --------
    >>> tilt_symbol(("-", "+", "-"), (9.0, 7.0, 9.0))
    'a-b+a-'
    """
    sizes = [
        0.0 if sign == "0" else float(angle) for sign, angle in zip(signs, angles, strict=True)
    ]
    still = [sign == "0" for sign in signs]
    letters = [
        next(
            "abc"[j]
            for j in range(i + 1)
            if still[j] == still[i] and abs(sizes[j] - sizes[i]) <= tolerance
        )
        for i in range(3)
    ]
    return "".join(letter + sign for letter, sign in zip(letters, signs, strict=True))


def check_angles(tilting: Tilting, angles: Sequence[float]) -> tuple[float, float, float]:
    """Compare angles with the symbol they are for.

    Parameters
    ----------
    tilting : Tilting
        The symbol.
    angles : sequence of float
        Three angles in degrees. The sense of each is free; signs are dropped.

    Returns
    -------
    tuple of float
        The angles, not negative.

    Raises
    ------
    UsageError
        If they are not three, not finite, larger than `STEEPEST`, unequal for one letter, or do
        not vanish where the sign is 0; or vanish where it is not.
    """
    sizes = [abs(float(angle)) for angle in angles]
    if len(sizes) != 3 or not all(size <= STEEPEST for size in sizes):
        raise UsageError(
            "a tilt system needs three angles",
            where=tilting.symbol,
            measured=", ".join(f"{float(angle):g}" for angle in angles) or "none",
            allowed=f"each from 0 to {STEEPEST:g} degrees",
        )
    for letter, sign, size in zip(tilting.letters, tilting.signs, sizes, strict=True):
        if (sign == "0") != (size == 0.0):
            raise UsageError(
                f"the tilt {letter}{sign} contradicts its angle",
                where=tilting.symbol,
                measured=f"{size:g} degrees",
                allowed="0 degrees" if sign == "0" else "more than 0 degrees",
                next_step="change the angle or the sign",
            )
    for letter in set(tilting.letters):
        of_letter = [s for name, s in zip(tilting.letters, sizes, strict=True) if name == letter]
        if max(of_letter) - min(of_letter) > EQUAL_ANGLES:
            raise UsageError(
                f"the axes with the letter {letter} must have one angle",
                where=tilting.symbol,
                measured=" and ".join(f"{size:g}" for size in of_letter) + " degrees",
                next_step="give equal angles, or different letters",
            )
    return (sizes[0], sizes[1], sizes[2])


def system_of(signs: Signs, angles: Sequence[float]) -> TiltSystem:
    """Return the tilt system of signs and angles, equal angles taken as equal letters.

    Parameters
    ----------
    signs : tuple of {"+", "-", "0"}
        The sign of each axis.
    angles : sequence of float
        The angle of each axis in degrees.

    Returns
    -------
    TiltSystem
        The system, of higher symmetry than the letters say where angles happen to be equal.

    Examples
    --------
    >>> system_of(("-", "-", "-"), (8.0, 8.0, 8.0)).space_group
    'R-3c'
    """
    return parse_tilting(tilt_symbol(signs, angles)).system


@cache
def _by_symbol() -> dict[str, TiltSystem]:
    return {system.symbol: system for system in TILT_SYSTEMS}


@cache
def _system(letters: tuple[str, str, str], signs: Signs) -> TiltSystem:
    """Find the system under all orders of the axes."""
    for order in permutations(range(3)):
        turned = tuple(signs[i] for i in order)
        sizes = [0.0 if signs[i] == "0" else 1.0 + "abc".index(letters[i]) for i in order]
        symbol = tilt_symbol(cast("Signs", turned), sizes)
        if symbol in _by_symbol():
            return _by_symbol()[symbol]
    raise AssertionError(f"no tilt system for {letters} {signs}")
