"""The sites of a model: which are occupied, by which part, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.frameworks.block import extremes, highest, lowest
from heterobuild.frameworks.carving import ON_FACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.species import Species

Shared: TypeAlias = Literal["inner", "outer", "mixed"]

EMPTY = -1
"""Species of a site on which nothing stands."""

_AT_A_TIME = 1 << 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Sites:
    """The sites of a block.

    Parameters
    ----------
    block : Block
        The block.
    species : (nx, ny, nz, u) int16 array
        What stands on each site: a number of the table, or `EMPTY`.
    region : (nx, ny, nz, u) int8 array
        Code of the part, from 1; 0 on empty sites.
    layer : (nx, ny, nz, u) int16 array
        Octahedra counted from the nearest wall or surface, see `layers`.
    table : tuple of Species
        What can stand on the sites.
    """

    block: Block
    species: CodeArray
    region: CodeArray
    layer: CodeArray
    table: tuple[Species, ...]

    @property
    def charges(self) -> FloatArray:
        """Formal charge of each species in e; the last entry, for empty sites, is 0."""
        return np.array([*(entry.charge for entry in self.table), 0.0])

    @cached_property
    def charge(self) -> float:
        """Formal charge of all sites in e."""
        standing, counts = self.species.ravel(), np.zeros(len(self.table), dtype=np.int64)
        for start in range(0, len(standing), _AT_A_TIME):
            part = standing[start : start + _AT_A_TIME]
            counts += [np.count_nonzero(part == k) for k in range(len(counts))]
        return round(float(counts @ self.charges[:-1]), 6) + 0.0


def region_codes(
    block: Block,
    occupied: BoolArray,
    walls: Sequence[FloatArray],
    *,
    shared: Shared,
    rng: np.random.Generator,
) -> CodeArray:
    """Give each site to a part: octahedra by their B cation, the rest with its octahedra.

    Parameters
    ----------
    block : Block
        The block.
    occupied : (nx, ny, nz, u) bool array
        Sites that are occupied.
    walls : sequence of (nx, ny, nz, b) float array
        Signed distance in Å of each B cation from each wall, from the innermost outward; a part
        lies between two walls.
    shared : {"inner", "outer", "mixed"}
        Who gets a halide or cation that belongs to octahedra of several parts; "mixed" draws.
    rng : numpy.random.Generator
        Generator of "mixed".

    Returns
    -------
    (nx, ny, nz, u) int8 array
        Codes from 1, the innermost part; 0 where nothing stands.
    """
    parts = np.ones(block.octahedra, dtype=np.int8)
    for wall in walls:
        parts += wall > ON_FACE
    chosen = _chosen(block, occupied)
    if shared == "mixed":
        low, high = extremes(block, parts, chosen)
        code = np.where(rng.random(block.grid, dtype=np.float32) < 0.5, low, high)
    else:
        code = (lowest if shared == "inner" else highest)(block, parts, chosen)
    code *= occupied
    return code


def layers(
    block: Block,
    occupied: BoolArray,
    walls: Sequence[FloatArray],
    *,
    region: CodeArray | None,
    step: float,
) -> CodeArray:
    """Count octahedra from the nearest wall.

    Parameters
    ----------
    block : Block
        The block.
    occupied : (nx, ny, nz, u) bool array
        Sites that are occupied.
    walls : sequence of (nx, ny, nz, b) float array
        Signed distance in Å of each B cation from each wall.
    region : (nx, ny, nz, u) int8 array or None
        Codes of the parts, the innermost 1; sites inside the nearest wall count downward from
        −1. None counts from a surface: upward from 1, whatever the sign.
    step : float
        Pseudo-cubic length in Å.

    Returns
    -------
    (nx, ny, nz, u) int16 array
        1 or −1 next to a wall; 0 where nothing stands.
    """
    depth, nearest = _nearest(block, walls)
    depth *= np.float32(1 / step)
    depth += 1
    counted = np.minimum(depth, 30_000, out=depth).astype(np.int16)
    chosen = _chosen(block, occupied)
    low = lowest(block, counted, chosen)
    if region is not None:
        wall_of = 1 if nearest is None else lowest(block, nearest, chosen)
        sign = (region <= wall_of).view(np.int8)
        sign *= -2
        sign += 1
        low *= sign
    low *= occupied
    return low


def _nearest(block: Block, walls: Sequence[FloatArray]) -> tuple[FloatArray, CodeArray | None]:
    """Return the distance of each octahedron from the nearest wall, and which of several it is."""
    if len(walls) == 1:
        return np.abs(walls[0]), None
    depth = np.full(block.octahedra, np.inf, dtype=np.float32)
    nearest = np.zeros(block.octahedra, dtype=np.int8)
    for number, wall in enumerate(walls, 1):
        distance = np.abs(wall)
        nearest[distance < depth] = number
        np.minimum(depth, distance, out=depth)
    return depth, nearest


def _chosen(block: Block, occupied: BoolArray) -> BoolArray | None:
    """Return which octahedra are there; None where all are."""
    chosen: BoolArray = occupied[..., block.framework.b_units]
    return None if chosen.all() else chosen
