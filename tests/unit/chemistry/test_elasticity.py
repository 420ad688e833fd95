from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.elasticity import (
    DEFAULT_POISSON,
    average_poisson,
    cubic_stiffness,
    free_normal_strain,
    isotropic_stiffness,
    plane_stress,
    stiffness,
)


def test_tensor_of_the_phase_itself() -> None:
    found = stiffness("MAPbI3_cubic", "MAPbI3")
    assert found.matrix[0, 0] == 21.8
    assert found.matrix[0, 1] == 11.3
    assert found.matrix[3, 3] == 7.3
    assert not found.assumed
    assert "Ferreira" in found.source
    assert "measured or computed on" not in found.source


def test_another_phase_of_the_compound_stands_in() -> None:
    found = stiffness("CsPbBr3_tetragonal", "CsPbBr3")
    assert not found.assumed
    assert "measured or computed on CsPbBr3" in found.source


def test_unknown_compounds_get_the_stated_default() -> None:
    found = stiffness("mine.cif", "Rb9Pb2F7")
    assert found.assumed
    ratio = found.matrix[0, 1] / (found.matrix[0, 0] + found.matrix[0, 1])
    assert ratio == pytest.approx(DEFAULT_POISSON)


def test_voigt_matrix_of_a_cubic_crystal() -> None:
    matrix = cubic_stiffness(3.0, 2.0, 1.0)
    assert np.array_equal(matrix[:3, :3], [[3, 2, 2], [2, 3, 2], [2, 2, 3]])
    assert np.array_equal(matrix[3:, 3:], np.eye(3))
    assert not matrix[:3, 3:].any()


def test_isotropic_body_stretched_along_x() -> None:
    matrix = isotropic_stiffness(15.0, 0.3)
    stress = np.array([1.0, 0, 0, 0, 0, 0])
    strain = np.linalg.solve(matrix, stress)
    assert strain[:3] == pytest.approx([1 / 15, -0.3 / 15, -0.3 / 15])
    assert matrix[3, 3] == pytest.approx((matrix[0, 0] - matrix[0, 1]) / 2)


def some_stiffness(seed: int) -> np.ndarray:
    half = np.random.default_rng(seed).standard_normal((6, 6))
    return half @ half.T + 3 * np.eye(6)


@pytest.mark.parametrize("seed", range(4))
def test_plane_stress_is_the_inverse_of_the_compliance_in_the_plane(seed: int) -> None:
    matrix = some_stiffness(seed)
    in_plane = np.linalg.inv(matrix)[np.ix_([0, 1, 5], [0, 1, 5])]
    assert np.allclose(plane_stress(matrix), np.linalg.inv(in_plane))


def test_plane_stress_gives_the_stress_of_the_completed_strain() -> None:
    matrix = some_stiffness(9)
    strain = free_normal_strain(matrix, np.array([[0.02, 0.003], [0.003, -0.01]]))
    voigt = [strain[0, 0], strain[1, 1], strain[2, 2]]
    voigt += [2 * strain[1, 2], 2 * strain[0, 2], 2 * strain[0, 1]]
    stress = matrix @ voigt
    assert np.allclose(stress[[0, 1, 5]], plane_stress(matrix) @ [0.02, -0.01, 0.006])


@pytest.mark.parametrize(
    "matrix", [cubic_stiffness(42, 7, 4), some_stiffness(3)], ids=["cubic", "triclinic"]
)
def test_average_poisson_ratio_agrees_with_pymatgen(matrix: np.ndarray) -> None:
    from pymatgen.analysis.elasticity.elastic import ElasticTensor

    expected = ElasticTensor.from_voigt(matrix).homogeneous_poisson
    assert average_poisson(matrix) == pytest.approx(float(expected))
