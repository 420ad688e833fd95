"""Let the ions of a finished stack mix across its walls: exact counts in each plane.

Positions are those of the sharp interface but for the spacing of the planes, which follows the
composition by Vegard's rule along the normal; in the plane all parts share one cell anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.exchange import exchange_units
from heterobuild.assembly.graded_ions import compositions, exchange, wall_ions
from heterobuild.assembly.graded_spacing import plane_stretches, region_as_spaced, space_planes
from heterobuild.assembly.graded_steps import reached_step
from heterobuild.assembly.graded_walls import graded_walls, profile_at_each, stack_planes
from heterobuild.assembly.stack import region_of
from heterobuild.chemistry.wall_profiles import refuse_nothing, refuse_wide, wall_profiles
from heterobuild.crystals.cations import orient_cations
from heterobuild.labels import KIND, MOLECULE, REGION, SITE, Site
from heterobuild.model import Step
from heterobuild.seeds import generator
from heterobuild.slabs.orientation import cation_axes, crystal_to_slab

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ase import Atoms

    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.graded_ions import Exchange, WallIons
    from heterobuild.assembly.graded_walls import GradedWall, StackPlanes
    from heterobuild.assembly.part import Part
    from heterobuild.chemistry.wall_profiles import WallProfiles
    from heterobuild.model import Molecule, Region, WallProfile


@dataclass(frozen=True, kw_only=True, eq=False)
class Graded:
    """A stack across whose walls ions have mixed.

    Parameters
    ----------
    atoms : ase.Atoms
        The stack. Every site keeps region and layer; molecules come and go as wholes.
    molecules : tuple of Molecule
        Kinds of molecule, new ones at the end.
    regions : tuple of Region
        The parts; where planes came closer or moved apart, the strain along the normal is that
        of the median repeat of the part.
    steps : tuple of Step
        What was asked and reached at each wall; empty where all walls are sharp.
    """

    atoms: Atoms
    molecules: tuple[Molecule, ...]
    regions: tuple[Region, ...]
    steps: tuple[Step, ...]


def grade_stack(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    *,
    profile: WallProfile,
    profiles: Sequence[WallProfile] = (),
    seed: int,
) -> Graded:
    """Exchange ions across the walls of a stack.

    Parameters
    ----------
    atoms : ase.Atoms
        Stacked, labelled atoms, see `heterobuild.assembly.stack.stack_parts`; left unchanged.
    molecules : tuple of Molecule
        Kinds of molecule.
    parts : sequence of Part
        The parts from below to above.
    contacts : sequence of Contact
        The contact of each part with the next; one more where the stack is endless.
    profile : WallProfile
        The profile of all walls across which the octahedral network continues.
    profiles : sequence of WallProfile, optional
        One a contact, in place of it.
    seed : int
        Seed of the draws in each plane and of the orientation of molecules.

    Returns
    -------
    Graded
        The stack. Smooth profiles keep the number of each ion, shares given plane by plane need
        not; the charge stays in any case.

    Raises
    ------
    UsageError
        If the network does not continue across a wall, a profile is wider than a part, ions of
        unlike charge would share sites, or there is nothing to mix.
    """
    regions = tuple(region_of(part, code) for code, part in enumerate(parts, 1))
    if not profile.graded and not any(one.graded for one in profiles):
        return Graded(atoms=atoms, molecules=molecules, regions=regions, steps=())
    planes = stack_planes(atoms)
    chosen = profile_at_each(profile, profiles, contacts)
    walls = graded_walls(planes, parts, contacts, chosen)
    stretch = np.zeros(len(planes.height))
    exchanges: list[Exchange] = []
    found: list[WallProfiles] = []
    steps: list[Step] = []
    for wall in walls:
        ions = wall_ions(wall, planes, atoms, molecules)
        asked = wall_profiles(wall.profile, *compositions(ions))
        made = _mixed(ions, asked, parts, atoms, seed)
        where = _where(wall, parts)
        steps += [asked.step(where, wall.profile.in_plane), reached_step(where, wall, made)]
        stretch[wall.planes] += plane_stretches(wall, made, parts)
        exchanges += made
        found.append(asked)
    refuse_nothing(walls[0].profile, found)
    changed, table = _exchanged(atoms, molecules, planes, exchanges)
    touched = {number for wall in walls for number in (wall.inner, wall.outer)}
    changed, oriented = _oriented(changed, table, atoms, {n: parts[n] for n in touched}, seed)
    changed, height, spacing = space_planes(changed, planes, stretch)
    return Graded(
        atoms=changed,
        molecules=table,
        regions=tuple(
            region_as_spaced(region, part, planes, height)
            for region, part in zip(regions, parts, strict=True)
        ),
        steps=(*steps, *_sharp_steps(contacts, chosen), *oriented, *spacing),
    )


def _where(wall: GradedWall, parts: Sequence[Part]) -> str:
    """Name a wall by the parts inside and outside."""
    return f"{parts[wall.inner].name} | {parts[wall.outer].name}"


def _mixed(
    ions: WallIons, asked: WallProfiles, parts: Sequence[Part], atoms: Atoms, seed: int
) -> list[Exchange]:
    """Draw the ions of all sites that mix at one wall."""
    wall = ions.wall
    _require_room(wall, asked, parts)
    return [
        exchange(
            ions,
            role,
            asked.sites[role],
            wall.profile.in_plane,
            atoms=atoms,
            rng=generator(seed, f"profile of {_where(wall, parts)}, {role}"),
            redraw=all(parts[n].slab.mixing == "random" for n in (wall.inner, wall.outer)),
        )
        for role in asked.mixing
    ]


def _sharp_steps(contacts: Sequence[Contact], chosen: Sequence[WallProfile]) -> list[Step]:
    """Tell the walls that stay sharp, because the network ends there."""
    return [
        Step(
            name="profile",
            choice=f"{contact.lower} | {contact.upper}: sharp, the octahedral network does not "
            "continue",
            values={"wall": f"{contact.lower} | {contact.upper}"},
        )
        for contact, profile in zip(contacts, chosen, strict=True)
        if not profile.graded and not contact.continues
    ]


def _require_room(wall: GradedWall, asked: WallProfiles, parts: Sequence[Part]) -> None:
    """Refuse profiles that are wider than the parts on either side, where ions differ."""
    for role in asked.mixing:
        for part, room, side in (
            (wall.inner, wall.rooms[0], wall.number < 0),
            (wall.outer, wall.rooms[1], wall.number > 0),
        ):
            refuse_wide(
                asked.sites[role],
                role=role,
                room=room,
                part=parts[part].name,
                planes=int(side.sum()),
            )


def _exchanged(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    planes: StackPlanes,
    exchanges: Sequence[Exchange],
) -> tuple[Atoms, tuple[Molecule, ...]]:
    """Replace all units that become something else."""
    species = [ion for one in exchanges for ion in one.ions]
    charges = [one.charge for one in exchanges for _ in one.ions]
    offsets = np.cumsum([0, *(len(one.ions) for one in exchanges)])
    places = [planes.first[one.changed] for one in exchanges]
    if not sum(map(len, places)):
        return atoms.copy(), molecules
    return exchange_units(
        atoms,
        molecules,
        np.concatenate(places),
        species=species,
        choice=np.concatenate(
            [one.chosen + start for one, start in zip(exchanges, offsets, strict=False)]
        ),
        charges=charges,
    )


def _oriented(
    atoms: Atoms,
    molecules: tuple[Molecule, ...],
    before: Atoms,
    parts: Mapping[int, Part],
    seed: int,
) -> tuple[Atoms, list[Step]]:
    """Turn the molecular cations of mixed parts again, by the rule of each: neighbours changed."""
    steps = []
    turned = atoms.copy()
    kinds = atoms.arrays[KIND]
    added = atoms.arrays[MOLECULE] > before.arrays[MOLECULE].max(initial=0)
    for number, part in sorted(parts.items()):
        placed = [n for n, one in enumerate(molecules, 1) if one.name in part.slab.crystal.placed]
        chosen = (atoms.arrays[REGION] == number + 1) & (atoms.arrays[SITE] == Site.A)
        chosen &= added | np.isin(kinds, placed)
        chosen &= atoms.arrays[MOLECULE] > 0
        if not chosen.any():
            continue
        alone = turned.copy()
        alone.arrays[KIND] = np.where(chosen, kinds, 0)
        axes = crystal_to_slab(part.slab.stacking) @ part.rotation
        found, step = orient_cations(
            alone,
            molecules,
            placed=[one.name for one in molecules],
            rule=part.slab.cations,
            axes=cation_axes(part.slab.crystal, axes),
            rng=generator(seed, f"cations of {part.name}"),
        )
        turned.positions = found.positions
        steps.append(
            Step(
                name="cations",
                choice=f"{part.name}, after mixing: {step.choice}",
                values={part.name: step.values},
            )
        )
    return turned, steps
