"""In-plane shifts of a film that give distinct interfaces.

Two shifts differ only if they do so modulo the lattice that the surface vectors of both sides
generate together (the DSC lattice of grain boundaries, here of the strained surfaces), and if no
isometry that both sides have in common turns one into the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.lattice_plane import hermite, reduce_plane

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

FINEST = 1.0
"""Å; places of a film nearer than this relax into one another."""

SAME_SHIFT = 0.05
"""Å within which two shifts are the same."""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A shift of the film from the registry found, and how many places it stands for.

    Parameters
    ----------
    fractions : tuple of float
        Along the surface vectors of the substrate.
    multiplicity : int
        Places on the grid that are equivalent to it.
    """

    fractions: tuple[float, float]
    multiplicity: int


def shift_lattice(match: FloatArray) -> FloatArray:
    """Return the lattice modulo which shifts of the film differ.

    Parameters
    ----------
    match : (2, 2) float array
        Map of film onto substrate coordinates, rational numbers.

    Returns
    -------
    (2, 2) float array
        Basis in coordinates of the substrate: of the sums of surface vectors of both sides.

    Examples
    --------
    >>> shift_lattice(np.array([[0.5, 0.0], [0.0, 2.0]])).tolist()
    [[0.5, 0.0], [0.0, 1.0]]
    """
    entries = [Fraction(float(entry)).limit_denominator(10_000) for entry in np.ravel(match)]
    whole = lcm(*(entry.denominator for entry in entries))
    rows = np.array([int(entry * whole) for entry in entries], dtype=np.int64).reshape(2, 2)
    stacked = np.vstack([rows, whole * np.eye(2, dtype=np.int64)])
    basis: FloatArray = hermite(stacked)[:2] / whole
    return basis


def distinct_shifts(
    match: FloatArray,
    vectors: FloatArray,
    *,
    origin: FloatArray,
    operations: tuple[FloatArray, FloatArray],
    places: int,
) -> tuple[Shift, ...]:
    """Return one shift of each kind.

    Parameters
    ----------
    match : (2, 2) float array
        Map of film onto substrate coordinates.
    vectors : (2, 2) float array
        Surface vectors of the strained substrate in Å.
    origin : (2,) float array
        Where the film stands in the registry found, in coordinates of the substrate.
    operations : tuple of float array
        Isometries that both sides have in common, see
        `heterobuild.variants.surface_operations.kept_operations`.
    places : int
        Places along each vector of the shift lattice.

    Returns
    -------
    tuple of Shift
        The registry found first; the shortest of each kind.
    """
    basis = shift_lattice(match)
    basis = reduce_plane(basis @ vectors) @ basis
    lengths = np.linalg.norm(basis @ vectors, axis=1)
    counts = [max(1, min(places, int(length // FINEST))) for length in lengths]
    grid = np.stack(
        np.meshgrid(*(np.arange(count) / count for count in counts), indexing="ij"), axis=-1
    ).reshape(-1, 2)
    turns, moves = operations
    points = origin + grid @ basis
    images = np.einsum("pi,kij->kpj", points, turns) + moves[:, None]
    apart = (images[:, :, None] - points[None, None]) @ np.linalg.inv(basis)
    apart -= np.rint(apart)
    same = (np.linalg.norm(apart @ basis @ vectors, axis=-1) < SAME_SHIFT).any(axis=0)
    kinds = _joined(same)
    wrapped = (grid - np.floor(grid + 0.5 - 1e-9)) @ basis
    size = np.linalg.norm(wrapped @ vectors, axis=1).round(6)
    order = np.lexsort((-wrapped[:, 1].round(9), -wrapped[:, 0].round(9), size))
    first: dict[int, int] = {}
    for place in order.tolist():
        first.setdefault(int(kinds[place]), place)
    return tuple(
        Shift(
            fractions=(round(float(wrapped[place, 0]), 9), round(float(wrapped[place, 1]), 9)),
            multiplicity=int((kinds == kind).sum()),
        )
        for kind, place in first.items()
    )


def _joined(same: BoolArray) -> IntArray:
    """Return the number of the class of each place, of a relation between places."""
    linked = same | same.T | np.eye(len(same), dtype=bool)
    kinds: IntArray = np.arange(len(same))
    while True:
        least: IntArray = np.where(linked, kinds[None, :], len(same)).min(axis=1)
        if (least == kinds).all():
            return kinds
        kinds = least
