"""Isometries of a surface, and which of them an interface keeps.

An operation maps each plane of the crystal above or below the interface onto itself: a rotation
or a mirror that keeps the normal, and a shift in the plane. It acts on row coordinates along the
surface vectors as ``x -> x @ turn + shift``. Mirrors count: an interface and its mirror image have
the same properties. A chiral crystal has no mirrors, so its two mirror images are never taken
for one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.slabs.surface_symmetry import crystal_symmetry

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Crystal, Match, Miller, Slab, Stacking

WHOLE = 1e-3
"""Fraction of the repeat by which an operation may move planes along the normal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfaceOperations:
    """The isometries of a surface.

    Parameters
    ----------
    turns : (k, 2, 2) int array
        Rotations and mirrors, acting on row coordinates; the identity is among them.
    shifts : (k, 2) float array
        Shifts along the surface vectors, as fractions.
    """

    turns: IntArray
    shifts: FloatArray


def surface_operations(stacking: Stacking) -> SurfaceOperations:
    """Return the isometries of a crystal that map each plane of a face onto itself.

    Parameters
    ----------
    stacking : Stacking
        The crystal as planes.

    Returns
    -------
    SurfaceOperations
        Rotations and mirrors with their shifts; without pure translations.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import stack_planes
    >>> len(surface_operations(stack_planes(load_crystal("CsPbBr3_cubic"), "001")).turns)
    8
    """
    symmetry = crystal_symmetry(stacking.crystal)
    inverse = np.linalg.inv(stacking.basis)
    normal = np.array(stacking.miller)
    kept = (np.einsum("i,mij->mj", normal, symmetry.rotations) == normal).all(axis=1)
    moved = symmetry.translations[kept] @ inverse
    flat = np.abs(moved[:, 2] - np.rint(moved[:, 2])) < WHOLE
    turns = stacking.basis @ symmetry.rotations[kept].transpose(0, 2, 1) @ inverse
    turns = np.rint(turns[flat][:, :2, :2]).astype(np.int64)
    _, first = np.unique(turns.reshape(-1, 4), axis=0, return_index=True)
    first = np.sort(first)
    return SurfaceOperations(turns=turns[first], shifts=np.mod(moved[flat][first, :2], 1.0))


def facing_operations(slab: Slab, *, top: bool, bottom: bool) -> SurfaceOperations:
    """Return the isometries of a slab that the other side of an interface may make use of.

    Parameters
    ----------
    slab : Slab
        The slab, as it lies in the interface.
    top, bottom : bool
        Which of its faces meet the other side.

    Returns
    -------
    SurfaceOperations
        Those of the crystal; the identity alone where such a face carries organic ions, which
        lean to one side and may be chiral.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import cut_slab
    >>> from heterobuild.slabs.caps import cap_slab
    >>> slab = cut_slab(load_crystal("CsPbBr3_cubic"), "001", layers=1, bottom="CsBr")
    >>> capped = cap_slab(slab, bottom={"PEA": 1.0})
    >>> [len(facing_operations(capped, top=top, bottom=not top).turns) for top in (True, False)]
    [8, 1]
    """
    if (top and slab.cap_top is not None) or (bottom and slab.cap_bottom is not None):
        return SurfaceOperations(turns=np.eye(2, dtype=np.int64)[None], shifts=np.zeros((1, 2)))
    return surface_operations(slab.stacking)


def same_faces(crystal: Crystal, first: Miller, second: Miller) -> bool:
    """Tell whether a rotation of a crystal turns one face into another.

    Parameters
    ----------
    crystal : Crystal
        The crystal.
    first, second : tuple of int
        Faces in the conventional setting; (hkl) and (-h-k-l) are two.

    Returns
    -------
    bool
        True where they are equivalent. Mirrors do not count here, because a face of a slab has
        a hand that the other side of the interface may need.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> same_faces(load_crystal("CsPbBr3_cubic"), (0, 0, 1), (0, -1, 0))
    True
    """
    rotations = crystal_symmetry(crystal).rotations
    proper = rotations[np.rint(np.linalg.det(rotations)) == 1]
    return bool((np.array(first) @ proper == np.array(second)).all(axis=1).any())


def lattice_map(match: Match) -> FloatArray:
    """Return the map of a match from film to substrate coordinates.

    Parameters
    ----------
    match : Match
        The match.

    Returns
    -------
    (2, 2) float array
        T with ``x_substrate = x_film @ T``, rational numbers.
    """
    mapped: FloatArray = np.linalg.solve(match.film.astype(float), match.substrate.astype(float))
    return mapped


def mirrored(
    first: FloatArray, second: FloatArray, film: SurfaceOperations, substrate: SurfaceOperations
) -> bool:
    """Tell whether operations of both surfaces turn one match into another.

    Parameters
    ----------
    first, second : (2, 2) float array
        Maps of `lattice_map`.
    film, substrate : SurfaceOperations
        The isometries of either side.

    Returns
    -------
    bool
        True where the matches are the same or mirror images of one another.
    """
    images = film.turns[:, None] @ first @ substrate.turns[None]
    hands = [np.rint(np.linalg.det(side.turns)) for side in (film, substrate)]
    equal = np.abs(images - second).max(axis=(2, 3)) < 1e-6
    return bool((equal & (hands[0][:, None] == hands[1][None])).any())


def kept_operations(
    match: FloatArray, film: SurfaceOperations, substrate: SurfaceOperations
) -> tuple[FloatArray, FloatArray]:
    """Return the isometries that both sides of an interface have in common.

    With the film at t, in coordinates of the substrate, an isometry that is ``x @ f + a`` of the
    film and ``x @ g + b`` of the substrate, f T = T g, gives the same interface as the film
    at t g + b − a T.

    Parameters
    ----------
    match : (2, 2) float array
        The map T of `lattice_map`.
    film, substrate : SurfaceOperations
        The isometries of either side.

    Returns
    -------
    turns : (k, 2, 2) float array
        The matrices g.
    shifts : (k, 2) float array
        The shifts b − a T.
    """
    apart = film.turns[:, None] @ match - match @ substrate.turns[None]
    ours, theirs = np.nonzero(np.abs(apart).max(axis=(2, 3)) < 1e-6)
    shifts = substrate.shifts[theirs] - film.shifts[ours] @ match
    return substrate.turns[theirs].astype(float), shifts
