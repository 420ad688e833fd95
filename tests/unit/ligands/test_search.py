"""The search on made-up tasks with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from heterobuild.errors import NothingFitsError
from heterobuild.ligands.search import place_ligands

FAR = np.array([[0.0, 0.0, -50.0]])


def place(asked, seed=0, **options):
    return place_ligands(asked, rng=np.random.default_rng(seed), **options)


def test_neighbours_on_a_lattice_stand_alike(task):
    lattice = np.stack(np.meshgrid(np.arange(5), np.arange(5), [0]), axis=-1).reshape(-1, 3) * 5.9
    asked = task(lattice, obstacles=FAR)
    found = place(asked)
    assert found.moved == 0
    bodies = np.array(found.points) - lattice[:, None]
    assert np.abs(bodies - bodies[0]).max() < 1e-9
    assert (found.tilt == 0).all()
    assert (found.lift == 0).all()


def test_an_obstacle_lifts_the_head(task):
    # A bromide 2 Å above the site of a small cation: N must keep 0.88 of the sum from it.
    asked = task([[0.0, 0.0, 0.0]], name="MA", obstacles=np.array([[0.0, 0.0, -1.0]]))
    found = place(asked)
    gap = cdist(found.points[0], asked.obstacles)[:, 0]
    nitrogen = asked.bodies[0].molecule.numbers == 7
    assert found.lift[0] > 0
    assert gap[nitrogen].min() >= 0.88 * (1.66 + 1.86)


def test_a_blocked_site_is_told(task):
    cage = np.random.default_rng(1).normal(size=(400, 3))
    cage *= np.linspace(1.0, 9.0, 400)[:, None] / np.linalg.norm(cage, axis=1)[:, None]
    with pytest.raises(NothingFitsError, match="particle is in the way") as caught:
        place(task([[0.0, 0.0, 0.0], [60.0, 0.0, 0.0]], obstacles=cage))
    assert "1 of 2 placed, coverage 0.50 of 1.00" in str(caught.value)


def test_too_dense_a_lattice_is_told(task):
    # 9 Å² a ligand, half the cross-section of an all-trans chain.
    lattice = np.stack(np.meshgrid(np.arange(4), np.arange(4), [0]), axis=-1).reshape(-1, 3) * 3.0
    with pytest.raises(NothingFitsError, match="of 16 placed"):
        place(task(lattice, name="OA", obstacles=FAR))


def test_progress_ends_with_all(task):
    seen = []
    place(task([[0.0, 0.0, 0.0], [30.0, 0.0, 0.0]], obstacles=FAR), tick=seen.append)
    assert seen == [1, 2]
