"""How many ligands go where: whole numbers, roles, room and spread."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import cKDTree

from heterobuild.errors import UsageError
from heterobuild.ligands.anchors import Anchors
from heterobuild.ligands.bodies import load_ligand
from heterobuild.ligands.sites import choose_ligand_sites, ligand_role


def plane(n=10, *, vacant=0):
    """A flat face: n² sites A, n² sites X between them; the first A sites vacant."""
    corner = np.stack(np.meshgrid(np.arange(n), np.arange(n), [0]), axis=-1).reshape(-1, 3) * 6.0
    m = len(corner)
    atom = np.arange(2 * m)
    atom[:vacant] = -1
    charge = np.repeat([1.0, -1.0], m)
    return Anchors(
        positions=np.concatenate([corner, corner + [3.0, 3.0, 0.0]]),
        normals=np.tile([0.0, 0.0, 1.0], (2 * m, 1)),
        role=np.repeat(["A", "X"], m),
        atom=atom,
        charge=np.where(atom < 0, 0.0, charge),
        exposure=np.full(2 * m, 0.58),
    )


def choose(anchors, fractions, seed=0, **options):
    return choose_ligand_sites(anchors, fractions, rng=np.random.default_rng(seed), **options)


def test_counts_by_largest_remainder_and_right_roles():
    anchors = plane()
    found = choose(anchors, {"OLA": 0.5, "PEA": 0.2, "oleate": 0.3}, count=61)
    # 30.5, 12.2, 18.3: the one left over goes to the largest remainder.
    assert np.bincount(found.kind).tolist() == [31, 12, 18]
    roles = anchors.role[found.site]
    assert roles[found.kind == 2].tolist() == ["X"] * 18
    assert set(roles[found.kind != 2].tolist()) == {"A"}
    assert len(set(found.site.tolist())) == 61
    assert (found.emptied[:, 0] == found.site).all()


def test_full_coverage_of_a_mixture_fills_the_scarcest_role():
    found = choose(plane(), {"OLA": 0.6, "oleate": 0.4}, coverage=1.0)
    assert np.bincount(found.kind).tolist() == [100, 66]
    assert found.coverage == 1.0


def test_ligands_lie_evenly():
    anchors = plane(16)
    found = choose(anchors, {"OLA": 1.0}, coverage=0.25)
    assert len(found.site) == 64
    gaps = cKDTree(anchors.positions[found.site]).query(anchors.positions[found.site], k=2)[0]
    rng = np.random.default_rng(1)
    drawn = anchors.positions[rng.choice(256, 64, replace=False)]
    assert gaps[:, 1].mean() > 1.2 * cKDTree(drawn).query(drawn, k=2)[0][:, 1].mean()
    assert gaps[:, 1].min() > 6.5


def test_the_seed_decides():
    one, same, other = (choose(plane(), {"OLA": 1.0}, seed=s, coverage=0.3) for s in (3, 3, 4))
    assert one.site.tolist() == same.site.tolist() != other.site.tolist()


def test_vacant_sites_only():
    found = choose(plane(vacant=7), {"OLA": 1.0}, coverage=1.0, fill="vacant")
    assert sorted(found.site.tolist()) == list(range(7))
    everywhere = choose(plane(vacant=7), {"OLA": 1.0}, coverage=1.0, fill="any")
    assert len(everywhere.site) == 100
    assert len(choose(plane(vacant=7), {"OLA": 1.0}, coverage=1.0).site) == 93


def test_two_charges_take_two_sites():
    anchors = plane()
    found = choose(anchors, {"4AMP": 1.0}, coverage=1.0)
    assert len(found.site) == 50
    assert sorted(found.emptied.ravel().tolist()) == list(range(100))
    gap = np.diff(anchors.positions[found.emptied], axis=1)[:, 0]
    assert np.median(np.linalg.norm(gap, axis=1)) == pytest.approx(6.0)


def test_neutral_ligands_replace_nothing_and_share_the_sites():
    found = choose(plane(), {"ODAP": 0.5, "OLA": 0.5}, coverage=1.0)
    assert len(set(found.site.tolist())) == 100
    assert (found.emptied[found.kind == 0] == -1).all()
    assert (found.emptied[found.kind == 1] >= 0).all()
    assert ligand_role(load_ligand("ODAP")) == "over A"


def test_too_many_are_refused_with_the_room_there_is():
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
def test_nonsense_is_refused(fractions, options):
    with pytest.raises(UsageError):
        choose(plane(), fractions, **options)
