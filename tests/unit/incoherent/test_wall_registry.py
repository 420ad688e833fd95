"""The registry search against the one place that is known to fit."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from heterobuild.incoherent import wall_registry
from heterobuild.incoherent.trial_places import primitive_steps
from heterobuild.incoherent.wall_registry import best_shift, shortest


def search(host, guest, point):
    framework, rotation = host.draft.sites.block.framework, host.draft.rotation
    return best_shift(framework, rotation, point, guest, gap=0.0)


def own_octahedra(guest):
    return int((guest.atoms.numbers == 82).sum())


@pytest.mark.parametrize("away", [(0.0, 0.0, 0.0), (0.25, 0.5, 0.75), (0.31, 0.12, 0.44)])
def test_a_piece_of_the_host_finds_its_way_back(isolated_host, own_guest, away):
    guest, centre = own_guest
    rotation = isolated_host.draft.rotation
    steps = primitive_steps(isolated_host.draft.crystals[0]) @ rotation
    found = search(isolated_host, guest, centre + np.array(away) @ steps)
    assert found.taken == own_octahedra(guest)
    if any(away):
        assert found.unshifted > found.taken
    left = shortest((found.shift + np.array(away) @ steps)[None], steps)[0]
    assert np.linalg.norm(left) < 1.0
    exact = search(isolated_host, guest, centre)
    np.testing.assert_allclose(exact.shift, 0, atol=1e-9)
    assert exact.void[1] < 3.5
    assert exact.void[0] == 0
    assert found.most > 1.5 * found.taken


def test_the_search_is_no_worse_than_any_coarse_shift(isolated_host, guest):
    found = search(isolated_host, guest, guest.centre)
    again = search(isolated_host, guest, guest.centre)
    assert found.taken <= found.unshifted <= found.most
    assert found.shift.tobytes() == again.shift.tobytes()
    assert found.tried > 60


def test_a_lattice_vector_changes_nothing(isolated_host, guest):
    cell = isolated_host.draft.sites.block.framework.cell @ isolated_host.draft.rotation
    found = search(isolated_host, guest, guest.centre)
    moved = search(isolated_host, guest, guest.centre + cell[0] - 2 * cell[2])
    assert (found.taken, found.unshifted, found.most) == (moved.taken, moved.unshifted, moved.most)
    np.testing.assert_allclose(found.shift, moved.shift, atol=1e-6)


def test_guests_too_large_are_not_searched(isolated_host, guest, monkeypatch):
    monkeypatch.setattr(wall_registry, "MOST_ATOMS", len(guest.atoms) - 1)
    assert search(isolated_host, guest, guest.centre).tried == 0
    monkeypatch.undo()
    monkeypatch.setattr(wall_registry, "WORK", 10)
    assert search(isolated_host, guest, guest.centre).tried == 0


def test_shortest_vectors_by_brute_force():
    rng = np.random.default_rng(8)
    steps = np.array([[9.8, 0, 0], [-4.0, 8.9, 0], [-4.1, -4.0, 8.0]])
    shifts = rng.uniform(-30, 30, (50, 3))
    around = np.array(list(product(range(-8, 9), repeat=3))) @ steps
    least = np.linalg.norm(shifts[:, None] + around[None], axis=2).min(axis=1)
    found = shortest(shifts, steps)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), least, atol=1e-6)
    whole = (found - shifts) @ np.linalg.inv(steps)
    np.testing.assert_allclose(whole, np.rint(whole), atol=1e-9)
