"""Places and orientations of dots that share no lattice with their matrix."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.dots.sizes import Placement
from heterobuild.incoherent.places import (
    IncoherentDots,
    place_dots,
    relation_of,
    sized_matrix,
)
from heterobuild.particles.options import ParticleShape

CUBIC, TETRAGONAL = load_crystal("CsPbBr3_cubic"), load_crystal("CsPb2Br5")
ISOLATED, IODIDE = load_crystal("Cs4PbBr6"), load_crystal("CsPbI3_cubic")
BALL = ParticleShape(kind="sphere", radius=10.0)


def options(**given: object) -> IncoherentDots:
    return IncoherentDots(**{"shape": BALL, "placement": Placement(), **given})


def test_a_matrix_of_no_given_size_holds_one_dot_with_room_around():
    matrix = sized_matrix(CUBIC, ISOLATED, options())
    heights = 1 / np.linalg.norm(np.linalg.inv(matrix.cell), axis=0)
    assert (heights >= 2 * (10.0 + 18.0) - 1e-9).all()


def test_relations():
    assert relation_of(options(), TETRAGONAL, CUBIC) == "[100]||[110]pc, (001)||(001)pc"
    assert relation_of(options(orientation="aligned"), TETRAGONAL, CUBIC) is None
    assert relation_of(options(orientation="random"), TETRAGONAL, CUBIC) is None
    assert relation_of(options(orientation="[100]||[100], (001)||(001)"), ISOLATED, CUBIC)


def test_a_relation_names_the_matrix_first():
    text = "[100]||[110], (001)||(001)"
    asked = options(orientation=text, cells=(4, 4, 4))
    matrix = sized_matrix(CUBIC, TETRAGONAL, asked)
    placed = place_dots(CUBIC, TETRAGONAL, matrix, asked, seed=1)
    turn = placed.forms[0].rotation @ placed.rotations[0]
    np.testing.assert_allclose(
        np.array([1, 1, 0]) @ turn / 2**0.5, np.array([1, 0, 0]) @ matrix.rotation, atol=1e-9
    )


def test_random_orientations_differ_and_repeat_with_the_seed():
    asked = options(orientation="random", cells=(7, 7, 5), placement=Placement(count=3))
    matrix = sized_matrix(CUBIC, ISOLATED, asked)
    first, again = (place_dots(CUBIC, ISOLATED, matrix, asked, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first.rotations, again.rotations)
    np.testing.assert_allclose(np.linalg.det(first.rotations), 1.0)
    assert np.abs(first.rotations[0] - first.rotations[1]).max() > 0.1


@pytest.mark.parametrize("octahedra", [2, 3])
def test_aligned_perovskites_continue_rows_of_octahedra(octahedra):
    asked = options(shape=ParticleShape(octahedra=octahedra), cells=9)
    matrix = sized_matrix(IODIDE, CUBIC, asked)
    placed = place_dots(IODIDE, CUBIC, matrix, asked, seed=1)
    nearest = placed.centres[0] - (0.0 if octahedra % 2 else IODIDE.cell[0, 0] / 2)
    b_point = matrix.block.framework.centres[matrix.block.framework.b_units[0]]
    steps = (nearest - b_point) / CUBIC.cell[0, 0]
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
