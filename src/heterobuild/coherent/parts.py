"""The parts of a coherent model, and how they blend across their walls."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.wall_profiles import (
    ions_by_role,
    refuse_nothing,
    refuse_wide,
    wall_profiles,
)
from heterobuild.frameworks.block import mean_over_octahedra
from heterobuild.geometry.profiles import inner_share, listed_shares, shells
from heterobuild.labels import Site
from heterobuild.model import SiteProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.chemistry.wall_profiles import WallProfiles
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.sites import Shared
    from heterobuild.frameworks.species import Shares
    from heterobuild.model import Crystal, WallProfile


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """The parts of a coherent model, from the innermost outward.

    Parameters
    ----------
    names : tuple of str
        Names of the regions.
    crystals : tuple of Crystal
        What each part is made of.
    walls : tuple of (nx, ny, nz, b) float array
        Signed distance in Å of each B cation from each wall between two parts.
    shared : {"inner", "outer", "mixed"}
        Who gets the halides and A cations at a wall.
    profile : WallProfile
        How the composition changes across the walls.
    fields : tuple of (nx, ny, nz, u) float array, optional
        Signed distance of every site from each wall. Where a profile lacks them, a site has the
        mean of the octahedra it belongs to, which is exact at flat walls.
    """

    names: tuple[str, ...]
    crystals: tuple[Crystal, ...]
    walls: tuple[FloatArray, ...]
    shared: Shared
    profile: WallProfile
    fields: tuple[FloatArray, ...] = ()


def profiles_at_walls(parts: Parts, block: Block, shares: Shares) -> tuple[WallProfiles, ...]:
    """Find the profiles of A, B and X sites at each wall between two parts.

    Parameters
    ----------
    parts : Parts
        The parts.
    block : Block
        The block.
    shares : Shares
        What the parts want on its sites.

    Returns
    -------
    tuple of WallProfiles
        One a wall, from the innermost outward. Sites whose ions are the same on both sides have
        the widest profile of the others, so that lengths follow the composition.

    Raises
    ------
    UsageError
        If a coefficient of diffusion cannot be meant, or there is nothing to mix.
    """
    roles = [Site(int(role)).name for role in block.framework.site]
    ions = [
        ions_by_role(
            (role, entry.name, float(share))
            for role, row in zip(roles, wanted, strict=True)
            for entry, share in zip(shares.species, row, strict=True)
        )
        for wanted in shares.shares
    ]
    found = []
    for inner, outer in itertools.pairwise(ions):
        at_wall = wall_profiles(parts.profile, inner, outer)
        changing = [at_wall.sites[role] for role in at_wall.differing]
        widest = max(changing, key=_reach, default=SiteProfile())
        sites = {
            role: one if role in at_wall.differing else widest
            for role, one in at_wall.sites.items()
        }
        found.append(replace(at_wall, sites=sites))
    refuse_nothing(parts.profile, found)
    return tuple(found)


def _reach(profile: SiteProfile) -> tuple[float, int]:
    """Order profiles by how far they reach from the wall."""
    return profile.width, max(len(profile.inside), len(profile.outside))


def require_room(
    parts: Parts, profiles: Sequence[WallProfiles], block: Block, region: CodeArray, edge: float
) -> None:
    """Refuse profiles that are wider than the parts on either side of their wall.

    Parameters
    ----------
    parts : Parts
        The parts.
    profiles : sequence of WallProfiles
        The profiles at each wall.
    block : Block
        The block.
    region : (nx, ny, nz, u) int8 array
        Code of the part of each site, from 1; 0 where nothing stands.
    edge : float
        Pseudo-cubic edge in Å.

    Raises
    ------
    UsageError
        If half of a profile is more than a part has at this wall.
    """
    octahedra = region[..., block.framework.b_units]
    walls = len(parts.walls)
    for k, (wall, at_wall) in enumerate(zip(parts.walls, profiles, strict=True)):
        for code, sign in ((k + 1, -1), (k + 2, 1)):
            depth = sign * wall[octahedra == code]
            both = 1 < code <= walls
            room = (float(depth.max(initial=-edge / 2)) + edge / 2) / (2 if both else 1)
            for role, profile in at_wall.sites.items():
                refuse_wide(
                    profile,
                    role=role,
                    room=room,
                    part=parts.names[code - 1],
                    planes=int(2 * room / edge + 0.5),
                )


def blend_parts(
    block: Block,
    parts: Parts,
    edge: float,
    *,
    region: CodeArray,
    profiles: Sequence[WallProfiles],
) -> tuple[FloatArray, CodeArray]:
    """Weigh the parts in each shell around the walls, and tell the shell of each site.

    Shells are half an octahedron thick, so that each holds planes of one kind, and those of A, B
    and X are apart: the numbers of ions of each are those of the smooth profile. Sites with a
    sharp profile have the ions of the part that they belong to.

    Parameters
    ----------
    block : Block
        The block.
    parts : Parts
        The parts, with the distances of all sites from the walls.
    edge : float
        Pseudo-cubic edge in Å.
    region : (nx, ny, nz, u) int8 array
        Code of the part of each site, from 1; shares are averaged over the sites that have one.
    profiles : sequence of WallProfiles
        The profiles at each wall, see `profiles_at_walls`.

    Returns
    -------
    weights : (s, r) float array
        Weight of each part in each shell.
    shell : (nx, ny, nz, u) int array
        Shell of each site.
    """
    fields = parts.fields or [mean_over_octahedra(block, wall) for wall in parts.walls]
    roles = np.broadcast_to(block.framework.site, block.grid).ravel().astype(np.int32) - 1
    codes = region.ravel()
    there = (codes > 0).astype(np.float64)
    inner = []
    for k, (distance, at_wall) in enumerate(zip(fields, profiles, strict=True)):
        away = distance.ravel()
        plane, share = np.zeros(len(away), dtype=np.int32), np.zeros(len(away))
        for role, profile in at_wall.sites.items():
            mine = roles == Site[role] - 1
            inside = codes[mine] <= k + 1
            plane[mine], share[mine] = _shares(profile, away[mine], inside, edge, parts.shared)
        names, member = np.unique(plane * len(Site) + roles, return_inverse=True)
        sites = np.bincount(member, weights=there)
        mean = np.bincount(member, weights=share * there) / np.maximum(sites, 1)
        inner.append((names, member, np.clip(np.round(mean, 12), 0, 1)))
    shell = inner[0][1].astype(np.int64)
    for names, member, _ in inner[1:]:
        shell = shell * len(names) + member
    used, first, shell = np.unique(shell, return_index=True, return_inverse=True)
    weights = np.zeros((len(used), len(parts.crystals)))
    left = np.ones(len(used))
    for r, (_, member, mean) in enumerate(inner):
        weights[:, r] = left * mean[member[first]]
        left = left * (1 - mean[member[first]])
    weights[:, -1] = left
    return weights, shell.reshape(block.grid)


def _shares(
    profile: SiteProfile, away: FloatArray, inside: BoolArray, edge: float, shared: Shared
) -> tuple[CodeArray, FloatArray]:
    """Return the plane of each site of one kind, and its share of the inner composition."""
    if profile.kind == "sharp":
        return np.where(inside, -1, 1).astype(np.int32), inside.astype(np.float64)
    if profile.kind == "layers":
        shift = edge / 4 if shared != "inner" else -edge / 4
        plane = shells(away + shift, edge / 2)
        return plane.astype(np.int32), listed_shares(plane, profile.inside, profile.outside)
    plane = shells(away, edge / 2)
    return plane.astype(np.int32), inner_share(away, profile.kind, profile.width)
