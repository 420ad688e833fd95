"""The sites of a model: which are occupied, by which part, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from heterobuild.frameworks.block import extremes
from heterobuild.frameworks.carving import ON_FACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray
    from heterobuild.frameworks.block import Block
    from heterobuild.frameworks.species import Species

Shared: TypeAlias = Literal["inner", "outer", "mixed"]

EMPTY = -1
"""Species of a site on which nothing stands."""


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

    @property
    def charge(self) -> float:
        """Formal charge of all sites in e."""
        planes = (plane.ravel() + 1 for plane in self.species)
        length = len(self.table) + 1
        counts = np.sum([np.bincount(plane, minlength=length) for plane in planes], axis=0)
        return round(float(counts[1:] @ self.charges[:-1]), 6) + 0.0


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
    low, high = extremes(block, parts, _chosen(block, occupied))
    code = low if shared == "inner" else high
    if shared == "mixed":
        code = np.where(rng.random(block.grid, dtype=np.float32) < 0.5, low, high)
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
    depth = np.full(block.octahedra, np.inf, dtype=np.float32)
    nearest = np.zeros(block.octahedra, dtype=np.int8)
    for number, wall in enumerate(walls, 1):
        distance = np.abs(wall)
        nearest[distance < depth] = number
        np.minimum(depth, distance, out=depth)
    depth *= np.float32(1 / step)
    counted = np.minimum(depth + 1, 30_000).astype(np.int16)
    chosen = _chosen(block, occupied)
    low, _ = extremes(block, counted, chosen)
    if region is not None:
        wall_of = nearest.max() if len(walls) < 2 else extremes(block, nearest, chosen)[0]
        np.negative(low, out=low, where=region <= wall_of)
    low *= occupied
    return low


def _chosen(block: Block, occupied: BoolArray) -> BoolArray | None:
    """Return which octahedra are there; None where all are."""
    chosen: BoolArray = occupied[..., block.framework.b_units]
    return None if chosen.all() else chosen
