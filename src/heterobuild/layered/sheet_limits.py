"""What a sheet of octahedra can be: its layers, lengths and turns."""

from __future__ import annotations

import numpy as np

from heterobuild.errors import UsageError

MOST_LAYERS = 20
"""Thicker sheets (13 nm) are no layered phase that was ever made, but a slab of the perovskite."""

LARGEST_TURN = 25.0
"""Degrees; beyond it halides of neighbouring octahedra touch. Measured sheets stay below 17°."""


def check_layers(layers: float) -> None:
    """Refuse sheets that are not built.

    Parameters
    ----------
    layers : int
        Layers of octahedra.

    Raises
    ------
    UsageError
        If it is not a whole number from 1 to `MOST_LAYERS`.
    """
    if not (1 <= layers <= MOST_LAYERS and layers == round(layers)):
        raise UsageError(
            "a sheet of octahedra of this thickness is not built",
            measured=f"n = {layers}",
            allowed=f"1 to {MOST_LAYERS}",
            next_step="for more layers cut a slab of the three-dimensional perovskite",
        )


def check_lengths(length: float, bond: float) -> None:
    """Refuse lengths that no sheet has.

    Parameters
    ----------
    length, bond : float
        In-plane pseudo-cubic length and bond in Å.

    Raises
    ------
    UsageError
        If one is not positive and finite.
    """
    if not (0 < length < np.inf and 0 < bond < np.inf):
        raise UsageError(
            "lengths of a sheet are positive",
            measured=f"pseudo-cubic length {length} Å, bond {bond} Å",
            next_step="correct them",
        )


def check_turns(rotation: float, tilt: float, *, smallest: bool) -> None:
    """Refuse turns that are too large, or that the cell does not hold.

    Parameters
    ----------
    rotation, tilt : float
        Turns about the normal and about an in-plane axis in degrees.
    smallest : bool
        Whether the cell is the 1 × 1 one.

    Raises
    ------
    UsageError
        If a turn is larger than `LARGEST_TURN`, or the 1 × 1 cell has turns.
    """
    if not (abs(rotation) <= LARGEST_TURN and abs(tilt) <= LARGEST_TURN):
        raise UsageError(
            "the octahedra of the sheet are turned too far",
            measured=f"{rotation:.1f}° about the normal, {tilt:.1f}° about an in-plane axis",
            allowed=f"up to {LARGEST_TURN:g}°",
            next_step="lower the turns, or check the in-plane length against the bond length",
        )
    if smallest and (rotation or tilt):
        raise UsageError(
            "turned octahedra need the √2 × √2 cell",
            measured=f"{rotation:.1f}° and {tilt:.1f}°",
            next_step="set both turns to 0, or take the larger cell",
        )
