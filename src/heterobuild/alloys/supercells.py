"""Supercells of mixed crystals: the smallest that holds the wanted shares, with its ions drawn."""

from __future__ import annotations

from dataclasses import replace
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.counts import cells_for
from heterobuild.alloys.decoration import decorate
from heterobuild.alloys.mixed_sites import mixed_sites, site_counts
from heterobuild.alloys.patterns import ORDERED, parse_rule, spread
from heterobuild.alloys.repeats import (
    LONGEST,
    Repeat,
    compact_repeats,
    finished_supercell,
    pseudocubic_axes,
    repeat_crystal,
    repeat_label,
)
from heterobuild.errors import UsageError
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.alloys.mixed_sites import MixedSites
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal

MAX_ATOMS = 1000
"""Most atoms of a supercell that is chosen: what a density-functional run can hold."""

ROUNDING = 0.02
"""Largest change of a share by rounding that is accepted; compositions of films are hardly known
better."""

SMALL = 400
"""Atoms up to which a supercell is chosen that rounds less."""

FINE = 0.01
"""Largest change of a share by rounding in these."""

COMPACT = 2.0
"""Ratio of the longest edge of a supercell to its shortest that is preferred."""

KEPT = 0.5
"""Largest change of a share by rounding, relative to itself."""

TRIES = 60
"""Supercells in which an ordered pattern is tried."""


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
        repeat = smallest_repeat(crystal, max_atoms=max_atoms, rounding=rounding, rule=rule)
    else:
        _check_repeat(crystal, repeat, max_atoms=max_atoms, rounding=rounding, rule=rule)
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
    crystal: Crystal,
    *,
    max_atoms: int = MAX_ATOMS,
    rounding: float = ROUNDING,
    rule: str = "random",
) -> Repeat:
    """Return the smallest compact supercell that holds the shares of all mixed sites.

    Up to `SMALL` atoms shares may change by `FINE` through rounding, in larger ones by as much as
    is accepted, and in no case by more than half of themselves, so that no ion is lost. Edges
    differ by a factor up to `COMPACT`; only where no such supercell has few enough atoms, up to
    `heterobuild.alloys.repeats.LONGEST`. Of equally large ones the most cubic is taken.

    Parameters
    ----------
    crystal : Crystal
        A mixed crystal with atoms.
    max_atoms : int, optional
        Most atoms.
    rounding : float, optional
        Largest change of a share by rounding.
    rule : str, optional
        How ions are distributed; an ordered pattern must fit into the supercell.

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
    for repeat in fitting_repeats(crystal, max_atoms=max_atoms, rounding=rounding, rule=rule):
        return repeat
    size = len(crystal.require_atoms())
    if next(fitting_repeats(crystal, max_atoms=max_atoms, rounding=rounding), None):
        raise UsageError(
            f"no supercell of {crystal.name} holds its shares in the pattern {rule!r}",
            allowed=f"{max_atoms} atoms",
            next_step="use the rule random, or shares such as 0.5 that whole planes or rows hold",
        )
    exact = lcm(*(cells_for(sites.shares.tolist(), len(sites.first)) for sites in _sites(crystal)))
    raise UsageError(
        f"no supercell of {crystal.name} holds the wanted shares",
        measured=f"{exact * size} atoms needed for whole numbers",
        allowed=f"{max_atoms} atoms, rounding by {rounding:g}",
        next_step=f"raise max_atoms to {exact * size}, or round the shares",
    )


def fitting_repeats(
    crystal: Crystal,
    *,
    max_atoms: int = MAX_ATOMS,
    rounding: float = ROUNDING,
    rule: str = "random",
) -> Iterator[Repeat]:
    """Yield the supercells that hold the shares of all mixed sites, the best first.

    Parameters
    ----------
    crystal : Crystal
        A mixed crystal with atoms.
    max_atoms : int, optional
        Most atoms.
    rounding : float, optional
        Largest change of a share by rounding.
    rule : str, optional
        How ions are distributed; an ordered pattern must fit into the supercell.

    Yields
    ------
    tuple of int
        Copies along the axes of the conventional cell, in the order of `smallest_repeat`.
    """
    size, found = len(crystal.require_atoms()), _sites(crystal)
    ordered = parse_rule(rule)[0] in ORDERED
    tried = 0
    for atoms, error, ratio in (
        (min(SMALL, max_atoms), min(FINE, rounding), COMPACT),
        (max_atoms, rounding, COMPACT),
        (max_atoms, rounding, LONGEST),
    ):
        for repeat in compact_repeats(crystal.cell, atoms // size, ratio):
            if not _holds(found, int(np.prod(repeat)), error):
                continue
            tried += 1
            if not ordered or (tried <= TRIES and _suits(crystal, repeat, rule)):
                yield repeat


def _suits(crystal: Crystal, repeat: Repeat, rule: str) -> bool:
    """Tell whether an ordered pattern fits into a supercell."""
    atoms = repeat_crystal(crystal, repeat).require_atoms()
    rng, axes = np.random.default_rng(0), pseudocubic_axes(crystal)
    try:
        for mixture in crystal.mixtures:
            sites = mixed_sites(atoms, crystal.molecules, mixture)
            spread(rule, site_counts(sites), sites.centres, atoms, lattice=axes, rng=rng)
    except UsageError:
        return False
    return True


def _holds(found: Sequence[MixedSites], cells: int, rounding: float) -> bool:
    """Tell whether shares change little enough by rounding, and by half of themselves at most."""
    return _rounding_error(found, cells) <= rounding and all(
        (np.abs(_got(sites, cells) / sites.shares - 1) <= KEPT)[sites.shares > 0].all()
        for sites in found
    )


def _got(sites: MixedSites, cells: int) -> FloatArray:
    """Return the shares in a number of cells after rounding."""
    got: FloatArray = site_counts(sites, cells) / (cells * len(sites.first))
    return got


def _sites(crystal: Crystal) -> list[MixedSites]:
    """Return the sites of all mixtures in one cell."""
    atoms = crystal.require_atoms()
    return [mixed_sites(atoms, crystal.molecules, mixture) for mixture in crystal.mixtures]


def _rounding_error(found: Sequence[MixedSites], cells: int) -> float:
    """Return the largest change of a share by rounding in a number of cells."""
    return max(float(np.abs(_got(sites, cells) - sites.shares).max()) for sites in found)


def _check_repeat(
    crystal: Crystal, repeat: Repeat, *, max_atoms: int, rounding: float, rule: str
) -> None:
    """Refuse a repeat that is too small for the shares."""
    cells = max(int(np.prod(repeat)), 1)
    found = _sites(crystal)
    lost = any((site_counts(sites, cells) == 0)[sites.shares > 0].any() for sites in found)
    error = _rounding_error(found, cells)
    if error <= rounding and not lost:
        return
    fits = smallest_repeat(crystal, max_atoms=max_atoms, rounding=rounding, rule=rule)
    raise UsageError(
        f"the supercell {repeat_label(repeat)} is too small for the shares of {crystal.name}",
        where="repeat",
        measured=f"a share changes by {error:.4f}" + (", an ion is lost" if lost else ""),
        allowed=f"{rounding:g}",
        next_step=f"use {repeat_label(fits)}, or allow more rounding",
    )
