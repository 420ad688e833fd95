"""How short a sum of lattice vectors can become: the bound that parity sets."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

_SAMPLE = 200  # points whose neighbours tell the lattice
_NEIGHBOURS = 20
_FLAT = 0.1  # Å out of the plane of the vectors before it that a third one needs
_EXACT = 1e-4  # Å from a node of the lattice


def least_length(total: FloatArray, vectors: FloatArray, kind: FloatArray) -> float:
    """Return a length below which no exchange of points of one kind brings a sum.

    Differences of points of one kind generate a lattice; exchanges move the sum by its vectors
    only. Of an odd number of points at half-integer places, for example, no sum is zero.

    Parameters
    ----------
    total : (3,) float array
        The sum now.
    vectors : (m, 3) float array
        What each point adds to the sum.
    kind : (m,) float array
        Points of equal kind can be exchanged.

    Returns
    -------
    float
        Length of the shortest sum on the lattice; 0 where the points lie on no simple lattice.

    Examples
    --------
    >>> line = np.array([[-1.0, 0, 0], [1, 0, 0], [3, 0, 0]])
    >>> least_length(np.array([5.0, 0, 0]), line, np.zeros(3))
    1.0
    """
    groups = [vectors[kind == value] for value in np.unique(kind)]
    basis = _shortest(np.concatenate([_differences(own) for own in groups]))
    for own in groups:
        apart = own - own[0]
        away = apart - np.rint(_coordinates(apart, basis)) @ basis
        if np.abs(away).max(initial=0.0) > _EXACT:
            return 0.0
    near = np.rint(_coordinates(total[None], basis))
    beside = list(product((-1.0, 0.0, 1.0), repeat=len(basis)))
    steps = np.array(beside).reshape(len(beside), len(basis))
    return float(np.linalg.norm(total - (near + steps) @ basis, axis=1).min())


def _differences(points: FloatArray) -> FloatArray:
    """Return differences of near neighbours."""
    from scipy.spatial import cKDTree

    keys = (points @ np.sqrt([1.0, 2.0, 3.0])).round(5)
    distinct = points[np.unique(keys, return_index=True)[1]]
    number = min(_NEIGHBOURS, len(distinct))
    if number < 2:
        return np.empty((0, 3))
    some = distinct[:: max(1, len(distinct) // _SAMPLE)]
    near = np.asarray(cKDTree(distinct).query(some, k=number)[1])
    found: FloatArray = (distinct[near[:, 1:]] - some[:, None]).reshape(-1, 3)
    return found


def _shortest(vectors: FloatArray) -> FloatArray:
    """Return the shortest independent vectors, at most three."""
    order = np.argsort(np.linalg.norm(vectors, axis=1).round(6), kind="stable")
    basis, rest = np.empty((0, 3)), vectors[order]
    while len(basis) < 3 and len(rest):
        basis = np.vstack([basis, rest[:1]])
        plane = np.linalg.qr(basis.T)[0]
        out = np.linalg.norm(rest - rest @ plane @ plane.T, axis=1)
        rest = rest[out > _FLAT]
    return basis


def _coordinates(points: FloatArray, basis: FloatArray) -> FloatArray:
    """Return the coordinates of points in a basis, of what lies out of it those of the foot."""
    found: FloatArray = points @ np.linalg.pinv(basis)
    return found
