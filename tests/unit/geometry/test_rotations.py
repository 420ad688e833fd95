from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation
from scipy.stats import kstest

from heterobuild.geometry.rotations import (
    from_axis_angles,
    from_euler_angles,
    from_quaternions,
    misorientation_angle,
    random_rotations,
)

RNG = np.random.default_rng(4)


def test_quaternions_agree_with_scipy() -> None:
    rows = RNG.standard_normal((20, 4))
    expected = Rotation.from_quat(rows[:, [1, 2, 3, 0]]).as_matrix().swapaxes(1, 2)
    assert np.allclose(from_quaternions(rows), expected)


def test_axis_angles_agree_with_scipy() -> None:
    rows = np.column_stack([RNG.standard_normal((20, 3)), RNG.uniform(-180, 180, 20)])
    axes = rows[:, :3] / np.linalg.norm(rows[:, :3], axis=1)[:, None]
    expected = Rotation.from_rotvec(axes * np.radians(rows[:, 3:])).as_matrix()
    assert np.allclose(from_axis_angles(rows), expected.swapaxes(1, 2))


def test_euler_angles_agree_with_scipy() -> None:
    rows = RNG.uniform(0, 180, (20, 3))
    expected = Rotation.from_euler("ZXZ", rows, degrees=True).as_matrix()
    assert np.allclose(from_euler_angles(rows), expected.swapaxes(1, 2))


def test_euler_angles_give_the_orientation_matrix_of_bunge() -> None:
    first, middle, last = np.radians([35.0, 50.0, 70.0])
    c1, s1, c, s, c2, s2 = (f(a) for a in (first, middle, last) for f in (np.cos, np.sin))
    expected = [
        [c1 * c2 - s1 * s2 * c, s1 * c2 + c1 * s2 * c, s2 * s],
        [-c1 * s2 - s1 * c2 * c, -s1 * s2 + c1 * c2 * c, c2 * s],
        [s1 * s, -c1 * s, c],
    ]
    assert np.allclose(from_euler_angles(np.array([[35.0, 50.0, 70.0]]))[0], expected)


def test_random_rotations_are_uniform() -> None:
    turns = random_rotations(20_000, np.random.default_rng(7))
    assert np.allclose(np.linalg.det(turns), 1.0)
    assert np.allclose(turns @ turns.swapaxes(1, 2), np.eye(3))
    angles = np.radians(misorientation_angle(np.eye(3), turns))
    assert kstest(angles, lambda t: (t - np.sin(t)) / np.pi).pvalue > 0.01
    for axis in range(3):
        assert kstest(turns[:, 2, axis], lambda z: (z + 1) / 2).pvalue > 0.001


def test_random_rotations_of_cubes_have_the_mackenzie_distribution() -> None:
    """Mackenzie 1958: mean disorientation of cubic crystals 40.736°, at most 62.799°."""
    turns = random_rotations(20_000, np.random.default_rng(9))
    angles = misorientation_angle(np.eye(3), turns, Rotation.create_group("O").as_matrix())
    assert abs(angles.mean() - 40.736) < 0.3
    assert 61.5 < angles.max() <= 62.8


def test_misorientation_agrees_with_scipy() -> None:
    first, second = random_rotations(2, np.random.default_rng(2))
    expected = Rotation.from_matrix(first.T @ second).magnitude()
    assert np.isclose(misorientation_angle(first, second), np.degrees(expected))
