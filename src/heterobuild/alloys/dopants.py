"""Put dopants into crystals and atoms: exact counts, neutral to the last charge."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.alloys.doping_plans import dopant_count, plan_doping, relative_rounding
from heterobuild.alloys.exchange import VACANCY, exchange_units
from heterobuild.alloys.repeats import (
    Repeat,
    finished_supercell,
    most_cubic,
    repeat_crystal,
    repeat_label,
)
from heterobuild.alloys.supercells import alloy_supercell, fitting_repeats
from heterobuild.errors import UsageError
from heterobuild.labels import KIND, SITE, Site
from heterobuild.layered.contacts import shortest_contact
from heterobuild.model import Step
from heterobuild.prototypes.cage_contacts import CLOSEST
from heterobuild.seeds import generator
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ase import Atoms

    from heterobuild.alloys.doping_plans import Dopant, DopingPlan
    from heterobuild.model import Crystal, Molecule

MAX_ATOMS = 1000
"""Most atoms of a supercell that is chosen: what a density-functional run can hold."""

ROUNDING = 0.1
"""Largest relative change of a dopant's fraction by rounding to whole ions."""


def dope(
    crystal: Crystal,
    dopant: Dopant,
    *,
    repeat: Repeat | None = None,
    max_atoms: int = MAX_ATOMS,
    rounding: float = ROUNDING,
    cations: str = "aligned",
    seed: int = 0,
) -> Crystal:
    """Make a doped supercell of a crystal.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms; a mixed one is first made a supercell in which its ions are drawn at
        random, see `heterobuild.alloys.supercells.alloy_supercell`.
    dopant : Dopant
        What is put in.
    repeat : tuple of int, optional
        Copies of the conventional cell; by default the smallest supercell that is not too long
        and holds the fraction.
    max_atoms : int, optional
        Most atoms of a supercell that is chosen here.
    rounding : float, optional
        Largest relative change of the fraction by rounding, see `ROUNDING`.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        Rule that orients molecular cations.
    seed : int, optional
        Seed of the places and of that rule.

    Returns
    -------
    Crystal
        The supercell in P1; what was done is in its notices.

    Raises
    ------
    MissingAtomsError
        If only the cell of the crystal is known.
    UsageError
        If the dopant cannot be put in, see `heterobuild.alloys.dopants.dope_atoms`, a molecule
        has no room in its cage, or the supercell is too small; the message names the smallest
        that fits.
    UnknownNameError
        If an ion or a rule is not known.

    Examples
    --------
    >>> from heterobuild.alloys.doping_plans import Dopant
    >>> from heterobuild.crystals import load_phase
    >>> bismuth = Dopant(ion="Bi", fraction=0.1, compensation="co-dopant:Ag")
    >>> doped = dope(load_phase("CsPbBr3_cubic"), bismuth)
    >>> doped.name, doped.atoms.get_chemical_formula()
    ('CsPbBr3_cubic_Bi_2x2x5', 'Ag2Bi2Br60Cs20Pb16')
    """
    plan = None if crystal.mixtures else _plan(crystal, dopant)
    if plan is None:
        repeats = _mixed_repeats(crystal, dopant, max_atoms=max_atoms, rounding=rounding, seed=seed)
    else:
        repeats = _pure_repeats(crystal, plan, max_atoms=max_atoms, rounding=rounding)
    chosen = repeat or next(repeats, None)
    larger = None if chosen is None else _repeated(crystal, chosen, seed)
    final = None if larger is None else _plan(larger, dopant)
    if chosen is None or larger is None or final is None or relative_rounding(final) > rounding:
        fits = next(repeats, None)
        host = final.host if final else "its host"
        raise UsageError(
            f"{repeat_label(chosen) if chosen else f'a supercell of {max_atoms} atoms'} is too "
            f"small for {dopant.ion} on {dopant.fraction:g} of {host}",
            where=crystal.name,
            allowed=f"whole ions within {100 * rounding:g} % of the fraction",
            next_step=f"use {repeat_label(fits)}" if fits else "raise max_atoms",
        )
    atoms, molecules, added, step = dope_atoms(
        larger.require_atoms(),
        larger.molecules,
        dopant,
        rng=generator(seed, f"dopant {dopant.ion} of {crystal.name}"),
    )
    doped = replace(
        larger,
        name=f"{crystal.name}_{dopant.ion}_{repeat_label(chosen)}",
        formula=f"{crystal.formula}:{dopant.ion}",
        atoms=atoms,
        molecules=molecules,
        origin="mixed" if crystal.origin == "library" else crystal.origin,
        rests_on=(crystal.name,) if crystal.origin == "library" else crystal.rests_on,
    )
    finished = finished_supercell(doped, added, step, cations=cations, seed=seed)
    _require_room(finished, added, host=crystal.name)
    return finished


def _plan(crystal: Crystal, dopant: Dopant) -> DopingPlan:
    return plan_doping(crystal.require_atoms(), crystal.molecules, dopant)


def _repeated(crystal: Crystal, repeat: Repeat, seed: int) -> Crystal:
    """Return a supercell with one ion on each site."""
    if crystal.mixtures:
        return alloy_supercell(crystal, repeat, seed=seed)
    return repeat_crystal(crystal, repeat)


def _pure_repeats(
    crystal: Crystal, plan: DopingPlan, *, max_atoms: int, rounding: float
) -> Iterator[Repeat]:
    """Yield the supercells that hold the fraction, small ones first."""
    for cells in range(1, max(max_atoms // len(crystal.require_atoms()), 1) + 1):
        if relative_rounding(plan, cells) <= rounding:
            repeat = most_cubic(crystal.cell, cells)
            if repeat is not None:
                yield repeat


def _mixed_repeats(
    crystal: Crystal, dopant: Dopant, *, max_atoms: int, rounding: float, seed: int
) -> Iterator[Repeat]:
    """Yield supercells of a mixed crystal that hold its shares and the fraction."""
    sizes: dict[int, bool] = {}
    for repeat in fitting_repeats(crystal, max_atoms=max_atoms):
        cells = int(np.prod(repeat))
        if cells not in sizes:
            drawn = _repeated(crystal, repeat, seed)
            sizes[cells] = relative_rounding(_plan(drawn, dopant)) <= rounding
        if sizes[cells]:
            yield repeat


def _require_room(crystal: Crystal, added: Sequence[str], *, host: str) -> None:
    """Refuse molecules that the cages of the host do not hold."""
    if not added:
        return
    atoms = crystal.require_atoms().copy()
    kinds = [k for k, body in enumerate(crystal.molecules, start=1) if body.name in added]
    atoms.arrays[SITE] = np.where(np.isin(atoms.arrays[KIND], kinds), Site.A, Site.OTHER)
    ratio, first, second = shortest_contact(atoms, Site.A)
    if ratio < CLOSEST:
        raise UsageError(
            f"{' and '.join(added)} has no room in the A cage of {host}",
            measured=f"{atoms.symbols[first]}-{atoms.symbols[second]} at "
            f"{ratio * CONTACT:.2f} of the sum of van der Waals radii",
            allowed=f"{CLOSEST * CONTACT:.2f}, {CLOSEST * HYDROGEN_BOND:.2f} in hydrogen bonds",
            next_step="dope with a smaller cation; large ones stand between sheets, as in PEA2PbI4",
        )


def dope_atoms(
    atoms: Atoms, molecules: tuple[Molecule, ...], dopant: Dopant, *, rng: np.random.Generator
) -> tuple[Atoms, tuple[Molecule, ...], tuple[str, ...], Step]:
    """Put a dopant on sites drawn at random, and compensate its charge exactly.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms; left unchanged.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    dopant : Dopant
        What is put in.
    rng : numpy.random.Generator
        Generator of the places.

    Returns
    -------
    atoms : ase.Atoms
        Labelled atoms in the order of the old ones.
    molecules : tuple of Molecule
        The table, with new kinds.
    placed : tuple of str
        Molecules that are to be oriented.
    step : Step
        What was done, with the numbers.

    Raises
    ------
    UsageError
        As in `plan_doping`, or if the fraction gives no ion, or the sites do not suffice.
    UnknownNameError
        If an ion is not known.
    """
    plan = plan_doping(atoms, molecules, dopant)
    count = dopant_count(plan)
    needed = count * plan.excess // plan.relief if plan.excess else 0
    drawn = rng.permutation(plan.hosts)
    if plan.partner:
        others = drawn[count : count + needed]
    else:
        others = rng.permutation(np.setdiff1d(plan.leaving, drawn[:count]))[:needed]
    if not 0 < count <= len(plan.hosts) or len(others) < needed:
        raise UsageError(
            f"{len(plan.hosts)} {plan.host} do not hold {dopant.ion} on {dopant.fraction:g} of "
            f"them{f' with {dopant.compensation}' if dopant.compensation else ''}",
            measured=f"{count} {dopant.ion} and {needed} to compensate, {len(others)} possible",
            next_step="take a larger supercell, or a smaller fraction where sites are lacking",
        )
    made, table = exchange_units(
        atoms,
        molecules,
        np.concatenate([drawn[:count], others]),
        species=[dopant.ion, plan.partner or VACANCY],
        choice=np.repeat([0, 1], [count, needed]),
        charges=[float(plan.charge), float(plan.partner_charge)],
    )
    placed = tuple(ion for ion in (dopant.ion, plan.partner) if ion and ion not in atomic_numbers)
    return made, table, placed, _step(plan, count, needed)


def _step(plan: DopingPlan, count: int, needed: int) -> Step:
    """Tell what was done."""
    dopant, total = plan.dopant, len(plan.hosts)
    got = count / total
    words = f"{count} {dopant.ion} on {total} {plan.host}"
    if abs(got - dopant.fraction) > 5e-7:
        words += f" (asked {dopant.fraction:g}, got {got:.4g})"
    if plan.excess:
        what = plan.partner or dopant.compensation
        words += f"; {count * plan.excess:+d} e compensated by {needed} {what}"
    return Step(
        name="doping",
        choice=words,
        values={
            "dopant": dopant.ion,
            "host": plan.host,
            "sites": total,
            "count": count,
            "asked": dopant.fraction,
            "got": round(got, 9),
            "excess_e": count * plan.excess,
            "compensation": dopant.compensation,
            "compensating": needed,
        },
    )
