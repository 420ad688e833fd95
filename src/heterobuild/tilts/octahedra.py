"""Octahedra in any structure: their rotations, bond lengths and the angles between them.

The rotation of an octahedron is that of the best rigid fit of its B–X vectors (polar
decomposition of their sum over the six pseudo-cubic directions). It is given as a rotation
vector: the axis times the angle, with one component along each pseudo-cubic axis. This treats
the three axes alike; rotations one after another would depend on their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.crystals.cations import pseudocubic_directions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

REACH = 0.72
"""Longest B–X as a fraction of the shortest pseudo-cubic axis: tilts, off-centring and long
axes stay below 0.65, the X of the next octahedron is beyond 0.75."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Octahedra:
    """The octahedra of a structure.

    Parameters
    ----------
    centres : (n,) int array
        Atoms B at the centres.
    rotations : (n, 3) float array
        Rotation vectors in degrees in the orthonormal frame of the axes; nan where too few
        corners are there to tell, see `measure_octahedra`.
    lengths : (n, 3, 2) float array
        B–X lengths in Å along +axis and −axis; nan where there is no X.
    bridges : (m,) float array
        Angles B–X–B in degrees, one for each X that joins two octahedra.
    """

    centres: IntArray
    rotations: FloatArray
    lengths: FloatArray
    bridges: FloatArray


def measure_octahedra(
    positions: FloatArray,
    cell: FloatArray,
    pbc: Sequence[bool] | BoolArray,
    *,
    centres: IntArray,
    corners: IntArray,
    axes: FloatArray,
) -> Octahedra:
    """Measure octahedra in any structure: crystal, slab or interface.

    Parameters
    ----------
    positions : (n, 3) float array
        All atoms, Cartesian coordinates in Å.
    cell : (3, 3) float array
        Row vectors in Å.
    pbc : (3,) bool
        Periodic directions.
    centres, corners : (b,), (x,) int array
        Which atoms are B and which X.
    axes : (3, 3) float array
        Pseudo-cubic axes in Å in the frame of the positions, rows, right-handed.

    Returns
    -------
    Octahedra
        In the order of `centres`. An octahedron has a rotation where at least one X is there
        along each axis; at a surface five corners are enough. Rotations beyond 45° cannot be
        told from others, the octahedron being cubic.

    Examples
    --------
    >>> turned = 2.9 * np.array([[0.8, 0.6, 0.0], [-0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
    >>> found = measure_octahedra(
    ...     np.vstack([np.zeros(3), turned, -turned]),
    ...     np.eye(3),
    ...     (False, False, False),
    ...     centres=np.array([0]),
    ...     corners=np.arange(1, 7),
    ...     axes=5.8 * np.eye(3),
    ... )
    >>> found.rotations.round(2).tolist()
    [[0.0, 0.0, 36.87]]
    """
    longest = REACH * float(np.linalg.norm(axes, axis=1).min())
    points = np.vstack([positions[centres], positions[corners]])
    centre, corner, vectors = _bonds(points, cell, pbc, count=len(centres), longest=longest)
    frame = pseudocubic_directions(axes, None)
    along = vectors @ np.linalg.inv(axes)
    axis = np.abs(along).argmax(axis=1)
    side = np.where(np.take_along_axis(along, axis[:, None], axis=1)[:, 0] > 0, 0, 1)
    sums = np.zeros((len(centres), 3, 3))
    np.add.at(sums, (centre, axis), (vectors * np.where(side, -1.0, 1.0)[:, None]) @ frame.T)
    lengths = np.full((len(centres), 3, 2), np.nan)
    lengths[centre, axis, side] = np.linalg.norm(vectors, axis=1)
    whole = (~np.isnan(lengths)).any(axis=2).all(axis=1)
    rotations = np.full((len(centres), 3), np.nan)
    rotations[whole] = rotation_vectors(sums[whole])
    return Octahedra(
        centres=np.asarray(centres, dtype=np.int64),
        rotations=rotations,
        lengths=lengths,
        bridges=_bridges(corner, vectors),
    )


def rotation_vectors(bonds: FloatArray) -> FloatArray:
    """Return the rotations of octahedra from their corners.

    Parameters
    ----------
    bonds : (n, 3, 3) float array
        For each octahedron and each axis of an orthonormal frame, the vector from the centre to
        the corner along it, or from corner to corner; rows, any unit.

    Returns
    -------
    (n, 3) float array
        Rotation vectors in degrees: of all rotations these bring the directions of the frame
        nearest to the vectors.

    Examples
    --------
    >>> rotation_vectors(np.array([[[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.1]]])).round(6)
    array([[ 0.,  0., 90.]])
    """
    left, _, right = np.linalg.svd(np.swapaxes(bonds, 1, 2))
    left[:, :, 2] *= np.linalg.det(left @ right)[:, None]
    turns = left @ right
    twice = np.stack(
        [
            turns[:, 2, 1] - turns[:, 1, 2],
            turns[:, 0, 2] - turns[:, 2, 0],
            turns[:, 1, 0] - turns[:, 0, 1],
        ],
        axis=1,
    )
    sine = np.linalg.norm(twice, axis=1) / 2
    angle = np.arctan2(sine, (np.trace(turns, axis1=1, axis2=2) - 1) / 2)
    scale = np.divide(angle, sine, out=np.ones_like(sine), where=sine > 1e-12)
    vectors: FloatArray = np.degrees(0.5 * twice * scale[:, None])
    return vectors


def _bonds(
    points: FloatArray,
    cell: FloatArray,
    pbc: Sequence[bool] | BoolArray,
    *,
    count: int,
    longest: float,
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return centre, corner and vector of each bond; the first points are the centres."""
    from ase.geometry import complete_cell
    from vesin import NeighborList

    first, second, vectors = NeighborList(cutoff=longest, full_list=True).compute(
        points=np.ascontiguousarray(points, dtype=np.float64),
        box=np.ascontiguousarray(complete_cell(np.asarray(cell, dtype=np.float64))),
        periodic=[bool(flag) for flag in pbc],
        quantities="ijD",
    )
    first, second = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    bond = (first < count) & (second >= count)
    return first[bond], second[bond] - count, np.asarray(vectors)[bond]


def _bridges(corner: IntArray, vectors: FloatArray) -> FloatArray:
    """Return the angles at the X that have two bonds."""
    order = np.argsort(corner, kind="stable")
    _, first, count = np.unique(corner[order], return_index=True, return_counts=True)
    one, two = order[first[count == 2]], order[first[count == 2] + 1]
    lengths = np.linalg.norm(vectors[one], axis=1) * np.linalg.norm(vectors[two], axis=1)
    cosine = np.einsum("mi,mi->m", vectors[one], vectors[two]) / lengths
    angles: FloatArray = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return angles
