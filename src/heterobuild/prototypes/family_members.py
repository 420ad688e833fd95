"""The structure types that are scaled from measured members, their cells, the nearest member."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.ions import ionic_radius
from heterobuild.crystals.phase_files import phase_files
from heterobuild.estimates.scaled_cells import AXES, ScaledCell, cell_like, contact_sum
from heterobuild.prototypes.bond_coordinates import bond_sums, lone_pairs

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from heterobuild.crystals.phase_files import PhaseFile
    from heterobuild.model import Compound


@dataclass(frozen=True, kw_only=True)
class Family:
    """A structure type of which the library has members.

    Parameters
    ----------
    phase : str
        Name of the phase.
    aliases : tuple of str
        Other names, compared without regard to case.
    prototype : str
        Structure type of the compounds, as in `heterobuild.model.Compound`.
    number : int
        Number of the space group.
    folder : str
        Family of the crystal files.
    label : str, optional
        Word for the phase in the crystal files, where the space group does not tell enough.
    weights : tuple of float, optional
        What each axis follows, see `heterobuild.estimates.scaled_cells.cell_like`.
    endless : tuple of bool or None, optional
        Axes along which the units of B and X go on and on: none for separate octahedra, one for
        chains, two for layers. Across them the units keep their bonds. None for types whose
        halides lie on the lines between metals or have places of their own.
    several : bool, optional
        Whether compounds of the type have other phases, so that names carry the phase.
    """

    phase: str
    aliases: tuple[str, ...]
    prototype: str
    number: int
    folder: str
    label: str = ""
    weights: tuple[float, float, float] = AXES
    endless: tuple[bool, bool, bool] | None = None
    several: bool = False


FAMILIES = (
    Family(
        phase="delta",
        aliases=("NH4CdCl3", "yellow"),
        prototype="abx3",
        number=62,
        folder="abx3",
        label="delta",
        weights=(2.0, 0.3, 2.0),
        endless=(False, True, False),
        several=True,
    ),
    Family(
        phase="2H",
        aliases=("hexagonal", "CsNiCl3", "P6_3/mmc"),
        prototype="abx3",
        number=194,
        folder="abx3",
        weights=(2.0, 2.0, 1.0),
        endless=(False, False, True),
        several=True,
    ),
    Family(
        phase="0D",
        aliases=("R-3c",),
        prototype="a4bx6",
        number=167,
        folder="a4bx6",
        endless=(False, False, False),
    ),
    Family(
        phase="2D",
        aliases=("I4/mcm",),
        prototype="ab2x5",
        number=140,
        folder="ab2x5",
        endless=(True, True, False),
    ),
    Family(phase="1D", aliases=("Cmcm",), prototype="ab2x3", number=63, folder="copper_halide"),
    Family(phase="0D", aliases=("Pnma",), prototype="a3b2x5", number=62, folder="copper_halide"),
    Family(
        phase="double-perovskite",
        aliases=("cubic", "elpasolite", "Fm-3m"),
        prototype="double_perovskite",
        number=225,
        folder="double_perovskite",
        endless=(True, True, True),
    ),
    Family(
        phase="vacancy-ordered",
        aliases=("cubic", "K2PtCl6", "Fm-3m"),
        prototype="a2bx6",
        number=225,
        folder="vacancy_ordered",
    ),
)
"""The structure types that `build_family` makes."""


def scaled_cell(family: Family, compound: Compound, *, without: Collection[str] = ()) -> ScaledCell:
    """Estimate the cell of a compound from the members of its structure type.

    Parameters
    ----------
    family : Family
        The structure type.
    compound : Compound
        A pure compound.
    without : collection of str, optional
        Names of phases or formulas whose compounds are left out; none by default.

    Returns
    -------
    ScaledCell
        The cell.
    """
    return cell_like(
        family_members(family, without=without),
        compound,
        family.weights,
        endless=family.endless or (False, False, False),
        without=without,
    )


def family_members(family: Family, *, without: Collection[str] = ()) -> tuple[PhaseFile, ...]:
    """Return the measured phases of a structure type.

    Parameters
    ----------
    family : Family
        The structure type.
    without : collection of str, optional
        Names of phases or formulas whose compounds are left out; none by default.

    Returns
    -------
    tuple of PhaseFile
        Sorted by path.
    """
    members = [
        phase
        for phase in phase_files()
        if phase.family == family.folder
        and phase.number == family.number
        and (not family.label or phase.phase == family.label)
    ]
    out = {phase.formula for phase in members if {phase.name, phase.formula} & {*without}}
    return tuple(phase for phase in members if phase.formula not in out)


@cache
def typical_error() -> float:
    """Return the error of a cell that is scaled from a single member.

    Returns
    -------
    float
        Mean over the structure types with several members of the mean absolute relative error
        of lengths that are predicted from the others.
    """
    errors = []
    for family in FAMILIES:
        members = family_members(family)
        if len(members) > 1:
            first = parse_compound(members[0].formula)
            errors.append(scaled_cell(family, first).error)
    return float(np.mean(errors))


def nearest_member(members: Sequence[PhaseFile], compound: Compound) -> PhaseFile:
    """Return the member whose free coordinates serve best for a compound.

    Parameters
    ----------
    members : sequence of PhaseFile
        Measured phases of the structure type of the compound with atoms; at least one.
    compound : Compound
        A pure compound.

    Returns
    -------
    PhaseFile
        That with the same metals; else with lone pairs on as many, and metals of the nearest
        size; then with the most ions in common. Ties go to the nearest sum of radii, then by name.
    """
    return min(members, key=lambda member: (_distance(member, compound), member.name))


def _distance(member: PhaseFile, compound: Compound) -> tuple[int, int, float, int, float]:
    """Compare a member with a compound: metals, their lone pairs and sizes, ions, sums of radii.

    Metals come first, because bonds scale better from halide to halide than from metal to metal,
    and least of all between metals with and without a lone pair.
    """
    other = parse_compound(member.formula)
    differing = [
        site
        for site in ("A", "B", "B'", "X")
        if other.on(site).amounts and other.on(site).parent != compound.on(site).parent
    ]
    metals = sum(site.startswith("B") for site in differing)
    pairs = abs(lone_pairs(other) - lone_pairs(compound))
    sizes = zip(bond_sums(other), bond_sums(compound), strict=True)
    halides = ionic_radius(other.on("X").parent, 2) - ionic_radius(compound.on("X").parent, 2)
    apart = round(sum(abs(then - now - halides) for then, now in sizes), 6)
    sums = abs(contact_sum(other) - contact_sum(compound))
    return metals, pairs, apart, len(differing), sums
