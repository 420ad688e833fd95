"""What the structure is made of, by region."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.formulas import unit_formula
from heterobuild.model import Finding

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray
    from heterobuild.validation.view import View


def check_composition(structure: View) -> tuple[Finding, ...]:
    """Report the formula and the number of atoms of the whole and of each region.

    Parameters
    ----------
    structure : View
        The structure.

    Returns
    -------
    tuple of Finding
        Infos only; the value is the formula.
    """
    n = len(structure.unit)
    if n == 0:
        return (Finding(check="composition", level="error", message="there are no atoms"),)
    parts = [("the whole", np.ones(len(structure.first), dtype=np.bool_))]
    of_unit = structure.region[structure.first]
    parts += [(region.name, of_unit == region.code) for region in structure.regions]
    return tuple(_finding(structure, name, chosen) for name, chosen in parts)


def _finding(structure: View, name: str, chosen: BoolArray) -> Finding:
    """Report the formula of some rigid units."""
    formula = unit_formula(_counts(structure, chosen))
    atoms = int(chosen[structure.unit].sum())
    message = f"{name}: {formula}, {atoms} atoms"
    return Finding(check="composition", level="info", message=message, value=formula)


def _counts(structure: View, chosen: BoolArray) -> Counter[str]:
    """Count ions by element and molecules by kind."""
    first = structure.first[chosen]
    single = structure.molecule[first] == 0
    counts: Counter[str] = Counter()
    amounts = np.bincount(structure.numbers[first[single]])
    for number in np.flatnonzero(amounts).tolist():
        counts[chemical_symbols[number]] += int(amounts[number])
    found, amounts = np.unique(structure.kind[first[~single]], return_counts=True)
    for kind, amount in zip(found.tolist(), amounts.tolist(), strict=True):
        known = 0 < kind <= len(structure.molecules)
        counts[structure.molecules[kind - 1].name if known else "molecule"] += amount
    return counts
