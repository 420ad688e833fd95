"""Dopants with exact counts, neutral to the last charge by a named compensation.

==================  =========================================================================
``vacancy-A``       A cations leave: for dopants with more charge than their host, such as
                    Bi on Pb
``vacancy-B``       B cations leave: for the same
``vacancy-X``       halides leave: for dopants with less charge, such as Ag on Pb
``co-dopant:Ag``    a second ion on the same kind of site with the opposite excess of charge;
                    Bi with Ag takes the place of two Pb
==================  =========================================================================

Dopants and vacancies are drawn at random; they are not brought together.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.chemistry.valences import possible_charges
from heterobuild.errors import UsageError
from heterobuild.labels import CHARGE, KIND, SITE, Site, units

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import IntArray
    from heterobuild.model import Molecule

POLICIES = ("vacancy-A", "vacancy-B", "vacancy-X", "co-dopant:<ion>")
"""Names of the compensations."""


@dataclass(frozen=True, kw_only=True)
class Dopant:
    """A dopant and what makes up for its charge.

    Parameters
    ----------
    ion : str
        The dopant: an element, or a molecule on A sites.
    fraction : float
        Share of the host's sites that it takes, above 0 and below 1.
    site : {"A", "B", "X"}, optional
        Role of the sites.
    host : str, optional
        The ion that it replaces; may be left out where the sites hold one kind of ion.
    compensation : str, optional
        See the head of this module; none for a dopant with the charge of its host.
    charge : int, optional
        Charge of the dopant in e where it has several; the usual one by default.
    """

    ion: str
    fraction: float
    site: str = "B"
    host: str = ""
    compensation: str = ""
    charge: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class DopingPlan:
    """What a dopant does in given atoms, before places are drawn.

    Parameters
    ----------
    dopant : Dopant
        The dopant.
    host : str
        The ion that it replaces.
    hosts : (m,) int array
        First atoms of the host's units.
    charge : int
        Charge of the dopant in e.
    excess : int
        The same less the charge of the host.
    partner : str
        The co-dopant, or empty.
    partner_charge : int
        Its charge in e.
    leaving : (k,) int array
        First atoms of the units that may leave; empty where none do.
    relief : int
        Charge in e that one co-dopant or vacancy takes away; 0 without compensation.
    """

    dopant: Dopant
    host: str
    hosts: IntArray
    charge: int
    excess: int
    partner: str
    partner_charge: int
    leaving: IntArray
    relief: int


def dopant_count(plan: DopingPlan, cells: int = 1) -> int:
    """Return the number of dopants, nearest to the wanted one.

    Parameters
    ----------
    plan : DopingPlan
        The plan.
    cells : int, optional
        Copies of the atoms for which it was made.

    Returns
    -------
    int
        A multiple of the smallest number whose charge whole vacancies or co-dopants make up for.
    """
    step = abs(plan.relief) // gcd(plan.excess, plan.relief) if plan.excess else 1
    return round(plan.dopant.fraction * cells * len(plan.hosts) / step) * step


def relative_rounding(plan: DopingPlan, cells: int = 1) -> float:
    """Return by how much of itself the fraction changes by rounding.

    Parameters
    ----------
    plan : DopingPlan
        The plan.
    cells : int, optional
        Copies of the atoms for which it was made.

    Returns
    -------
    float
        Relative change; 1 where no dopant is left.
    """
    got = dopant_count(plan, cells) / (cells * len(plan.hosts))
    return abs(got / plan.dopant.fraction - 1)


def plan_doping(atoms: Atoms, molecules: tuple[Molecule, ...], dopant: Dopant) -> DopingPlan:
    """Find hosts, charges and compensation of a dopant.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.
    molecules : tuple of Molecule
        The table that the array ``kind`` counts into.
    dopant : Dopant
        What is put in.

    Returns
    -------
    DopingPlan
        The plan.

    Raises
    ------
    UsageError
        If the fraction is not between 0 and 1, the host is not clear or the dopant itself, or
        the charge of the dopant is not compensated, or the wrong way.
    UnknownNameError
        If an ion is not known.
    """
    if not 0 < dopant.fraction < 1:
        raise UsageError(
            "the fraction of a dopant lies between 0 and 1",
            measured=dopant.fraction,
            next_step="give the share of the sites, such as 0.01",
        )
    host, hosts, own = _host(atoms, molecules, dopant)
    if host == dopant.ion:
        raise UsageError(
            f"{host} cannot be a dopant on its own sites", next_step="name another ion"
        )
    charge = possible_charges(dopant.ion)[0] if dopant.charge is None else dopant.charge
    if charge not in possible_charges(dopant.ion):
        raise UsageError(
            f"{dopant.ion} does not occur with {charge:+d} e",
            allowed=", ".join(f"{value:+d}" for value in possible_charges(dopant.ion)),
            next_step="give one of these charges",
        )
    if dopant.ion not in atomic_numbers and dopant.site != "A":
        raise UsageError(
            f"the molecule {dopant.ion} does not fit on {dopant.site} sites",
            next_step="put it on A sites",
        )
    partner, partner_charge, relief = "", 0, 0
    leaving = np.zeros(0, dtype=np.int64)
    word, _, name = dopant.compensation.replace("vacancy-", "vacancy:").partition(":")
    if dopant.compensation and (word not in ("vacancy", "co-dopant") or not name):
        raise UsageError(
            f"unknown compensation {dopant.compensation!r}",
            allowed=", ".join(POLICIES),
            next_step="choose one of these",
        )
    if word == "co-dopant":
        partner, partner_charge = name, possible_charges(name)[0]
        relief = own - partner_charge
    elif word == "vacancy":
        _, leaving, relief = _host(atoms, molecules, Dopant(ion="", fraction=0.5, site=name))
    excess = charge - own
    _check_balance(dopant, host, excess, relief)
    return DopingPlan(
        dopant=dopant,
        host=host,
        hosts=hosts,
        charge=charge,
        excess=excess,
        partner=partner,
        partner_charge=partner_charge,
        leaving=leaving,
        relief=relief,
    )


def _host(
    atoms: Atoms, molecules: tuple[Molecule, ...], dopant: Dopant
) -> tuple[str, IntArray, int]:
    """Return name, first atoms and charge of the units that a dopant or vacancy may replace.

    Vacancies may take any unit of their kind of site.
    """
    if dopant.site not in ("A", "B", "X"):
        raise UsageError(
            "dopants and vacancies are on A, B or X sites",
            measured=repr(dopant.site),
            next_step="name one of them",
        )
    unit = units(atoms)
    charge = np.bincount(unit, weights=atoms.arrays[CHARGE])
    _, first = np.unique(unit, return_index=True)
    first = first[atoms.arrays[SITE][first] == Site[dopant.site]]
    kind = atoms.arrays[KIND][first]
    codes = np.where(kind > 0, len(chemical_symbols) + kind, atoms.numbers[first])
    names = {code: _name(code, molecules) for code in np.unique(codes).tolist()}
    wanted = [code for code, name in names.items() if dopant.host in ("", name)]
    if (dopant.ion and len(wanted) != 1) or not wanted:
        raise UsageError(
            f"{dopant.host or 'the host'} is not one kind of ion on the {dopant.site} sites",
            measured=", ".join(sorted(names.values())) or "no ion",
            next_step="name the ion that is replaced",
        )
    hosts = np.sort(first[np.isin(codes, wanted)])
    charges = np.unique(np.round(charge[unit[hosts]], 6))
    if len(charges) != 1:
        raise UsageError(
            f"the {dopant.site} sites hold ions of different charge",
            measured=", ".join(f"{value:+g} e" for value in charges),
            next_step="choose another compensation",
        )
    return names[wanted[0]], hosts, round(float(charges[0]))


def _name(code: int, molecules: tuple[Molecule, ...]) -> str:
    bound = code - len(chemical_symbols)
    return molecules[bound - 1].name if bound > 0 else str(chemical_symbols[code])


def _check_balance(dopant: Dopant, host: str, excess: int, relief: int) -> None:
    """Refuse a charge that is not compensated, or the wrong way."""
    if not excess and not dopant.compensation:
        return
    where = f"{dopant.ion} on {host}"
    if not excess:
        raise UsageError(
            f"{dopant.ion} has the charge of {host} and needs no compensation",
            where=where,
            measured=dopant.compensation,
            next_step="leave the compensation out",
        )
    if excess * relief <= 0:
        fitting = (
            "vacancy-A, vacancy-B, or co-dopant:<ion of less charge>"
            if excess > 0
            else "vacancy-X, or co-dopant:<ion of more charge>"
        )
        raise UsageError(
            "the charge of the dopant is not compensated"
            + (f" by {dopant.compensation}" if dopant.compensation else ""),
            where=where,
            measured=f"{excess:+d} e for each {dopant.ion}",
            allowed=fitting,
            next_step="name one of these compensations",
        )
