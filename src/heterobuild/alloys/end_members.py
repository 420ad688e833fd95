"""End members of a series: which crystals of the library are mixed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from heterobuild.chemistry.bands import band_edges
from heterobuild.chemistry.expansion import EXPANSION, FAR_APART
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.crystals import list_crystals, load_phase
from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.chemistry.bands import BandEdges
    from heterobuild.model import Crystal

ROOM = 298.0
"""K; the temperature that is meant where none is stated."""

TRUST = {"high": 0.002, "medium": 0.005, "low": 0.01}
"""Uncertainty of a length as a fraction of it, by the confidence in the cell: refinements of one
phase at one temperature agree to about 0.2 %; the other two are judgement."""

SYSTEMS = (
    (195, "cubic"),
    (168, "hexagonal"),
    (143, "trigonal"),
    (75, "tetragonal"),
    (16, "orthorhombic"),
    (3, "monoclinic"),
    (1, "triclinic"),
)
"""First space group of each crystal system."""


@dataclass(frozen=True, kw_only=True)
class EndMember:
    """One pure compound of a series.

    Parameters
    ----------
    formula : str
        Its formula in the series.
    crystal : Crystal
        The phase taken.
    phase : str
        Crystal system of perovskites and layered phases; the space group of other crystals.
    kind : str
        What its length is, see `heterobuild.crystals.cubes.Cube`.
    length : float
        Mean edge of its cube in Å.
    edges : BandEdges or None
        Its band edges.
    """

    formula: str
    crystal: Crystal = field(compare=False)
    phase: str
    kind: str
    length: float
    edges: BandEdges | None


def length_uncertainty(crystal: Crystal, length: float, temperature: float) -> float:
    """Return the standard uncertainty of a length of a crystal at a temperature.

    The confidence in the cell (`TRUST`), or the expected error of one that is not measured, and
    in quadrature the thermal expansion from the temperature of the measurement; one that is not
    known counts as 50 K away.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    length : float
        Its length as measured, in Å.
    temperature : float
        Temperature in K.

    Returns
    -------
    float
        Uncertainty in Å.

    Examples
    --------
    >>> crystal = load_phase("CsPbBr3_cubic")
    >>> crystal.temperature, round(length_uncertainty(crystal, 5.874, 298.0), 3)
    (425, 0.032)
    """
    away = _away(crystal, temperature)
    own = crystal.length_error or TRUST[crystal.source.cell]
    return length * math.hypot(own, EXPANSION * away)


def _away(crystal: Crystal, temperature: float) -> float:
    """Return in K how far from a temperature a cell was measured."""
    measured = crystal.temperature
    return FAR_APART if measured is None else abs(measured - temperature)


def end_members(
    formulas: Sequence[str],
    *,
    phase: str | None = None,
    like: Crystal | None = None,
    temperature: float = ROOM,
) -> tuple[EndMember, ...]:
    """Choose one crystal of the library for each end member.

    All of one phase where the library allows it: of the wanted phase; else of that of the
    crystal beside which the series lies; else of the phase whose cells were measured nearest to
    the temperature. Where no phase is known of all, each takes the one measured nearest to the
    temperature, and their pseudo-cubic lengths are mixed.

    Parameters
    ----------
    formulas : sequence of str
        Formulas of the end members.
    phase : str, optional
        Only this phase, such as ``cubic`` or ``orthorhombic``.
    like : Crystal, optional
        Crystal whose phase is preferred.
    temperature : float, optional
        Temperature in K; room temperature by default.

    Returns
    -------
    tuple of EndMember
        In the order of the formulas.

    Raises
    ------
    UnknownNameError
        If the library has no crystal with a cube for a formula, or not of the wanted phase.
    UsageError
        If the end members have cubes that cannot be compared.

    Examples
    --------
    >>> [member.crystal.name for member in end_members(["CsPbBr3", "CsPbI3"])]
    ['CsPbBr3_orthorhombic', 'CsPbI3_gamma']
    """
    found = [_members_of(formula) for formula in formulas]
    shared = set.intersection(*({member.phase for member in members} for members in found))
    wanted = None if like is None else phase_label(like)

    def nearest(members: Sequence[EndMember]) -> EndMember:
        return min(members, key=lambda member: _distance(member, temperature))

    def of_phase(name: str) -> tuple[EndMember, ...]:
        return tuple(
            nearest([member for member in members if member.phase == name]) for members in found
        )

    def order(name: str) -> tuple[bool, float, str]:
        farthest = max(_distance(member, temperature)[0] for member in of_phase(name))
        return (name != wanted, farthest, name)

    if phase is not None:
        if phase not in shared:
            raise _no_phase(phase, formulas, found)
        return of_phase(phase)
    if shared:
        return of_phase(min(shared, key=order))
    chosen = tuple(nearest(members) for members in found)
    kinds = sorted({member.kind for member in chosen})
    if len(kinds) > 1 or "cubic cell" in kinds:
        raise UsageError(
            "the end members have no structure in common",
            measured=", ".join(f"{member.crystal.name} ({member.phase})" for member in chosen),
            next_step="mix compounds of one structure type",
        )
    return chosen


def phase_label(crystal: Crystal) -> str | None:
    """Return by which phase a crystal is mixed with others.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    str or None
        Crystal system where there are pseudo-cubic axes, else the space group; None without a
        cube.
    """
    cube = cube_of(crystal)
    if cube is None:
        return None
    if cube.kind == "cubic cell":
        return crystal.space_group
    return next((name for first, name in SYSTEMS if crystal.space_group_number >= first), "unknown")


def _members_of(formula: str) -> list[EndMember]:
    """Return all crystals of a formula that have a cube."""
    wanted = expand_formula(formula)
    names = [entry.name for entry in list_crystals() if _counts(entry.formula) == wanted]
    found = []
    for crystal in map(load_phase, names):
        cube, phase = cube_of(crystal), phase_label(crystal)
        if cube is not None and phase is not None:
            found.append(
                EndMember(
                    formula=formula,
                    crystal=crystal,
                    phase=phase,
                    kind=cube.kind,
                    length=cube.mean,
                    edges=band_edges(crystal.name),
                )
            )
    if not found:
        raise _missing(formula, names)
    return found


def _counts(formula: str) -> dict[str, int] | None:
    try:
        return expand_formula(formula)
    except UsageError:
        return None


def crystal_distance(crystal: Crystal, temperature: float) -> tuple[float, float, str]:
    """Order crystals: measured near the temperature, then trust, then name.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    temperature : float
        Temperature in K.

    Returns
    -------
    tuple of (float, float, str)
        Distance in K, uncertainty of the cell as a fraction, name.
    """
    return (_away(crystal, temperature), TRUST[crystal.source.cell], crystal.name)


def _distance(member: EndMember, temperature: float) -> tuple[float, float, str]:
    return crystal_distance(member.crystal, temperature)


def _missing(formula: str, names: list[str]) -> UnknownNameError:
    """Make the error for an end member that the library does not have."""
    if names:
        return UnknownNameError(
            f"the end member {formula} has no phase with a pseudo-cubic or cubic cell",
            where="the crystal library",
            measured=", ".join(names),
            next_step="choose another series",
        )
    near = sorted({e.formula for e in list_crystals() if _differ_in_one(formula, e.formula)})
    return UnknownNameError(
        f"the library has no crystal of the end member {formula}",
        where="the crystal library",
        next_step=f"mix among {', '.join(near)}" if near else "choose another series",
    )


def _differ_in_one(formula: str, other: str) -> bool:
    """Tell whether two formulas of one type differ in one ion."""
    ours, theirs = _counts(formula), _counts(other)
    if ours is None or theirs is None or sorted(ours.values()) != sorted(theirs.values()):
        return False
    return len(ours.items() & theirs.items()) == len(ours) - 1


def _no_phase(
    phase: str, formulas: Sequence[str], found: Sequence[Sequence[EndMember]]
) -> UnknownNameError:
    """Make the error for a phase that not all end members have."""
    there = [
        f"{formula} ({', '.join(sorted({member.phase for member in members}))})"
        for formula, members in zip(formulas, found, strict=True)
    ]
    return UnknownNameError(
        f"not all end members are known in the phase {phase!r}",
        measured="; ".join(there),
        next_step="choose a phase that all have, or none",
    )
