"""The walls of a stack across which the composition changes, and the planes on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.stack import part_height
from heterobuild.errors import UsageError
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import KIND, LAYER, MOLECULE, REGION, SITE, rigid_units
from heterobuild.model import WallProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.part import Part

_TIE = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class StackPlanes:
    """The rigid units of a stack and the planes they lie in.

    Parameters
    ----------
    first : (u,) int array
        First atom of each unit.
    unit : (n,) int array
        Unit of each atom.
    centres : (u, 3) float array
        Centres in Å.
    site, kind, number : (u,) int array
        Role, kind of molecule (0 for an ion) and atomic number of the first atom.
    plane : (u,) int array
        Plane of each unit, counted upward.
    region : (p,) int array
        Part of each plane, from 1.
    height : (p,) float array
        Mean height of each plane in Å, ascending.
    """

    first: IntArray
    unit: IntArray
    centres: FloatArray
    site: IntArray
    kind: IntArray
    number: IntArray
    plane: IntArray
    region: IntArray
    height: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class GradedWall:
    """A wall with a profile.

    Parameters
    ----------
    inner, outer : int
        Numbers of the parts inside and outside, from 0; the one that comes first is inside.
    planes : (p,) int array
        Planes that the wall can use, from inside to outside.
    distance : (p,) float array
        Their signed distances to the wall in Å, negative inside.
    number : (p,) int array
        The same counted in planes: −1, −2, … inside and 1, 2, … outside.
    rooms : tuple of float
        Thickness in Å that the wall can use inside and outside.
    profile : WallProfile
        What is asked.
    """

    inner: int
    outer: int
    planes: IntArray
    distance: FloatArray
    number: IntArray
    rooms: tuple[float, float]
    profile: WallProfile


def stack_planes(atoms: Atoms) -> StackPlanes:
    """Find the rigid units and planes of stacked parts.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms.

    Returns
    -------
    StackPlanes
        Units and planes.
    """
    unit, first = rigid_units(atoms.arrays[MOLECULE])
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    region, layer = atoms.arrays[REGION][first], atoms.arrays[LAYER][first]
    keys, plane = np.unique(np.column_stack([region, layer]), axis=0, return_inverse=True)
    plane = plane.reshape(-1)
    height = np.bincount(plane, weights=centres[:, 2]) / np.bincount(plane)
    order = np.lexsort((height, keys[:, 0]))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return StackPlanes(
        first=first,
        unit=unit,
        centres=centres,
        site=atoms.arrays[SITE][first],
        kind=atoms.arrays[KIND][first],
        number=atoms.numbers[first],
        plane=rank[plane],
        region=keys[order, 0],
        height=height[order],
    )


def graded_walls(
    planes: StackPlanes,
    parts: Sequence[Part],
    contacts: Sequence[Contact],
    profiles: Sequence[WallProfile],
) -> list[GradedWall]:
    """Find the walls with a profile, and the planes that each can use.

    A part between two such walls gives each of them the half that is nearer.

    Parameters
    ----------
    planes : StackPlanes
        The planes.
    parts : sequence of Part
        The parts from below to above.
    contacts : sequence of Contact
        The contact of each part with the next.
    profiles : sequence of WallProfile
        The profile at each contact.

    Returns
    -------
    list of GradedWall
        The walls.

    Raises
    ------
    UsageError
        If the octahedral network does not continue across such a wall.
    """
    found = []
    count = len(parts)
    for k, (contact, profile) in enumerate(zip(contacts, profiles, strict=True)):
        if not profile.graded:
            continue
        if not contact.continues:
            raise _no_network(contact)
        lower, upper = k, (k + 1) % count
        below = _side(planes, parts, profiles, lower, contact.gap, top=True)
        above = _side(planes, parts, profiles, upper, contact.gap, top=False)
        closing = k == count - 1
        inside, outside = (above, below) if closing else (below, above)
        found.append(
            GradedWall(
                inner=upper if closing else lower,
                outer=lower if closing else upper,
                planes=np.concatenate([inside[0][::-1], outside[0]]),
                distance=np.concatenate([-inside[1][::-1], outside[1]]),
                number=np.concatenate(
                    [np.arange(-len(inside[0]), 0), np.arange(1, len(outside[0]) + 1)]
                ),
                rooms=(inside[2], outside[2]),
                profile=profile,
            )
        )
    return found


def _side(
    planes: StackPlanes,
    parts: Sequence[Part],
    profiles: Sequence[WallProfile],
    number: int,
    gap: float,
    *,
    top: bool,
) -> tuple[IntArray, FloatArray, float]:
    """Return planes from the wall on, their distances to it, and the thickness there is."""
    thickness = part_height(parts[number])
    mine = np.flatnonzero(planes.region == number + 1)
    base = planes.height[mine].min()
    depth = planes.height[mine] - base
    depth = thickness - depth if top else depth
    other = (number - 1) % len(parts) if top else number
    shared = other < len(profiles) and profiles[other].graded
    if shared:
        near = depth <= thickness / 2 + _TIE if top else depth < thickness / 2 - _TIE
        mine, depth = mine[near], depth[near]
    order = np.argsort(depth, kind="stable")
    room = thickness / 2 + gap / 2 if shared else thickness + gap
    return mine[order], depth[order] + gap / 2, room


def profile_at_each(
    profile: WallProfile, profiles: Sequence[WallProfile], contacts: Sequence[Contact]
) -> list[WallProfile]:
    """Return the profile of each wall of a stack.

    Parameters
    ----------
    profile : WallProfile
        The profile of all walls across which the octahedral network continues; others are sharp.
    profiles : sequence of WallProfile
        One a wall from below to above, in place of it; empty where not given.
    contacts : sequence of Contact
        The contacts.

    Returns
    -------
    list of WallProfile
        One a contact.

    Raises
    ------
    UsageError
        If the list has another length, or the network continues across no wall.
    """
    if profiles:
        if len(profiles) != len(contacts):
            raise UsageError(
                "profiles has one entry an interface",
                where="profiles",
                measured=f"{len(profiles)} entries",
                allowed=f"{len(contacts)} entries, from below to above",
                next_step="give as many entries as interfaces, or one profile for all",
            )
        return list(profiles)
    if profile.graded and contacts and not any(contact.continues for contact in contacts):
        raise _no_network(contacts[0])
    return [profile if contact.continues else WallProfile() for contact in contacts]


def _no_network(contact: Contact) -> UsageError:
    """Make the error for a profile across a wall without a common network."""
    return UsageError(
        "a composition profile needs an octahedral network that continues across the wall",
        where="profile",
        measured=f"{contact.lower} {contact.planes[0]} | {contact.upper} {contact.planes[1]} do "
        "not continue one another",
        allowed="crystals of one network, planes that follow one another, no shift off the lattice",
        next_step="choose terminations that continue, such as PbI2 on MAI, or the profile sharp",
    )
