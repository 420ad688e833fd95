"""Crystals of structure types without corner-sharing perovskite tilts, made from templates.

The cell is scaled from all measured members of the type, the free coordinates are those of the
member with the nearest radii. Where one coordinate alone sets the bond of B to X, it is set so
that the bond follows the radii.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.charged_radii import compound_charges
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals.asymmetric_units import crystal_from_phase
from heterobuild.crystals.phase_files import phase_files
from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.errors import UsageError
from heterobuild.estimates.measured_lengths import ROOM
from heterobuild.estimates.scaled_cells import AXES, ScaledCell, cell_like, contact_sum
from heterobuild.model import Source
from heterobuild.prototypes.bond_coordinates import with_bonds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heterobuild.crystals.phase_files import AtomSite, PhaseFile
    from heterobuild.model import Compound, Crystal


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
    several: bool = False


FAMILIES = (
    Family(
        phase="delta",
        aliases=("NH4CdCl3", "yellow"),
        prototype="abx3",
        number=62,
        folder="abx3",
        label="delta",
        weights=(2.0, 0.5, 2.0),
        several=True,
    ),
    Family(
        phase="2H",
        aliases=("hexagonal", "CsNiCl3", "P6_3/mmc"),
        prototype="abx3",
        number=194,
        folder="abx3",
        several=True,
    ),
    Family(phase="0D", aliases=("R-3c",), prototype="a4bx6", number=167, folder="a4bx6"),
    Family(phase="2D", aliases=("I4/mcm",), prototype="ab2x5", number=140, folder="ab2x5"),
    Family(phase="1D", aliases=("Cmcm",), prototype="ab2x3", number=63, folder="copper_halide"),
    Family(phase="0D", aliases=("Pnma",), prototype="a3b2x5", number=62, folder="copper_halide"),
    Family(
        phase="double-perovskite",
        aliases=("cubic", "elpasolite", "Fm-3m"),
        prototype="double_perovskite",
        number=225,
        folder="double_perovskite",
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


def build_family(compound: Compound, family: Family, *, without: Collection[str] = ()) -> Crystal:
    """Build a crystal of a structure type from its measured members.

    Parameters
    ----------
    compound : Compound
        A pure compound of the structure type.
    family : Family
        The structure type, one of `FAMILIES`.
    without : collection of str, optional
        Names of phases or formulas whose compounds are not used; none by default.

    Returns
    -------
    Crystal
        Of origin ``model``, at 298 K, with notices on what is estimated. Molecular cations are
        aligned.

    Raises
    ------
    UsageError
        If the compound is mixed or of another type, or no member with atoms is left.
    UnknownNameError
        If a radius is not known.

    Examples
    --------
    >>> family = next(entry for entry in FAMILIES if entry.prototype == "a4bx6")
    >>> crystal = build_family(parse_compound("Rb4PbBr6"), family)
    >>> crystal.space_group, len(crystal.require_atoms()), crystal.origin
    ('R-3c', 66, 'model')
    """
    if compound.mixed or compound.prototype != family.prototype:
        raise UsageError(
            f"{compound.formula} is no pure compound of the type {family.prototype}",
            measured=f"{'mixed ' if compound.mixed else ''}{compound.prototype}",
            next_step="build its end members",
        )
    members = family_members(family, without=without)
    known = [member for member in members if member.sites]
    if not known:
        raise UsageError(
            f"no measured phase of the type {family.prototype} is left to start from",
            where=compound.formula,
            next_step="leave out fewer phases, or give a CIF file",
        )
    cell = cell_like(members, compound, family.weights)
    if np.isnan(cell.error):
        cell = replace(cell, error=typical_error())
    template = min(known, key=lambda member: (_distance(member, compound), member.name))
    return _crystal(_phase(compound, family, template, cell), cell, template)


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
            errors.append(cell_like(members, first, family.weights).error)
    return float(np.mean(errors))


def _distance(member: PhaseFile, compound: Compound) -> tuple[int, int, float]:
    """Compare a member with a compound: metals that differ, ions that differ, sums of radii.

    Metals come first, because bonds scale better from halide to halide than from metal to metal.
    """
    other = parse_compound(member.formula)
    differing = [
        site
        for site in ("A", "B", "B'", "X")
        if other.on(site).amounts and other.on(site).parent != compound.on(site).parent
    ]
    metals = sum(site.startswith("B") for site in differing)
    return metals, len(differing), abs(contact_sum(other) - contact_sum(compound))


def _phase(compound: Compound, family: Family, template: PhaseFile, cell: ScaledCell) -> PhaseFile:
    """Describe the crystal as a crystal file would."""
    old = parse_compound(template.formula)
    names = {
        old.on(site).parent: compound.on(site).parent
        for site in ("A", "B", "B'", "X")
        if old.on(site).amounts
    }
    charges = compound_charges(compound)
    source = Source(
        citation=f"estimated: cell scaled by radii from {cell.members} measured "
        f"{'phase' if cell.members == 1 else 'phases'}, free coordinates of {template.name}",
        cell="low",
        coordinates="low",
    )
    phase = replace(
        template,
        path=f"the model of {compound.formula}",
        name=f"{compound.formula}_{family.phase}" if family.several else compound.formula,
        formula=compound.formula,
        full_formula=compound.formula,
        phase=family.phase,
        aliases=(),
        room_temperature=False,
        lengths_angles=cell.lengths_angles,
        temperature=ROOM,
        density=None,
        source=source,
        coordinates="model",
        charges={name: float(charges[name]) for name in names.values() if name in charges},
        sites=_renamed(template.sites, names),
    )
    return with_bonds(phase, compound, template, old)


def _renamed(sites: tuple[AtomSite, ...], names: Mapping[str, str]) -> tuple[AtomSite, ...]:
    """Put other ions on the sites."""
    return tuple(replace(site, species=names[site.species]) for site in sites)


def _crystal(phase: PhaseFile, cell: ScaledCell, template: PhaseFile) -> Crystal:
    """Make the crystal and say what is estimated."""
    made = crystal_from_phase(phase)
    percent = 100 * cell.error
    notices = (
        f"{phase.name}: a model; cell estimated with an error of {percent:.1f} % of the lengths",
        f"{phase.name}: free coordinates estimated from those of {template.name}",
    )
    made = replace(
        made,
        origin="model",
        length_error=cell.error,
        notices=notices,
        rests_on=(template.name,),
    )
    return turn_cations(made)
