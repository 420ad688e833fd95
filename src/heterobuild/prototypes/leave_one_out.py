"""How good the estimates are: each compound of the library predicted without using it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.estimates.lengths import (
    bond_length,
    octahedron_height,
    pseudocubic_length,
    sheet_length,
)
from heterobuild.estimates.library_fits import octahedra_across, sheet_ions
from heterobuild.estimates.measured_lengths import (
    by_formula,
    in_plane_length,
    layered_phases,
    mean_bond,
    perovskite_ions,
    perovskite_phases,
    room_factor,
    terminal_height,
    volume_length,
)
from heterobuild.prototypes.family_members import FAMILIES, family_members, scaled_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.prototypes.family_members import Family


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """One length, predicted without the compound it belongs to.

    Parameters
    ----------
    quantity : str
        What is compared.
    formula : str
        The compound.
    measured, predicted : float
        In Å, at 298 K.
    """

    quantity: str
    formula: str
    measured: float
    predicted: float

    @property
    def error(self) -> float:
        """Relative error of the prediction."""
        return self.predicted / self.measured - 1.0


def leave_one_out() -> tuple[LeftOut, ...]:
    """Predict every length that the library measures without the compound it belongs to.

    Returns
    -------
    tuple of LeftOut
        Pseudo-cubic lengths and bonds of ABX3, in-plane lengths and thickness of sheets, and the
        cells of the other structure types with at least two members; in this order, then by
        formula.

    Examples
    --------
    >>> rows = [row for row in leave_one_out() if row.quantity == "pseudo-cubic length"]
    >>> float(np.mean([abs(row.error) for row in rows])) < 0.01
    True
    """
    rows = [*_perovskites(), *_bonds(), *_sheets()]
    for family in FAMILIES:
        rows.extend(_cells(family))
    return tuple(rows)


def mean_errors() -> dict[str, tuple[float, float, int]]:
    """Summarise `leave_one_out` by quantity.

    Returns
    -------
    dict of str to tuple
        Mean and largest absolute relative error, and the number of lengths.
    """
    found: dict[str, list[float]] = {}
    for row in leave_one_out():
        found.setdefault(row.quantity, []).append(abs(row.error))
    return {name: (float(np.mean(e)), max(e), len(e)) for name, e in found.items()}


def _perovskites() -> Iterator[LeftOut]:
    """Yield the pseudo-cubic lengths of ABX3."""
    for formula, measured in by_formula(perovskite_phases(), volume_length).items():
        predicted = pseudocubic_length(*perovskite_ions(formula), without=[formula]).value
        yield _row("pseudo-cubic length", formula, measured, predicted)


def _bonds() -> Iterator[LeftOut]:
    """Yield the mean bonds of ABX3."""
    known = [phase for phase in perovskite_phases() if phase.sites]
    for formula, measured in by_formula(known, lambda phase: mean_bond(phase.path)).items():
        predicted = bond_length(*perovskite_ions(formula)[1:], without=[formula]).value
        yield _row("bond of B to X", formula, measured, predicted)


def _sheets() -> Iterator[LeftOut]:
    """Yield in-plane lengths, then the thickness of single sheets."""
    for formula, measured in by_formula(layered_phases(), in_plane_length).items():
        b, bridging, _ = sheet_ions(formula)
        n = octahedra_across(formula)
        predicted = sheet_length(b, bridging, n, without=[formula]).value
        yield _row("in-plane length of a sheet", formula, measured, predicted)
    known = [p for p in layered_phases() if p.sites and octahedra_across(p.formula) == 1]
    for formula, half in by_formula(known, lambda phase: terminal_height(phase.path)).items():
        b, _, end = sheet_ions(formula)
        predicted = octahedron_height(b, end, without=[formula]).value
        yield _row("thickness of a single sheet", formula, 2 * half, predicted)


def _cells(family: Family) -> Iterator[LeftOut]:
    """Yield the axes of a structure type; equal axes once."""
    members = family_members(family)
    if len(members) == 1:
        return
    for member in members:
        compound = parse_compound(member.formula)
        cell = scaled_cell(family, compound, without=[member.formula])
        seen = set()
        for axis, then, now in zip("abc", member.lengths_angles, cell.lengths_angles, strict=False):
            if then not in seen:
                seen.add(then)
                quantity = f"{axis} of {family.prototype}, {family.phase}"
                yield _row(quantity, member.formula, then * room_factor(member), now)


def _row(quantity: str, formula: str, measured: float, predicted: float) -> LeftOut:
    return LeftOut(quantity=quantity, formula=formula, measured=measured, predicted=predicted)
