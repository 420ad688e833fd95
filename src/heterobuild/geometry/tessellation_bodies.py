"""The polyhedra of periodic grains: faces, corners, neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.polyhedra import polyhedron
from heterobuild.geometry.tessellations import least_powers, wrapped

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.geometry.polyhedra import Polyhedron
    from heterobuild.geometry.tessellations import Tessellation

_SAME = 1e-9

NEIGHBOURS = 200
"""Nearest seeds whose walls can be faces of a grain; a random Voronoi cell has 15.5 faces."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GrainBody:
    """The polyhedron of one grain.

    Parameters
    ----------
    seed : (3,) float array
        Its seed in Å, which stays when weights change.
    centre : (3,) float array
        A point inside, near its centroid, in Å.
    body : Polyhedron
        Faces and corners about the centre.
    beside : (m,) int array
        Grain behind each face.
    """

    seed: FloatArray
    centre: FloatArray
    body: Polyhedron
    beside: IntArray


def grain_bodies(grains: Tessellation, points: FloatArray) -> list[GrainBody | None]:
    """Return the polyhedra of all grains.

    Parameters
    ----------
    grains : Tessellation
        The grains.
    points : (m, 3) float array
        Points that fill the cell evenly, many in each grain.

    Returns
    -------
    list of GrainBody or None
        One a grain; None of grains that no point is in.
    """
    from scipy.spatial import ConvexHull, cKDTree

    count = len(grains.seeds)
    owner, _, away = least_powers(grains, points)
    found = np.bincount(owner, minlength=count)
    centroid = (
        np.stack(
            [np.bincount(owner, weights=away[:, k], minlength=count) for k in range(3)], axis=1
        )
        / np.maximum(found, 1)[:, None]
    )
    seeds = wrapped(grains.seeds, grains.cell)
    reach = 2 if count < 8 else 1
    steps = np.array(list(product(range(-reach, reach + 1), repeat=3))) @ grains.cell
    images = (seeds[:, None] + steps).reshape(-1, 3)
    number = np.repeat(np.arange(count), len(steps))
    tree, most = cKDTree(images), min(NEIGHBOURS + 1, len(images))
    bodies: list[GrainBody | None] = []
    for k in range(count):
        if not found[k]:
            bodies.append(None)
            continue
        near = np.asarray(tree.query(seeds[k], k=most)[1])
        vectors = images[near] - seeds[k]
        length = np.linalg.norm(vectors, axis=1)
        near, vectors, length = (
            near[length > _SAME],
            vectors[length > _SAME],
            length[length > _SAME],
        )
        normals = vectors / length[:, None]
        gain = grains.weights[k] - grains.weights[number[near]]
        walls = (length + gain / length) / 2 - normals @ centroid[k]
        # A face is a corner of the hull of these points; most walls are none.
        faces = np.sort(ConvexHull(normals / walls[:, None]).vertices)
        body = polyhedron(normals[faces], walls[faces])
        bodies.append(
            GrainBody(
                seed=seeds[k],
                centre=seeds[k] + centroid[k],
                body=body,
                beside=number[near[faces]],
            )
        )
    return bodies
