from __future__ import annotations

import numpy as np
import pytest

from heterobuild.geometry.strain import plane_rotation
from heterobuild.screening.wood import cell_on_edges, wood_label

HEXAGON = np.array([[1.0, 0.0], [-0.5, 0.75**0.5]])


# Labels as surface science writes them.
@pytest.mark.parametrize(
    ("supercell", "cell", "label"),
    [
        ([[1, 0], [0, 1]], np.eye(2), "(1 × 1)"),
        ([[2, 0], [0, 2]], np.eye(2), "(2 × 2)"),
        ([[1, 1], [-1, 1]], np.eye(2), "(√2 × √2)R45°"),
        ([[2, 1], [-1, 2]], np.eye(2), "(√5 × √5)R26.6°"),
        ([[2, 1], [-1, 1]], HEXAGON, "(√3 × √3)R30°"),
        ([[3, 1], [-1, 2]], HEXAGON, "(√7 × √7)R19.1°"),
        ([[1, 0], [0, 3]], np.diag([4.0, 5.0]), "(1 × 3)"),
        ([[1, 1], [0, 3]], np.eye(2), "3 cells"),
    ],
)
def test_labels(supercell, cell, label):
    assert wood_label(np.array(supercell), cell) == label


@pytest.mark.parametrize("rebase", [[[1, 1], [0, 1]], [[0, -1], [1, 0]], [[-1, 0], [0, -1]]])
def test_the_label_does_not_depend_on_the_basis(rebase):
    supercell = np.array([[1, 1], [-1, 1]])
    assert wood_label(np.array(rebase) @ supercell, np.eye(2)) == "(√2 × √2)R45°"


@pytest.mark.parametrize("angle", [0.0, 17.0, 133.0])
def test_a_surface_cell_is_found_on_turned_edges(angle):
    edges = np.array([[5.82, 0.0], [0.05, 5.81]])
    wanted = np.array([[1.0, 1.0], [-1.0, 1.0]])
    turn = plane_rotation(angle)[:2, :2]
    found = cell_on_edges(wanted @ edges @ turn, edges)
    assert abs(np.linalg.det(found)) == pytest.approx(2)
    metric = wanted @ edges @ edges.T @ wanted.T
    assert np.allclose(found @ edges @ edges.T @ found.T, metric, atol=0.01)


def test_a_cell_off_the_edges_is_not_named():
    assert cell_on_edges(np.diag([1.3, 1.0]), np.eye(2)) is None
