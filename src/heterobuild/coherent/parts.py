"""The parts of a coherent model, and how they blend across their walls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.frameworks.block import mean_over_octahedra
from heterobuild.geometry.profiles import inner_share, shells
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal
    from heterobuild.particles.options import WallProfile


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


def blend_parts(
    block: Block, parts: Parts, edge: float, occupied: BoolArray | None = None
) -> tuple[FloatArray, CodeArray]:
    """Weigh the parts in each shell around the walls, and tell the shell of each site.

    Shells are half an octahedron thick, so that each holds planes of one kind, and those of A, B
    and X are apart: the numbers of ions of each are those of the smooth profile.

    Parameters
    ----------
    block : Block
        The block.
    parts : Parts
        The parts, with the distances of all sites from the walls.
    edge : float
        Pseudo-cubic edge in Å.
    occupied : (nx, ny, nz, u) bool array, optional
        Sites of the model, over which shares are averaged; all of the block by default.

    Returns
    -------
    weights : (s, r) float array
        Weight of each part in each shell.
    shell : (nx, ny, nz, u) int array
        Shell of each site.
    """
    half = edge / 2
    there = np.ones(np.prod(block.grid)) if occupied is None else occupied.ravel()
    roles = np.broadcast_to(block.framework.site, block.grid).ravel().astype(np.int32) - 1
    inner = []
    fields = parts.fields or [mean_over_octahedra(block, wall) for wall in parts.walls]
    for distance in fields:
        number = shells(distance.ravel(), half).astype(np.int32) * len(Site) + roles
        names, member = np.unique(number, return_inverse=True)
        share = inner_share(distance.ravel(), parts.profile.kind, parts.profile.width)
        sites = np.bincount(member, weights=there)
        mean = np.bincount(member, weights=share * there) / np.maximum(sites, 1)
        inner.append((names, member, np.clip(np.round(mean, 12), 0, 1)))
    shell = inner[0][1].astype(np.int64)
    for names, member, _ in inner[1:]:
        shell = shell * len(names) + member
    used, shell = np.unique(shell, return_inverse=True)
    weights = np.zeros((len(used), len(parts.crystals)))
    first = np.unique(shell, return_index=True)[1]
    left = np.ones(len(used))
    for r, (_, member, mean) in enumerate(inner):
        share = mean[member[first]]
        weights[:, r] = left * share
        left = left * (1 - share)
    weights[:, -1] = left
    return weights, shell.reshape(block.grid)
