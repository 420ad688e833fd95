"""The search on made-up tasks with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from heterobuild.errors import NothingFitsError
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys
from heterobuild.ligands.poses import PoseGrid
from heterobuild.ligands.search import place_ligands
from heterobuild.ligands.task import Task


def task(origins, name="OLA", obstacles=None, grid=None):
    """Ligands on a bare plane z = 0, obstacles as bromide."""
    body = as_ligand(load_ligand(name))
    obstacles = np.array([[0.0, 0.0, -50.0]]) if obstacles is None else obstacles
    keys = np.tile([35, 0, 0, 1], (len(obstacles), 1))
    table, (theirs, mine) = all_sorts([keys, body_keys(body)])
    origins = np.asarray(origins, dtype=float)
    return Task(
        bodies=(body,),
        sorts=(mine,),
        kind=np.zeros(len(origins), dtype=np.int64),
        origins=origins,
        normals=np.tile([0.0, 0.0, 1.0], (len(origins), 1)),
        obstacles=obstacles,
        obstacle_sorts=theirs,
        table=table,
        shifts=np.zeros((1, 3)),
        grid=grid or PoseGrid(),
        coverage=1.0,
    )


def place(asked, seed=0, **options):
    return place_ligands(asked, rng=np.random.default_rng(seed), **options)


def test_neighbours_on_a_lattice_stand_alike():
    lattice = np.stack(np.meshgrid(np.arange(5), np.arange(5), [0]), axis=-1).reshape(-1, 3) * 5.9
    asked = task(lattice)
    found = place(asked)
    assert found.moved == 0
    bodies = np.array(found.points) - lattice[:, None]
    assert np.abs(bodies - bodies[0]).max() < 1e-9
    assert (found.tilt == 0).all()
    assert (found.lift == 0).all()


def test_an_obstacle_lifts_the_head():
    # A bromide 2 Å above the site of a small cation: N must keep 0.88 of the sum from it.
    asked = task([[0.0, 0.0, 0.0]], name="MA", obstacles=np.array([[0.0, 0.0, -1.0]]))
    found = place(asked)
    gap = cdist(found.points[0], asked.obstacles)[:, 0]
    nitrogen = asked.bodies[0].molecule.numbers == 7
    assert found.lift[0] > 0
    assert gap[nitrogen].min() >= 0.88 * (1.66 + 1.86)


def test_a_blocked_site_is_told():
    cage = np.random.default_rng(1).normal(size=(400, 3))
    cage *= np.linspace(1.0, 9.0, 400)[:, None] / np.linalg.norm(cage, axis=1)[:, None]
    with pytest.raises(NothingFitsError, match="particle is in the way") as caught:
        place(task([[0.0, 0.0, 0.0], [60.0, 0.0, 0.0]], obstacles=cage))
    assert "1 of 2 placed, coverage 0.50 of 1.00" in str(caught.value)


def test_too_dense_a_lattice_is_told():
    # 9 Å² a ligand, half the cross-section of an all-trans chain.
    lattice = np.stack(np.meshgrid(np.arange(4), np.arange(4), [0]), axis=-1).reshape(-1, 3) * 3.0
    with pytest.raises(NothingFitsError, match="of 16 placed"):
        place(task(lattice, name="OA"))


def test_progress_ends_with_all():
    seen = []
    place(task([[0.0, 0.0, 0.0], [30.0, 0.0, 0.0]]), tick=seen.append)
    assert seen == [1, 2]
