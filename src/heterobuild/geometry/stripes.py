"""Stripes and nested rectangles in a plane, as signed distances; lengths of a line in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray


def stripe_distance(
    coordinate: FloatArray, edges: FloatArray, inside: BoolArray, *, periodic: bool
) -> FloatArray:
    """Measure the signed distance from the walls of chosen stripes.

    Parameters
    ----------
    coordinate : (n,) float array
        Positions across the stripes, inside the outermost edges unless the stripes repeat.
    edges : (m + 1,) float array
        Edges of m stripes, ascending.
    inside : (m,) bool array
        Which stripes are chosen.
    periodic : bool
        Whether the last stripe is followed by the first one.

    Returns
    -------
    (n,) float array
        Distance to the nearest edge between a chosen stripe and another one, negative in chosen
        stripes; infinite where there is no such edge.

    Examples
    --------
    >>> edges, chosen = np.array([0.0, 4.0, 10.0]), np.array([True, False])
    >>> stripe_distance(np.array([1.0, 3.0, 9.0]), edges, chosen, periodic=True).tolist()
    [-1.0, -1.0, 1.0]
    >>> stripe_distance(np.array([1.0, 3.0, 9.0]), edges, chosen, periodic=False).tolist()
    [-3.0, -1.0, 5.0]
    """
    period = edges[-1] - edges[0]
    place = coordinate - edges[0]
    if periodic:
        place = place % period
    stripe = np.clip(np.searchsorted(edges - edges[0], place, side="right") - 1, 0, len(inside) - 1)
    walls = (edges - edges[0])[1:-1][inside[1:] != inside[:-1]]
    if periodic and inside[0] != inside[-1]:
        walls = np.append(walls, period)
    if periodic:
        walls = np.concatenate([walls - period, walls, walls + period])
    distance = np.full(place.shape, np.inf)
    for wall in walls:
        np.minimum(distance, np.abs(place - wall), out=distance)
    return np.where(inside[stripe], -distance, distance)


def rectangle_distance(points: FloatArray, half: Sequence[float]) -> FloatArray:
    """Measure the signed distance from the nearest side line of a rectangle about the origin.

    Lines of equal distance are rectangles with the same centre and sharp corners.

    Parameters
    ----------
    points : (n, 2) float array
        Points in the plane.
    half : sequence of two float
        Half edges.

    Returns
    -------
    (n,) float array
        Negative inside.

    Examples
    --------
    >>> rectangle_distance(np.array([[0.0, 0.0], [4.0, 3.0]]), (2.0, 1.0)).tolist()
    [-1.0, 2.0]
    """
    found: FloatArray = (np.abs(points) - np.asarray(half, dtype=np.float64)).max(axis=1)
    return found


def common_lengths(
    lengths: Sequence[float], *, most_strain: float, longest: float
) -> tuple[IntArray, FloatArray]:
    """Find how many repeats of several lengths make nearly one length.

    Parameters
    ----------
    lengths : sequence of float
        The repeats.
    most_strain : float
        Largest absolute logarithm of the quotient of two of the lengths that are made equal.
    longest : float
        Largest length of the first one's repeats.

    Returns
    -------
    (m, n) int array
        Numbers of repeats, the shortest first. No row is a multiple of another one.
    (m,) float array
        Largest absolute logarithm of each.

    Examples
    --------
    >>> counts, strains = common_lengths((6.0, 8.8), most_strain=0.03, longest=40.0)
    >>> counts.tolist(), strains.round(4).tolist()
    ([[3, 2]], [0.0225])
    """
    own = np.asarray(lengths, dtype=np.float64)
    first = np.arange(1, int(longest / own[0] + 1e-9) + 1)
    counts = np.rint(first[:, None] * own[0] / own).astype(np.int64)
    counts = np.maximum(counts, 1)
    made = np.log(counts * own)
    strain = made.max(axis=1) - made.min(axis=1)
    keep = np.flatnonzero((strain <= most_strain + 1e-12) & (np.gcd.reduce(counts, axis=1) == 1))
    return counts[keep], strain[keep]
