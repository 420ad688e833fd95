from __future__ import annotations

from itertools import product
from math import gcd

import numpy as np
import pytest

from heterobuild.geometry.lattice_plane import (
    coset_points,
    hermite,
    lattice_basis,
    plane_basis,
    reduce_plane,
)

COPRIME = [hkl for hkl in product(range(-5, 6), repeat=3) if gcd(*hkl) == 1]


def test_basis_of_every_plane_up_to_five() -> None:
    for hkl in COPRIME:
        basis = plane_basis(hkl)
        assert (basis @ hkl).tolist() == [0, 0, 1], hkl
        assert round(float(np.linalg.det(basis))) == 1, hkl


@pytest.mark.parametrize("hkl", [(0, 0, 0), (2, 0, 4), (0, 0, 2)])
def test_normals_with_a_common_factor_are_refused(hkl: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="coprime"):
        plane_basis(hkl)


@pytest.mark.parametrize(
    ("centrings", "vectors"),
    [
        ([[0, 0, 0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        ([[0, 0, 0], [0.5, 0.5, 0.5]], [[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]]),
        (
            [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
            [[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
        ),
        (
            [[0, 0, 0], [2 / 3, 1 / 3, 1 / 3], [1 / 3, 2 / 3, 2 / 3]],
            [[2 / 3, 1 / 3, 1 / 3], [-1 / 3, 1 / 3, 1 / 3], [-1 / 3, -2 / 3, 1 / 3]],
        ),
    ],
    ids=["P", "I", "F", "R"],
)
def test_centred_lattices_are_those_of_the_international_tables(
    centrings: list[list[float]], vectors: list[list[float]]
) -> None:
    basis = lattice_basis(np.array(centrings))
    change = np.array(vectors) @ np.linalg.inv(basis)
    assert np.allclose(change, np.rint(change), atol=1e-9)
    assert abs(np.linalg.det(change)) == pytest.approx(1)
    assert np.linalg.det(basis) == pytest.approx(1 / len(centrings))


def test_hermite_form_spans_the_same_lattice() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        rows = rng.integers(-9, 10, size=(3, 3))
        determinant = round(float(np.linalg.det(rows)))
        if determinant == 0:
            continue
        form = hermite(rows)
        change = form @ np.linalg.inv(rows)
        assert np.allclose(change, np.rint(change), atol=1e-6)
        assert round(float(np.linalg.det(form))) == abs(determinant)
        assert np.array_equal(form, np.triu(form))


def test_hermite_form_does_not_depend_on_the_generators() -> None:
    rows = np.array([[2, 1, 0], [0, 3, 1], [1, 0, 4]])
    mixed = np.array([[1, 1, 0], [0, 1, 2], [1, 1, 1]]) @ rows
    assert hermite(rows).tolist() == hermite(mixed).tolist()


@pytest.mark.parametrize("matrix", [[[1, 0], [0, 1]], [[3, 1], [-2, 4]], [[0, 5], [-2, 0]]])
def test_coset_points_are_all_different(matrix: list[list[int]]) -> None:
    points = coset_points(np.array(matrix))
    size = abs(round(float(np.linalg.det(matrix))))
    inside = np.mod(points @ np.linalg.inv(matrix) + 1e-9, 1)
    assert len(points) == len(np.unique(inside.round(6), axis=0)) == size


def test_reduced_basis_is_proper_and_not_acute() -> None:
    cell = np.array([[7.0, 1.0], [12.0, 9.0]])
    change = reduce_plane(cell)
    first, second = change @ cell
    assert round(float(np.linalg.det(change))) == 1
    assert np.linalg.norm(first) <= np.linalg.norm(second)
    assert abs(first @ second) <= first @ first / 2 + 1e-9
