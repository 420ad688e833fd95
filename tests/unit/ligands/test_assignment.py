"""Sites of several groups of ligands, and the ions that leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from heterobuild.ligands.assignment import SiteGroup, assign_sites, emptied_sites
from heterobuild.ligands.bodies import as_ligand, load_ligand


def groups_of(anchors):
    return [
        SiteGroup(kinds=np.array([0]), free=anchors.role == "A", leaves=True),
        SiteGroup(kinds=np.array([1]), free=anchors.role == "X", leaves=True),
    ]


def test_two_groups_keep_apart_from_one_another(plane):
    anchors = plane(8)
    bodies = [as_ligand(load_ligand(name)) for name in ("OLA", "oleate")]
    kind, site = assign_sites(
        anchors,
        bodies,
        np.array([8, 8]),
        groups_of(anchors),
        residual=np.zeros(3),
        directions=np.array([True, True, False]),
        rng=np.random.default_rng(0),
    )
    assert np.bincount(kind).tolist() == [8, 8]
    assert (anchors.role[site] == np.where(kind == 0, "A", "X")).all()
    gap = np.linalg.norm(anchors.positions[site][:, None] - anchors.positions[site], axis=2)
    # Neighbouring sites are 4.2 Å apart; 16 ligands on 48 Å × 48 Å have 12 Å each.
    assert np.sort(gap, axis=1)[:, 1].min() > 8.0


def test_what_leaves_is_each_own_ion_and_no_ion_twice(plane):
    anchors = plane(4)
    site, kind = np.array([0, 5, 17]), np.array([0, 0, 1])
    table = emptied_sites(anchors, groups_of(anchors), kind, site, np.array([2, 1]))
    assert table[:, 0].tolist() == [0, 5, 17]
    assert table[2, 1] == -1
    taken = table[table >= 0]
    assert len(set(taken.tolist())) == 5
    far = np.linalg.norm(anchors.positions[table[:2, 1]] - anchors.positions[site[:2]], axis=1)
    assert far == pytest.approx([6.0, 6.0])


def test_a_surface_without_sites_takes_no_ligand(plane):
    anchors = plane(2)
    none = np.zeros(0, dtype=int)
    columns = ("positions", "normals", "role", "atom", "charge", "exposure")
    bare = replace(anchors, **{key: getattr(anchors, key)[none] for key in columns})
    kind, site = assign_sites(
        bare,
        [as_ligand(load_ligand("oleate"))],
        np.array([0]),
        [SiteGroup(kinds=np.array([0]), free=np.zeros(0, dtype=bool), leaves=True)],
        residual=np.zeros(3),
        directions=None,
        rng=np.random.default_rng(0),
    )
    assert len(kind) == len(site) == 0
