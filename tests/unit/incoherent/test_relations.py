"""Orientation relations of particles and the crystals around them."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.compounds import load_crystal
from heterobuild.errors import UsageError
from heterobuild.geometry.rotations import from_axis_angles
from heterobuild.incoherent.relations import (
    CUBE_ON_AB2X5,
    axes_of,
    known_relation,
    orientation_step,
    rotation_for,
)

CUBIC, TETRAGONAL = load_crystal("CsPbBr3_cubic"), load_crystal("CsPb2Br5")
ORTHORHOMBIC, ISOLATED = load_crystal("CsPbBr3_orthorhombic"), load_crystal("Cs4PbBr6")


def test_only_perovskite_and_ab2x5_have_a_known_relation():
    assert known_relation(CUBIC, TETRAGONAL) == CUBE_ON_AB2X5
    assert known_relation(ORTHORHOMBIC, TETRAGONAL) == CUBE_ON_AB2X5
    assert known_relation(CUBIC, ISOLATED) is None
    assert known_relation(CUBIC, CUBIC) is None


def test_both_directions_of_the_known_relation_are_one_another_s_inverse():
    there = rotation_for(CUBE_ON_AB2X5, CUBIC, np.eye(3), TETRAGONAL)
    back = rotation_for(str(known_relation(TETRAGONAL, CUBIC)), TETRAGONAL, np.eye(3), CUBIC)
    np.testing.assert_allclose(there @ back, np.eye(3), atol=1e-9)


@pytest.mark.parametrize("first", [CUBIC, ORTHORHOMBIC])
def test_the_named_directions_and_planes_become_parallel(first):
    standing = from_axis_angles(np.array([[1.0, 2.0, 3.0, 40.0]]))[0]
    turn = rotation_for(CUBE_ON_AB2X5, first, standing, TETRAGONAL)
    assert np.linalg.det(turn) == pytest.approx(1.0)
    axes = axes_of(first, pseudocubic=True) @ standing
    own = axes_of(TETRAGONAL, pseudocubic=False) @ turn
    for one, other in ((axes[0] + axes[1], own[0]), (np.cross(axes[0], axes[1]), own[2])):
        cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
        assert cosine == pytest.approx(1.0, abs=2e-4)


def test_pseudocubic_indices_need_such_axes():
    with pytest.raises(UsageError, match="no pseudo-cubic axes"):
        rotation_for("[100]||[100]pc, (001)||(001)pc", CUBIC, np.eye(3), TETRAGONAL)


@pytest.mark.parametrize(
    ("asked", "relation", "words"),
    [
        ("random", None, "3 random orientations"),
        ("table", None, "table"),
        ("auto", None, "no relation is known"),
        ("aligned", None, "along pseudo-cubic axes of CsPbBr3_cubic"),
        ("auto", CUBE_ON_AB2X5, r"[110]pc||[100], (001)pc||(001)"),
    ],
)
def test_the_record_says_what_was_done(asked, relation, words):
    step = orientation_step(asked, relation, CUBIC, TETRAGONAL, 3)
    assert words in step.choice
    assert step.values["asked"] == asked
