"""Fill the gaps between sheets with spacers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.layered.ionic_spacers import ionic_interlayer
from heterobuild.layered.stacking_sequence import NEAR_FACE, Interlayer, gap_key
from heterobuild.spacers.packing import Face, pack_spacers

if TYPE_CHECKING:
    from collections.abc import Collection

    from heterobuild.arrays import FloatArray
    from heterobuild.layered.options import LayeredOptions
    from heterobuild.layered.sheets import Sheet
    from heterobuild.layered.sizes import LayeredSizes
    from heterobuild.model import Molecule
    from heterobuild.spacers.packing import Packing

_NOTABLE = 0.005


def fill_gap(
    lower: Sheet,
    upper: Sheet,
    shift: FloatArray,
    *,
    spacer: str | Molecule,
    sizes: LayeredSizes,
    options: LayeredOptions,
    without: Collection[str] = (),
) -> Interlayer:
    """Fill one gap between two sheets.

    Parameters
    ----------
    lower, upper : Sheet
        The sheets.
    shift : (2,) float array
        Place of the upper sheet's first B cation in the frame of the lower one in Å.
    spacer : str or Molecule
        Element or molecule.
    sizes : LayeredSizes
        Holds the distance of facing planes of terminal halides where it is known.
    options : LayeredOptions
        How the spacers are placed.
    without : collection of str, optional
        Names or formulas of phases whose compounds do not count.

    Returns
    -------
    Interlayer
        The spacers, their distance and what is to be said about it.
    """
    gap = sizes.gap
    if isinstance(spacer, str):
        return ionic_interlayer(spacer, lower, upper, shift, depth=options.depth, distance=gap)
    packing = _packed(
        _Request(
            key=gap_key(lower, upper, shift),
            spacer=spacer,
            below=upper_face(lower),
            above=lower_face(upper, shift),
            cell=lower.cell,
            gap=gap,
            grow=options.gap is None,
            tilt=options.spacer_tilt,
            azimuth=options.azimuth,
            roll=options.roll,
            depth=options.depth,
            interdigitation=options.interdigitation,
            flip=options.flip,
            without=frozenset(without),
        )
    )
    error, rule = sizes.gap_error, sizes.gap_rule
    if packing.estimate is not None:
        error, rule = packing.estimate.error * packing.estimate.value, packing.estimate.rule
    if packing.added > _NOTABLE:
        rule += f", widened by {packing.added:.2f} Å to make room for the spacers"
    return Interlayer(
        numbers=np.tile(spacer.numbers, len(packing.positions)),
        positions=packing.positions.reshape(-1, 3),
        distance=packing.thickness,
        error=error,
        rule=rule,
    )


@dataclass(frozen=True, kw_only=True)
class _Request:
    """What decides how a gap is packed; faces and cell are told apart by the key."""

    key: tuple[float, ...]
    spacer: Molecule
    below: Face = field(compare=False)
    above: Face = field(compare=False)
    cell: FloatArray = field(compare=False)
    gap: float | None
    grow: bool
    tilt: float | None
    azimuth: float | None
    roll: float | None
    depth: float | None
    interdigitation: bool
    flip: bool
    without: frozenset[str]


@lru_cache(maxsize=64)
def _packed(request: _Request) -> Packing:
    """Pack a gap; equal ones of a process once, because the search may take seconds."""
    return pack_spacers(
        request.spacer,
        cell=request.cell,
        below=request.below,
        above=request.above,
        spacing=request.gap,
        tilt=request.tilt,
        azimuth=request.azimuth,
        roll=request.roll,
        depth=request.depth,
        interdigitation=request.interdigitation,
        flip=request.flip,
        grow=request.grow,
        without=request.without,
    )


def upper_face(sheet: Sheet) -> Face:
    """Return the atoms of a sheet that spacers above it meet.

    Parameters
    ----------
    sheet : Sheet
        The sheet.

    Returns
    -------
    Face
        In the frame of the sheet.
    """
    near = sheet.positions[:, 2] > sheet.terminals_top[:, 2].min() - NEAR_FACE
    return Face(
        positions=sheet.positions[near], numbers=sheet.numbers[near], pockets=sheet.pockets_top
    )


def lower_face(sheet: Sheet, shift: FloatArray) -> Face:
    """Return the atoms of a sheet that spacers below it meet.

    Parameters
    ----------
    sheet : Sheet
        The sheet.
    shift : (2,) float array
        Its place in the frame of the sheet below in Å.

    Returns
    -------
    Face
        In the frame of the sheet below, at the sheet's own heights.
    """
    near = sheet.positions[:, 2] < sheet.terminals_bottom[:, 2].max() + NEAR_FACE
    at = np.append(shift, 0.0)
    return Face(
        positions=sheet.positions[near] + at,
        numbers=sheet.numbers[near],
        pockets=sheet.pockets_bottom + at,
    )
