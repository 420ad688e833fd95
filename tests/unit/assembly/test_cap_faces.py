from __future__ import annotations

import numpy as np
import pytest

from heterobuild.assembly.cap_faces import cap_face, square_centres


def test_the_cap_of_a_face_follows_a_part_that_lies_upside_down(bare):
    from dataclasses import replace

    part = bare("CsPbBr3_cubic", [[1, 0], [0, 1]], top={"PEA": 1.0})
    assert part.cap(top=True) is part.slab.cap_top
    assert part.cap(top=False) is None
    turned = replace(part, upright=False)
    assert turned.cap(top=False) is part.slab.cap_top
    assert turned.cap(top=True) is None


@pytest.mark.parametrize("top", [True, False])
def test_cations_of_a_cubic_face_stand_in_the_middle_of_four_halides(bare, top):
    part = bare("CsPbBr3_cubic", [[2, 1], [-1, 2]])
    face = cap_face(part, top=top, sign=1)
    assert face.square
    assert len(face.members) == 5
    assert face.pockets == pytest.approx(face.centres, abs=1e-9)
    heights = part.atoms.positions[:, 2]
    assert face.centres[:, 2] == pytest.approx(heights.max() if top else heights.min())
    assert (part.atoms.numbers[np.concatenate(face.members)] == 55).all()


def test_molecular_cations_are_one_each(bare):
    face = cap_face(bare("FAPbI3_alpha", [[1, 1], [-1, 1]]), top=True, sign=1)
    assert [len(members) for members in face.members] == [8, 8]
    assert face.square


def test_anions_stand_on_halides_that_are_no_squares(bare):
    face = cap_face(bare("CsPbBr3_cubic", [[2, 0], [0, 2]]), top=True, sign=-1)
    assert len(face.members) == 4
    assert not face.square


def test_squares_are_found_across_the_edge_of_the_cell():
    corners = np.array([[0.0, 0.0, 1.0], [3.0, 0.0, 1.2], [0.0, 3.0, 1.2], [3.0, 3.0, 1.0]])
    points = np.array([[7.4, -4.4, 0.0], [4.6, 1.5, 0.0], [1.5, 4.5, 0.0], [1.4, 1.5, 0.0]])
    middles, square = square_centres(points, corners, np.eye(2) * 6)
    assert square
    assert middles == pytest.approx(
        np.array([[7.5, -4.5, 1.1], [4.5, 1.5, 1.1], [1.5, 4.5, 1.1], [1.5, 1.5, 1.1]])
    )


def test_a_triangular_plane_has_no_squares():
    whole = np.array([[4.0, 0.0], [2.0, 2 * np.sqrt(3)]])
    hollow = np.append(whole.sum(axis=0) / 3, 0.0)[None]
    assert not square_centres(hollow, np.zeros((1, 3)), whole)[1]
