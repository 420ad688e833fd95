"""Grains side by side: how many repeats of each make one length of line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.elasticity import crystal_stiffness
from heterobuild.alloys.repeats import pseudocubic_axes
from heterobuild.errors import NothingFitsError
from heterobuild.frameworks.framework import framework_of
from heterobuild.geometry.stripes import common_lengths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Crystal

_MISSES = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A length of line that several crystals have in common.

    Parameters
    ----------
    counts : tuple of int
        Repeats of each crystal.
    length : float
        Length in Å.
    strains : tuple of float
        Engineering strain of each crystal along the line.
    misfit : float
        Largest absolute logarithm of a quotient of two of the unstrained lengths.
    others : int
        How many further lengths are within the limits.
    """

    counts: tuple[int, ...]
    length: float
    strains: tuple[float, ...]
    misfit: float
    others: int


def common_line(
    lengths: Sequence[float],
    *,
    most_strain: float,
    longest: float,
    rank: int,
    shares: Sequence[float],
    names: Sequence[str],
) -> Line:
    """Choose a length of line.

    Parameters
    ----------
    lengths : sequence of float
        Repeats of the crystals along the line in Å.
    most_strain : float
        Largest absolute logarithm of a quotient of two lengths that are made equal.
    longest : float
        Largest length in Å.
    rank : int
        Which of the lengths is taken, counted from 0, the shortest.
    shares : sequence of float
        How stiffly each crystal keeps its length; the common logarithm is the mean so weighted.
    names : sequence of str
        Names of the crystals.

    Returns
    -------
    Line
        The line.

    Raises
    ------
    NothingFitsError
        If there are not so many; with the nearest misses.

    Examples
    --------
    >>> line = common_line((6.0, 8.8), most_strain=0.03, longest=40, rank=0, shares=(1, 1),
    ...     names=("A", "B"))
    >>> line.counts, round(line.length, 3)
    ((3, 2), 17.799)
    """
    counts, strains = common_lengths(lengths, most_strain=most_strain, longest=longest)
    if rank >= len(counts):
        raise _no_line(lengths, len(counts), most_strain=most_strain, longest=longest, names=names)
    own = np.log(counts[rank] * np.asarray(lengths))
    weights = np.asarray(shares, dtype=np.float64)
    common = float(weights @ own / weights.sum())
    return Line(
        counts=tuple(counts[rank].tolist()),
        length=float(np.exp(common)),
        strains=tuple(np.expm1(common - own).tolist()),
        misfit=float(strains[rank]),
        others=len(counts) - 1,
    )


def _no_line(
    lengths: Sequence[float],
    found: int,
    *,
    most_strain: float,
    longest: float,
    names: Sequence[str],
) -> NothingFitsError:
    """Return the error of a length that there is not, with the nearest misses."""
    tried, misfits = common_lengths(lengths, most_strain=np.inf, longest=longest)
    order = np.lexsort((tried[:, 0], misfits.round(6)))[:_MISSES]
    shown = ", ".join(
        f"{' : '.join(map(str, tried[k].tolist()))} ({100 * misfits[k]:.2f} %,"
        f" {tried[k, 0] * lengths[0]:.1f} Å)"
        for k in order
    )
    more = "raise max_strain or max_length"
    return NothingFitsError(
        f"{found} common lengths of {' and '.join(names)} along the line",
        where="match" if found else "max_strain",
        measured=", ".join(f"{length:.3f} Å" for length in lengths),
        allowed=f"{100 * most_strain:g} % and {longest:g} Å"
        + (f", match from 0 to {found - 1}" if found else ""),
        next_step=f"use match: {found - 1}, or {more}"
        if found
        else f"nearest are {shown or 'longer than that'}: {more}",
    )


def stiffness_shares(
    crystals: Sequence[Crystal], areas: Sequence[float], strain: str | float
) -> list[float]:
    """Return how stiffly each crystal keeps its length along the line.

    Parameters
    ----------
    crystals : sequence of Crystal
        The crystals.
    areas : sequence of float
        Cross section of each in Å².
    strain : {"first", "second", "shared", "stiffness"} or float
        Who takes the misfit: the first part, the later ones, all alike, all by stiffness and
        cross section; or the share of it that the first part takes.

    Returns
    -------
    list of float
        Weights for `common_line`.
    """
    rest = len(crystals) - 1
    if strain == "first":
        return [0.0, *[1.0] * rest]
    if strain == "second":
        return [1.0, *[0.0] * rest]
    if isinstance(strain, int | float):
        return [1.0 - strain, *[strain / rest] * rest]
    if strain == "shared":
        return [1.0] * (rest + 1)
    return [
        area / float(np.linalg.inv(crystal_stiffness(crystal).matrix)[0, 0])
        for crystal, area in zip(crystals, areas, strict=True)
    ]


def edge_of(crystal: Crystal) -> float:
    """Return the length that stands for one octahedron in Å: its share of the volume, as a cube.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    float
        Of perovskites the pseudo-cubic edge, else the mean in-plane edge of sheets, else that of
        the cube with the volume of one octahedron.
    """
    if crystal.pseudocubic is not None:
        axes = pseudocubic_axes(crystal)
        return float(np.linalg.norm(np.cross(axes[0], axes[1])) ** 0.5)
    return float(framework_of(crystal).octahedron_volume ** (1 / 3))
