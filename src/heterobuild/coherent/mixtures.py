"""Interpenetrating phases on one lattice: from crystals to the finished model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.draft import draft_parts
from heterobuild.coherent.finishing import Finish, finish
from heterobuild.coherent.matrix import make_matrix
from heterobuild.coherent.mixtures_amounts import octahedron_shares
from heterobuild.coherent.mixtures_fields import phase_fields
from heterobuild.coherent.mixtures_records import mixture_step
from heterobuild.coherent.parts import Parts
from heterobuild.coherent.walls import wall_step
from heterobuild.errors import UsageError
from heterobuild.frameworks.carving import ON_FACE
from heterobuild.frameworks.scaling import cube_edge, stretched
from heterobuild.geometry.phase_maps import level_of, signed_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import CodeArray, FloatArray, IntArray
    from heterobuild.coherent.draft import Draft
    from heterobuild.coherent.finishing import ElasticOption
    from heterobuild.coherent.matrix import Matrix
    from heterobuild.coherent.mixtures_amounts import Amounts
    from heterobuild.coherent.mixtures_fields import Morphology
    from heterobuild.frameworks.sites import Shared
    from heterobuild.model import Crystal, Heterostructure, WallProfile


@dataclass(frozen=True, kw_only=True)
class CoherentMixture:
    """What is built.

    Parameters
    ----------
    morphology : Morphology
        How the phases share the cell.
    amounts : Amounts
        How much there is of each.
    cells : tuple of int
        Size in pseudo-cubic cells.
    shared : {"inner", "outer", "mixed"}
        Who gets the halides at a wall: the phase named first, the later one, or either.
    profile : WallProfile
        Composition across the walls.
    elastic : bool or "auto"
        Whether positions are relaxed by the elastic estimate.
    free_cell : bool
        Whether the cell relaxes with them.
    cations : str
        Rule that orients molecular cations of free orientation.
    """

    morphology: Morphology
    amounts: Amounts
    cells: tuple[int, int, int]
    shared: Shared
    profile: WallProfile
    elastic: ElasticOption
    free_cell: bool
    cations: str


def common_lattice(crystals: Sequence[Crystal], shares: FloatArray) -> Crystal:
    """Return the crystal whose lattice all phases take before they relax.

    Parameters
    ----------
    crystals : sequence of Crystal
        The phases.
    shares : (n,) float array
        Their shares of the octahedra.

    Returns
    -------
    Crystal
        The phase with the largest share, stretched to the mean pseudo-cubic edge.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> pair = load_crystal("CsPbI3:cubic"), load_crystal("CsPbBr3:cubic")
    >>> round(cube_edge(common_lattice(pair, np.array([0.5, 0.5]))), 3)
    6.082
    """
    edges = np.array([cube_edge(crystal) for crystal in crystals])
    largest = int(np.argmax(shares.round(12)))
    return stretched(crystals[largest], float(shares @ edges) / float(edges[largest]))


def coherent_mixture(
    crystals: tuple[Crystal, ...],
    options: CoherentMixture,
    *,
    names: tuple[str, ...],
    name: str,
    seed: int,
) -> Heterostructure:
    """Build phases that interpenetrate on one lattice.

    Parameters
    ----------
    crystals : tuple of Crystal
        The phases; all with the network of the perovskites.
    options : CoherentMixture
        What is built.
    names : tuple of str
        Names of the phases.
    name : str
        Name of the model.
    seed : int
        Seed of all draws.

    Returns
    -------
    Heterostructure
        Labelled atoms, the phases as regions in their order.

    Raises
    ------
    UsageError
        If amounts contradict each other, the cell is too small for the morphology, or a phase
        gets no octahedron.
    """
    shares = octahedron_shares(options.amounts, crystals)
    matrix = make_matrix(common_lattice(crystals, shares), options.cells, slab=False)
    index = pseudocubic_index(matrix)
    walls, codes = phase_walls(matrix, options.morphology, shares, seed=seed)
    draft = draft_parts(
        matrix.block,
        matrix.occupied,
        Parts(
            names=names,
            crystals=crystals,
            walls=tuple(wall[tuple(index.T)].reshape(matrix.block.octahedra) for wall in walls),
            shared=options.shared,
            profile=options.profile,
        ),
        rotation=matrix.rotation,
        centre=np.zeros(3),
        seed=seed,
    )
    steps = [
        mixture_step(
            draft,
            options.morphology,
            options.amounts,
            shares=shares,
            codes=codes,
            cell=matrix.cell,
        )
    ]
    steps += [
        wall_step(draft, k, wall[tuple(index.T)].reshape(matrix.block.octahedra))
        for k, wall in enumerate(walls, 1)
    ]
    draft = replace(draft, steps=(*steps, *draft.steps))
    _judge_charge(draft)
    return finish(
        draft,
        Finish(
            name=name,
            seed=seed,
            cell=matrix.cell,
            periodic=(True, True, True),
            vacuum=0.0,
            cations=options.cations,
            elastic=options.elastic,
            free_strain=(True,) * 6 if options.free_cell else None,
            ligands={},
            coverage=0.0,
        ),
    )


def _judge_charge(draft: Draft) -> None:
    """Refuse phases with ions of unlike charge: a bulk has no surface from which ions can go."""
    charge = draft.sites.charge
    if charge:
        raise UsageError(
            "phases with ions of unlike charge on one kind of site leave a charge at their walls",
            where="wall",
            measured=f"{charge:+g} e",
            allowed="0 e: on one lattice a bulk has no surface from which ions can go",
            next_step="take wall: incoherent, or phases whose ions have the same charges",
        )


def pseudocubic_index(matrix: Matrix) -> IntArray:
    """Return where each B cation is on the grid of pseudo-cubic cells.

    Parameters
    ----------
    matrix : Matrix
        A bulk.

    Returns
    -------
    (n, 3) int array
        Indices of the B cations of the block in their order; each cell of the grid has one.

    Raises
    ------
    UsageError
        If octahedra are so far from the grid that two are in one cell.
    """
    block, steps = matrix.block, matrix.steps
    units = block.framework.b_units
    own = (block.framework.centres[units] - block.framework.centres[units[0]]) @ matrix.rotation
    home = np.rint(own @ np.linalg.inv(steps)).astype(np.int64)
    period = np.rint(block.framework.cell @ matrix.rotation @ np.linalg.inv(steps)).astype(np.int64)
    cells = np.stack(np.meshgrid(*map(np.arange, block.cells), indexing="ij"), axis=-1) @ period
    index: IntArray = ((cells[..., None, :] + home) % matrix.cells).reshape(-1, 3)
    flat = np.ravel_multi_index(tuple(index.T), matrix.cells)
    if np.bincount(flat, minlength=len(flat)).max() > 1:
        raise UsageError(
            f"the octahedra of {block.framework.crystal.name} are on no grid of cubes",
            where="cells",
            next_step="take a perovskite of lower distortion, or wall: incoherent",
        )
    return index


def phase_walls(
    matrix: Matrix, morphology: Morphology, shares: FloatArray, *, seed: int
) -> tuple[list[FloatArray], CodeArray]:
    """Divide the octahedra of a bulk between phases.

    Parameters
    ----------
    matrix : Matrix
        The bulk.
    morphology : Morphology
        How the phases share it.
    shares : (n,) float array
        Wanted shares of the octahedra; each is met to one octahedron.
    seed : int
        Seed of all draws.

    Returns
    -------
    walls : list of (nx, ny, nz) float array
        For each phase but the last the signed distance in Å from the wall around it and all
        phases before it, on the grid of pseudo-cubic cells.
    codes : (nx, ny, nz) int8 array
        Phase of each octahedron, from 1.

    Raises
    ------
    UsageError
        If a phase gets no octahedron, or the cell is too small.
    """
    steps, grid = matrix.steps, matrix.cells
    total = int(np.prod(grid))
    ends = np.rint(np.cumsum(shares) * total).astype(int)
    _judge_counts(np.diff([0, *ends.tolist()]), shares, total)
    axes = [np.arange(n)[:, None] * step for n, step in zip(grid, steps, strict=True)]
    points = (axes[0][:, None, None] + axes[1][:, None] + axes[2]).reshape(-1, 3)
    codes = np.full(total, len(shares), dtype=np.int8)
    walls: list[FloatArray] = []
    for k, field in enumerate(phase_fields(morphology, matrix.cell, shares.tolist(), seed=seed)):
        left = codes == len(shares)
        values = field(points)
        level = level_of(values[left], int(ends[k] - (~left).sum()))
        inside = values <= level
        codes[inside & left] = k + 1
        distance = signed_distance((values - level).reshape(grid), steps)
        walls.append(np.minimum(distance, walls[-1]) if walls else distance)
    found = codes.reshape(grid)
    for k, wall in enumerate(walls, 1):
        # Equal values on the level, and rounding: the codes decide, which are exact.
        wall[...] = np.where(found <= k, np.minimum(wall, 0), np.maximum(wall, 10 * ON_FACE))
    return walls, found


def _judge_counts(counts: IntArray, shares: FloatArray, total: int) -> None:
    """Refuse phases without octahedra."""
    if counts.min() < 1:
        k = int(np.argmin(counts))
        raise UsageError(
            f"phase {k + 1} gets no octahedron",
            where="cells",
            measured=f"{100 * shares[k]:.3g} % of {total} octahedra",
            allowed=f"{100 / total:.3g} % or more",
            next_step="take a larger cell, or more of this phase",
        )
