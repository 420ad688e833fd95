"""Crystals of structure types without corner-sharing perovskite tilts, made from templates.

The cell is scaled from all measured members of the type, the free coordinates are those of the
member with the nearest radii. Where one coordinate alone sets the bond of B to X, it is set so
that the bond follows the radii.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.charged_radii import compound_charges
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.crystals.asymmetric_units import crystal_from_phase
from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.errors import UsageError
from heterobuild.estimates.measured_lengths import ROOM
from heterobuild.model import Source
from heterobuild.prototypes.bond_coordinates import with_bonds
from heterobuild.prototypes.cage_contacts import require_room_on_a
from heterobuild.prototypes.family_members import (
    family_members,
    nearest_member,
    scaled_cell,
    typical_error,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heterobuild.crystals.phase_files import AtomSite, PhaseFile
    from heterobuild.estimates.scaled_cells import ScaledCell
    from heterobuild.model import Compound, Crystal
    from heterobuild.prototypes.family_members import Family


def build_family(compound: Compound, family: Family, *, without: Collection[str] = ()) -> Crystal:
    """Build a crystal of a structure type from its measured members.

    Parameters
    ----------
    compound : Compound
        A pure compound of the structure type.
    family : Family
        The structure type, one of `heterobuild.prototypes.family_members.FAMILIES`.
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
        If the compound is mixed or of another type, no member with atoms is left, or a molecule
        on A has no room.
    UnknownNameError
        If a radius is not known.

    Examples
    --------
    >>> from heterobuild.prototypes.family_members import FAMILIES
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
    cell = scaled_cell(family, compound, without=without)
    if np.isnan(cell.error):
        cell = replace(cell, error=typical_error())
    template = nearest_member(known, compound)
    out = frozenset(without)
    return _crystal(_phase(compound, family, template, cell, out), cell, template)


def _phase(
    compound: Compound,
    family: Family,
    template: PhaseFile,
    cell: ScaledCell,
    without: frozenset[str],
) -> PhaseFile:
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
    return with_bonds(phase, compound, template, old, endless=family.endless, without=without)


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
    return require_room_on_a(turn_cations(made))
