"""Rotations of octahedra against scipy, and incomplete octahedra."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.tilts.octahedra import measure_octahedra, rotation_vectors

CORNERS = np.vstack([np.eye(3), -np.eye(3)])
AXES = 6.0 * np.eye(3)


def one(turn, *, corners=CORNERS, shift=(0.0, 0.0, 0.0), frame=None):
    """Measure one free octahedron of bond length 3 Å, as a whole turned by `frame`."""
    frame = np.eye(3) if frame is None else frame
    points = 3.0 * corners @ turn.as_matrix().T + np.array(shift)
    return measure_octahedra(
        np.vstack([np.zeros(3), points]) @ frame,
        np.zeros((3, 3)),
        (False, False, False),
        centres=np.array([0]),
        corners=np.arange(1, len(points) + 1),
        axes=AXES @ frame,
    )


@pytest.mark.parametrize("seed", range(5))
def test_rotation_vector_is_that_of_scipy(seed):
    wanted = np.random.default_rng(seed).uniform(-20, 20, 3)
    turn = Rotation.from_rotvec(wanted, degrees=True)
    np.testing.assert_allclose(one(turn).rotations[0], wanted, atol=1e-9)


def test_the_frame_of_the_axes_counts_not_that_of_the_coordinates():
    wanted = np.array([8.0, -3.0, 5.0])
    frame = Rotation.from_rotvec([30, 40, -70], degrees=True).as_matrix()
    found = one(Rotation.from_rotvec(wanted, degrees=True), frame=frame)
    np.testing.assert_allclose(found.rotations[0], wanted, atol=1e-9)


def test_an_off_centre_cation_does_not_change_the_rotation():
    wanted = np.array([8.0, -3.0, 5.0])
    found = one(Rotation.from_rotvec(wanted, degrees=True), shift=(0.15, 0.1, -0.2))
    np.testing.assert_allclose(found.rotations[0], wanted, atol=1e-9)


def test_five_corners_are_enough_four_in_a_plane_are_not():
    turn = Rotation.from_rotvec([0, 0, 9], degrees=True)
    five = one(turn, corners=CORNERS[:5])
    np.testing.assert_allclose(five.rotations[0], [0, 0, 9], atol=1e-9)
    assert np.isnan(five.lengths).sum() == 1
    assert np.isnan(one(turn, corners=CORNERS[[0, 1, 3, 4]]).rotations).all()


def test_lengths_are_sorted_by_axis_and_side():
    stretched = CORNERS * np.array([1.0, 1.1, 0.9, 1.0, 1.0, 0.95])[:, None]
    found = one(Rotation.identity(), corners=stretched)
    np.testing.assert_allclose(found.lengths[0], [[3.0, 3.0], [3.3, 3.0], [2.7, 2.85]])


def test_random_rotations_all_at_once():
    wanted = np.random.default_rng(7).uniform(-25, 25, (200, 3))
    frames = Rotation.from_rotvec(wanted, degrees=True).as_matrix()
    noisy = np.swapaxes(frames, 1, 2) * 2.9
    np.testing.assert_allclose(rotation_vectors(noisy), wanted, atol=1e-9)


def test_distorted_octahedra_get_the_rotation_of_a_least_squares_fit():
    rng = np.random.default_rng(3)
    bonds = np.eye(3) + rng.normal(0, 0.1, (3, 3))
    fitted, _ = Rotation.align_vectors(bonds, np.eye(3))
    found = rotation_vectors(bonds[None])[0]
    np.testing.assert_allclose(found, fitted.as_rotvec(degrees=True), atol=1e-6)


def test_no_rotation_is_exactly_none():
    assert not rotation_vectors(np.eye(3)[None] * 3).any()


def test_bridges_across_periodic_borders():
    shift = 6.0 * 0.1
    positions = np.array([[0, 0, 0], [3, shift, 0], [shift, 3, 0], [0, 0, 3.0]])
    found = measure_octahedra(
        positions,
        6.0 * np.eye(3),
        (True, True, True),
        centres=np.array([0]),
        corners=np.array([1, 2, 3]),
        axes=6.0 * np.eye(3),
    )
    bent = 180 - 2 * np.degrees(np.arctan(0.2))
    np.testing.assert_allclose(np.sort(found.bridges), [bent, bent, 180.0], atol=1e-5)
