"""Galleries: squares, chessboards and walls of faces, also in other cells of the same lattice."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.layered.gaps import lower_face, upper_face
from heterobuild.layered.sheets import make_sheet
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.galleries import Face, chessboard, make_gallery, square_of

SHEET = make_sheet("Pb", "I", 1, length=6.2, bond=3.2)
BA = as_spacer(load_molecule("BA"))


def repeated(face, cell, n, m):
    shifts = np.array([(i, j, 0) for i in range(n) for j in range(m)]) @ np.vstack(
        [np.column_stack([cell, [0, 0]]), [0, 0, 1]]
    )
    return Face(
        positions=(face.positions + shifts[:, None]).reshape(-1, 3),
        numbers=np.tile(face.numbers, n * m),
        pockets=(face.pockets + shifts[:, None]).reshape(-1, 3),
    )


def test_the_square_is_the_pseudocubic_one():
    square = square_of(SHEET.cell, SHEET.pockets_top)
    assert np.linalg.norm(square, axis=1) == pytest.approx([6.2, 6.2], abs=1e-4)
    assert np.linalg.det(square) == pytest.approx(6.2**2, abs=1e-3)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 1), (2, 3)])
def test_the_square_does_not_depend_on_the_cell(n, m):
    face = repeated(upper_face(SHEET), SHEET.cell, n, m)
    cell = SHEET.cell * [[n], [m]]
    assert square_of(cell, face.pockets) == pytest.approx(square_of(SHEET.cell, SHEET.pockets_top))


@pytest.mark.parametrize("tilt", [0.0, 3.0, 12.0])
@pytest.mark.parametrize("turn", [-20.0, 0.0, 15.0])
def test_the_square_of_tilted_sheets_is_no_multiple(tilt, turn):
    """The rows are at 45° in an orthogonal cell that is not quite square, and of minimal area."""
    sheet = make_sheet("Pb", "I", 1, length=6.2, bond=3.2, tilt=tilt)
    angle = np.radians(turn)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    pockets = sheet.pockets_top.copy()
    pockets[:, :2] = pockets[:, :2] @ rotation
    square = square_of(sheet.cell @ rotation, pockets)
    assert np.linalg.det(square) == pytest.approx(6.2**2)
    assert square @ rotation.T == pytest.approx(sheet.square)


def test_neighbours_have_different_colours():
    face = repeated(upper_face(SHEET), SHEET.cell, 2, 2)
    square = square_of(SHEET.cell, SHEET.pockets_top)
    colours = chessboard(face.pockets, 2 * SHEET.cell, square)
    assert colours.sum() == len(colours) / 2
    gaps = np.linalg.norm(face.pockets[:, None] - face.pockets, axis=2)
    i, j = np.nonzero((gaps > 1) & (gaps < 6.5))
    assert (colours[i] != colours[j]).all()


def test_a_cell_of_one_square_has_no_chessboard():
    small = make_sheet("Pb", "I", 1, length=6.36, bond=3.18, rotation=0.0, smallest=True)
    gallery = make_gallery(BA, small.cell, upper_face(small), None)
    assert gallery.cell == pytest.approx(gallery.square)
    assert [len(places) for places in gallery.pockets] == [1, 0]


def test_walls_hold_every_atom_in_reach_of_a_pocket():
    gallery = make_gallery(
        BA, SHEET.cell, upper_face(SHEET), lower_face(SHEET, 0.5 * SHEET.square.sum(axis=0))
    )
    wall = gallery.walls[0]
    assert wall.terminal == 53
    assert wall.floors.shape == (17, wall.atoms.shape[1])
    lateral = 6.0  # as far as any atom of BA gets from its head
    count = 0
    for i in range(-6, 7):
        for j in range(-6, 7):
            moved = SHEET.positions[:, :2] + [i, j] @ SHEET.cell
            near = np.linalg.norm(moved - gallery.pockets[0][0], axis=1) < lateral
            count += (near & (SHEET.positions[:, 2] > SHEET.terminals_top[:, 2].mean() - 4.5)).sum()
    found = np.linalg.norm(wall.atoms[0, :, :2] - gallery.pockets[0][0], axis=1) < lateral
    assert found.sum() == count > 0


def test_terminal_planes_of_both_walls_are_zero():
    gallery = make_gallery(BA, SHEET.cell, upper_face(SHEET), lower_face(SHEET, np.zeros(2)))
    below, above = gallery.walls
    assert below.atoms[0, :, 2].max() == pytest.approx(0.0)
    assert above.atoms[0, :, 2].min() == pytest.approx(0.0)


def test_vacuum_above():
    gallery = make_gallery(BA, SHEET.cell, upper_face(SHEET), None)
    assert gallery.walls[1] is None
    assert [len(places) for places in gallery.pockets] == [2, 0]
