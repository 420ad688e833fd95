import numpy as np
import pytest

from heterobuild.geometry.lattice_plane import hermite, reduce_plane
from heterobuild.matching.superlattices import hermite_table, lattice_points

OBLIQUE = np.array([[5.1, 0.0], [1.7, 6.3]])
HEXAGONAL = 4.1 * np.array([[1, 0], [-0.5, np.sqrt(3) / 2]])


def test_the_table_holds_each_superlattice_once():
    table = hermite_table(30)
    divisors = [sum(d for d in range(1, n + 1) if n % d == 0) for n in range(1, 31)]
    assert len(table) == sum(divisors)
    assert len(np.unique(table.reshape(-1, 4), axis=0)) == len(table)
    counts = np.linalg.det(table).round().astype(int)
    assert (np.diff(counts) >= 0).all()


@pytest.mark.parametrize("index", range(1, 37))
def test_number_of_superlattices_is_the_sum_of_divisors(index):
    table = hermite_table(36)
    forms = table[np.linalg.det(table).round() == index]
    sigma = sum(divisor for divisor in range(1, index + 1) if index % divisor == 0)
    assert len(forms) == sigma
    assert len({tuple(hermite(form).ravel().tolist()) for form in forms}) == sigma
    assert all(round(float(np.linalg.det(form))) == index for form in forms)


@pytest.mark.parametrize("cell", [OBLIQUE, HEXAGONAL, np.eye(2) * 5])
def test_points_are_reduced_bases_of_the_same_lattices(cell):
    points = lattice_points([cell], 20 * np.linalg.det(cell))
    table = hermite_table(20)
    assert [hermite(m).tolist() for m in points.matrix] == table.tolist()
    assert (np.abs(points.x) <= 0.5 + 1e-6).all()
    assert (np.hypot(points.x, points.y) >= 1 - 1e-6).all()
    for matrix in points.matrix[::17]:
        lengths = np.linalg.norm(matrix @ cell, axis=1)
        shortest = np.linalg.norm(reduce_plane(matrix @ cell) @ matrix @ cell, axis=1)
        np.testing.assert_allclose(lengths, shortest, rtol=1e-8)


def test_sizes_are_half_the_log_of_areas():
    points = lattice_points([OBLIQUE, HEXAGONAL], 200.0)
    cells = np.array([OBLIQUE, HEXAGONAL])[points.surface]
    np.testing.assert_allclose(np.exp(2 * points.size), np.linalg.det(points.matrix @ cells))
    assert np.exp(2 * points.size).max() <= 200.0 * (1 + 1e-8)
