"""Poses: proper rotations only, and images that are what their names say."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.poses import IMAGES, Image, image_of, place, rotations

RNG = np.random.default_rng(5)
POSES = RNG.uniform([0, 0, 0, -1, -1, 0], [65, 360, 360, 1, 1, 1], (30, 6))
SQUARE = np.array([[6.2, 0.0], [0.0, 6.2]])


def body(name):
    return as_spacer(load_molecule(name)).body


def test_rotations_are_proper_and_tilt_the_axis():
    matrices = rotations(POSES)
    assert np.linalg.det(matrices) == pytest.approx(np.ones(30))
    axes = matrices[:, :, 2]
    assert np.degrees(np.arccos(axes[:, 2])) == pytest.approx(POSES[:, 0])
    azimuths = np.degrees(np.arctan2(axes[:, 1], axes[:, 0])) % 360
    assert azimuths == pytest.approx(POSES[:, 1])


def test_the_head_is_where_the_pose_says():
    placed = place(np.zeros((1, 3)), POSES, square=SQUARE)[:, 0]
    assert placed == pytest.approx(np.column_stack([POSES[:, 3:5], -POSES[:, 5]]))


@pytest.mark.parametrize("quarter", range(4))
def test_a_quarter_turn_turns_the_placed_molecule(quarter):
    angle = np.pi / 2 * quarter
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    before = place(body("R-MBA"), POSES, square=SQUARE)
    after = place(body("R-MBA"), image_of(POSES, Image(quarter=quarter)), square=SQUARE)
    assert after[..., :2] == pytest.approx(before[..., :2] @ turn)
    assert after[..., 2] == pytest.approx(before[..., 2])


@pytest.mark.parametrize("name", ["BA", "PEA"])
def test_mirrored_poses_mirror_molecules_that_have_a_mirror_plane(name):
    """Butylammonium and phenethylammonium have C_s symmetry: their glide images are rotations."""
    placed = place(body(name), POSES, square=SQUARE)
    wanted = placed * [1, -1, 1]
    found = []
    for half in (False, True):
        image = Image(mirrored=True, half_roll=half)
        other = place(body(name), image_of(POSES, image), square=SQUARE)
        gaps = np.linalg.norm(wanted[:, :, None] - other[:, None], axis=3)
        found.append(gaps.min(axis=2).max())
    assert min(found) < 0.02  # rounding of the library's coordinates
    assert max(found) > 0.5


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("down", [False, True])
def test_no_image_mirrors_the_molecule(image, down):
    chiral = body("R-MBA")
    placed = place(chiral, image_of(POSES, image), square=SQUARE, down=down)
    quad = placed[:, [0, 2, 3, 12]]
    signs = np.linalg.det(quad[:, 1:] - quad[:, :1])
    reference = np.linalg.det(chiral[[2, 3, 12]] - chiral[0])
    assert abs(reference) > 1
    assert signs == pytest.approx(np.full(30, reference))


def test_down_hangs_from_above():
    up = place(body("BA"), POSES, square=SQUARE)
    down = place(body("BA"), POSES, square=SQUARE, down=True)
    assert down == pytest.approx(up * [1, -1, -1])


def test_azimuths_count_from_the_square():
    turned = np.array([[1.0, 1.0], [-1.0, 1.0]])
    pose = np.array([[0.0, 0, 0, 1, 0, 0]])
    placed = place(np.zeros((1, 3)), pose, square=turned)
    assert placed[0, 0] == pytest.approx([np.sqrt(0.5), np.sqrt(0.5), 0])


def test_all_images_differ():
    assert len(set(IMAGES)) == len(IMAGES) == 12
