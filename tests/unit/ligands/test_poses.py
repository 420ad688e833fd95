"""Rotations of ligands, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.ligands.poses import (
    PoseGrid,
    frames,
    grid_of_turns,
    lifts_of,
    shortest_turns,
    small_turns,
)


def unit_vectors(n, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, 3))
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


def test_shortest_turns_turn_by_the_angle_between():
    start, end = unit_vectors(50), unit_vectors(50, 1)
    end[0], end[1] = -start[0], start[1]
    turns = shortest_turns(start, end)
    assert np.einsum("ki,kij->kj", start, turns) == pytest.approx(end, abs=1e-9)
    assert np.linalg.det(turns) == pytest.approx(np.ones(50))
    angle = np.arccos(np.clip(np.sum(start * end, axis=1), -1, 1))
    assert Rotation.from_matrix(turns).magnitude() == pytest.approx(angle, abs=1e-6)


def test_frames_have_the_normal_as_z():
    normals = np.concatenate([unit_vectors(9), [[0.0, 0.0, -1.0], [0.0, 0.0, 1.0]]])
    found = frames(normals)
    assert found[:, 2] == pytest.approx(normals)
    assert found @ found.transpose(0, 2, 1) == pytest.approx(np.tile(np.eye(3), (11, 1, 1)))


def test_the_grid_holds_the_tilts_it_says():
    turns, tilts = grid_of_turns((0.0, 20.0, 35.0), PoseGrid(), (0.3, 0.7))
    lean = np.degrees(np.arccos(np.clip(turns[:, 2, 2], -1, 1)))
    assert lean == pytest.approx(tilts, abs=1e-5)
    assert len(np.unique(turns.round(6).reshape(-1, 9), axis=0)) == len(turns) == 12 * 13


def test_small_turns_are_small():
    angles = np.degrees(Rotation.from_matrix(small_turns(15.0, 10.0)).magnitude())
    assert angles.min() == pytest.approx(0.0, abs=1e-6)
    assert angles.max() < 20.0
    assert len(angles) == 15


def test_only_anions_begin_below_their_site():
    assert lifts_of(1.0, 0.2)[0] == 0.0
    assert lifts_of(-1.0, 0.2)[0] < 0.0 < lifts_of(0.0, 0.2)[0]
