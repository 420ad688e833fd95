"""The space between two sheets, a gallery, and how well spacers fit into it.

A gallery is described by the square of pockets and at most two pockets on each face, of which the
others are images: neighbouring pockets alternate like the fields of a chessboard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.spacers.clearances import plane_shifts, with_images
from heterobuild.spacers.contact_radii import HEAD_CONTACT, contact_floors, contact_radii

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.spacers.bodies import Spacer

WALL = 4.5
"""Å below the terminal halides down to which atoms of a sheet can touch a spacer."""

BELOW, ABOVE = 0, 1
_SAME = 1e-6
_SQUARE = 1.3
_FIRST = -67.5
_WIDEST_TILT = 70.0
_NITROGEN = 7
_HALOGENS = (9, 17, 35, 53)


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """One face of a sheet.

    Parameters
    ----------
    positions : (h, 3) float array
        Atoms of the sheet in Å, z up; those farther than `WALL` below the face do not matter.
    numbers : (h,) int array
        Their atomic numbers.
    pockets : (m, 3) float array
        Centres of the squares of four terminal halides in Å, at the mean height of these
        halides.
    """

    positions: FloatArray
    numbers: IntArray
    pockets: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Wall:
    """The atoms of a face near the pockets that stand for all.

    Parameters
    ----------
    atoms : (1, a, 3) float array
        In Å; the terminal halides are at z = 0 on average.
    floors : (n, a) float array
        Shortest allowed distances to the atoms of the spacer.
    halides : (1, b, 3) float array
        The halides among them.
    reach : (b,) float array
        Sum of the radii of hydrogen and halide.
    bridges : (h, b) float array
        Shortest allowed distances from the nitrogens of heads to the halides.
    terminal : int
        Atomic number of the halide nearest to the terminal plane.
    """

    atoms: FloatArray
    floors: FloatArray
    halides: FloatArray
    reach: FloatArray
    bridges: FloatArray
    terminal: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Gallery:
    """The space that spacers have.

    Parameters
    ----------
    spacer : Spacer
        The spacer.
    square : (2, 2) float array
        Translations between neighbouring pockets in Å, rows, as of `square_of`.
    cell : (2, 2) float array
        Lattice that the spacers are packed on in Å.
    walls : Wall or None, twice
        Face below and face above; None where there is vacuum.
    pockets : (r, 2) float array, twice
        Places of the one or two pockets that stand for all, on either face.
    floors : (n, n) float array
        Shortest allowed distances between two spacers.
    interdigitation : bool
        Whether the spacers of the two faces may reach between one another.
    """

    spacer: Spacer
    square: FloatArray
    cell: FloatArray
    walls: tuple[Wall | None, Wall | None]
    pockets: tuple[FloatArray, FloatArray]
    floors: FloatArray
    interdigitation: bool


def make_gallery(
    spacer: Spacer,
    cell: FloatArray,
    below: Face | None,
    above: Face | None,
    *,
    interdigitation: bool = True,
) -> Gallery:
    """Reduce two faces to what a search needs.

    Parameters
    ----------
    spacer : Spacer
        The spacer.
    cell : (2, 2) float array
        In-plane vectors in Å.
    below, above : Face or None
        The faces; not both None.
    interdigitation : bool, optional
        Whether the spacers of the two faces may reach between one another.

    Returns
    -------
    Gallery
        The gallery.
    """
    faces = (below, above)
    square = square_of(cell, next(face.pockets for face in faces if face is not None))
    chess = all(
        face is None or bool(chessboard(face.pockets, cell, square).any()) for face in faces
    )
    lattice = np.array([[1, 1], [-1, 1]]) @ square if chess else square
    stand = tuple(
        np.zeros((0, 2)) if face is None else _representatives(face, cell, square, chess=chess)
        for face in faces
    )
    own = contact_floors(
        (spacer.molecule.numbers, spacer.molecule.numbers), (spacer.donor, spacer.donor)
    )
    below_wall, above_wall = (
        None if face is None else _wall(spacer, cell, face, np.concatenate(stand)) for face in faces
    )
    return Gallery(
        spacer=spacer,
        square=square,
        cell=lattice,
        walls=(below_wall, above_wall),
        pockets=(stand[0], stand[1]),
        floors=own,
        interdigitation=interdigitation,
    )


def square_of(cell: FloatArray, pockets: FloatArray) -> FloatArray:
    """Return the two shortest translations between pockets.

    Parameters
    ----------
    cell : (2, 2) float array
        In-plane vectors in Å.
    pockets : (m, 3) float array
        Pockets of one face.

    Returns
    -------
    (2, 2) float array
        Rows in Å, right-handed; the first points between -67.5° and 22.5° from +x, so that it
        is near 0° or -45° in the usual cells.
    """
    edge = float(np.sqrt(abs(np.linalg.det(cell)) / len(pockets)))
    span = float(np.linalg.norm(np.ptp(pockets[:, :2], axis=0)))
    shifts = plane_shifts(cell, 2.0 * edge + span)
    steps = (pockets[:, None, :2] - pockets[:1, None, :2] + shifts[None, :, :2]).reshape(-1, 2)
    lengths = np.linalg.norm(steps, axis=1)
    shortest = lengths[lengths > _SAME].min()
    near = (lengths > _SAME) & (lengths < _SQUARE * shortest)
    steps, lengths = steps[near], np.round(lengths[near], 4)
    angles = np.round(np.degrees(np.arctan2(steps[:, 1], steps[:, 0])), 4)
    rows = []
    for low in (_FIRST, _FIRST + 90.0):
        chosen = np.flatnonzero((angles >= low) & (angles < low + 90.0))
        rows.append(steps[chosen[np.lexsort((angles[chosen], lengths[chosen]))[0]]])
    return np.array(rows)


def chessboard(pockets: FloatArray, cell: FloatArray, square: FloatArray) -> IntArray:
    """Return the colour of each pocket, 0 or 1, neighbours having different ones.

    Parameters
    ----------
    pockets : (m, 3) float array
        Pockets of one face.
    cell, square : (2, 2) float array
        In-plane cell and translations between neighbours in Å.

    Returns
    -------
    (m,) int array
        Colours; all 0 where the cell does not hold a chessboard.
    """
    inverse = np.linalg.inv(square)
    if (np.rint(cell @ inverse).sum(axis=1).astype(int) % 2).any():
        return np.zeros(len(pockets), dtype=np.int64)
    steps = np.rint((pockets - pockets[0])[:, :2] @ inverse).astype(np.int64)
    colours: IntArray = steps.sum(axis=1) % 2
    return colours


def head_nitrogens(spacer: Spacer) -> BoolArray:
    """Tell which atoms are the nitrogens of a head.

    Parameters
    ----------
    spacer : Spacer
        The spacer.

    Returns
    -------
    (n,) bool array
        True for these.
    """
    head = np.isin(np.arange(len(spacer.molecule.numbers)), spacer.molecule.head)
    nitrogen: BoolArray = head & (spacer.molecule.numbers == _NITROGEN)
    return nitrogen


def _representatives(
    face: Face, cell: FloatArray, square: FloatArray, *, chess: bool
) -> FloatArray:
    """Return the first pocket of each colour."""
    if not chess:
        return face.pockets[:1, :2]
    colours = chessboard(face.pockets, cell, square)
    return face.pockets[[0, int(np.flatnonzero(colours == 1)[0])], :2]


def _wall(spacer: Spacer, cell: FloatArray, face: Face, pockets: FloatArray) -> Wall:
    """Return the atoms of a face that spacers on any of the pockets may touch."""
    positions = face.positions - [0.0, 0.0, float(face.pockets[:, 2].mean())]
    near = np.flatnonzero(np.abs(positions[:, 2]) < WALL)
    lateral = np.linalg.norm(spacer.body, axis=1).max() * np.sin(np.radians(_WIDEST_TILT))
    reach = float(lateral) + 1.4 + 4.5
    spread = float(np.linalg.norm(cell, axis=1).sum())
    images = with_images(positions[None, near], plane_shifts(cell, reach + 2 * spread))[0]
    numbers = np.tile(face.numbers[near], len(images) // len(near))
    gaps = np.linalg.norm(images[:, None, :2] - pockets[None], axis=2).min(axis=1)
    images, numbers = images[gaps < reach], numbers[gaps < reach]
    none = np.zeros(len(numbers), dtype=np.bool_)
    floors = contact_floors((spacer.molecule.numbers, numbers), (spacer.donor, none))
    halide = np.isin(numbers, _HALOGENS)
    heads = contact_radii(spacer.molecule.numbers[head_nitrogens(spacer)])
    return Wall(
        atoms=images[None],
        floors=floors,
        halides=images[None, halide],
        reach=contact_radii(np.array([1]))[0] + contact_radii(numbers[halide]),
        bridges=HEAD_CONTACT * (heads[:, None] + contact_radii(numbers[halide])[None, :]),
        terminal=int(numbers[halide][np.abs(images[halide, 2]).argmin()]),
    )
