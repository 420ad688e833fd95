"""How much room an ion has at a place, and where in a model there is most of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.periodic_pairs import near_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.defects.units import Units

ANIONS, CATIONS, UNLIKE, UNLIKE_ACROSS, MOLECULAR = 0.7, 0.85, 0.75, 0.85, 0.7
"""Shortest contacts allowed, as fractions of the sum of radii: of two anions, of two cations, of
opposite ions, the same across a wall, and with an atom of a molecule. The check of contacts
refuses what is nearer."""

_AROUND = 9.0
"""Radius in Å of the surroundings of a site that are looked at."""

_IMAGES = 15.0
_STEPS = (0.4, 0.2, 0.1, 0.05, 0.02)
_OPEN = 0.5
_FREE = 1.5
_MOST_CORNERS = 200
_NEAR = 4.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """Atoms near some sites, images included.

    Parameters
    ----------
    points : (k, 3) float array
        Places in Å.
    radius : (k,) float array
        Contact radii in Å.
    allowed : (k,) float array
        Shortest contact allowed to each, as a fraction of the sum of radii.
    """

    points: FloatArray
    radius: FloatArray
    allowed: FloatArray


def surroundings(
    units: Units,
    centres: FloatArray,
    leave_out: Sequence[int] = (),
    *,
    charge: float,
    region: int | None = None,
) -> Surroundings:
    """Return the atoms near some places.

    Parameters
    ----------
    units : Units
        The model.
    centres : (k, 3) float array
        Places in Å.
    leave_out : sequence of int, optional
        Units that do not count.
    charge : float
        Charge in e of what would stand there.
    region : int, optional
        Code of the region it would belong to; where not given, walls do not count.

    Returns
    -------
    Surroundings
        All atoms within 9 Å, each image once.
    """
    there = np.flatnonzero(~np.isin(units.unit, np.asarray(leave_out, dtype=np.int64)))
    i, j, vectors = near_pairs(centres, units.cell, units.pbc, _AROUND, units.positions[there])
    points = centres[i] + vectors
    _, once = np.unique(points.round(3) + 0.0, axis=0, return_index=True)
    once.sort()
    atoms = there[j[once]]
    return Surroundings(
        points=points[once],
        radius=units.radius[atoms],
        allowed=_allowed(units, atoms, charge, region),
    )


def _allowed(units: Units, atoms: IntArray, charge: float, region: int | None) -> FloatArray:
    """Return the shortest contact that a new ion may have with each atom."""
    unit = units.unit[atoms]
    single = np.bincount(units.unit)[unit] == 1
    like = units.charge[unit] * charge > 0
    across = np.zeros(len(atoms), dtype=np.bool_)
    if region is not None:
        across = units.region[unit] != region
    ions = np.where(like, ANIONS if charge < 0 else CATIONS, UNLIKE)
    ions = np.where(~like & across, UNLIKE_ACROSS, ions)
    return np.asarray(np.where(single, ions, MOLECULAR), dtype=np.float64)


def room_at(points: FloatArray, radius: FloatArray, around: Surroundings) -> FloatArray:
    """Return how much room there is at each place.

    Parameters
    ----------
    points : (p, 3) float array
        Places in Å.
    radius : (p,) float array
        Radius in Å of what would stand there.
    around : Surroundings
        What is there.

    Returns
    -------
    (p,) float array
        Smallest ratio of a distance to the shortest that is allowed, 1 or more where there is
        room; 1.5 where nothing is near.
    """
    from scipy.spatial import cKDTree

    most = float(around.allowed.max(initial=1.0))
    reach = _FREE * most * float(np.max(radius, initial=0.0) + around.radius.max(initial=0.0))
    found = cKDTree(points).sparse_distance_matrix(
        cKDTree(around.points), reach, output_type="ndarray"
    )
    least = np.full(len(points), _FREE)
    i, j = found["i"], found["j"]
    np.minimum.at(least, i, found["v"] / (radius[i] + around.radius[j]) / around.allowed[j])
    return least


def room_of_images(units: Units, vectors: FloatArray, sums: float, allowed: float) -> FloatArray:
    """Return the room that an ion has beside the periodic images of another one.

    Parameters
    ----------
    units : Units
        The model, for its cell.
    vectors : (p, 3) float array
        From one ion to the other in Å; zero for an ion and itself.
    sums : float
        Sum of their radii in Å.
    allowed : float
        Shortest contact allowed as a fraction of that sum.

    Returns
    -------
    (p,) float array
        As `room_at`; the pair in one cell counts where the vector is not zero.
    """
    _, _, lattice = near_pairs(np.zeros((1, 3)), units.cell, units.pbc, _IMAGES, np.zeros((1, 3)))
    lengths = np.linalg.norm(vectors[:, None] + lattice, axis=2)
    lengths[lengths < 1e-9] = np.inf
    nearest = lengths.min(axis=1, initial=np.inf) / sums / allowed
    return np.asarray(np.minimum(nearest, _FREE), dtype=np.float64)


def largest_voids(
    radius: float, around: Surroundings, centres: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the places with the most room for an ion, the roomiest first.

    The corners of the Voronoi cells of the atoms are moved to where there is most room nearby.
    Places that are open to one side, at a
    surface, are no voids.

    Parameters
    ----------
    radius : float
        Radius of the ion in Å.
    around : Surroundings
        What is there.
    centres : (k, 3) float array
        Places near which voids are looked for, within 4.5 Å.

    Returns
    -------
    points : (p, 3) float array
        Places in Å.
    room : (p,) float array
        Room at each, as of `room_at`.
    """
    from scipy.spatial import QhullError, Voronoi, cKDTree

    try:
        corners = Voronoi(around.points).vertices
    except (QhullError, ValueError):
        return np.zeros((0, 3)), np.zeros(0)
    corners = corners[cKDTree(centres).query(corners)[0] < _NEAR]
    corners = corners[_enclosed(corners, around)]
    if not len(corners):
        return np.zeros((0, 3)), np.zeros(0)
    _, once = np.unique(corners.round(2) + 0.0, axis=0, return_index=True)
    corners = corners[np.sort(once)]
    room = room_at(corners, np.full(len(corners), radius), around)
    best = np.argsort(-room.round(3), kind="stable")[:_MOST_CORNERS]
    points = _climbed(corners[best], radius, around)
    points = points[_enclosed(points, around)]
    _, once = np.unique(points.round(1) + 0.0, axis=0, return_index=True)
    points = points[np.sort(once)]
    room = room_at(points, np.full(len(points), radius), around)
    order = np.argsort(-room.round(3), kind="stable")
    return points[order], room[order]


def _enclosed(points: FloatArray, around: Surroundings) -> BoolArray:
    """Return which places have neighbours on all sides."""
    from scipy.spatial import cKDTree

    if not len(points):
        return np.zeros(0, dtype=np.bool_)
    tree = cKDTree(around.points)
    count = np.arange(1, min(12, len(around.points)) + 1)
    found = tree.query(points, k=count)
    distance, index = np.asarray(found[0]), np.asarray(found[1])
    towards = (around.points[index] - points[:, None]) / np.maximum(distance, 1e-9)[..., None]
    near = distance < distance[:, :1] + 2.0
    mean = (towards * near[..., None]).sum(axis=1) / near.sum(axis=1)[:, None]
    return np.asarray((np.linalg.norm(mean, axis=1) < _OPEN) & (near.sum(axis=1) >= 4))


def _climbed(points: FloatArray, radius: float, around: Surroundings) -> FloatArray:
    """Move places to where there is most room nearby."""
    ways = np.array(list(product((-1.0, 0.0, 1.0), repeat=3)))
    ways /= np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1.0)
    for step in _STEPS:
        for _ in range(4):
            trial = points[:, None] + step * ways
            flat = trial.reshape(-1, 3)
            room = room_at(flat, np.full(len(flat), radius), around)
            best = room.reshape(len(points), -1).round(6)
            keep = best[:, 13] >= best.max(axis=1)
            chosen = np.where(keep, 13, best.argmax(axis=1))
            points = trial[np.arange(len(points)), chosen]
            if keep.all():
                break
    return points
