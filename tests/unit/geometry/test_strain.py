from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.linalg import polar as scipy_polar
from scipy.spatial.transform import Rotation

from heterobuild.geometry.strain import (
    plane_rotation,
    polar,
    principal_strains,
    rotation_angle,
    stretch_power,
)


def some_map(n: int) -> np.ndarray:
    return np.eye(n) + 0.2 * np.random.default_rng(n).standard_normal((n, n))


@pytest.mark.parametrize("n", [2, 3])
def test_polar_agrees_with_scipy(n: int) -> None:
    deformation = some_map(n)
    rotation, stretch = scipy_polar(deformation, side="left")
    ours = polar(deformation)
    assert np.allclose(ours[0], stretch)
    assert np.allclose(ours[1], rotation)
    assert np.allclose(ours[0] @ ours[1], deformation)


def test_polar_refuses_a_reflection() -> None:
    with pytest.raises(ValueError, match="handedness"):
        polar(np.diag([1.0, -1.0]))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0])
def test_shares_compose_and_split_the_logarithmic_strain(share: float) -> None:
    logarithm = np.array([[0.04, 0.01], [0.01, -0.03]])
    stretch = expm(logarithm)
    assert np.allclose(stretch_power(stretch, share), expm(share * logarithm))
    composed = stretch_power(stretch, share) @ stretch_power(stretch, 1 - share)
    assert np.allclose(composed, stretch)


def test_principal_strains_do_not_depend_on_rotations() -> None:
    angles = plane_rotation(33.0)[:2, :2], plane_rotation(-71.0)[:2, :2]
    maps = np.array([angles[0] @ np.diag([1.02, 0.95]) @ angles[1]] * 2)
    assert np.allclose(principal_strains(maps), [[0.02, -0.05]] * 2)


@pytest.mark.parametrize("angle", [-170.0, -90.0, 0.0, 12.5, 90.0, 180.0])
def test_rotation_of_row_vectors_is_counter_clockwise(angle: float) -> None:
    turned = np.array([1.0, 0.0, 0.0]) @ plane_rotation(angle)
    assert np.degrees(np.arctan2(turned[1], turned[0])) == pytest.approx(angle)
    assert rotation_angle(plane_rotation(angle)) == pytest.approx(angle)
    expected = Rotation.from_euler("z", angle, degrees=True).as_matrix()
    assert np.allclose(plane_rotation(angle).T, expected)


def test_half_turn_has_one_sign() -> None:
    assert rotation_angle(plane_rotation(-180.0)) == 180.0
