from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm, logm
from scipy.linalg import polar as scipy_polar
from scipy.spatial.transform import Rotation

from heterobuild.geometry.strain import (
    logarithmic_strain,
    plane_rotation,
    polar,
    principal_strains,
    rotation_angle,
    stretch_of,
    stretch_power,
    von_mises,
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


@pytest.mark.parametrize("n", [2, 3])
def test_logarithmic_strain_is_the_logarithm_of_the_stretch_after_the_rotation(n: int) -> None:
    deformation = some_map(n)
    _, stretch = scipy_polar(deformation, side="right")
    assert np.allclose(logarithmic_strain(deformation), logm(stretch))
    principal = np.linalg.eigvalsh(logarithmic_strain(deformation))[::-1]
    assert np.allclose(np.exp(principal) - 1, principal_strains(deformation))


def test_logarithmic_strain_ignores_a_half_turn_about_an_axis_in_the_plane() -> None:
    stretch = expm(np.array([[0.04, 0.01], [0.01, -0.03]]))
    mirrored = logarithmic_strain(stretch @ np.diag([1.0, -1.0]))
    assert np.allclose(mirrored, [[0.04, -0.01], [-0.01, -0.03]])


def test_stretch_of_a_strain() -> None:
    strain = np.array([[0.04, 0.01], [0.01, -0.03]])
    assert np.allclose(stretch_of(strain), expm(strain))
    assert np.allclose(logarithmic_strain(stretch_of(strain)), strain)


@pytest.mark.parametrize(
    "strain", [[[0.03, 0.0], [0.0, 0.03]], [[0.02, 0.01], [0.01, -0.05]], [[0.0, 0.0], [0.0, 0.0]]]
)
def test_von_mises_strain_agrees_with_pymatgen(strain: list[list[float]]) -> None:
    from pymatgen.analysis.elasticity.strain import Strain

    full = np.zeros((3, 3))
    full[:2, :2] = strain
    assert von_mises(np.array(strain)) == pytest.approx(Strain(full).von_mises_strain)
    first, second = np.linalg.eigvalsh(strain)
    expected = 2 / 3 * (first**2 - first * second + second**2) ** 0.5
    assert von_mises(np.array(strain)) == pytest.approx(expected)
