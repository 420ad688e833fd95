"""Coordination polyhedra: the convex hull of the X ions around each B ion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild import labels

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_REACH = 1.35
_FLAT = 1 - 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class Polyhedra:
    """The faces and edges of all polyhedra.

    Parameters
    ----------
    faces : (k, 3, 3) float array
        Corners of the triangles in Å.
    edges : (l, 2, 3) float array
        Ends of the edges in Å.
    face_region, edge_region : (k,) and (l,) int array
        Region of the ion in the middle.
    corners : (m,) int array
        Atoms at the corners, sorted.
    """

    faces: FloatArray
    edges: FloatArray
    face_region: IntArray
    edge_region: IntArray
    corners: IntArray


def find_polyhedra(atoms: Atoms, wanted: BoolArray) -> Polyhedra:
    """Find the polyhedra around B ions.

    Neighbours are the X ions nearer than 1.35 times the nearest one, six at most; the factor
    takes in the long bonds of distorted octahedra and leaves out the next shell. Fewer than
    four neighbours make no polyhedron.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms, not repeated periodically.
    wanted : (n,) bool array
        Atoms whose polyhedra are wanted; those that are no B ions are passed over.

    Returns
    -------
    Polyhedra
        Empty arrays where there are none.
    """
    from scipy.spatial import KDTree

    site = atoms.arrays[labels.SITE]
    middles = np.flatnonzero((site == labels.Site.B) & wanted)
    halides = np.flatnonzero(site == labels.Site.X)
    hulls: list[tuple[FloatArray, FloatArray, int]] = []
    corners: list[IntArray] = []
    if len(middles) and len(halides) >= 4:
        tree = KDTree(atoms.positions[halides])
        distances, found = tree.query(atoms.positions[middles], k=min(6, len(halides)))
        rows = zip(middles, np.atleast_2d(distances), np.atleast_2d(found), strict=True)
        for middle, lengths, index in rows:
            near = halides[index[lengths < _REACH * lengths[0]]]
            hull = _hull(atoms.positions[near])
            if hull is not None:
                hulls.append((*hull, int(atoms.arrays[labels.REGION][middle])))
                corners.append(near)
    return Polyhedra(
        faces=np.concatenate([np.zeros((0, 3, 3)), *(faces for faces, _, _ in hulls)]),
        edges=np.concatenate([np.zeros((0, 2, 3)), *(edges for _, edges, _ in hulls)]),
        face_region=np.array([code for faces, _, code in hulls for _ in faces], dtype=np.int64),
        edge_region=np.array([code for _, edges, code in hulls for _ in edges], dtype=np.int64),
        corners=np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *corners])),
    )


def _hull(points: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Return triangles and edges of a convex hull; None where the points lie in a plane."""
    from scipy.spatial import ConvexHull, QhullError

    if len(points) < 4:
        return None
    try:
        hull = ConvexHull(points)
    except QhullError:
        return None
    normals = hull.equations[:, :3]
    edges = {
        tuple(sorted(set(hull.simplices[i]) - {hull.simplices[i][corner]}))
        for i in range(len(normals))
        for corner, other in enumerate(hull.neighbors[i])
        if normals[i] @ normals[other] < _FLAT
    }
    return points[hull.simplices], points[np.array(sorted(edges), dtype=np.int64)]
