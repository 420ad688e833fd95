"""Sizes of parts side by side as they are asked for, in octahedra or lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.coherent.junctions_phases import judge_phases
from heterobuild.errors import UsageError
from heterobuild.particles.sizes import length_in_angstrom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Crystal
    from heterobuild.particles.options import Length

LAYERS, WIDTH = 3, 4
"""Octahedra through a film and across a part where nothing is given."""


def film_layers(layers: Sequence[int], crystals: tuple[Crystal, ...]) -> int:
    """Return the layers of octahedra, or sheets, of a coherent film.

    Parameters
    ----------
    layers : sequence of int
        What was given: nothing, one number, or equal ones.
    crystals : tuple of Crystal
        The parts.

    Returns
    -------
    int
        The number; 1 sheet or 3 layers where nothing is given.

    Raises
    ------
    UsageError
        If the parts are to have different heights.
    """
    if len(set(layers)) > 1:
        raise UsageError(
            "coherent parts have one height",
            where="layers",
            measured=list(layers),
            allowed="one number",
            next_step=f"use layers: [{min(layers)}], or wall: incoherent",
        )
    if layers:
        return layers[0]
    return LAYERS if judge_phases(crystals) is None else 1


def asked_widths(
    octahedra: Sequence[int],
    widths: Sequence[Length],
    times: int,
    *,
    parts: int,
    edges: Sequence[float],
) -> list[float]:
    """Return the widths of the stripes, or of core and crowns, in Å.

    Parameters
    ----------
    octahedra : sequence of int
        Widths in octahedra, where they are given so.
    widths : sequence of lengths
        Widths in Å, where they are given so.
    times : int
        Copies of the stripes.
    parts : int
        Number of parts.
    edges : sequence of float
        Width of an octahedron of each stripe in Å; at least as many as widths are given.

    Returns
    -------
    list of float
        The widths.

    Raises
    ------
    UsageError
        If one is below half an octahedron, or copies of the stripes do not take turns.
    """
    given = [length_in_angstrom(value, "widths") for value in widths]
    if not given:
        counts = octahedra or (WIDTH,) * parts
        padded = [edges[k % len(edges)] for k in range(len(counts))]
        given = [n * edge for n, edge in zip(counts, padded, strict=True)]
    for k, width in enumerate(given):
        edge = edges[k % len(edges)]
        if width < edge / 2:
            raise UsageError(
                "a part is at least one octahedron wide",
                where="widths",
                measured=f"{width:g} Å",
                allowed=f"{edge:.2f} Å, one octahedron, or more",
                next_step=f"use {edge:.2f}",
            )
    if times > 1 and len(given) % parts:
        raise UsageError(
            "copies of stripes do not take turns: the last part would meet itself",
            where="times",
            measured=f"{len(given)} widths for {parts} parts, {times} times",
            allowed=f"a multiple of {parts} widths",
            next_step=f"give {len(given) + parts - len(given) % parts} widths, or times: 1",
        )
    return given


def stripe_owners(count: int, parts: int) -> tuple[int, ...]:
    """Return which part each of some stripes belongs to.

    Parameters
    ----------
    count : int
        Number of stripes.
    parts : int
        Number of parts, which take turns.

    Returns
    -------
    tuple of int
        Parts, from 0.

    Raises
    ------
    UsageError
        If there are fewer stripes than parts.

    Examples
    --------
    >>> stripe_owners(3, 2)
    (0, 1, 0)
    """
    if count < parts:
        raise UsageError(
            f"{count} widths for {parts} parts",
            where="octahedra",
            measured=count,
            allowed="one or more a part",
            next_step=f"give {parts}",
        )
    return tuple(k % parts for k in range(count))


def part_heights(
    layers: Sequence[int], heights: Sequence[Length], each: Sequence[tuple[float, int]]
) -> tuple[float, ...]:
    """Return the height of each part in Å.

    Parameters
    ----------
    layers : sequence of int
        Heights in octahedra or sheets, where they are given so.
    heights : sequence of lengths
        Heights in Å, where they are given so.
    each : sequence of (float, int)
        Height in Å of one octahedron or sheet of each part, and their usual number.

    Returns
    -------
    tuple of float
        The heights.

    Raises
    ------
    UsageError
        If there is not one for all, or one a part.
    """
    given: list[float] = [length_in_angstrom(value, "heights") for value in heights]
    total = len(given) + len(layers)
    if total not in (0, 1, len(each)):
        raise UsageError(
            f"{total} heights for {len(each)} parts",
            where="heights" if given else "layers",
            measured=total,
            allowed="one for all, or one a part",
            next_step=f"give {len(each)}",
        )
    if given:
        return tuple(given * len(each) if total == 1 else given)
    counts = tuple(layers) * (len(each) if total == 1 else 1) or [usual for _, usual in each]
    return tuple(n * height for n, (height, _) in zip(counts, each, strict=True))


def part_orientations(given: tuple[str, ...], parts: int) -> tuple[str, ...]:
    """Return how each part stands.

    Parameters
    ----------
    given : tuple of str
        What was given.
    parts : int
        Number of parts.

    Returns
    -------
    tuple of str
        One a part; empty for the default.

    Raises
    ------
    UsageError
        If there is not one a part.
    """
    if given and len(given) != parts:
        raise UsageError(
            f"{len(given)} orientations for {parts} parts",
            where="orientations",
            measured=list(given),
            allowed="one a part",
            next_step=f'give {parts}, "" for the default',
        )
    return given or ("",) * parts
