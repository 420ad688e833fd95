"""Which crystals a mixed compound lies between: one of each pure compound, of one phase."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from math import gcd
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.end_members import ROOM, EndMember, crystal_distance, phase_label
from heterobuild.chemistry.bands import band_edges
from heterobuild.chemistry.compounds import pure_members
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.crystals import list_crystals, load_phase
from heterobuild.crystals.cubes import cube_of
from heterobuild.prototypes.builders import build_prototype

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.model import Compound, Crystal

FAMILIES = {"ab2x3": "copper_halide", "a3b2x5": "copper_halide"}
"""Families of the library whose name is not that of the structure type."""

PEROVSKITES = ("abx3", "double_perovskite")
"""Structure types whose phases are told apart by their crystal system."""


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
    """

    compound: Compound
    member: EndMember = field(compare=False)
    weight: float


def choose_members(
    compound: Compound, *, phase: str | None = None, temperature: float = ROOM
) -> tuple[Share, ...]:
    """Choose one crystal for each end member of a mixed compound.

    All of one phase where there is one: the wanted one; else the phase stable at room
    temperature of the end member with the largest weight, where all have it; else the common
    one whose cells were measured nearest to the temperature. Without a common phase each takes
    the crystal measured nearest to it. What the library lacks is estimated, in the phase of the
    others.

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
    """
    pure = pure_members(compound)
    found = [_candidates(entry, phase) for entry, _ in pure]
    weights = [weight for _, weight in pure]
    wanted = _common_label(found, weights, phase=phase, temperature=temperature)
    unknown = phase is not None and wanted is None
    chosen: list[Crystal | None] = []
    for crystals in found:
        fitting = [] if unknown else [c for c, label in crystals if wanted in (None, label)]
        chosen.append(min(fitting, key=lambda c: crystal_distance(c, temperature), default=None))
    model = phase if unknown else _model_phase(chosen, weights)
    return tuple(
        Share(
            compound=entry,
            member=_end_member(entry, crystal or _estimated(entry, model)),
            weight=weight,
        )
        for (entry, weight), crystal in zip(pure, chosen, strict=True)
    )


def label_of(crystal: Crystal, prototype: str) -> str:
    """Return by which phase a crystal is mixed with others of its structure type.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.
    prototype : str
        Its structure type, as in `heterobuild.model.Compound`.

    Returns
    -------
    str
        Crystal system of perovskites, name of the polymorph of other ABX3, space group of other
        structure types.

    Examples
    --------
    >>> label_of(load_phase("CsPbI3_gamma"), "abx3"), label_of(load_phase("CsPbI3_delta"), "abx3")
    ('orthorhombic', 'delta')
    """
    if prototype in PEROVSKITES and crystal.pseudocubic is not None:
        return phase_label(crystal) or crystal.phase
    return crystal.phase if prototype == "abx3" else crystal.space_group or crystal.phase


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


def _model_phase(chosen: Sequence[Crystal | None], weights: Sequence[float]) -> str | None:
    """Return in which phase the missing end members are estimated: that of the largest known."""
    pairs = zip(weights, chosen, strict=True)
    known = [(weight, crystal) for weight, crystal in pairs if crystal is not None]
    if not known:
        return None
    crystal = max(known, key=lambda entry: entry[0])[1]
    return crystal.phase if crystal.pseudocubic is None else crystal.space_group


def _estimated(compound: Compound, phase: str | None) -> Crystal:
    """Return a model; structure types other than ABX3 have one phase."""
    return build_prototype(compound, phase if compound.prototype == "abx3" else None)


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
