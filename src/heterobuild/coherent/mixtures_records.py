"""What is said of a mixture: shares, wall area, domain sizes, connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from heterobuild.coherent.mixtures_amounts import salts_of
from heterobuild.geometry.phase_maps import connected_share, wall_areas
from heterobuild.geometry.random_fields import (
    mean_square_slope,
    room_for,
    wall_area_per_volume,
)
from heterobuild.model import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import CodeArray, FloatArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.mixtures_amounts import Amounts
    from heterobuild.coherent.mixtures_fields import Morphology

FEW = 4.0
"""Correlation lengths in a cell below which it holds hardly more than one domain."""


def mixture_step(
    draft: Draft,
    morphology: Morphology,
    amounts: Amounts,
    *,
    shares: FloatArray,
    codes: CodeArray,
    cell: FloatArray,
) -> Step:
    """Describe phases on one lattice.

    Parameters
    ----------
    draft : Draft
        The draft, for names and crystals.
    morphology : Morphology
        What was asked for.
    amounts : Amounts
        How much was asked for.
    shares : (n,) float array
        The same as shares of the octahedra.
    codes : (nx, ny, nz) int array
        Phase of each octahedron on the grid of pseudo-cubic cells, from 1.
    cell : (3, 3) float array
        Cell in Å.

    Returns
    -------
    Step
        Shares asked for and reached, wall area, mean chords, connection.
    """
    counts = np.bincount(codes.ravel(), minlength=len(shares) + 1)[1:]
    reached = counts / counts.sum()
    values = measured_values(codes, cell, reached)
    values |= asked_values(morphology, amounts)
    values["octahedra"] = dict(zip(draft.names, counts.tolist(), strict=True))
    values["volume_fractions_asked"] = np.round(shares, 6).tolist()
    values["precursor_ratio"] = precursor_ratio(
        [salts_of(crystal) for crystal in draft.crystals],
        [n / salts_of(c)[1] for n, c in zip(counts.tolist(), draft.crystals, strict=True)],
    )
    words = f"{kind_words(morphology)}: " + ", ".join(
        f"{name} {100 * share:.2f} % (asked {100 * asked:.2f} %)"
        for name, share, asked in zip(draft.names, reached, shares, strict=True)
    )
    words += f" of the octahedra; {values_words(values)}"
    if morphology.kind == "bicontinuous":
        words += _theory_words(morphology, cell, values, reached)
    return Step(name="mixture", choice=words, values=values)


def measured_values(codes: CodeArray, cell: FloatArray, shares: FloatArray) -> dict[str, Any]:
    """Measure a map of phases.

    Parameters
    ----------
    codes : (nx, ny, nz) int array
        Phase of each point, from 1.
    cell : (3, 3) float array
        Cell in Å.
    shares : (n,) float array
        Shares of the volume.

    Returns
    -------
    dict of str to object
        Wall area in Å² of each pair and per volume in 1/Å; mean chord of each phase in Å, four
        times its volume over its wall area (10.1007/BF03397456); share of each phase in its
        largest connected domain.
    """
    volume = float(abs(np.linalg.det(cell)))
    areas = wall_areas(codes, cell)
    own = [sum(a for pair, a in areas.items() if k in pair) for k in range(1, len(shares) + 1)]
    chords = [
        round(4 * share * volume / area, 3) if area else None
        for share, area in zip(shares.tolist(), own, strict=True)
    ]
    return {
        "volume_fractions": np.round(shares, 6).tolist(),
        "wall_area_A2": {f"{a}|{b}": round(area, 1) for (a, b), area in areas.items()},
        "wall_area_per_volume_1_A": round(sum(areas.values()) / volume, 6),
        "mean_chord_A": chords,
        "connected_share": [
            round(connected_share(codes == k), 4) for k in range(1, len(shares) + 1)
        ],
    }


def asked_values(morphology: Morphology, amounts: Amounts) -> dict[str, object]:
    """Return what was asked for, for the record.

    Parameters
    ----------
    morphology : Morphology
        The morphology.
    amounts : Amounts
        The amounts.

    Returns
    -------
    dict of str to object
        Plain values.
    """
    values: dict[str, object] = {"morphology": morphology.kind}
    if morphology.kind == "bicontinuous":
        values |= {
            "correlation_length_A": round(morphology.length, 6),
            "spectrum": morphology.spectrum,
        }
    else:
        values |= {"grains": morphology.count, "spread": morphology.spread}
    for name in ("volume_fractions", "molar_ratio", "precursor_ratio"):
        given = getattr(amounts, name)
        if given is not None:
            values[f"asked_{name}"] = list(given) if isinstance(given, (tuple, list)) else given
    return values


def precursor_ratio(salts: Sequence[tuple[float, float]], units: Sequence[float]) -> float | None:
    """Return the moles of AX over those of the metal halide in all phases together.

    Parameters
    ----------
    salts : sequence of (float, float)
        Moles of the two in a formula unit of each phase.
    units : sequence of float
        Formula units of each phase.

    Returns
    -------
    float or None
        The ratio; None without B cations.

    Examples
    --------
    >>> precursor_ratio([(4.0, 1.0), (1.0, 1.0)], [2.0, 13.0])
    1.4
    """
    first = sum(a * n for (a, _), n in zip(salts, units, strict=True))
    second = sum(b * n for (_, b), n in zip(salts, units, strict=True))
    return round(first / second, 6) if second else None


def kind_words(morphology: Morphology) -> str:
    """Say what a morphology is.

    Parameters
    ----------
    morphology : Morphology
        The morphology.

    Returns
    -------
    str
        A few words.
    """
    if morphology.kind == "bicontinuous":
        return (
            f"bicontinuous, {morphology.spectrum} Gaussian field of correlation length "
            f"{morphology.length:g} Å"
        )
    if morphology.kind == "inclusions":
        return f"{morphology.count} inclusions"
    sizes = "Voronoi" if morphology.spread is None else "Laguerre"
    return f"{morphology.count} {sizes} grains"


def values_words(values: dict[str, Any]) -> str:
    """Say what was measured.

    Parameters
    ----------
    values : dict of str to object
        See `measured_values`.

    Returns
    -------
    str
        A few words.
    """
    area = values["wall_area_per_volume_1_A"]
    chords, connected = values["mean_chord_A"], values["connected_share"]
    lengths = ", ".join("–" if c is None else f"{c:.1f}" for c in chords)
    pieces = ", ".join(f"{100 * c:.0f}" for c in connected)
    return (
        f"walls of {10 * area:.4f} nm² per nm³, mean chords {lengths} Å, "
        f"{pieces} % of each phase in one piece"
    )


def _theory_words(
    morphology: Morphology, cell: FloatArray, values: dict[str, Any], shares: FloatArray
) -> str:
    """Add the wall area of an endless field of two phases, and warn of a small cell."""
    words = ""
    if len(shares) == 2:
        slope = mean_square_slope(morphology.spectrum, morphology.length)
        area = wall_area_per_volume(slope, float(shares[0]))
        values["wall_area_per_volume_of_endless_field_1_A"] = round(area, 6)
        words = f"; an endless field has {10 * area:.4f} nm² per nm³"
    room = room_for(cell, morphology.length)
    if room < FEW:
        words += f"; the cell is only {room:.1f} correlation lengths high"
    return words
