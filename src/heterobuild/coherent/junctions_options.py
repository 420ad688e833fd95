"""Options of parts side by side: which of them mean something together."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from heterobuild.coherent.junctions_phases import judge_phases, lateral_together, sheets_of
from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Crystal


def judge_counts(**counts: tuple[int, ...]) -> None:
    """Refuse sizes below one octahedron.

    Parameters
    ----------
    **counts : tuple of int
        Options by their names.

    Raises
    ------
    UsageError
        If one is; with the nearest sizes that are not.
    """
    for where, values in counts.items():
        if values and min(values) < 1:
            raise UsageError(
                "a part is at least one octahedron wide and high",
                where=where,
                measured=min(values),
                allowed="1 or more",
                next_step=f"use {where}: {[max(1, n) for n in values]}",
            )


def judge_range(where: str, value: float | None, least: float, most: float = math.inf) -> None:
    """Refuse a number that is out of range.

    Parameters
    ----------
    where : str
        Name of the option.
    value : float or None
        The option; None where it is not given.
    least, most : float
        The range.

    Raises
    ------
    UsageError
        If it is outside.
    """
    if value is None or least <= value <= most:
        return
    raise UsageError(
        "this number is out of range",
        where=where,
        measured=value,
        allowed=f"{least:g} or more" if most == math.inf else f"{least:g} to {most:g}",
        next_step=f"use {most if value > most else least:g}",
    )


def refuse_at_pattern(pattern: str, across: int | None, length: int | None, times: int) -> None:
    """Refuse options that mean nothing for a pattern.

    Parameters
    ----------
    pattern : {"stripes", "core_crown"}
        What is built.
    across, length : int or None
        Octahedra of a core along y, and of stripes along the line, where they are given.
    times : int
        Copies of the stripes.

    Raises
    ------
    UsageError
        If one of the other pattern is given.
    """
    stripes = pattern == "stripes"
    other = "core_crown" if stripes else "stripes"
    given = {"across": across} if stripes else {"length": length, "times": times}
    for where, value in given.items():
        if value is not None and (where, value) != ("times", 1):
            raise UsageError(
                f"{where} means nothing for this pattern",
                where=where,
                measured=value,
                allowed=f"with pattern: {other}",
                next_step=f"leave {where} out, or take pattern: {other}",
            )


def refuse_platelet(periodic: str) -> None:
    """Refuse a finite junction of parts with lattices of their own.

    Parameters
    ----------
    periodic : {"plane", "line", "none"}
        What is wanted.

    Raises
    ------
    UsageError
        If the junction is to end.
    """
    if periodic == "none":
        raise UsageError(
            "parts with lattices of their own repeat along the junction",
            where="periodic",
            measured=periodic,
            allowed="plane or line with walls that are incoherent",
            next_step="use periodic: line, with free side faces",
        )


def side_names(count: int, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the parts.

    Parameters
    ----------
    count : int
        Number of parts.
    names : tuple of str
        Names that were given; none for part 1, part 2 and so on.

    Returns
    -------
    tuple of str
        One a part.

    Raises
    ------
    UsageError
        If there is one part only, or the names are not as many.

    Examples
    --------
    >>> side_names(2, ())
    ('part 1', 'part 2')
    """
    if count < 2:
        raise UsageError(
            "a lateral junction has two parts at least",
            where="parts",
            measured=f"{count} part",
            next_step="name another part",
        )
    names = names or tuple(f"part {k}" for k in range(1, count + 1))
    if len(names) != count:
        raise UsageError(
            f"{len(names)} names for {count} parts",
            where="names",
            measured=", ".join(names),
            next_step=f"give {count}",
        )
    return names


def stands_apart(crystals: Sequence[Crystal], wall: str, *, oriented: bool) -> bool:
    """Tell whether parts keep lattices of their own, or refuse what cannot be.

    Parameters
    ----------
    crystals : sequence of Crystal
        The parts.
    wall : {"auto", "coherent", "incoherent"}
        What is wanted.
    oriented : bool
        Whether orientations or heights of single parts are given.

    Returns
    -------
    bool
        True for incoherent parts.

    Raises
    ------
    UsageError
        If a common network is wanted that there is not; also for layered phases that differ in
        layers or spacers, unless incoherent walls are asked for.
    """
    if wall == "incoherent" or (wall == "auto" and oriented):
        return True
    if lateral_together(crystals):
        return False
    if wall == "coherent" or all(sheets_of(crystal) is not None for crystal in crystals):
        judge_phases(crystals)
    return True


def judge_line(text: str, pattern: str) -> tuple[int, int]:
    """Read the direction of a junction.

    Parameters
    ----------
    text : str
        Such as ``[100]pc`` or ``[110]pc``.
    pattern : {"stripes", "core_crown"}
        What is built; rectangles stand along the axes.

    Returns
    -------
    tuple of int
        Indices along the two pseudo-cubic axes in the plane.

    Raises
    ------
    UsageError
        If it is no direction in the plane.

    Examples
    --------
    >>> judge_line("[1-10]pc", "stripes")
    (1, -1)
    """
    found = re.fullmatch(r"\s*\[\s*(-?\d)[\s,]*(-?\d)[\s,]*(-?\d)\s*\]\s*(?:pc)?\s*", text)
    u, v, w = (int(n) for n in found.groups()) if found else (0, 0, 0)
    if w or math.gcd(u, v) != 1:
        raise UsageError(
            "a junction runs along a pseudo-cubic direction in the plane of the film",
            where="line",
            measured=repr(text),
            allowed="[uv0]pc without a common divisor",
            next_step='use "[100]pc" or "[110]pc"',
        )
    if pattern == "core_crown" and u * v:
        raise UsageError(
            "the sides of core and crown run along pseudo-cubic axes",
            where="line",
            measured=repr(text),
            allowed='"[100]pc" or "[010]pc"',
            next_step='use "[100]pc"',
        )
    return u, v
