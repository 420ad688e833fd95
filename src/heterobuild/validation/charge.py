"""Formal charge of the whole and of its regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.model import Finding
from heterobuild.validation.dipole import dipole

if TYPE_CHECKING:
    from heterobuild.model import Level
    from heterobuild.validation.view import View

_DIGITS = 6
_DEFECTS = ("defects", "hop")
"""Steps that add point defects."""


def check_charge(structure: View) -> tuple[Finding, ...]:
    """Require a formal charge of zero; report that of each region and the dipole.

    The charge that point defects were asked to leave is no fault, but a warning.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        The total, then one info a region, then the dipole of a neutral slab, wire or particle,
        see `heterobuild.validation.dipole.dipole`.
    """
    total = round(float(structure.charge.sum()), 2 * _DIGITS) + 0.0
    limit = structure.limits.charge
    neutral = abs(total) <= limit
    intended = _left_by_defects(structure)
    message = "the formal charge is zero"
    level: Level = "info"
    if not neutral and abs(total - intended) <= limit:
        message = f"the formal charge is {total:+g} e, left by point defects as asked for"
        level = "warning"
    elif not neutral:
        message = f"the formal charge is {total:+g} e{_balance(structure, total)}"
        level = "error"
    whole = Finding(
        check="charge",
        level=level,
        message=message,
        value=total,
        limit=limit,
        unit="e",
    )
    return (whole, *_by_region(structure), *(dipole(structure) if neutral else ()))


def _left_by_defects(structure: View) -> float:
    """Return the charge in e that the steps of point defects say they leave."""
    return sum(
        float(str(step.values.get("charge_e", 0.0)))
        for step in structure.steps
        if step.name in _DEFECTS
    )


def _by_region(structure: View) -> list[Finding]:
    """Report the charge of each region."""
    findings = []
    for region in structure.regions:
        charge = float(structure.charge[structure.region == region.code].sum())
        charge = round(charge, 2 * _DIGITS) + 0.0
        message = f"{region.name} ({region.formula}) holds {charge:+.6g} e"
        findings.append(
            Finding(check="charge", level="info", message=message, value=charge, unit="e")
        )
    return findings


def _balance(structure: View, total: float) -> str:
    """Name the ions whose removal or addition would make the whole neutral."""
    ways = [f"{verb} {count} {name}" for verb, count, name in _ways(structure, total)]
    return f"; to balance it {' or '.join(ways)}" if ways else ""


def _ways(structure: View, total: float) -> list[tuple[str, int, str]]:
    """Return verb, number and name of ions of either sign that divide the charge."""
    numbers = structure.numbers[structure.first]
    ways = []
    for sign, verb in ((1, "remove"), (-1, "add")):
        of_sign = np.sign(structure.unit_charge) == sign * np.sign(total)
        charges = structure.unit_charge[of_sign]
        if len(charges) == 0:
            continue
        smallest = np.abs(charges).min()
        count = abs(total) / smallest
        if abs(count - round(count)) > structure.limits.charge:
            continue
        candidates = np.flatnonzero(of_sign & (np.abs(structure.unit_charge) == smallest))
        names = [_name(structure, int(u), int(numbers[u])) for u in candidates[:1000]]
        ways.append((verb, round(count), max(sorted(set(names)), key=names.count)))
    return ways


def _name(structure: View, unit: int, number: int) -> str:
    """Return the symbol of an ion, or the name of a molecule where it is known."""
    first = structure.first[unit]
    kind = int(structure.kind[first])
    if structure.molecule[first] == 0:
        return str(chemical_symbols[number])
    known = 0 < kind <= len(structure.molecules)
    return structure.molecules[kind - 1].name if known else "molecule"
