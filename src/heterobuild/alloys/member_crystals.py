"""Which crystals a mixed compound lies between: one of each pure compound, of one phase."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.end_members import ROOM, EndMember, crystal_distance
from heterobuild.alloys.member_phases import (
    PEROVSKITES,
    label_of,
    nearest_crystal,
    perovskite_phase,
)
from heterobuild.chemistry.bands import band_edges
from heterobuild.chemistry.compounds import pure_members
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.crystals import list_crystals, load_phase
from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import UsageError
from heterobuild.prototypes.builders import build_prototype

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Compound, Crystal

FAMILIES = {"ab2x3": "copper_halide", "a3b2x5": "copper_halide"}
"""Families of the library whose name is not that of the structure type."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """One end member of a mixed compound, with its weight.

    Parameters
    ----------
    compound : Compound
        The pure compound.
    member : EndMember
        Its crystal.
    weight : float
        Product of the shares of its ions.
    usual : Crystal or None
        Its crystal that was measured nearest to the temperature, of whatever phase; None where
        the library has none.
    """

    compound: Compound
    member: EndMember = field(compare=False)
    weight: float
    usual: Crystal | None = field(default=None, compare=False)


def choose_members(
    compound: Compound, *, phase: str | None = None, temperature: float = ROOM
) -> tuple[Share, ...]:
    """Choose one crystal for each end member of a mixed compound.

    All of one phase where that is possible: the wanted one. Else that of
    `heterobuild.alloys.member_phases.perovskite_phase`; in other structure types the phase stable
    at room temperature of the end member with the largest weight, where all have it, else the
    common one whose cells were measured nearest to the temperature, else each takes the crystal
    measured nearest to it.

    What the library lacks in that phase is estimated in it; an end member for which there is no
    such model, as for trigonal phases, keeps the crystal measured nearest to the temperature, and
    one that the library lacks altogether is estimated in the phase that is likely for it.

    Parameters
    ----------
    compound : Compound
        A mixed compound.
    phase : str, optional
        Crystal system (``cubic``), space group (``I4/mcm``) or name of a polymorph (``gamma``).
    temperature : float, optional
        Temperature in K.

    Returns
    -------
    tuple of Share
        End members and weights, in the order of `heterobuild.chemistry.compounds.pure_members`.

    Raises
    ------
    UsageError
        If the compound has no neutral end members, or one is neither known nor can be estimated,
        such as in an unknown phase.
    UnknownNameError
        If no radius is known for an ion of an end member that is to be estimated.

    Examples
    --------
    >>> from heterobuild.chemistry.compounds import parse_compound
    >>> for share in choose_members(parse_compound("Cs0.95FA0.05PbI3")):
    ...     print(share.member.crystal.name, round(share.weight, 6))
    CsPbI3_gamma 0.95
    FAPbI3_orthorhombic 0.05
    """
    pure = pure_members(compound)
    found = [_candidates(entry, phase) for entry, _ in pure]
    weights = [weight for _, weight in pure]
    if phase is None and compound.prototype in PEROVSKITES:
        wanted = perovskite_phase(found, weights, temperature)
    else:
        wanted = _common_label(found, weights, phase=phase, temperature=temperature)
    unknown = phase is not None and wanted is None
    usual = [_first(nearest_crystal(crystals, temperature)) for crystals in found]
    chosen: list[Crystal | None] = []
    for crystals in found:
        fitting = [] if unknown else [entry for entry in crystals if wanted in (None, entry[1])]
        chosen.append(_first(nearest_crystal(fitting, temperature)))
    model = phase if unknown else _model_phase(chosen, pure)
    made = _estimated if unknown else _substitute
    return tuple(
        Share(
            compound=entry,
            member=_end_member(entry, crystal or made(entry, model, own)),
            weight=weight,
            usual=own,
        )
        for (entry, weight), crystal, own in zip(pure, chosen, usual, strict=True)
    )


def _first(entry: tuple[Crystal, str] | None) -> Crystal | None:
    return None if entry is None else entry[0]


def _candidates(compound: Compound, phase: str | None) -> list[tuple[Crystal, str]]:
    """Return the crystals of a pure compound with their phases.

    Those of ABX3 that are no perovskites only where they are asked for.
    """
    prototype = compound.prototype
    crystals = [load_phase(name) for name in _names(compound.formula, prototype)]
    return [
        (crystal, label_of(crystal, prototype))
        for crystal in crystals
        if prototype != "abx3" or crystal.pseudocubic is not None or phase in _words(crystal)
    ]


@cache
def _names(formula: str, prototype: str) -> tuple[str, ...]:
    """Return the names of all crystals of a formula in the family of a structure type."""
    family, wanted = FAMILIES.get(prototype, prototype), _ratio(formula)
    entries = (entry for entry in list_crystals() if entry.family == family)
    return tuple(entry.name for entry in entries if _ratio(entry.formula) == wanted)


def _ratio(formula: str) -> dict[str, int]:
    counts = expand_formula(formula)
    divisor = gcd(*counts.values())
    return {name: count // divisor for name, count in counts.items()}


def _words(crystal: Crystal) -> set[str]:
    """Return what a user may call the polymorph of a crystal."""
    return {crystal.phase, crystal.name.removeprefix(f"{crystal.formula}_")}


def _common_label(
    found: Sequence[Sequence[tuple[Crystal, str]]],
    weights: Sequence[float],
    *,
    phase: str | None,
    temperature: float,
) -> str | None:
    """Return the phase that all end members of the library are taken in, None where there is none.

    A wanted phase need be known of one of them only.
    """
    known = [crystals for crystals in found if crystals]
    if phase is not None:
        named = [
            label
            for crystals in known
            for crystal, label in crystals
            if phase in (label, crystal.space_group) or phase in _words(crystal)
        ]
        return next(iter(named), None)
    shared = set.intersection(*({label for _, label in crystals} for crystals in known or [[]]))
    stable = {entry.name for entry in list_crystals() if entry.room_temperature}
    largest = max(range(len(found)), key=lambda i: (bool(found[i]), weights[i]))
    for crystal, label in sorted(found[largest], key=lambda e: crystal_distance(e[0], temperature)):
        if crystal.name in stable and label in shared:
            return label

    def farthest(label: str) -> tuple[float, str]:
        nearest = (
            min(crystal_distance(c, temperature)[0] for c, own in crystals if own == label)
            for crystals in known
        )
        return max(nearest), label

    return min(shared, key=farthest, default=None)


def _model_phase(
    chosen: Sequence[Crystal | None], pure: Sequence[tuple[Compound, float]]
) -> str | None:
    """Return in which phase the missing end members are estimated: that of the largest known.

    Where none is known, that in which the largest is estimated.
    """
    pairs = zip((weight for _, weight in pure), chosen, strict=True)
    known = [(weight, crystal) for weight, crystal in pairs if crystal is not None]
    if known:
        crystal = max(known, key=lambda entry: entry[0])[1]
    else:
        crystal = build_prototype(max(pure, key=lambda entry: entry[1])[0])
    return crystal.phase if crystal.pseudocubic is None else crystal.space_group


def _estimated(compound: Compound, phase: str | None, own: Crystal | None) -> Crystal:
    """Return a model in a phase; double perovskites in an alloy of ABX3 have one phase."""
    if compound.prototype == "double_perovskite":
        return own or build_prototype(compound)
    return build_prototype(compound, phase)


def _substitute(compound: Compound, phase: str | None, own: Crystal | None) -> Crystal:
    """Return a model of an end member in a phase; where there is none its own crystal, or a guess.

    Structure types other than ABX3 have one phase.
    """
    if compound.prototype == "abx3":
        try:
            return build_prototype(compound, phase)
        except UsageError:
            pass
    return own or build_prototype(compound)


def _end_member(compound: Compound, crystal: Crystal) -> EndMember:
    """Describe the crystal of a pure compound by one length."""
    cube = cube_of(crystal)
    volume = float(np.linalg.det(crystal.cell)) / crystal.z
    return EndMember(
        formula=compound.formula,
        crystal=crystal,
        phase=label_of(crystal, compound.prototype),
        kind="cell" if cube is None else cube.kind,
        length=volume ** (1 / 3) if cube is None else cube.mean,
        edges=band_edges(crystal.name),
    )
