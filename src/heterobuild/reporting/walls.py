"""Walls between regions in a cut: the lines midway between octahedra of different regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import CodeArray, FloatArray

_APART = 2.0
_OVERLAP = 1.0
_HALF_WIDTH = 0.75
_JOG = 0.3
_FAR = 50.0


def find_walls(points: FloatArray, region: CodeArray) -> FloatArray:
    """Find the lines between neighbouring points of different regions.

    The lines are the edges between Voronoi cells, midway between two points; corners closer than
    0.3 times the usual distance of neighbours are joined, so that strained rows do not make
    jogs. Points further apart than twice that distance have no wall, as across a hole. A line
    reaches no further than 0.75 times the distance of its points, so that walls end at the
    surface.

    Parameters
    ----------
    points : (n, 2) float array
        Middles of the octahedra on the screen in Å. Of points less than 1 Å apart, about, one is
        taken.
    region : (n,) int array
        Region of each.

    Returns
    -------
    (k, 2, 2) float array
        Ends of the lines in Å.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 6.0], [6.0, 6.0]])
    >>> find_walls(square, np.array([1, 2, 1, 2])).mean(axis=(0, 1)).tolist()
    [3.0, 3.0]
    """
    from scipy.spatial import Voronoi

    none = np.zeros((0, 2, 2))
    if len(np.unique(region)) < 2:
        return none
    _, first = np.unique(np.round(points / _OVERLAP), axis=0, return_index=True)
    sites, codes = points[np.sort(first)], region[np.sort(first)]
    diagram = Voronoi(np.concatenate([sites, _far_corners(sites)]))
    pairs, edges = diagram.ridge_points, np.array(diagram.ridge_vertices)
    real = (pairs < len(sites)).all(axis=1) & (edges >= 0).all(axis=1)
    pairs, edges = pairs[real], edges[real]
    lengths = np.linalg.norm(sites[pairs[:, 0]] - sites[pairs[:, 1]], axis=1)
    usual = _usual(lengths, pairs, len(sites))
    wall = (codes[pairs[:, 0]] != codes[pairs[:, 1]]) & (lengths < _APART * usual)
    corners = _joined(diagram.vertices, edges, _JOG * usual)
    return _shortened(sites[pairs[wall]], corners[edges[wall]])


def _far_corners(sites: FloatArray) -> FloatArray:
    """Return points all around, so that every line between two sites has two ends."""
    low, high = sites.min(axis=0), sites.max(axis=0)
    middle, half = (low + high) / 2, (high - low) + _FAR
    around = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j])
    far: FloatArray = middle + around * half
    return far


def _usual(lengths: FloatArray, pairs: CodeArray, count: int) -> float:
    """Return the median distance of a site to its nearest neighbour."""
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, pairs.ravel(), np.repeat(lengths, 2))
    known = nearest[np.isfinite(nearest)]
    return float(np.median(known)) if len(known) else 0.0


def _joined(corners: FloatArray, edges: CodeArray, short: float) -> FloatArray:
    """Return the corners, those at the ends of a short edge in their common mean."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    length = np.linalg.norm(corners[edges[:, 0]] - corners[edges[:, 1]], axis=1)
    first, second = edges[length < short].T
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(len(corners),) * 2)
    _, group = connected_components(graph, directed=False)
    count = np.bincount(group)
    means = [np.bincount(group, weights=column) / count for column in corners.T]
    joined: FloatArray = np.stack(means, axis=1)[group]
    return joined


def _shortened(ends: FloatArray, lines: FloatArray) -> FloatArray:
    """Return the lines (k, 2, 2), cut where they are far from the middle of their two sites."""
    limit = _HALF_WIDTH * np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)[:, None, None]
    middle = ends.mean(axis=1)[:, None]
    reach = np.linalg.norm(lines - middle, axis=2, keepdims=True)
    cut: FloatArray = middle + (lines - middle) * np.minimum(1.0, limit / np.maximum(reach, 1e-9))
    long: FloatArray = cut[np.linalg.norm(cut[:, 1] - cut[:, 0], axis=1) > 1e-3 * limit[:, 0, 0]]
    return long
