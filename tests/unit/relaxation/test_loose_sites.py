import numpy as np
import pytest

from heterobuild.relaxation.loose_sites import carry_loose_sites
from heterobuild.relaxation.springs import Springs


def springs_between(positions, pairs):
    i, j = np.array(pairs, np.int32).T
    return Springs(
        i=i,
        j=j,
        vector=positions[j] - positions[i],
        stiffness=np.ones(len(i)),
        stretch=np.zeros(len(i)),
    )


def blocks_of(springs, sites):
    blocks = np.zeros((sites, 3, 3))
    for i, j, vector in zip(springs.i, springs.j, springs.vector, strict=True):
        along = np.outer(vector, vector) / (vector @ vector)
        blocks[i] += along
        blocks[j] += along
    return blocks


def test_a_site_goes_along_across_its_springs_only():
    rng = np.random.default_rng(1)
    positions = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0.7]])
    whole = [(a, b) for a in range(4) for b in range(a + 1, 4)]
    tip = [(4, 1), (4, 2)]
    springs = springs_between(positions, whole + tip)
    moves = rng.normal(size=(5, 3))
    carried = carry_loose_sites(springs, blocks_of(springs, 5), moves)
    assert (carried[:4] == moves[:4]).all()
    across = np.cross(positions[1] - positions[4], positions[2] - positions[4])
    across /= np.linalg.norm(across)
    change = carried[4] - moves[4]
    assert np.linalg.norm(np.cross(change, across)) < 1e-12
    assert carried[4] @ across == pytest.approx(moves[1:3].mean(axis=0) @ across)


def test_a_site_without_springs_stays():
    positions = np.array([[0.0, 0, 0], [1, 0, 0], [9, 9, 9]])
    springs = springs_between(positions, [(0, 1)])
    moves = np.arange(9.0).reshape(3, 3)
    carried = carry_loose_sites(springs, blocks_of(springs, 3), moves)
    assert (carried[2] == moves[2]).all()
    assert carried[0, 0] == moves[0, 0]
    assert carried[0, 1:].tolist() == moves[1, 1:].tolist()
