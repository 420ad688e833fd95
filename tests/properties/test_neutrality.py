"""What must hold for any particle surface, charge and seed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.particles.charge_balance import Candidates
from heterobuild.particles.ion_choice import NEARLY_ZERO
from heterobuild.particles.neutrality import neutralise

POLICIES = st.sampled_from(["auto", "remove-A", "add-A", "remove-X", "add-X"])


def surface(seed, *, divalent):
    rng = np.random.default_rng(seed)
    number = int(rng.integers(1, 60))
    cation = rng.random(number) < 0.6
    double = cation & (rng.random(number) < divalent)
    return Candidates(
        points=rng.normal(scale=20, size=(number, 3)),
        charge=np.where(cation, 1.0 + double, -1.0),
        species=np.where(cation, double.astype(int), 2),
        names=("Cs", "Sr", "Br"),
        site=np.where(cation, int(Site.A), int(Site.X)),
        bonds=np.where(cation, rng.integers(1, 9, number), rng.integers(1, 3, number)),
        present=rng.random(number) < 0.5,
    )


def attempt(total, dipole, candidates, policy, seed=0):
    try:
        return neutralise(total, dipole, candidates, policy, seed=seed, where="surface")
    except UsageError:
        return None


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**6), total=st.integers(-15, 15), policy=POLICIES)
def test_the_charge_is_gone_and_every_ion_is_in_the_ledger(seed, total, policy):
    ions = surface(seed, divalent=0.2)
    dipole = np.random.default_rng(seed).normal(size=3) * 30
    found = attempt(float(total), dipole, ions, policy)
    if found is None:
        return
    removed, added = found.removed, found.added
    assert total - ions.charge[removed].sum() + ions.charge[added].sum() == 0 == found.charge_left
    assert ions.present[removed].all()
    assert not ions.present[added].any()
    assert (ions.bonds < ions.bonds_inside)[removed].all()
    assert sum(entry.charge for entry in found.entries) == -total
    assert sum(entry.count for entry in found.entries) == len(removed) + len(added)
    moved = dipole - ions.charge[removed] @ ions.points[removed]
    moved = moved + ions.charge[added] @ ions.points[added]
    assert np.allclose(found.dipole, moved, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), total=st.integers(1, 4))
def test_of_the_least_dipoles_the_least_bound_cations_go(seed, total):
    ions = surface(seed, divalent=0)
    found = attempt(float(total), np.zeros(3), ions, "remove-A")
    pool = np.flatnonzero((ions.site == Site.A) & ions.present & (ions.bonds < 8))
    if found is None:
        assert len(pool) < total
        return
    subsets = np.array(list(combinations(pool.tolist(), total)))
    lengths = np.linalg.norm(ions.points[subsets].sum(axis=1), axis=1)
    bonds = ions.bonds[subsets].sum(axis=1)
    enough = max(NEARLY_ZERO, lengths.min() + NEARLY_ZERO)
    assert np.linalg.norm(found.dipole) <= enough
    assert ions.bonds[found.removed].sum() == bonds[lengths <= enough].min()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    total=st.integers(-8, 8),
    shift=st.tuples(*[st.integers(-200, 200)] * 3),
)
def test_the_origin_does_not_matter(seed, total, shift):
    ions = surface(seed, divalent=0)
    shift = np.array(shift) / 8
    moved = Candidates(**{**vars(ions), "points": ions.points + shift})
    first = attempt(float(total), np.zeros(3), ions, "auto")
    second = attempt(float(total), total * shift, moved, "auto")
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert np.allclose(first.dipole, second.dipole, atol=2e-3)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), draw=st.integers(0, 5))
def test_the_same_seed_gives_the_same_ions(seed, draw):
    ions = surface(seed, divalent=0.3)
    first, second = (attempt(4.0, np.zeros(3), ions, "auto", draw) for _ in range(2))
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert np.array_equal(first.removed, second.removed)
        assert np.array_equal(first.added, second.added)
        assert first.step == second.step
