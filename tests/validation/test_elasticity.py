"""The answer along the normal against closed forms, loops over indices and zero stress."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.assembly.common_cell import onto_common_cell
from heterobuild.chemistry.elasticity import (
    VOIGT,
    cubic_stiffness,
    free_normal_strain,
    isotropic_stiffness,
    plane_stress,
    turn_stiffness,
)
from heterobuild.compounds import load_crystal
from heterobuild.matching.common_superlattice import single_cell
from heterobuild.model import Match
from heterobuild.slabs import cut_slab

C11, C12, C44 = 42.0, 7.0, 4.0
CUBIC = cubic_stiffness(C11, C12, C44)


def tensor_of(matrix: np.ndarray) -> np.ndarray:
    tensor = np.zeros((3, 3, 3, 3))
    for (p, (i, j)), (q, (k, m)) in product(enumerate(VOIGT), repeat=2):
        for a, b in {(i, j), (j, i)}:
            for c, d in {(k, m), (m, k)}:
                tensor[a, b, c, d] = matrix[p, q]
    return tensor


def upright(normal: tuple[int, int, int], along: tuple[int, int, int]) -> np.ndarray:
    """Rotation of row vectors that lifts a normal onto z and an in-plane direction onto x."""
    z, x = np.array(normal, float), np.array(along, float)
    z, x = z / np.linalg.norm(z), x / np.linalg.norm(x)
    return np.column_stack([x, np.cross(z, x), z])


def test_turned_tensor_against_a_loop_over_four_indices() -> None:
    rng = np.random.default_rng(2)
    half = rng.standard_normal((6, 6))
    matrix = half @ half.T
    rotation = Rotation.random(random_state=5).as_matrix()
    tensor, turned = tensor_of(matrix), np.zeros((3, 3, 3, 3))
    for i, j, k, m in product(range(3), repeat=4):
        for a, b, c, d in product(range(3), repeat=4):
            weight = rotation[a, i] * rotation[b, j] * rotation[c, k] * rotation[d, m]
            turned[i, j, k, m] += weight * tensor[a, b, c, d]
    assert np.allclose(tensor_of(turn_stiffness(matrix, rotation)), turned)


def test_energy_does_not_depend_on_the_frame() -> None:
    half = np.random.default_rng(3).standard_normal((6, 6))
    matrix = half @ half.T
    strain = np.array([[0.01, 0.002, 0.0], [0.002, -0.02, 0.004], [0.0, 0.004, 0.03]])
    rotation = Rotation.random(random_state=8).as_matrix()
    turned = rotation.T @ strain @ rotation
    energies = [
        np.einsum("ij,ijkl,kl", e, tensor_of(m), e)
        for e, m in ((strain, matrix), (turned, turn_stiffness(matrix, rotation)))
    ]
    assert energies[1] == pytest.approx(energies[0])


BIAXIAL = {
    ((0, 0, 1), (1, 0, 0)): -2 * C12 / C11,
    ((1, 1, 1), (1, -1, 0)): -2 * (C11 + 2 * C12 - 2 * C44) / (C11 + 2 * C12 + 4 * C44),
    ((1, 1, 0), (0, 0, 1)): -(C11 + 3 * C12 - 2 * C44) / (C11 + C12 + 2 * C44),
}


@pytest.mark.parametrize(("face", "ratio"), BIAXIAL.items())
def test_biaxial_strain_of_a_cubic_layer(
    face: tuple[tuple[int, int, int], tuple[int, int, int]], ratio: float
) -> None:
    matrix = turn_stiffness(CUBIC, upright(*face))
    strain = free_normal_strain(matrix, 0.01 * np.eye(2))
    assert strain[2, 2] == pytest.approx(0.01 * ratio)
    assert np.allclose(strain[:2, 2], 0)


# Stress over strain of a film strained alike along both directions, closed forms.
EQUAL_STRESS = {
    ((0, 0, 1), (1, 0, 0)): C11 + C12 - 2 * C12**2 / C11,
    ((1, 1, 1), (1, -1, 0)): 6 * C44 * (C11 + 2 * C12) / (C11 + 2 * C12 + 4 * C44),
}


@pytest.mark.parametrize(("face", "modulus"), EQUAL_STRESS.items())
def test_biaxial_modulus_of_faces_with_an_axis(
    face: tuple[tuple[int, int, int], tuple[int, int, int]], modulus: float
) -> None:
    for angle in (0.0, 20.0):
        spun = upright(*face) @ Rotation.from_euler("z", angle, degrees=True).as_matrix()
        stress = plane_stress(turn_stiffness(CUBIC, spun)) @ [1.0, 1.0, 0.0]
        assert stress == pytest.approx([modulus, modulus, 0.0])


def test_plane_of_three_fold_symmetry_is_isotropic() -> None:
    stiff = plane_stress(turn_stiffness(CUBIC, upright((1, 1, 1), (1, -1, 0))))
    assert stiff[0, 0] == pytest.approx(stiff[1, 1])
    assert 2 * stiff[2, 2] == pytest.approx(stiff[0, 0] - stiff[0, 1])
    assert stiff[:2, 2] == pytest.approx([0, 0])


def test_biaxial_moduli_of_the_110_face() -> None:
    # Along [001] and [1-10]; along the normal C' = s + C44, between normal and [1-10] s − C44.
    s = (C11 + C12) / 2
    normal = s + C44
    stiff = plane_stress(turn_stiffness(CUBIC, upright((1, 1, 0), (0, 0, 1))))
    expected = np.array(
        [
            [C11 - C12**2 / normal, 2 * C12 * C44 / normal, 0],
            [2 * C12 * C44 / normal, 4 * s * C44 / normal, 0],
            [0, 0, C44],
        ]
    )
    assert np.allclose(stiff, expected)


def test_isotropic_plate() -> None:
    young, nu = 15.0, 0.3
    scale = young / (1 - nu**2)
    expected = scale * np.array([[1, nu, 0], [nu, 1, 0], [0, 0, (1 - nu) / 2]])
    assert np.allclose(plane_stress(isotropic_stiffness(young, nu)), expected)
    assert expected[0, 0] + expected[0, 1] == pytest.approx(young / (1 - nu))


def test_isotropic_layer() -> None:
    nu = 0.3
    strain = free_normal_strain(isotropic_stiffness(15.0, nu), np.diag([0.02, -0.005]))
    assert strain[2, 2] == pytest.approx(-nu / (1 - nu) * 0.015)


@pytest.mark.parametrize("seed", range(5))
def test_no_stress_acts_on_the_surface(seed: int) -> None:
    matrix = turn_stiffness(CUBIC, Rotation.random(random_state=seed).as_matrix())
    strain = free_normal_strain(matrix, np.array([[0.02, 0.004], [0.004, -0.01]]))
    stress = np.einsum("ijkl,kl", tensor_of(matrix), strain)
    assert np.allclose(stress[2], 0, atol=1e-12)
    assert np.array_equal(strain[:2, :2], [[0.02, 0.004], [0.004, -0.01]])
    assert np.array_equal(strain, strain.T)


@pytest.mark.parametrize(
    ("name", "hkl", "ratio"),
    [
        ("CsPbBr3_cubic", "001", BIAXIAL[(0, 0, 1), (1, 0, 0)]),
        ("CsPbBr3_cubic", "110", BIAXIAL[(1, 1, 0), (0, 0, 1)]),
        ("CsPbBr3_cubic", "111", BIAXIAL[(1, 1, 1), (1, -1, 0)]),
        # P4/mbm has a = √2 a_c: its (110) is the pseudo-cubic (100).
        ("CsPbBr3_tetragonal", "001", BIAXIAL[(0, 0, 1), (1, 0, 0)]),
        ("CsPbBr3_tetragonal", "110", BIAXIAL[(0, 0, 1), (1, 0, 0)]),
        ("CsPbBr3_tetragonal", "100", BIAXIAL[(1, 1, 0), (0, 0, 1)]),
    ],
)
def test_strained_slabs_of_the_library(name: str, hkl: str, ratio: float) -> None:
    slab = cut_slab(load_crystal(name), hkl, layers=1)
    one = np.eye(2, dtype=int)
    match = Match(
        film=one,
        substrate=one,
        area=1.0,
        film_area=1.0,
        strains=(0.01, 0.01),
        log_strain=0.01,
        rotation=0.0,
        multiplicity=1,
        deformation=1.01 * np.eye(2),
    )
    made, _ = onto_common_cell(
        single_cell(match), {"film": slab}, ("substrate", slab), stretch=np.eye(2)
    )
    film, substrate = made["film"], made["substrate"]
    assert film.strain[2, 2] == pytest.approx(0.01 * ratio, rel=1e-3)
    assert np.allclose(substrate.strain, 0)
