"""The search slice by slice against one search over all, at a size that is really cut."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.validation.pair_search import SLICE, find_pairs


@pytest.mark.parametrize("pbc", [(True, True, True), (False, True, False)])
def test_slices_agree_with_a_k_d_tree(pbc):
    """The box is orthogonal, so that scipy's periodic tree can count."""
    from scipy.spatial import cKDTree

    rng = np.random.default_rng(1)
    box = np.array([31.0, 27.0, 140.0])
    points = rng.random((4000, 3)) * box
    cell = np.diag(box)
    whole = find_pairs(points, cell, np.array(pbc), 4.5)
    cut = find_pairs(points, cell, np.array(pbc), 4.5, most=300)
    sizes = np.where(pbc, box, 1000.0)
    tree = cKDTree(points, boxsize=sizes)
    expected = {tuple(pair) for pair in tree.query_pairs(4.5)}
    for i, j, distance in (whole, cut):
        assert {
            (min(a, b), max(a, b)) for a, b in zip(i.tolist(), j.tolist(), strict=True)
        } == expected
        assert len(i) == len(expected)
        apart = points[i] - points[j]
        apart -= np.rint(apart / sizes) * np.where(pbc, sizes, 0)
        assert distance == pytest.approx(np.linalg.norm(apart, axis=1))


def test_large_structures_are_cut():
    """A sparse lattice with one pair inside, one across the border, and empty slices between."""
    axes = [np.arange(60) * 10.0] * 2 + [np.arange(-(-SLICE // 3600)) * 10.0]
    lattice = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 3)
    cell = np.diag([600.0, 600.0, 2000.0])
    extra = np.array([[0, 0, 1995.0], [303.0, 304.0, 300.0]])
    points = np.concatenate([lattice, extra])
    assert len(points) > SLICE
    i, j, distance = find_pairs(points, cell, np.array([False, False, True]), 5.5)
    n = len(lattice)
    here = np.flatnonzero(np.linalg.norm(lattice - [300, 300, 300], axis=1) < 1)[0]
    found = {tuple(sorted(pair)) for pair in zip(i.tolist(), j.tolist(), strict=True)}
    assert found == {(0, n), (int(here), n + 1)}
    assert distance.tolist() == pytest.approx([5.0, 5.0])


@pytest.mark.parametrize("pbc", [(False, False, False), (True, True, False), (True, True, True)])
@pytest.mark.parametrize("sizes", [(2e4, 2e4, 5.0), (4.0, 1e6, 4.6), (1e7, 1e7, 1e7)])
def test_flat_long_and_scattered_structures(pbc, sizes):
    """Each atom has one neighbour 3 Å away, perhaps across the border, and no other."""
    rng = np.random.default_rng(4)
    far = np.sort(rng.permutation(1000)) * [[sizes[1] / 1000]]
    middle = np.column_stack([far[0] * (sizes[0] / sizes[1]) + 1.0, far[0], np.full(1000, 1.0)])
    points = np.concatenate([middle, middle + [0, 3.0, 0]])
    i, j, distance = find_pairs(points, np.diag(sizes), np.array(pbc), 3.9)
    assert {tuple(sorted(p)) for p in zip(i.tolist(), j.tolist(), strict=True)} == {
        (k, k + 1000) for k in range(1000)
    }
    assert len(i) == 1000
    assert distance == pytest.approx(3.0, abs=1e-8)
