import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild.relaxation.cubic_lattice import cubic_lattice, cut_lattice

EDGE = 6.0


def neighbours(lattice, box, reach):
    """Pairs within a distance, found by a tree over all images."""
    shifts = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3) * box
    images = (lattice.positions[:, None] + shifts).reshape(-1, 3)
    found = cKDTree(lattice.positions).query_ball_tree(cKDTree(images), reach)
    rows = [(i, k // 27, *images[k]) for i, near in enumerate(found) for k in near]
    return np.array(rows)


def rows_of(lattice, i, j, vectors):
    return np.column_stack([i, j, lattice.positions[i] + vectors])


def same(first, second):
    return sorted(map(tuple, first.round(6) + 0.0)) == sorted(map(tuple, second.round(6) + 0.0))


def test_bonds_are_those_that_a_search_finds():
    shape = (3, 4, 3)
    lattice = cubic_lattice(shape, EDGE)
    kind = np.arange(len(lattice.positions)) % 5
    near = neighbours(lattice, np.array(shape) * EDGE, EDGE * 0.72)
    first, second = kind[near[:, 0].astype(int)], kind[near[:, 1].astype(int)]
    length = np.linalg.norm(near[:, 2:] - lattice.positions[near[:, 0].astype(int)], axis=1)
    bonds = near[(first == 0) & (second >= 2) & (length < 0.6 * EDGE)]
    centres = np.repeat(lattice.centres, 6)
    arms = lattice.arms.reshape(-1, 3)
    assert same(rows_of(lattice, centres, lattice.corners.ravel(), arms), bonds)
    around_a = near[(first == 1) & (second >= 2)]
    assert same(rows_of(lattice, *lattice.cavity_bonds), around_a)


def test_a_cut_keeps_bonds_inside_and_no_image():
    lattice = cubic_lattice((4, 4, 4), EDGE)
    rng = np.random.default_rng(3)
    piece = cut_lattice(lattice, rng.random(len(lattice.positions)) < 0.8)
    b, c = np.nonzero(piece.corners >= 0)
    ends = piece.positions[piece.centres[b]] + piece.arms[b, c]
    assert ends == pytest.approx(piece.positions[piece.corners[b, c]])
    a, x, vectors = piece.cavity_bonds
    assert piece.positions[a] + vectors == pytest.approx(piece.positions[x])
    distance = cKDTree(piece.positions).sparse_distance_matrix(
        cKDTree(piece.positions[piece.centres]), 0.6 * EDGE, output_type="ndarray"
    )
    assert (distance["v"] > 0.1).sum() == len(b)
