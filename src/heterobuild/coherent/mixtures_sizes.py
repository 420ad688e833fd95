"""How many grains a mixture has, how large it is, and which sizes are too small."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.frameworks.framework import framework_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import DataclassInstance

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal

MOST, WIDEST = 100_000, 0.6
"""Most cells along an axis and most grains; largest spread of diameters: beyond it one grain of a
few dozen has half of the volume."""

DOMAINS, GRAINS, INCLUSIONS = 5.0, 8, 4
"""Correlation lengths along a cell of which no size is given, grains, and inclusions in it."""


def ball_volume(diameter: float) -> float:
    """Return the volume of a ball.

    Parameters
    ----------
    diameter : float
        Diameter in Å.

    Returns
    -------
    float
        Volume in Å³.
    """
    return float(np.pi / 6 * diameter**3)


def grain_count(kind: str, volume: float, diameter: float, shares: FloatArray) -> int:
    """Return how many grains or inclusions of a mean size fill their share of a cell.

    Parameters
    ----------
    kind : str
        Name of the morphology.
    volume : float
        Volume of the cell in Å³.
    diameter : float
        Diameter of a ball with the mean volume of a grain in Å.
    shares : (n,) float array
        Shares of the volume; the last is that of the matrix of inclusions.

    Returns
    -------
    int
        The number, at least one for each phase that has grains.

    Examples
    --------
    >>> grain_count("grains", 100.0**3, 40.0, np.array([0.5, 0.5]))
    30
    """
    inclusions = kind == "inclusions"
    share = 1.0 - float(shares[-1]) if inclusions else 1.0
    least = len(shares) - 1 if inclusions else len(shares)
    return max(least, round(share * volume / ball_volume(diameter)))


def mean_diameter(kind: str, volume: float, count: int, shares: FloatArray) -> float:
    """Return the diameter of a ball with the mean volume of a grain or inclusion.

    Parameters
    ----------
    kind : str
        Name of the morphology.
    volume : float
        Volume of the cell in Å³.
    count : int
        Number of grains or inclusions.
    shares : (n,) float array
        Shares of the volume; the last is that of the matrix of inclusions.

    Returns
    -------
    float
        Diameter in Å.

    Examples
    --------
    >>> round(mean_diameter("grains", 100.0**3, 30, np.array([0.5, 0.5])), 1)
    39.9
    """
    share = 1.0 - float(shares[-1]) if kind == "inclusions" else 1.0
    return float((6 * share * volume / count / np.pi) ** (1 / 3))


def cube_for(
    kind: str, length: float, diameter: float, count: int | None, shares: FloatArray
) -> float:
    """Return the edge of a cube that has room for a mixture.

    Parameters
    ----------
    kind : str
        Name of the morphology.
    length : float
        Correlation length in Å.
    diameter : float
        Diameter of a ball with the mean volume of a grain in Å.
    count : int or None
        Number of grains or inclusions, where it was given.
    shares : (n,) float array
        Shares of the volume.

    Returns
    -------
    float
        Edge in Å.

    Examples
    --------
    >>> round(cube_for("bicontinuous", 20.0, 40.0, None, np.array([0.5, 0.5])), 1)
    100.0
    """
    if kind == "bicontinuous":
        return DOMAINS * length
    inclusions = kind == "inclusions"
    share = 1.0 - float(shares[-1]) if inclusions else 1.0
    number = count or (INCLUSIONS if inclusions else GRAINS)
    return float((number * ball_volume(diameter) / share) ** (1 / 3))


def judge_grain_size(
    diameter: float, crystals: Sequence[Crystal], count: int | None = None
) -> None:
    """Refuse grains that are smaller than an octahedron.

    Parameters
    ----------
    diameter : float
        Diameter of a ball with the mean volume of a grain in Å.
    crystals : sequence of Crystal
        The phases.
    count : int, optional
        Number of grains, where that was given and not their size.

    Raises
    ------
    UsageError
        If no octahedron with its halides fits into such a ball.
    """
    needed = {crystal.name: 2 * framework_of(crystal).bond for crystal in crystals}
    name = max(needed, key=needed.__getitem__)
    least = needed[name]
    if diameter >= least:
        return
    roomy = np.ceil(4 * least)
    fewer = max(len(crystals), int((count or 0) * (diameter / roomy) ** 3))
    raise UsageError(
        "the grains are smaller than an octahedron",
        where="grains" if count else "grain_size",
        measured=f"{diameter:.4g} Å" + (f" for {count} grains" if count else ""),
        allowed=f"{least:.3g} Å or more, the octahedron of {name} with its halides",
        next_step=f"use {f'grains: {fewer}' if count else f'grain_size: {roomy:g}'}, "
        "or a larger cell",
    )


def phase_names(crystals: Sequence[Crystal], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the phases.

    Parameters
    ----------
    crystals : sequence of Crystal
        The phases.
    names : tuple of str
        Names that were given; none for phase 1, phase 2 and so on.

    Returns
    -------
    tuple of str
        One a phase.

    Raises
    ------
    UsageError
        If there is one phase only, or the names are not as many.
    """
    if len(crystals) < 2:
        raise UsageError(
            "a mixture has two phases at least",
            where="parts",
            measured=crystals[0].name,
            next_step="name another part",
        )
    names = names or tuple(f"phase {k}" for k in range(1, len(crystals) + 1))
    if len(names) != len(crystals):
        raise UsageError(
            f"{len(names)} names for {len(crystals)} phases",
            where="names",
            measured=list(names),
            next_step="give one a phase",
        )
    return names


def judge_numbers(
    *, cells: int | tuple[int, ...] | None, grains: int | None, spread: float | None
) -> None:
    """Refuse numbers out of range.

    Parameters
    ----------
    cells : int or tuple of int or None
        Cells along each axis.
    grains : int or None
        Number of grains.
    spread : float or None
        Standard deviation of their diameters as a fraction of the mean.

    Raises
    ------
    UsageError
        If one is out of range.
    """
    counts = [cells] if isinstance(cells, int) else list(cells or [1])
    given = [("cells", n, 16) for n in counts]
    for where, number, example in [*given, ("grains", 1 if grains is None else grains, GRAINS)]:
        if not 1 <= number <= MOST:
            raise UsageError(
                "this number is out of range",
                where=where,
                measured=number,
                allowed=f"1 to {MOST}",
                next_step=f"use {example}",
            )
    if spread is not None and not 0 <= spread <= WIDEST:
        raise UsageError(
            "the spread of the sizes is out of range",
            where="spread",
            measured=f"{spread:g}",
            allowed=f"0 to {WIDEST:g}, a fraction of the mean diameter",
            next_step="use 0.2 for 20 %",
        )


def refuse_for(options: DataclassInstance, kind: str, names: Sequence[str]) -> None:
    """Refuse options that mean nothing for a morphology.

    Parameters
    ----------
    options : dataclass
        The options.
    kind : str
        Name of the morphology.
    names : sequence of str
        Fields that have to be as they are by default.

    Raises
    ------
    UsageError
        If one is not.
    """
    unset = {entry.name: entry.default for entry in fields(options)}
    for name in names:
        if getattr(options, name) != unset[name]:
            raise UsageError(
                f"{name} means nothing for {kind}",
                where=name,
                measured=str(getattr(options, name)),
                allowed="with morphology: bicontinuous",
                next_step=f"leave {name} out",
            )
