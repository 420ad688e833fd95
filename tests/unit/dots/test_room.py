"""Room for dots against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.dots.room import DotRoom, judge_room, outer_radius, pair_gaps
from heterobuild.errors import UsageError
from heterobuild.geometry.rotations import from_axis_angles
from heterobuild.particles.forms import make_form
from heterobuild.particles.options import ParticleShape

CUBIC = load_crystal("CsPbBr3_cubic")
EDGE = 5.874
CUBE = make_form(ParticleShape(octahedra=4), CUBIC)
BALL = make_form(ParticleShape(kind="sphere", radius=12.0), CUBIC)


def room(forms, centres, *, rotations=None, pbc=(True, True, True), box=60.0, separation=6.0):
    turns = np.tile(np.eye(3), (len(forms), 1, 1)) if rotations is None else rotations
    return DotRoom(
        centres=np.array(centres, dtype=float),
        forms=tuple(forms),
        rotations=turns,
        cell=box * np.eye(3),
        pbc=pbc,
        separation=separation,
    )


def test_outer_radii_are_those_of_closed_forms():
    assert outer_radius(CUBE) == pytest.approx(2 * EDGE * 3**0.5, rel=1e-4)
    assert outer_radius(BALL) == pytest.approx(12.0, rel=1e-6)
    octahedron = make_form(ParticleShape(kind="octahedron", radius=10.0), CUBIC)
    assert outer_radius(octahedron) == pytest.approx(10.0 * 3**0.5, rel=2e-3)


def test_gaps_of_cubes_are_those_of_their_faces_and_edges():
    turns = np.stack([np.eye(3), from_axis_angles(np.array([[0, 0, 1, 45.0]]))[0]])
    pair = room([CUBE, CUBE], np.zeros((2, 3)), rotations=turns)
    one, two = np.array([0]), np.array([1])
    straight = pair_gaps(pair, one, one, np.array([[30.0, 0, 0]]))
    turned = pair_gaps(pair, one, two, np.array([[32.0, 0, 0]]))
    assert straight[0] == pytest.approx(30 - 4 * EDGE, abs=1e-3)
    assert turned[0] == pytest.approx(32 - 2 * EDGE - 2 * EDGE * 2**0.5, abs=1e-3)
    assert pair_gaps(pair, one, one, np.array([[10.0, 0, 0]]))[0] < 0


def test_dots_that_have_room_pass():
    judge_room(room([BALL, BALL], [[15, 15, 15], [45, 45, 45]]))


@pytest.mark.parametrize(
    ("forms", "centres", "options", "words"),
    [
        ([BALL], [[10, 10, 10]], {"box": 29.0}, "larger than its matrix"),
        ([BALL, BALL], [[10, 10, 10], [35, 10, 10]], {}, "dots 1 and 2 are too near"),
        ([BALL], [[30, 30, 11]], {"pbc": (True, True, False)}, "stands out"),
        ([CUBE], [[30, 30, 10]], {"pbc": (True, True, False), "box": 20}, "larger than its matrix"),
    ],
)
def test_dots_without_room_are_refused(forms, centres, options, words):
    with pytest.raises(UsageError, match=words):
        judge_room(room(forms, centres, **options))
