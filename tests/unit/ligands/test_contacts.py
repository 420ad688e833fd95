"""Contacts of many poses against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.contacts import (
    MARGIN,
    all_sorts,
    body_keys,
    clashing_owners,
    contact_ratios,
    donors_of_particle,
    near_poses,
    sort_keys,
)

# Van der Waals radii after Alvarez (10.1039/C3DT50599E) in Å.
RADII = np.full(99, np.nan)
RADII[[1, 6, 7, 35]] = 1.20, 1.77, 1.66, 1.86


def ions(numbers):
    n = len(numbers)
    none = np.zeros(n, dtype=bool)
    return sort_keys(np.array(numbers), none, none, np.ones(n, dtype=bool))


def test_limits_of_sorts():
    body = as_ligand(load_ligand("PEA"))
    table, (halide, mine) = all_sorts([ions([35]), body_keys(body)])
    limit = table.floors[halide[0]][mine] / (1 + MARGIN)
    bromide = RADII[35]
    numbers = body.molecule.numbers
    head = body.head
    expected = 0.8 * (bromide + RADII[numbers])
    expected[head] *= 0.88 / 0.8
    expected[body.donor] *= 0.7 / 0.8
    assert limit == pytest.approx(expected)


def test_clashes_are_those_of_brute_force():
    rng = np.random.default_rng(5)
    body = as_ligand(load_ligand("PEA"))
    others = rng.uniform(-9, 9, (60, 3))
    owner = np.sort(rng.integers(0, 7, 60))
    table, (theirs, mine) = all_sorts([ions([35] * 30 + [55] * 30), body_keys(body)])
    poses = body.body + rng.uniform(-6, 6, (40, 1, 3))
    found = clashing_owners(poses, mine, (others, theirs, owner), table.floors, 7)
    gaps = np.linalg.norm(poses[:, :, None] - others[None, None], axis=-1)
    near = (gaps < table.floors[mine][:, theirs]).any(axis=1)
    expected = np.array([[row[owner == k].any() for k in range(7)] for row in near])
    assert 0.1 < expected.mean() < 0.9
    assert (found == expected).all()


def test_points_left_out_touch_nothing():
    rng = np.random.default_rng(6)
    body = as_ligand(load_ligand("OLA"))
    poses = body.body + rng.uniform(-2, 2, (5, 1, 3))
    points = rng.uniform(-30, 30, (3000, 3))
    kept = near_poses(poses, body.heavy, points, 3.0)
    gaps = np.linalg.norm(poses[:, :, None] - points[None, None], axis=-1).min(axis=(0, 1))
    assert kept[gaps < 3.0].all()
    assert not kept[gaps > 6.0].any()


def test_smallest_ratios():
    places = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [3.3, 0.0, 0.0], [0.0, 3.0, 0.0]])
    numbers = np.array([7, 1, 35, 6])
    donor = np.array([False, True, False, False])
    unit = np.array([0, 0, 1, 2])
    everything = (places, numbers, unit, donor)
    plain, bridge = contact_ratios(everything, everything)
    assert bridge == pytest.approx(2.3 / (RADII[1] + RADII[35]))
    assert plain == pytest.approx(3.0 / (RADII[7] + RADII[6]))


def test_donors_in_a_particle():
    molecule = load_ligand("MA")
    numbers = np.concatenate([[55], molecule.numbers])
    positions = np.concatenate([[[9.0, 0.0, 0.0]], molecule.positions])
    ids = np.array([0] + [1] * len(molecule.numbers))
    assert donors_of_particle(numbers, positions, ids).sum() == 3
    assert not donors_of_particle(numbers[:1], positions[:1], ids[:1]).any()
