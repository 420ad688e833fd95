"""How many ligands go where: whole numbers, roles, room and spread."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild.errors import UsageError
from heterobuild.ligands.anchors import Anchors, surface_anchors
from heterobuild.ligands.bodies import load_ligand
from heterobuild.ligands.sites import choose_ligand_sites, ligand_role


def choose(anchors, fractions, seed=0, **options):
    return choose_ligand_sites(anchors, fractions, rng=np.random.default_rng(seed), **options)


def test_counts_by_largest_remainder_and_right_roles(plane):
    anchors = plane()
    found = choose(anchors, {"OLA": 0.5, "PEA": 0.2, "oleate": 0.3}, count=61)
    # 30.5, 12.2, 18.3: the one left over goes to the largest remainder.
    assert np.bincount(found.kind).tolist() == [31, 12, 18]
    roles = anchors.role[found.site]
    assert roles[found.kind == 2].tolist() == ["X"] * 18
    assert set(roles[found.kind != 2].tolist()) == {"A"}
    assert len(set(found.site.tolist())) == 61
    assert (found.emptied[:, 0] == found.site).all()


def test_full_coverage_of_a_mixture_fills_the_scarcest_role(plane):
    found = choose(plane(), {"OLA": 0.6, "oleate": 0.4}, coverage=1.0)
    assert np.bincount(found.kind).tolist() == [100, 66]
    assert found.coverage == 1.0


def test_ligands_lie_evenly(plane):
    anchors = plane(16)
    found = choose(anchors, {"OLA": 1.0}, coverage=0.25)
    assert len(found.site) == 64
    gaps = cKDTree(anchors.positions[found.site]).query(anchors.positions[found.site], k=2)[0]
    rng = np.random.default_rng(1)
    drawn = anchors.positions[rng.choice(256, 64, replace=False)]
    assert gaps[:, 1].mean() > 1.2 * cKDTree(drawn).query(drawn, k=2)[0][:, 1].mean()
    assert gaps[:, 1].min() > 6.5


def test_the_seed_decides(plane):
    one, same, other = (choose(plane(), {"OLA": 1.0}, seed=s, coverage=0.3) for s in (3, 3, 4))
    assert one.site.tolist() == same.site.tolist() != other.site.tolist()


def test_vacant_sites_only(plane):
    found = choose(plane(vacant=7), {"OLA": 1.0}, coverage=1.0, fill="vacant")
    assert sorted(found.site.tolist()) == list(range(7))
    everywhere = choose(plane(vacant=7), {"OLA": 1.0}, coverage=1.0, fill="any")
    assert len(everywhere.site) == 100
    assert len(choose(plane(vacant=7), {"OLA": 1.0}, coverage=1.0).site) == 93


def test_two_charges_take_two_sites(plane):
    anchors = plane()
    found = choose(anchors, {"4AMP": 1.0}, coverage=1.0)
    assert len(found.site) == 50
    assert sorted(found.emptied.ravel().tolist()) == list(range(100))
    gap = np.diff(anchors.positions[found.emptied], axis=1)[:, 0]
    assert np.median(np.linalg.norm(gap, axis=1)) == pytest.approx(6.0)


def test_neutral_ligands_replace_nothing_and_share_the_sites(plane):
    found = choose(plane(), {"ODAP": 0.5, "OLA": 0.5}, coverage=1.0)
    assert len(set(found.site.tolist())) == 100
    assert (found.emptied[found.kind == 0] == -1).all()
    assert (found.emptied[found.kind == 1] >= 0).all()
    assert ligand_role(load_ligand("ODAP")) == "over A"


def test_too_many_are_refused_with_the_room_there_is(plane):
    with pytest.raises(UsageError) as caught:
        choose(plane(), {"OLA": 1.0}, count=130)
    assert "100 A sites" in str(caught.value)
    assert "at most 100 ligands" in str(caught.value)
    assert "1.30" in str(caught.value)


@pytest.mark.parametrize(
    ("fractions", "options"),
    [
        ({"OLA": 0.7}, {"coverage": 0.5}),
        ({}, {"coverage": 0.5}),
        ({"OLA": 1.0}, {"coverage": 1.5}),
        ({"OLA": 1.0}, {"coverage": 0.5, "count": 3}),
        ({"OLA": 1.0}, {}),
        ({"OLA": 1.0}, {"count": -1}),
    ],
)
def test_nonsense_is_refused(fractions, options, plane):
    with pytest.raises(UsageError):
        choose(plane(), fractions, **options)


def test_neutral_ligands_in_pockets_take_every_ion(plane):
    anchors = plane(3)
    mine = np.flatnonzero(anchors.role == "A")
    fields = {name: getattr(anchors, name)[mine] for name in vars(anchors)}
    pockets = Anchors(**fields)
    found = choose(pockets, {"DFPPO": 0.5, "ODAP": 0.5}, count=9, fill="pockets")
    assert found.pockets
    assert sorted(found.site.tolist()) == list(range(9))
    assert (found.emptied[:, 0] == found.site).all()
    assert sorted(np.bincount(found.kind).tolist()) == [4, 5]


@pytest.mark.parametrize(("count", "least"), [(14, 0.0), (25, 1.0)])
def test_zwitterions_on_a_cube_leave_no_dipole(cuboid, count, least):
    anchors = surface_anchors(cuboid((4, 4, 4)))
    found = choose(anchors, {"ODAP": 1.0}, count=count)
    # Dipoles along the normals, each of 4 e·Å; a random draw of 25 leaves about 20.
    assert np.linalg.norm(4.0 * anchors.normals[found.site].sum(axis=0)) <= least + 1e-6


def test_which_of_a_mixture_stands_where_leaves_no_dipole(cuboid):
    anchors = surface_anchors(cuboid((3, 3, 3)))
    found = choose(anchors, {"DFPPO": 0.5, "ODAP": 0.5}, count=20)
    polar = found.site[found.kind == 1]
    assert anchors.normals[polar].sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-6)
