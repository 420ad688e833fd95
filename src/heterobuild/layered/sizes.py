"""Lengths of a layered phase that is built by model, each with its error and its origin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from heterobuild.estimates.lengths import (
    Estimate,
    bond_length,
    octahedron_height,
    sheet_length,
)
from heterobuild.estimates.organic_layers import gap_error, measured_gap, phases_with

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heterobuild.layered.options import LayeredIons, LayeredOptions


@dataclass(frozen=True, kw_only=True)
class LayeredSizes:
    """Lengths of a layered phase.

    Parameters
    ----------
    length : Estimate
        In-plane pseudo-cubic length.
    bond, terminal_bond : float
        Bond in Å of B to bridging and to terminal halides.
    step : float
        Distance in Å of successive layers of B cations in a sheet.
    gap : float or None
        Distance in Å of facing planes of terminal halides where measured phases or the user tell
        it; None where the spacers decide.
    gap_error : float
        Expected error of `gap` in Å.
    gap_rule : str
        Where `gap` comes from, in words.
    """

    length: Estimate
    bond: float
    terminal_bond: float
    step: float
    gap: float | None = None
    gap_error: float = 0.0
    gap_rule: str = ""


def estimate_sizes(
    ions: LayeredIons,
    sequence: Sequence[int],
    options: LayeredOptions,
    *,
    without: Collection[str] = (),
) -> LayeredSizes:
    """Estimate the lengths of a layered phase.

    Parameters
    ----------
    ions : LayeredIons
        Its ions.
    sequence : sequence of int
        Layers of octahedra in successive sheets. Sheets of different thickness share the mean of
        their in-plane lengths, weighted with their layers.
    options : LayeredOptions
        Lengths that are given.
    without : collection of str, optional
        Names or formulas of phases whose compounds do not count.

    Returns
    -------
    LayeredSizes
        The lengths.
    """
    layers = max(1, round(sum(sequence) / len(sequence)))
    height = partial(_thickness, without=without)
    sizes = LayeredSizes(
        length=_in_plane(ions, sequence, options, without),
        bond=bond_length(ions.b, ions.x, without=without).value,
        terminal_bond=height(ions.b, ions.end, 1) / 2,
        step=sheet_length(ions.b, ions.x, max(2, layers), without=without).value,
    )
    if options.bond is not None:
        sizes = replace(sizes, bond=options.bond)
    if options.gap is not None:
        return replace(sizes, gap=options.gap, gap_rule="as given")
    ends = ions.spacer, ions.b, ions.end
    found = measured_gap(*ends, layers, thickness=height, without=without)
    if found is None:
        return sizes
    rule = f"as in {' and '.join(found.phases)}"
    return replace(sizes, gap=found.distance, gap_error=gap_error(height), gap_rule=rule)


def _thickness(b: str, x: str, layers: int, *, without: Collection[str]) -> float:
    """Return the thickness of a sheet between its planes of terminal halides in Å."""
    return octahedron_height(b, x, layers, without=without).value


def _in_plane(
    ions: LayeredIons, sequence: Sequence[int], options: LayeredOptions, without: Collection[str]
) -> Estimate:
    """Return the in-plane pseudo-cubic length."""
    if options.length is not None:
        return Estimate(value=options.length, error=0.0, rule="as given")
    found = [_sheet(ions, n, without) for n in sequence]
    total = sum(sequence)
    value = sum(entry.value * n for entry, n in zip(found, sequence, strict=True)) / total
    worst = max(found, key=lambda entry: entry.error)
    return Estimate(value=value, error=worst.error, rule=worst.rule)


def _sheet(ions: LayeredIons, n: int, without: Collection[str]) -> Estimate:
    """Return the in-plane length of a sheet, by what sheets with the same spacer measure."""
    usual = sheet_length(ions.b, ions.x, n, without=without)
    alike = [
        phase
        for phase in phases_with(ions.spacer, ions.x, without=without)
        if (phase.layers == 1) == (n == 1)
    ]
    if not alike:
        return usual
    ratios = [
        phase.length / sheet_length(phase.b, phase.x, phase.layers, without=without).value
        for phase in alike
    ]
    ratio = sum(ratios) / len(ratios)
    names = " and ".join(phase.name for phase in alike)
    rule = f"{usual.rule}, times {ratio:.3f}, the mean ratio of {names}"
    return Estimate(value=ratio * usual.value, error=usual.error, rule=rule)
