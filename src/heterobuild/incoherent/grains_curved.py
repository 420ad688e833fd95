"""Grains with curved walls: parts of a polyhedron that a random field cuts, and balls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.coherent.mixtures_fields import phase_fields
from heterobuild.geometry.phase_maps import level_of, signed_distance
from heterobuild.geometry.random_fields import field_grid
from heterobuild.geometry.tessellation_bodies import grain_bodies
from heterobuild.geometry.tessellations import Tessellation, sampling_points
from heterobuild.incoherent.grains_places import FINE, GrainMap, GrainPlace, depth_in, grid_points

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.arrays import CodeArray, FloatArray, IntArray
    from heterobuild.coherent.mixtures_fields import Balls, Morphology
    from heterobuild.geometry.tessellation_bodies import GrainBody

SAMPLED = 500
"""Points for each ball by which its cell is found."""


def field_values(
    morphology: Morphology, cell: FloatArray, shares: Sequence[float], seed: int
) -> tuple[list[FloatArray], tuple[int, int, int]]:
    """Return the fields of all phases but the last on a grid, and the grid.

    Parameters
    ----------
    morphology : Morphology
        What is wanted.
    cell : (3, 3) float array
        Cell in Å.
    shares : sequence of float
        Wanted shares of the volume.
    seed : int
        Seed of all draws.

    Returns
    -------
    list of (n,) float array
        Values of each field.
    tuple of int
        The grid.
    """
    fine = field_grid(cell, morphology.length) if morphology.kind == "bicontinuous" else (4, 4, 4)
    least = np.ceil(np.linalg.norm(cell, axis=1) / FINE).astype(int)
    a, b, c = np.maximum(fine, least).tolist()
    points = grid_points((a, b, c), cell)
    fields = phase_fields(morphology, cell, shares, seed=seed)
    return [field(points) for field in fields], (a, b, c)


def level_sets(
    fields: list[FloatArray],
    grid: tuple[int, int, int],
    cell: FloatArray,
    shares: Sequence[float],
) -> tuple[list[float], list[FloatArray], CodeArray]:
    """Return levels, distances from the walls, and phases; each has its share of the grid.

    Parameters
    ----------
    fields : list of (n,) float array
        Values of each field on the grid.
    grid : tuple of int
        The grid.
    cell : (3, 3) float array
        Cell in Å.
    shares : sequence of float
        Wanted shares of the volume.

    Returns
    -------
    levels : list of float
        Level of each field at which its phase ends.
    walls : list of (nx, ny, nz) float array
        Signed distances from the walls in Å.
    codes : (nx, ny, nz) int8 array
        Phase of each point, from 1.
    """
    total = len(fields[0])
    steps = cell / np.array(grid)[:, None]
    ends = np.rint(np.cumsum(shares) * total).astype(int)
    codes = np.full(total, len(shares), dtype=np.int8)
    walls: list[FloatArray] = []
    levels = []
    for k, values in enumerate(fields):
        left = codes == len(shares)
        level = level_of(values[left], int(ends[k] - (~left).sum()))
        codes[(values <= level) & left] = k + 1
        levels.append(level)
        walls.append(signed_distance((values - level).reshape(grid), steps))
    return levels, walls, codes.reshape(grid)


def _depth_of_phase(
    walls: list[FloatArray], k: int, cell: FloatArray
) -> Callable[[FloatArray], FloatArray]:
    """Return the depth of points inside the wall of a phase and outside those before it."""
    depth = np.full(walls[0].shape, np.inf, dtype=np.float32)
    for wall in walls[:k]:
        np.minimum(depth, wall, out=depth)
    if k < len(walls):
        np.minimum(depth, -walls[k], out=depth)
    inverse = np.linalg.inv(cell)
    shape: IntArray = np.array(depth.shape)

    def at(points: FloatArray) -> FloatArray:
        from scipy.ndimage import map_coordinates

        places = (points @ inverse * shape).T
        found: FloatArray = map_coordinates(depth, places, order=1, mode="grid-wrap")
        return found

    return at


def cut_grains(
    bodies: Sequence[GrainBody | None],
    walls: list[FloatArray],
    codes: CodeArray,
    cell: FloatArray,
    phases: int,
) -> GrainMap:
    """Return what each phase has of each polyhedron.

    Parameters
    ----------
    bodies : sequence of GrainBody or None
        The polyhedra.
    walls : list of (nx, ny, nz) float array
        Signed distances from the walls of all phases but the last in Å.
    codes : (nx, ny, nz) int8 array
        Phase of each point, from 1.
    cell : (3, 3) float array
        Cell in Å.
    phases : int
        Number of phases.

    Returns
    -------
    GrainMap
        The grains, those of one polyhedron after one another.
    """
    inside = [_depth_of_phase(walls, k, cell) for k in range(phases)]
    whole = [body for body in bodies if body is not None]
    places = []
    for number, body in enumerate(whole):
        for k in range(phases):
            others = [phases * number + other for other in range(phases) if other != k]
            places.append(
                GrainPlace(
                    phase=k,
                    centre=body.seed,
                    corners=body.body.vertices + body.centre - body.seed,
                    depth=_cut_depth(body, inside[k]),
                    beside=dict.fromkeys(others, 1.0),
                )
            )
    return GrainMap(places=tuple(places), codes=codes)


def _cut_depth(
    body: GrainBody, inside: Callable[[FloatArray], FloatArray]
) -> Callable[[FloatArray], FloatArray]:
    """Return the depth in a polyhedron and in a phase."""
    flat = depth_in(body)
    return lambda points: np.minimum(flat(points), inside(points + body.seed))


def inclusions_in(
    balls: Balls, levels: list[float], walls: list[FloatArray], codes: CodeArray, cell: FloatArray
) -> GrainMap:
    """Return balls, cut flat where two would overlap, then the matrix.

    Parameters
    ----------
    balls : Balls
        The balls.
    levels : list of float
        What the radii of each phase grow by in Å.
    walls : list of (nx, ny, nz) float array
        Signed distances from the walls of all phases but the last in Å.
    codes : (nx, ny, nz) int8 array
        Phase of each point, from 1.
    cell : (3, 3) float array
        Cell in Å.

    Returns
    -------
    GrainMap
        The balls, and the matrix as the last grain.
    """
    radii = balls.radii + np.array(levels)[balls.phase]
    grains = Tessellation(cell=cell, seeds=balls.centres, weights=radii**2)
    bodies = grain_bodies(grains, sampling_points(cell, SAMPLED * len(radii)))
    places = []
    for k, (centre, radius) in enumerate(zip(balls.centres, radii.tolist(), strict=True)):
        body = bodies[k]
        if radius <= 0 or body is None:
            continue
        moved = body.seed - centre
        moved -= np.rint(moved @ np.linalg.inv(cell)) @ cell
        places.append(
            GrainPlace(
                phase=int(balls.phase[k]),
                centre=centre,
                corners=(2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1) * radius,
                depth=_ball_depth(radius, depth_in(body), moved),
                beside={},
            )
        )
    matrix = GrainPlace(
        phase=len(walls),
        centre=np.zeros(3),
        corners=np.zeros((1, 3)),
        depth=_depth_of_phase(walls, len(walls), cell),
        beside=dict.fromkeys(range(len(places)), 1.0),
        endless=True,
    )
    around = {len(places): 1.0}
    return GrainMap(
        places=(*(replace(place, beside=around) for place in places), matrix), codes=codes
    )


def _ball_depth(
    radius: float, flat: Callable[[FloatArray], FloatArray], moved: FloatArray
) -> Callable[[FloatArray], FloatArray]:
    """Return the depth in a ball that ends halfway to its neighbours."""

    def depth(points: FloatArray) -> FloatArray:
        found: FloatArray = np.minimum(
            radius - np.linalg.norm(points, axis=1), flat(points - moved)
        )
        return found

    return depth
