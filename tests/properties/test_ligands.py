"""Ligands on any small plane of sites: whole numbers, sites once, no collision, seed decides."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from heterobuild.ligands.anchors import Anchors, surface_normals
from heterobuild.ligands.bodies import as_ligand, load_ligand
from heterobuild.ligands.contacts import all_sorts, body_keys
from heterobuild.ligands.poses import PoseGrid
from heterobuild.ligands.search import place_ligands
from heterobuild.ligands.sites import choose_ligand_sites
from heterobuild.ligands.task import Task


def plane(n, spacing):
    corner = np.stack(np.meshgrid(np.arange(n), np.arange(n), [0]), axis=-1).reshape(-1, 3)
    m = 2 * len(corner)
    return Anchors(
        positions=np.concatenate([corner * spacing, (corner + [0.5, 0.5, 0.0]) * spacing]),
        normals=np.tile([0.0, 0.0, 1.0], (m, 1)),
        role=np.repeat(["A", "X"], m // 2),
        atom=np.arange(m),
        charge=np.repeat([1.0, -1.0], m // 2),
        exposure=np.full(m, 0.58),
    )


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(2, 8),
    share=st.floats(0.0, 1.0),
    coverage=st.floats(0.0, 1.0),
    seed=st.integers(0, 99),
)
def test_counts_and_sites(n, share, coverage, seed):
    anchors = plane(n, 6.0)
    fractions = {"PEA": share, "oleate": 1.0 - share}
    rng = np.random.default_rng(seed)
    found = choose_ligand_sites(anchors, fractions, coverage=coverage, rng=rng)
    total = len(found.site)
    assert len(set(found.site.tolist())) == total
    counts = np.bincount(found.kind, minlength=2)
    assert np.abs(counts - total * np.array([share, 1.0 - share])).max() < 1.0
    assert total <= n * n / max(share, 1.0 - share) + 1e-6
    assert (anchors.role[found.site] == np.where(found.kind == 0, "A", "X")).all()
    assert found.coverage <= 1.0


@settings(max_examples=20, deadline=None)
@given(turn=st.integers(0, 2**32 - 1), scale=st.floats(4.0, 8.0))
def test_normals_turn_with_the_particle(turn, scale):
    from scipy.spatial.transform import Rotation

    rotation = Rotation.random(random_state=np.random.RandomState(turn)).as_matrix()
    b = np.stack(np.meshgrid(*[np.arange(3)] * 3, indexing="ij"), axis=-1).reshape(-1, 3) * scale
    points = np.array([[-0.5, -0.5, -0.5], [0.5, 0.5, -0.5], [0.5, -0.5, -0.5]]) * scale
    normals, exposure = surface_normals(points, b)
    turned, same = surface_normals(points @ rotation, b @ rotation)
    assert np.abs(turned - normals @ rotation).max() < 1e-9
    assert np.abs(exposure - same).max() < 1e-9


@settings(max_examples=10, deadline=None)
@given(
    name=st.sampled_from(["OLA", "PEA", "IPA", "BrDMA", "TMPA"]),
    seed=st.integers(0, 99),
    count=st.integers(1, 8),
)
def test_placed_ligands_never_collide(name, seed, count):
    rng = np.random.default_rng(seed)
    body = as_ligand(load_ligand(name))
    table, (far, mine) = all_sorts([np.array([[35, 0, 0, 1]]), body_keys(body)])
    cells = rng.permutation(16)[:count]
    origins = np.column_stack([cells % 4, cells // 4, np.zeros(count)]) * 7.0
    task = Task(
        bodies=(body,),
        sorts=(mine,),
        kind=np.zeros(count, dtype=np.int64),
        origins=origins,
        normals=np.tile([0.0, 0.0, 1.0], (count, 1)),
        obstacles=np.array([[0.0, 0.0, -60.0]]),
        obstacle_sorts=far,
        table=table,
        shifts=np.zeros((1, 3)),
        grid=PoseGrid(),
        coverage=1.0,
    )
    first, again = (place_ligands(task, rng=np.random.default_rng(seed)) for _ in range(2))
    floors = table.floors[mine][:, mine] - 1e-9
    for i in range(count):
        assert (first.points[i] == again.points[i]).all()
        for j in range(i):
            assert (cdist(first.points[i], first.points[j]) >= floors).all()
