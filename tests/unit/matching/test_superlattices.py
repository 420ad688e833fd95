import itertools

import numpy as np
import pytest

from heterobuild.geometry.lattice_plane import hermite, reduce_plane
from heterobuild.matching.superlattices import (
    hermite_table,
    lattice_points,
    square_table,
    whole_matrices,
)

OBLIQUE = np.array([[5.1, 0.0], [1.7, 6.3]])
SKEWED = np.array([[3, 2], [4, 3]]) @ OBLIQUE
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


@pytest.mark.parametrize("index", [1, 7, 40])
def test_short_bases_are_of_the_same_superlattices_in_the_same_order(index):
    table = square_table(index)
    matrices = table.rows.T.reshape(-1, 2, 2).astype(np.int64)
    assert [hermite(m).tolist() for m in matrices] == hermite_table(index).tolist()
    cells = np.linalg.det(matrices)
    np.testing.assert_allclose(np.exp(2 * table.size), cells)
    counts = [int((cells < n + 0.5).sum()) for n in range(index + 1)]
    assert table.ends.tolist() == counts
    assert not table.rows.flags.writeable


@pytest.mark.parametrize("cell", [OBLIQUE, HEXAGONAL, np.eye(2) * 5, SKEWED])
def test_points_are_reduced_bases_of_all_superlattices(cell):
    points = lattice_points([cell], 20 * np.linalg.det(cell))
    matrices = whole_matrices(points, [cell])
    found = sorted(hermite(m).tolist() for m in matrices)
    assert found == sorted(hermite_table(20).tolist())
    assert (np.abs(points.tau.real) <= 0.5 + 1e-6).all()
    assert (np.abs(points.tau) >= 1 - 1e-6).all()
    assert (np.where(matrices[:, 0, 0], matrices[:, 0, 0], matrices[:, 0, 1]) > 0).all()
    vectors = (matrices @ cell).view(complex)[..., 0]
    np.testing.assert_allclose((vectors[:, 0] / points.first) ** 2, 1, atol=1e-9)
    np.testing.assert_allclose(vectors[:, 1] / vectors[:, 0], points.tau, atol=1e-9)
    for matrix in matrices[::17]:
        lengths = np.linalg.norm(matrix @ cell, axis=1)
        shortest = np.linalg.norm(reduce_plane(matrix @ cell) @ matrix @ cell, axis=1)
        np.testing.assert_allclose(lengths, shortest, rtol=1e-8)


def test_sizes_are_half_the_log_of_areas():
    points = lattice_points([OBLIQUE, HEXAGONAL], 200.0)
    cells = np.array([OBLIQUE, HEXAGONAL])
    matrices = whole_matrices(points, cells) @ cells[points.surface]
    np.testing.assert_allclose(np.exp(2 * points.size), np.linalg.det(matrices))
    assert np.exp(2 * points.size).max() <= 200.0 * (1 + 1e-8)


def test_ranges_of_areas_make_the_whole():
    whole = lattice_points([OBLIQUE, HEXAGONAL], 900.0)
    edges = [0.0, 31.0, 250.0, 640.0, 900.0]
    parts = [
        lattice_points([OBLIQUE, HEXAGONAL], high, above=low)
        for low, high in itertools.pairwise(edges)
    ]
    for high, part in zip(edges[1:], parts, strict=True):
        assert (np.exp(2 * part.size) <= high * (1 + 1e-8)).all()
    joined = np.concatenate([part.first for part in parts])
    assert sorted(joined.tolist(), key=abs) == sorted(whole.first.tolist(), key=abs)


def test_a_cell_too_large_has_no_superlattices():
    assert len(lattice_points([OBLIQUE], 20.0).tau) == 0
