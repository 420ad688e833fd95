"""Periodic Voronoi and Laguerre cells: grains of given number, sizes and phases.

A point x belongs to the seed c with the least power |x − c|² − w; with equal weights w this is the
Voronoi cell (10.1137/0216006). As a distance in four dimensions, with √(w_max − w) as the fourth
coordinate of a seed, the power is found by a k-d tree, so the cost is nearly linear in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

CLOSEST = 0.7
"""First distance that is tried between seeds, as a fraction of the edge of the cube that has the
mean volume of a grain."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tessellation:
    """Seeds of periodic grains.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    seeds : (n, 3) float array
        Seeds in Å.
    weights : (n,) float array
        Weights in Å²; all equal of Voronoi grains.
    """

    cell: FloatArray
    seeds: FloatArray
    weights: FloatArray


def spread_seeds(count: int, cell: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Draw seeds one after the other at random places, none very near to another.

    Parameters
    ----------
    count : int
        Number of seeds.
    cell : (3, 3) float array
        Cell in Å.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    (count, 3) float array
        Places in Å. The distance they keep becomes shorter until all have a place.

    Examples
    --------
    >>> spread_seeds(8, 40 * np.eye(3), np.random.default_rng(1)).shape
    (8, 3)
    """
    from scipy.spatial import cKDTree

    edge = float(abs(np.linalg.det(cell)) / count) ** (1 / 3)
    steps = np.array(list(product((-1, 0, 1), repeat=3))) @ cell
    seeds, apart, batch = np.empty((0, 3)), CLOSEST * edge, max(16, count // 4)
    while len(seeds) < count:
        trials = rng.random((batch, 3)) @ cell
        both = np.concatenate([seeds, trials])
        images = (both[:, None] + steps).reshape(-1, 3)
        near = cKDTree(images).query_ball_point(trials, apart)
        kept = np.zeros(len(both), dtype=bool)
        kept[: len(seeds)] = True
        for k, others in enumerate(near, start=len(seeds)):
            owners = np.array(others) // len(steps)
            kept[k] = not kept[owners[owners != k]].any()
        seeds, apart = both[kept][:count], apart * 0.97
    return seeds


def least_powers(
    tessellation: Tessellation, points: FloatArray, chosen: IntArray | None = None
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Find the grain of each point.

    Parameters
    ----------
    tessellation : Tessellation
        The grains.
    points : (m, 3) float array
        Points in Å, anywhere.
    chosen : (k,) int array, optional
        Grains that are compared; all by default.

    Returns
    -------
    owner : (m,) int array
        Number of the grain.
    power : (m,) float array
        Its power |x − c|² − w in Å².
    away : (m, 3) float array
        From the seed, the image that owns the point, to the point in Å.

    Examples
    --------
    >>> grains = Tessellation(
    ...     cell=10 * np.eye(3), seeds=np.array([[1.0, 5, 5], [6.0, 5, 5]]), weights=np.zeros(2)
    ... )
    >>> least_powers(grains, np.array([[9.0, 5, 5], [8.0, 5, 5]]))[0].tolist()
    [0, 1]
    """
    from scipy.spatial import cKDTree

    index = np.arange(len(tessellation.seeds)) if chosen is None else np.asarray(chosen)
    cell = tessellation.cell
    steps = np.array(list(product((-1, 0, 1), repeat=3))) @ cell
    weights = tessellation.weights[index]
    seeds = wrapped(tessellation.seeds[index], cell)
    images = (seeds[:, None] + steps).reshape(-1, 3)
    most = float(weights.max())
    lifted = np.column_stack([images, np.repeat(np.sqrt(most - weights), len(steps))])
    here = wrapped(points, cell)
    distance, found = cKDTree(lifted).query(np.column_stack([here, np.zeros(len(here))]))
    power: FloatArray = np.square(distance) - most
    return index[np.asarray(found) // len(steps)], power, here - images[found]


def sampling_points(cell: FloatArray, count: int) -> FloatArray:
    """Return points that fill a cell evenly.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    count : int
        About how many.

    Returns
    -------
    (m, 3) float array
        A regular grid of points in Å.
    """
    edges = np.linalg.norm(cell, axis=1)
    spacing = (np.prod(edges) / count) ** (1 / 3)
    lines = [(np.arange(n) + 0.5) / n for n in np.maximum(1, np.rint(edges / spacing)).astype(int)]
    return np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3) @ cell


def grain_volumes(tessellation: Tessellation, points: FloatArray) -> FloatArray:
    """Measure the volumes of grains with sampling points.

    Parameters
    ----------
    tessellation : Tessellation
        The grains.
    points : (m, 3) float array
        Points that fill the cell evenly.

    Returns
    -------
    (n,) float array
        Volumes in Å³.
    """
    owner, _, _ = least_powers(tessellation, points)
    found = np.bincount(owner, minlength=len(tessellation.seeds)) / len(points)
    return found * float(abs(np.linalg.det(tessellation.cell)))


def wrapped(points: FloatArray, cell: FloatArray) -> FloatArray:
    """Return the images of points inside a cell.

    Parameters
    ----------
    points : (m, 3) float array
        Points in Å.
    cell : (3, 3) float array
        Cell in Å.

    Returns
    -------
    (m, 3) float array
        Their images in Å.
    """
    fractions = points @ np.linalg.inv(cell)
    inside: FloatArray = (fractions - np.floor(fractions)) @ cell
    return inside
