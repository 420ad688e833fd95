"""How much there is of each phase of a mixture: by volume, by formula units, by precursors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.labels import KIND, SITE, Site, units

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal

_EXACT = 1e-6


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """How much of each phase is wanted; at most one of the three is given.

    Parameters
    ----------
    volume_fractions : tuple of float or None, optional
        Share of the volume of each phase.
    molar_ratio : tuple of float or None, optional
        Formula units of each phase.
    precursor_ratio : float or None, optional
        Moles of AX over moles of BX2 or BX in the precursors of two phases.
    """

    volume_fractions: tuple[float, ...] | None = None
    molar_ratio: tuple[float, ...] | None = None
    precursor_ratio: float | None = None


def unit_volume(crystal: Crystal) -> float:
    """Return the volume of a formula unit.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    float
        Volume in Å³.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> round(unit_volume(load_phase("Cs4PbBr6")), 1)
    471.3
    """
    return float(abs(np.linalg.det(crystal.cell))) / crystal.z


def salts_of(crystal: Crystal) -> tuple[float, float]:
    """Return the moles of the two precursors in a formula unit.

    Parameters
    ----------
    crystal : Crystal
        The crystal.

    Returns
    -------
    tuple of float
        A cations and spacers, and B cations.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> salts_of(load_phase("Cs4PbBr6")), salts_of(load_phase("CsPb2Br5"))
    ((4.0, 1.0), (1.0, 2.0))
    """
    atoms = crystal.require_atoms()
    first = np.unique(units(atoms), return_index=True)[1]
    site = atoms.arrays[SITE][first]
    cations = int(np.isin(site, (Site.A, Site.SPACER)).sum())
    return cations / crystal.z, int((site == Site.B).sum()) / crystal.z


def volume_shares(amounts: Amounts, crystals: Sequence[Crystal]) -> FloatArray:
    """Return the share of the volume of each phase, each on its own lattice.

    Parameters
    ----------
    amounts : Amounts
        What is wanted; equal volumes where nothing is given.
    crystals : sequence of Crystal
        The phases.

    Returns
    -------
    (n,) float array
        Shares, which sum to one.

    Raises
    ------
    UsageError
        If fractions do not sum to one, a number is missing, or a ratio is out of reach.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> phases = [load_phase("Cs4PbBr6"), load_phase("CsPbBr3_cubic")]
    >>> volume_shares(Amounts(precursor_ratio=1.4), phases).round(4).tolist()
    [0.2635, 0.7365]
    """
    return _shares(amounts, crystals, unit_volume)


def octahedron_shares(amounts: Amounts, crystals: Sequence[Crystal]) -> FloatArray:
    """Return the share of the octahedra of each phase where all have one lattice.

    Parameters
    ----------
    amounts : Amounts
        What is wanted. On one lattice all octahedra have the same volume, so that volume
        fractions are those of the model as it is built.
    crystals : sequence of Crystal
        The phases.

    Returns
    -------
    (n,) float array
        Shares, which sum to one.

    Raises
    ------
    UsageError
        See `volume_shares`.
    """
    return _shares(amounts, crystals, lambda crystal: salts_of(crystal)[1])


def _shares(
    amounts: Amounts, crystals: Sequence[Crystal], each: Callable[[Crystal], float]
) -> FloatArray:
    """Return the shares of the phases by what one formula unit of each takes."""
    judge_amounts(amounts, crystals)
    if amounts.molar_ratio is None and amounts.precursor_ratio is None:
        return _fractions(amounts, len(crystals))
    taken: FloatArray = formula_shares(amounts, crystals) * [each(crystal) for crystal in crystals]
    shares: FloatArray = taken / taken.sum()
    return shares


def formula_shares(amounts: Amounts, crystals: Sequence[Crystal]) -> FloatArray:
    """Return the share of the formula units of each phase, from a molar or a precursor ratio.

    Parameters
    ----------
    amounts : Amounts
        What is wanted, with one of the two ratios.
    crystals : sequence of Crystal
        The phases.

    Returns
    -------
    (n,) float array
        Shares, which sum to one.

    Raises
    ------
    UsageError
        If a precursor ratio is out of reach, or says nothing about these phases.
    """
    if amounts.precursor_ratio is not None:
        return _by_precursors(amounts.precursor_ratio, crystals)
    ratio = np.asarray(amounts.molar_ratio, dtype=np.float64)
    shares: FloatArray = ratio / ratio.sum()
    return shares


def judge_amounts(amounts: Amounts, crystals: Sequence[Crystal]) -> None:
    """Refuse amounts that contradict each other or that no mixture has.

    Parameters
    ----------
    amounts : Amounts
        What is wanted.
    crystals : sequence of Crystal
        The phases.

    Raises
    ------
    UsageError
        If two amounts are given, numbers are missing or not above 0, or fractions do not sum to
        one.
    """
    given = [n for n in Amounts.__dataclass_fields__ if getattr(amounts, n) is not None]
    if len(given) > 1:
        raise UsageError(
            f"both {given[0]} and {given[1]} are given",
            where=given[1],
            allowed="one way to say how much there is of each phase",
            next_step=f"remove {given[0]} or {given[1]}",
        )
    for name in ("volume_fractions", "molar_ratio"):
        values = getattr(amounts, name)
        if values is not None:
            _judge_values(name, tuple(values), len(crystals))


def _judge_values(name: str, values: tuple[float, ...], count: int) -> None:
    """Refuse numbers that are too few, not positive, or do not sum to one."""
    example = ", ".join(f"{1 / count:.3g}" for _ in range(count))
    if len(values) != count:
        raise UsageError(
            f"{len(values)} numbers for {count} phases",
            where=name,
            measured=list(values),
            allowed="one for each phase, in their order",
            next_step=f"use {example}",
        )
    if not all(np.isfinite(v) and v > 0 for v in values):
        raise UsageError(
            "every phase has a share above 0",
            where=name,
            measured=list(values),
            next_step=f"leave the phase out, or use {example}",
        )
    total = float(sum(values))
    if name == "volume_fractions" and abs(total - 1) > _EXACT:
        nearest = ", ".join(f"{v / total:.4g}" for v in values)
        raise UsageError(
            "the volume fractions do not sum to one",
            where=name,
            measured=f"{list(values)}, together {total:.6g}",
            allowed="a sum of 1",
            next_step=f"use {nearest}, or give them as molar_ratio if they are formula units",
        )


def _fractions(amounts: Amounts, count: int) -> FloatArray:
    """Return volume fractions; equal ones by default."""
    shares: FloatArray = np.full(count, 1 / count)
    if amounts.volume_fractions is not None:
        shares = np.asarray(amounts.volume_fractions, dtype=np.float64)
    return shares


def _by_precursors(ratio: float, crystals: Sequence[Crystal]) -> FloatArray:
    """Solve for the formula units of two phases whose precursors have a ratio."""
    names = [crystal.name for crystal in crystals]
    salts = np.array([salts_of(crystal) for crystal in crystals])
    own = salts[:, 0] / np.where(salts[:, 1] > 0, salts[:, 1], np.nan)
    metals = {_metals(crystal) for crystal in crystals}
    if len(crystals) != 2 or len(metals) > 1 or not np.isfinite(own).all():
        raise UsageError(
            "a ratio of precursors tells the amounts of two phases of one metal",
            where="precursor_ratio",
            measured=", ".join(names),
            next_step="give volume_fractions or molar_ratio",
        )
    if abs(own[0] - own[1]) < _EXACT:
        raise UsageError(
            f"{names[0]} and {names[1]} are made of the same ratio of precursors, {own[0]:g}",
            where="precursor_ratio",
            measured=f"{ratio:g}",
            next_step="give volume_fractions or molar_ratio",
        )
    low, high = sorted(own.tolist())
    if not low < ratio < high:
        nearest = names[int(np.argmin(np.abs(own - ratio)))]
        raise UsageError(
            "no mixture of these phases has this ratio of precursors",
            where="precursor_ratio",
            measured=f"{ratio:g}",
            allowed=f"between {low:g} and {high:g}, the ratios of "
            f"{' and '.join(names[k] for k in np.argsort(own))}",
            next_step=f"the nearest is {nearest} alone, or choose a ratio between the two",
        )
    excess = salts[:, 0] - ratio * salts[:, 1]
    found: FloatArray = np.array([-excess[1], excess[0]]) / (excess[0] - excess[1])
    return found


def _metals(crystal: Crystal) -> tuple[int, ...]:
    """Return the elements on the B sites."""
    atoms = crystal.require_atoms()
    chosen = (atoms.arrays[SITE] == Site.B) & (atoms.arrays[KIND] == 0)
    return tuple(np.unique(atoms.numbers[chosen]).tolist())
