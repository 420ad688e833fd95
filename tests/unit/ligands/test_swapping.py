"""One molecule in the place of another: how the old one is turned, who makes way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from heterobuild.architectures.particle import carve_particle
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.candidates import find_candidates
from heterobuild.ligands.swapping import begin_swaps, old_turns, swap


@pytest.fixture(scope="module")
def covered():
    """Return a cube with PEA on most of its sites."""
    return carve_particle("CsPbBr3_cubic", octahedra=2, ligands={"PEA": 1.0}, coverage=0.8)


def test_old_turns_bring_the_library_molecule_to_its_place(covered):
    sites = find_candidates(covered, "PEA", None)
    turns = old_turns(covered.atoms, sites)
    assert np.linalg.det(turns) == pytest.approx(np.ones(len(turns)))
    body = as_ligand(sites.molecule).body
    for turn, head, row in zip(turns, sites.heads, sites.atoms, strict=True):
        assert body @ turn + head == pytest.approx(covered.atoms.positions[row], abs=1e-6)


@pytest.mark.parametrize("name", ["BrPEA", "R-MBA"])
def test_a_swap_keeps_the_head_and_touches_nothing(covered, name):
    sites = find_candidates(covered, "PEA", None)
    task, state = begin_swaps(covered.atoms, (load_ligand(name),), sites)
    rng = np.random.default_rng(0)
    swapped = [k for k in range(len(sites.atoms)) if swap(task, state, k, 0, rng)]
    assert len(swapped) > len(sites.atoms) / 2
    assert np.flatnonzero(task.kind == 0).tolist() == swapped
    floors = task.table.floors
    for k in swapped:
        points = state.points[k]
        body = task.bodies[0]
        step = points[body.head].mean(axis=0) - sites.heads[k]
        assert np.linalg.norm(step) <= 0.6 + 1e-6
        volume = [np.linalg.det(p[[1, 2, 3]] - p[0]) for p in (points, body.molecule.positions)]
        assert volume[0] == pytest.approx(volume[1], abs=1e-6)
        far = cdist(points, task.obstacles) >= floors[task.sorts[0]][:, task.obstacle_sorts] - 1e-9
        assert far.all()
        for j in range(len(sites.atoms)):
            if j != k:
                limit = floors[task.sorts[0]][:, task.sorts[task.kind[j]]]
                assert (cdist(points, state.points[j]) >= limit - 1e-9).all()


def test_a_failed_swap_leaves_everything_as_it_was(covered):
    sites = find_candidates(covered, "PEA", None)
    task, state = begin_swaps(covered.atoms, (load_ligand("BrPEA"),), sites)
    wall = sites.heads[0] + 1.5 * sites.normals[0]
    obstacles = np.concatenate([task.obstacles, wall[None]])
    task = replace(task, obstacles=obstacles, obstacle_sorts=np.append(task.obstacle_sorts, 0))
    state.tree = cKDTree(obstacles)
    before = [points.copy() for points in state.points]
    assert not swap(task, state, 0, 0, np.random.default_rng(0))
    assert (task.kind == 1).all()
    for points, old in zip(state.points, before, strict=True):
        assert (points == old).all()
