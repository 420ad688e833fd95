"""Monatomic cations between two sheets, as in Cs2PbI2Cl2: a layer of rock salt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.chemistry.ions import ionic_radius
from heterobuild.errors import UsageError
from heterobuild.layered.stacking_sequence import Interlayer

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.layered.sheets import Sheet

DEPTH = 0.68
"""Å below the plane of terminal halides, as Cs lies in Cs2PbI2Cl2 (10.1021/jacs.8b06046)."""

DEEPEST = 2.0
"""Å; farther below the terminal halides an ion would meet the B cations of the sheet."""

ERROR = 0.1
"""Å; how far the distance from radii is off for Cs2PbI2Cl2, the only refined phase."""

NEIGHBOURS = 6
"""Neighbours in rock salt, whose (001) double layer lies between the sheets."""


def ionic_interlayer(
    spacer: str,
    lower: Sheet,
    upper: Sheet,
    shift: FloatArray,
    *,
    depth: float | None = None,
    distance: float | None = None,
) -> Interlayer:
    """Put a cation into every pocket of two facing sheets.

    Parameters
    ----------
    spacer : str
        Element.
    lower, upper : Sheet
        The sheets.
    shift : (2,) float array
        Place of the upper sheet's first B cation in the frame of the lower one in Å.
    depth : float, optional
        How far each cation lies inside its sheet, from the plane of terminal halides, in Å;
        `DEPTH` by default.
    distance : float, optional
        Distance of the facing planes in Å. By default the one at which a cation and the
        terminal halide straight above it are as far apart as their radii for six neighbours
        say.

    Returns
    -------
    Interlayer
        The cations and the distance.

    Raises
    ------
    UsageError
        If depth or distance are impossible.
    """
    inside = DEPTH if depth is None else depth
    apart = ionic_distance(spacer, lower, inside) if distance is None else distance
    if not (abs(inside) <= DEEPEST and 0 < apart < np.inf):
        raise UsageError(
            "the ions between the sheets have no such place",
            measured=f"depth {inside} Å, distance of the halide planes {apart:.4g} Å",
            allowed=f"a depth of -{DEEPEST:g} to {DEEPEST:g} Å and a positive distance",
            next_step="leave one of them to the radii",
        )
    below, above = lower.pockets_top.copy(), upper.pockets_bottom.copy()
    below[:, 2] = -inside
    above[:, :2] += shift
    above[:, 2] = apart + inside
    positions = np.concatenate([below, above])
    return Interlayer(
        numbers=np.full(len(positions), atomic_numbers[spacer]),
        positions=positions,
        distance=apart,
        error=ERROR if distance is None else 0.0,
        rule="from radii as in rock salt" if distance is None else "as given",
    )


def ionic_distance(spacer: str, sheet: Sheet, depth: float) -> float:
    """Return the distance of facing planes of terminal halides that radii suggest.

    Parameters
    ----------
    spacer : str
        Element between the sheets.
    sheet : Sheet
        A sheet, for its terminal halide.
    depth : float
        How far the cation lies inside its sheet in Å.

    Returns
    -------
    float
        Distance in Å.
    """
    terminal = chemical_symbols[sheet.numbers[-1]]
    contact = ionic_radius(spacer, NEIGHBOURS) + ionic_radius(terminal, NEIGHBOURS)
    return contact - depth
