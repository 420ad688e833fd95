"""Maps of phases on a periodic grid: distance from the wall, wall area, chords, connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.periodic_pairs import face_heights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import BoolArray, CodeArray, FloatArray, IntArray

_ALONG = (
    (1, 0, 0), (0, 1, 0), (0, 0, 1),
    (1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1),
    (1, 1, 1), (1, 1, -1), (1, -1, 1), (-1, 1, 1),
)  # fmt: skip
"""Directions in which a map is scanned."""


def level_of(values: FloatArray, count: int) -> float:
    """Return the level below which a number of values lie.

    Parameters
    ----------
    values : (n,) float array
        Any values.
    count : int
        How many are to lie below.

    Returns
    -------
    float
        Halfway between the last value below and the first above.

    Examples
    --------
    >>> level_of(np.array([4.0, 1.0, 2.0]), 2)
    3.0
    """
    flat = np.ravel(values)
    if not 0 < count < len(flat):
        return float(np.inf if count else -np.inf)
    part = np.partition(flat, [count - 1, count])
    return float((part[count - 1] + part[count]) / 2)


def signed_distance(field: FloatArray, steps: FloatArray) -> FloatArray:
    """Measure how far the points of a periodic grid are from the zero of a field.

    The wall is known where the lines of the grid cross it, by linear interpolation, and is flat
    between these crossings: exact of a flat wall, and of a curved one to second order in the
    spacing of the grid over its radius.

    Parameters
    ----------
    field : (nx, ny, nz) float array
        Values on the grid, negative inside; of any unit.
    steps : (3, 3) float array
        Vectors from point to point of the grid in Å, rows.

    Returns
    -------
    (nx, ny, nz) float32 array
        Distances in Å with the sign of the field; infinite where there is no wall.

    Examples
    --------
    >>> x = np.arange(12.0)[:, None, None] + np.zeros((12, 4, 4))
    >>> signed_distance(np.abs(x - 6) - 2.5, 5 * np.eye(3))[:7, 0, 0].tolist()
    [17.5, 12.5, 7.5, 2.5, -2.5, -7.5, -12.5]
    """
    from scipy.spatial import cKDTree

    sign = np.where(field > 0, np.float32(1), np.float32(-1))
    points, normals = _crossings(field, steps)
    if not len(points):
        return sign * np.float32(np.inf)
    cell = np.array(field.shape)[:, None] * steps
    spacing = float(np.linalg.norm(steps, axis=1).max())
    found = np.empty(field.shape, dtype=np.float32)
    reach, farthest = 0.0, _guess(cell, len(points), spacing)
    while farthest > reach:
        # A distance can only be too long, for want of an image; the longest is reach enough.
        reach = farthest
        images, number = with_images(points, cell, reach)
        tree = cKDTree(images)
        for i, plane in enumerate(found):
            here = _plane_points(i, field.shape, steps)
            distance, nearest = tree.query(here)
            across = np.abs(np.einsum("ij,ij->i", here - images[nearest], normals[number[nearest]]))
            beside = np.sqrt(np.maximum(distance**2 - across**2, 0.0))
            plane[...] = np.hypot(across, np.maximum(beside - spacing, 0.0)).reshape(plane.shape)
        farthest = float(found.max())
    return found * sign


def _crossings(field: FloatArray, steps: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return where the lines of a grid cross the zero of a field, and the normals there."""
    inside = field <= 0
    slopes = [(np.roll(field, -1, k) - np.roll(field, 1, k)) / 2 for k in range(3)]
    inverse = np.linalg.inv(steps)
    points, normals = [], []
    for axis in range(3):
        ahead = np.roll(field, -1, axis)
        index = np.argwhere(inside != np.roll(inside, -1, axis))
        at = tuple(index.T)
        share = field[at] / (field[at] - ahead[at])
        places = index.astype(np.float64)
        places[:, axis] += share
        points.append(places @ steps)
        after = index.copy()
        after[:, axis] = (after[:, axis] + 1) % field.shape[axis]
        there = tuple(after.T)
        slope = np.stack([s[at] * (1 - share) + s[there] * share for s in slopes], axis=1)
        # Along the line itself the slope between its two points is the best there is.
        slope[:, axis] = ahead[at] - field[at]
        normals.append(slope @ inverse.T)
    normal = np.concatenate(normals)
    return np.concatenate(points), normal / np.linalg.norm(normal, axis=1)[:, None]


def _guess(cell: FloatArray, count: int, spacing: float) -> float:
    """Guess how far from the wall points are."""
    area = max(count / 3, 1.0) * spacing**2
    guess = 2 * float(abs(np.linalg.det(cell))) / area + 2 * spacing
    return min(guess, float(np.linalg.norm(cell, axis=1).sum()) / 2)


def with_images(points: FloatArray, cell: FloatArray, margin: float) -> tuple[FloatArray, IntArray]:
    """Return points and their images within a margin around the cell.

    Parameters
    ----------
    points : (n, 3) float array
        Points in Å, anywhere.
    cell : (3, 3) float array
        Cell in Å.
    margin : float
        Distance from the faces of the cell in Å.

    Returns
    -------
    (m, 3) float array
        Those inside the cell, and the images around it.
    (m,) int array
        Number of the point that each is an image of.

    Examples
    --------
    >>> with_images(np.array([[1.0, 5, 5]]), 10 * np.eye(3), 2.0)[0].round(6).tolist()
    [[1.0, 5.0, 5.0], [11.0, 5.0, 5.0]]
    """
    fractions = points @ np.linalg.inv(cell)
    number = np.arange(len(points))
    wide = margin / face_heights(cell)
    for axis in range(3):
        most = int(np.ceil(wide[axis]))
        base = fractions[:, axis] - np.floor(fractions[:, axis])
        shifted = base + np.arange(-most, most + 1)[:, None]
        shift, row = np.nonzero((shifted >= -wide[axis]) & (shifted <= 1 + wide[axis]))
        fractions, number = fractions[row], number[row]
        fractions[:, axis] = shifted[shift, row]
    return fractions @ cell, number


def _plane_points(i: int, shape: tuple[int, ...], steps: FloatArray) -> FloatArray:
    """Return the points of one plane of a grid."""
    rows = np.arange(shape[1])[:, None, None] * steps[1] + np.arange(shape[2])[:, None] * steps[2]
    points: FloatArray = (rows + i * steps[0]).reshape(-1, 3)
    return points


def wall_areas(codes: CodeArray, cell: FloatArray) -> dict[tuple[int, int], float]:
    """Measure the area between each pair of phases by counting how often lines change phase.

    The area per volume is twice the mean number of changes per length of line
    (10.1007/BF03397456), over thirteen directions of the grid, each with the share of all
    directions that are nearest to it.

    Parameters
    ----------
    codes : (nx, ny, nz) int array
        Phase of each point.
    cell : (3, 3) float array
        Cell of the grid in Å.

    Returns
    -------
    dict of (int, int) to float
        Area in Å², the lower code first.

    Examples
    --------
    >>> codes = np.ones((20, 20, 20), dtype=int)
    >>> codes[:10] = 2
    >>> area = wall_areas(codes, 40 * np.eye(3))[1, 2]
    >>> bool(abs(area / (2 * 40 * 40) - 1) < 0.1)
    True
    """
    volume = float(abs(np.linalg.det(cell)))
    steps = cell / np.array(codes.shape)[:, None]
    found: dict[tuple[int, int], float] = {}
    weights = _solid_angles(np.array(_ALONG) @ steps)
    most = int(codes.max()) + 1
    for along, weight in zip(_ALONG, weights.tolist(), strict=True):
        length = float(np.linalg.norm(along @ steps))
        for pair, share in _changes(codes, along, most):
            found[pair] = found.get(pair, 0.0) + 2 * weight * share / length * volume
    return dict(sorted(found.items()))


def _changes(
    codes: CodeArray, along: tuple[int, ...], most: int
) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield for each pair of phases the share of steps that lead from one to the other."""
    other = np.roll(codes, [-n for n in along], axis=(0, 1, 2))
    low = np.minimum(codes, other).astype(np.int64)
    keys = np.bincount((low * most + np.maximum(codes, other)).ravel())
    for key in np.flatnonzero(keys).tolist():
        a, b = divmod(key, most)
        if a != b:
            yield (a, b), int(keys[key]) / codes.size


def _solid_angles(directions: FloatArray) -> FloatArray:
    """Return the share of all directions that are nearest to each of some, either way."""
    n = 20_000
    z = (np.arange(n) + 0.5) / n
    angle = np.pi * (1 + np.sqrt(5)) * np.arange(n)
    flat = np.sqrt(1 - z**2)
    points = np.column_stack([flat * np.cos(angle), flat * np.sin(angle), z])
    unit = directions / np.linalg.norm(directions, axis=1)[:, None]
    nearest = np.abs(points @ unit.T).argmax(axis=1)
    shares: FloatArray = np.bincount(nearest, minlength=len(unit)) / n
    return shares


def connected_share(inside: BoolArray) -> float:
    """Return the share of a phase that its largest connected domain holds, across all periods.

    Parameters
    ----------
    inside : (nx, ny, nz) bool array
        Points of the phase; neighbours along the lines of the grid are connected.

    Returns
    -------
    float
        1 of a phase in one piece, 0 of none.

    Examples
    --------
    >>> inside = np.zeros((4, 4, 4), dtype=bool)
    >>> inside[0, 0, 0] = inside[3, 0, 0] = inside[1, 2, 2] = True
    >>> round(connected_share(inside), 3)
    0.667
    """
    from scipy.ndimage import label
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pieces, count = label(inside)
    if not count:
        return 0.0
    links = [
        np.stack([np.take(pieces, 0, axis).ravel(), np.take(pieces, -1, axis).ravel()])
        for axis in range(3)
    ]
    first, last = np.concatenate(links, axis=1)
    both = (first > 0) & (last > 0)
    graph = coo_array(
        (np.ones(int(both.sum())), (first[both], last[both])), shape=(count + 1, count + 1)
    )
    _, whole = connected_components(graph, directed=False)
    sizes = np.bincount(whole[pieces[inside]])
    return float(sizes.max() / sizes.sum())
