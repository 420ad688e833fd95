"""Supercells of mixed crystals: the smallest that holds the wanted shares, with its ions drawn."""

from __future__ import annotations

from dataclasses import replace
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.counts import cells_for
from heterobuild.alloys.decoration import decorate
from heterobuild.alloys.mixed_sites import mixed_sites, site_counts
from heterobuild.alloys.repeats import (
    Repeat,
    finished_supercell,
    most_cubic,
    pseudocubic_axes,
    repeat_crystal,
    repeat_label,
)
from heterobuild.errors import UsageError
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.mixed_sites import MixedSites
    from heterobuild.model import Crystal

MAX_ATOMS = 1000
"""Most atoms of a supercell that is chosen: what a density-functional run can hold."""

ROUNDING = 0.02
"""Largest change of a share by rounding that is accepted; compositions of films are hardly known
better."""


def alloy_supercell(
    crystal: Crystal,
    repeat: Repeat | None = None,
    *,
    max_atoms: int = MAX_ATOMS,
    rounding: float = ROUNDING,
    rule: str = "random",
    cations: str = "aligned",
    seed: int = 0,
) -> Crystal:
    """Make a supercell of a mixed crystal with one ion on each site.

    Parameters
    ----------
    crystal : Crystal
        A mixed crystal, see `heterobuild.alloys.mixing.mixed_crystal`.
    repeat : tuple of int, optional
        Copies of the conventional cell along its axes; by default those of `smallest_repeat`.
    max_atoms : int, optional
        Most atoms of a supercell that is chosen here.
    rounding : float, optional
        Largest change of a share by rounding, see `ROUNDING`.
    rule : str, optional
        How ions are distributed, see `heterobuild.alloys.decoration.decorate`; directions are
        those of the pseudo-cubic axes where there are any.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations, see `heterobuild.crystals.cations.orient_cations`.
    seed : int, optional
        Seed of both rules.

    Returns
    -------
    Crystal
        The supercell, without mixtures, in P1; the counts are in its notices.

    Raises
    ------
    MissingAtomsError
        If only the cell of the crystal is known.
    UsageError
        If the crystal is not mixed, or a supercell is too small for the wanted shares; the
        message names the smallest that fits.
    UnknownNameError
        If a rule is not known.
    """
    crystal.require_atoms()
    if not crystal.mixtures:
        raise UsageError(f"{crystal.name} has no mixed sites", next_step="use it as it is")
    if repeat is None:
        repeat = smallest_repeat(crystal, max_atoms=max_atoms, rounding=rounding)
    _check_repeat(crystal, repeat, max_atoms=max_atoms, rounding=rounding)
    larger = repeat_crystal(crystal, repeat)
    made, molecules, added, step = decorate(
        larger.require_atoms(),
        crystal.molecules,
        crystal.mixtures,
        rule=rule,
        rng=generator(seed, f"composition of {crystal.name}"),
        lattice=pseudocubic_axes(crystal),
    )
    drawn = replace(larger, atoms=made, molecules=molecules, mixtures=())
    return finished_supercell(drawn, added, step, cations=cations, seed=seed)


def smallest_repeat(
    crystal: Crystal, *, max_atoms: int = MAX_ATOMS, rounding: float = ROUNDING
) -> Repeat:
    """Return the smallest supercell in which the shares of all mixed sites are whole numbers.

    Of those with an edge ratio up to `LONGEST` the one with fewest atoms is taken, then the most
    cubic. Where none has few enough atoms, the smallest whose rounding is accepted is taken.

    Parameters
    ----------
    crystal : Crystal
        A mixed crystal with atoms.
    max_atoms : int, optional
        Most atoms.
    rounding : float, optional
        Largest change of a share by rounding.

    Returns
    -------
    tuple of int
        Copies along the axes of the conventional cell.

    Raises
    ------
    MissingAtomsError
        If only the cell of the crystal is known.
    UsageError
        If no supercell has few enough atoms.
    """
    size = len(crystal.require_atoms())
    found = _sites(crystal)
    exact = lcm(*(cells_for(sites.shares.tolist(), len(sites.first)) for sites in found))
    most = max(max_atoms // size, 1)
    for wanted in (range(exact, most + 1, exact), range(1, most + 1)):
        for cells in (n for n in wanted if _rounding_error(found, n) <= rounding):
            repeat = most_cubic(crystal.cell, cells)
            if repeat is not None:
                return repeat
    raise UsageError(
        f"no supercell of {crystal.name} holds the wanted shares",
        measured=f"{exact * size} atoms needed for whole numbers",
        allowed=f"{max_atoms} atoms, rounding by {rounding:g}",
        next_step=f"raise max_atoms to {exact * size}, or round the shares",
    )


def _sites(crystal: Crystal) -> list[MixedSites]:
    """Return the sites of all mixtures in one cell."""
    atoms = crystal.require_atoms()
    return [mixed_sites(atoms, crystal.molecules, mixture) for mixture in crystal.mixtures]


def _rounding_error(found: Sequence[MixedSites], cells: int) -> float:
    """Return the largest change of a share by rounding in a number of cells."""
    return max(
        float(np.abs(site_counts(sites, cells) / (cells * len(sites.first)) - sites.shares).max())
        for sites in found
    )


def _check_repeat(crystal: Crystal, repeat: Repeat, *, max_atoms: int, rounding: float) -> None:
    """Refuse a repeat that is too small for the shares."""
    error = _rounding_error(_sites(crystal), max(int(np.prod(repeat)), 1))
    if error <= rounding:
        return
    fits = smallest_repeat(crystal, max_atoms=max_atoms, rounding=rounding)
    raise UsageError(
        f"the supercell {repeat_label(repeat)} is too small for the shares of {crystal.name}",
        where="repeat",
        measured=f"a share changes by {error:.4f}",
        allowed=f"{rounding:g}",
        next_step=f"use {repeat_label(fits)}, or allow more rounding",
    )
