from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.bonds import (
    connect,
    find_bonds,
    graph_colours,
    handedness,
    molecule_keys,
)

BENZENE = np.array(
    [[1.39 * np.cos(a), 1.39 * np.sin(a), 0.0] for a in np.arange(6) * np.pi / 3]
    + [[2.48 * np.cos(a), 2.48 * np.sin(a), 0.0] for a in np.arange(6) * np.pi / 3]
)
BENZENE_NUMBERS = np.array([6] * 6 + [1] * 6)


def test_bonds_of_benzene():
    pairs, shifts = find_bonds(BENZENE_NUMBERS, BENZENE)
    ring = {(i, (i + 1) % 6) if i < 5 else (0, 5) for i in range(6)}
    spokes = {(i, i + 6) for i in range(6)}
    assert {tuple(pair) for pair in pairs.tolist()} == ring | spokes
    assert not shifts.any()


@pytest.mark.parametrize(
    ("numbers", "distance", "bonded"),
    [
        ((6, 7), 1.49, True),
        ((1, 53), 2.4, False),
        ((53, 53), 2.9, False),
        ((17, 17), 2.0, False),
        ((1, 17), 1.3, False),
        ((82, 53), 3.1, False),
        ((55, 6), 2.0, False),
        ((6, 35), 1.90, True),
        ((1, 1), 0.7, False),
        ((1, 8), 1.6, False),
    ],
)
def test_which_pairs_bond(numbers, distance, bonded):
    pairs, _ = find_bonds(np.array(numbers), np.array([[0, 0, 0], [distance, 0, 0]]))
    assert bool(len(pairs)) is bonded


def test_bond_across_a_boundary_has_its_translation():
    positions = np.array([[0.2, 5.0, 5.0], [9.2, 5.0, 5.0]])
    cell = 10.0 * np.eye(3)
    pairs, shifts = find_bonds(np.array([6, 6]), positions, cell, (True, False, False))
    assert pairs.tolist() == [[0, 1]]
    vector = positions[1] + shifts[0] @ cell - positions[0]
    assert vector == pytest.approx([-1.0, 0, 0])
    assert not len(find_bonds(np.array([6, 6]), positions, cell, (False, True, True))[0])


def test_no_atoms_and_no_bonds():
    assert find_bonds(np.zeros(0, dtype=int), np.zeros((0, 3)))[0].shape == (0, 2)
    assert find_bonds(np.array([55, 35]), np.array([[0, 0, 0], [1.0, 0, 0]]))[0].shape == (0, 2)


def test_connect_finds_fragments_in_order_of_first_atoms():
    bonds = np.array([[4, 1], [0, 3]])
    fragment, offsets = connect(5, bonds, np.array([[1, 0, 0], [0, 2, 0]]))
    assert fragment.tolist() == [0, 1, 2, 0, 1]
    assert offsets.tolist() == [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 2, 0], [-1, 0, 0]]


def test_connect_follows_a_long_chain():
    n = 1000
    order = np.random.default_rng(3).permutation(np.arange(1, n))
    chain = np.concatenate([[0], order])
    bonds = np.stack([chain[:-1], chain[1:]], axis=1)
    fragment, offsets = connect(n, bonds, np.tile([0, 0, 1], (n - 1, 1)))
    assert not fragment.any()
    assert offsets[chain, 2].tolist() == list(range(n))


def test_colours_group_equivalent_atoms_only():
    bonds, _ = find_bonds(BENZENE_NUMBERS, BENZENE)
    colours = graph_colours(BENZENE_NUMBERS, bonds)
    assert len(set(colours[:6])) == len(set(colours[6:])) == 1
    assert colours[0] != colours[6]


def test_colours_do_not_depend_on_the_order():
    bonds, _ = find_bonds(BENZENE_NUMBERS, BENZENE)
    order = np.random.default_rng(1).permutation(12)
    other, _ = find_bonds(BENZENE_NUMBERS[order], BENZENE[order])
    shuffled = graph_colours(BENZENE_NUMBERS[order], other)
    assert (shuffled == graph_colours(BENZENE_NUMBERS, bonds)[order]).all()


TETRAHEDRON = np.array([[0, 0, 0], [1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1.0]])
STAR = np.array([[0, 1], [0, 2], [0, 3], [0, 4]])


def test_hand_changes_with_the_mirror_and_with_an_exchange():
    numbers = np.array([6, 1, 9, 17, 35])
    colours = graph_colours(numbers, STAR)
    hand = handedness(TETRAHEDRON, STAR, colours)
    assert abs(hand[0]) == 1
    assert not hand[1:].any()
    assert handedness(TETRAHEDRON * [1, 1, -1], STAR, colours)[0] == -hand[0]
    assert handedness(TETRAHEDRON[[0, 2, 1, 3, 4]], STAR, colours)[0] == -hand[0]
    assert handedness(TETRAHEDRON[[0, 2, 3, 1, 4]], STAR, colours)[0] == hand[0]


def test_two_equal_neighbours_are_no_stereo_centre():
    numbers = np.array([6, 1, 1, 17, 35])
    assert not handedness(TETRAHEDRON, STAR, graph_colours(numbers, STAR)).any()


def test_keys_tell_graphs_and_hands_apart():
    numbers = np.tile([6, 1, 9, 17, 35], 3)
    positions = np.concatenate([TETRAHEDRON, TETRAHEDRON * [1, 1, -1] + 10, TETRAHEDRON + 20])
    bonds = np.concatenate([STAR, STAR + 5, STAR + 10])
    colours = graph_colours(numbers, bonds)
    ids = np.repeat([1, 2, 3], 5)
    graph, hand = molecule_keys(colours, handedness(positions, bonds, colours), ids)
    assert graph[0] == graph[1] == graph[2]
    assert hand[0] == hand[2] != hand[1]
