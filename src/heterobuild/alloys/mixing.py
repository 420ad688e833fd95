"""A mixed compound as a crystal: mean cell, parent ions, and the shares of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.alloys.end_members import ROOM
from heterobuild.alloys.exchange import known_molecule
from heterobuild.alloys.member_crystals import choose_members
from heterobuild.alloys.member_phases import PEROVSKITES
from heterobuild.alloys.mixed_cell import mixed_atoms, mixed_cell, same_setting
from heterobuild.alloys.phase_notices import phase_notice
from heterobuild.alloys.racemates import refuse_racemates
from heterobuild.alloys.vegard import (
    MIXED,
    common_phase,
    lattice_rule,
    mixed_length,
    mixing_uncertainty,
)
from heterobuild.chemistry.formulas import expand_formula
from heterobuild.errors import UsageError
from heterobuild.labels import KIND, SITE, Site
from heterobuild.model import Crystal, Mixture, Source
from heterobuild.prototypes.builders import build_prototype

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.alloys.end_members import EndMember
    from heterobuild.alloys.member_crystals import Share
    from heterobuild.arrays import FloatArray
    from heterobuild.model import Compound, Confidence, Molecule, Sublattice

VEGARD = "10.1007/BF01349680"
"""DOI of Vegard's law."""

_ROLES = {
    "spacer": (Site.SPACER, Site.A),
    "A": (Site.A, Site.SPACER),
    "B": (Site.B,),
    "B'": (Site.B,),
    "X": (Site.X,),
    "X'": (Site.X,),
}
_TRUST: tuple[Confidence, ...] = ("high", "medium", "low")


def mixed_crystal(
    compound: Compound, *, phase: str | None = None, temperature: float = ROOM
) -> Crystal:
    """Make the crystal of a compound whose sites several ions share.

    The cell is linear between the end members (Vegard), each weighted with the product of the
    shares of its ions; so are the fractional coordinates where the sites of the end members
    correspond. The atoms hold the ion with the largest share on each mixed site, and
    `Crystal.mixtures` the shares, which are drawn in a supercell or in the whole cell of a
    heterostructure.

    Parameters
    ----------
    compound : Compound
        The compound, as its formula says.
    phase : str, optional
        Phase of all end members: crystal system or name of a polymorph; see
        `heterobuild.alloys.member_crystals.choose_members` for the choice without one.
    temperature : float, optional
        Temperature in K near which the cells of the end members should be measured, and for
        which the error of the lengths holds; room temperature by default.

    Returns
    -------
    Crystal
        The mixed crystal. Its temperature is the weighted mean of those of the end members'
        cells: where all expand alike, the mean cell is that of this temperature. Estimated cells
        do not count; with more than half of them there is no temperature. Coordinates are of low
        confidence: B-X lengths are averaged.

    Raises
    ------
    UsageError
        If the compound is not mixed, its spacers are mirror images, an end member would not be
        neutral, or one is neither known nor can be estimated in the wanted phase.
    UnknownNameError
        If no radius is known for an ion of an end member that is to be estimated.
    """
    if not compound.mixed:
        raise UsageError(
            f"{compound.formula} is not a mixed compound",
            next_step="load it by its formula",
        )
    refuse_racemates(compound)
    shares = choose_members(compound, phase=phase, temperature=temperature)
    members = [share.member for share in shares]
    weights = np.array([share.weight for share in shares])
    crystals = [member.crystal for member in members]
    first = _parent(compound, members, weights)
    parent = _with_atoms(shares[first])
    cell = mixed_cell(parent, crystals, weights)
    length = float(mixed_length(members, weights))
    error = mixing_uncertainty(members, weights, temperature) / length
    perovskite = compound.prototype in PEROVSKITES
    unequal = _unequal_spacers(compound)
    label = members[first].phase if perovskite else crystals[first].phase
    return Crystal(
        name=f"{compound.formula}_{label}" if perovskite else compound.formula,
        formula=compound.formula,
        phase=label,
        cell=cell,
        atoms=None if unequal else mixed_atoms(parent, crystals, weights, cell),
        space_group=parent.space_group,
        space_group_number=parent.space_group_number,
        molecules=_molecules(compound, parent),
        placed=parent.placed,
        pseudocubic=None if parent.pseudocubic is None else parent.pseudocubic.copy(),
        z=parent.z,
        temperature=_temperature(crystals, weights),
        source=_source(shares),
        notices=(*_notices(compound, parent, shares, error), *unequal),
        origin="mixed",
        length_error=error,
        mixtures=tuple(_mixture(entry, parent) for entry in compound.sublattices if entry.mixed),
        rests_on=_library_names([*crystals, parent]),
    )


def cell_rule(parent: Crystal, members: Sequence[EndMember]) -> str:
    """Say in words how the cell of a mixed crystal was found.

    Parameters
    ----------
    parent : Crystal
        The end member with the largest share.
    members : sequence of EndMember
        All end members.

    Returns
    -------
    str
        One clause.
    """
    if all(same_setting(parent, member.crystal) for member in members):
        phase = members[0].phase
        return f"Vegard, linear in the lengths and angles of the cells of the {phase} phases"
    return f"{lattice_rule(members)}; the cell of {parent.name} is scaled to it"


def _unequal_spacers(compound: Compound) -> tuple[str, ...]:
    """Say why there are no atoms where spacers of different size would stand in for one another."""
    if not compound.on("spacer").mixed:
        return ()
    names = " and ".join(name for name, _ in compound.on("spacer").amounts)
    return (f"{compound.formula}: only the cell is given, {names} are packed differently",)


def _with_atoms(share: Share) -> Crystal:
    """Return a crystal that gives the atoms of an end member: a model where none are measured."""
    crystal = share.member.crystal
    return crystal if crystal.atoms is not None else build_prototype(share.compound)


def _parent(compound: Compound, members: Sequence[EndMember], weights: FloatArray) -> int:
    """Return the end member that holds the largest share on every kind of site."""
    ions = {entry.parent for entry in compound.sublattices}
    fitting = [i for i, member in enumerate(members) if set(expand_formula(member.formula)) == ions]
    if not fitting:
        raise UsageError(
            f"no end member of {compound.formula} holds the ion with the largest share everywhere",
            measured=", ".join(member.formula for member in members),
            next_step="mix an ordered double perovskite on its two kinds of B site instead",
        )
    return max(fitting, key=lambda i: float(weights[i]))


def _temperature(crystals: Sequence[Crystal], weights: FloatArray) -> float | None:
    """Return the mean temperature of the cells in K; None where less than half is known."""
    known = [
        (weight, crystal.temperature)
        for weight, crystal in zip(weights.tolist(), crystals, strict=True)
        if crystal.temperature is not None
    ]
    total = sum(weight for weight, _ in known)
    if total < 0.5:
        return None
    return round(float(sum(weight * kelvin for weight, kelvin in known) / total), 3)


def _mixture(sublattice: Sublattice, parent: Crystal) -> Mixture:
    """Return the shares on one kind of site, under the role that the atoms have there."""
    roles = _ROLES[sublattice.name]
    held = roles if parent.atoms is None else _roles_of(sublattice.parent, parent)
    role = next((role for role in roles if role in held), None)
    if role is None:
        raise UsageError(
            f"{parent.name} has no {sublattice.parent} on {sublattice.name}",
            next_step="mix on another site",
        )
    return Mixture(
        site=role.name,
        parent=sublattice.parent,
        shares=tuple((ion, float(share)) for ion, share in sublattice.shares),
    )


def _roles_of(species: str, crystal: Crystal) -> tuple[Site, ...]:
    """Return the roles that an ion or a kind of molecule has in a crystal."""
    atoms = crystal.require_atoms()
    kinds = [molecule.name for molecule in crystal.molecules]
    if species in kinds:
        chosen = atoms.arrays[KIND] == kinds.index(species) + 1
    else:
        chosen = (atoms.arrays[KIND] == 0) & (atoms.numbers == atomic_numbers.get(species, -1))
    return tuple(Site(code) for code in np.unique(atoms.arrays[SITE][chosen]).tolist())


def _molecules(compound: Compound, parent: Crystal) -> tuple[Molecule, ...]:
    """Return the molecules of the parent, and those that will share its sites."""
    own = [molecule.name for molecule in parent.molecules]
    added = (
        known_molecule(ion)
        for entry in compound.sublattices
        for ion, _ in entry.amounts
        if ion not in atomic_numbers and ion not in own
    )
    return (*parent.molecules, *added)


def _library_names(crystals: Sequence[Crystal]) -> tuple[str, ...]:
    """Return on which phases a crystal rests; none where an estimate rests on all of them."""
    if any(crystal.origin != "library" for crystal in crystals):
        return ()
    return tuple(dict.fromkeys(crystal.name for crystal in crystals))


def _source(shares: Sequence[Share]) -> Source:
    """Name the end members, and take the lowest trust; coordinates are means and so low."""
    sources = [share.member.crystal.source for share in shares]
    names = ", ".join(f"{share.member.crystal.name} {share.weight:.4g}" for share in shares)
    cells = dict.fromkeys(
        f"{share.member.crystal.name}: {source.citation}"
        for share, source in zip(shares, sources, strict=True)
    )
    return Source(
        citation=f"mean of end members by Vegard's law, weights {names}",
        doi=VEGARD,
        cell=max((source.cell for source in sources), key=_TRUST.index),
        coordinates="low",
        notes="; ".join(cells),
    )


def _notices(
    compound: Compound, parent: Crystal, shares: Sequence[Share], error: float
) -> tuple[str, ...]:
    """Say how the cell was found and what is uncertain in it."""
    members = [share.member for share in shares]
    crystals = [member.crystal for member in members]
    names = ", ".join(member.crystal.name for member in members)
    rule = cell_rule(parent, members)
    lengths = f"error of the lengths {100 * error:.1f} %"
    found = [f"{compound.formula} is mixed from {names}: {rule}; {lengths}"]
    if phase := phase_notice(shares):
        found.append(f"{compound.formula}: {phase}")
    elif common_phase(members) == MIXED:
        found.append(
            f"the end members of {compound.formula} are known in different phases; it takes "
            f"the {parent.phase} structure of {parent.name}"
        )
    if all(member.crystal is not parent for member in members):
        found.append(f"only cells are measured; the atoms are those of the model {parent.name}")
    if parent.atoms is not None and not _unequal_spacers(compound):
        found.append(
            f"{compound.formula}: coordinates and B-X lengths are means over all ions of a site, "
            "relax the structure before use"
        )
    estimated = [m.crystal.name for m in members if m.crystal.origin == "model"]
    if estimated:
        found.append(f"estimated, not measured: {', '.join(estimated)}")
    return tuple(
        dict.fromkeys([*found, *(note for c in (*crystals, parent) for note in c.notices)])
    )
