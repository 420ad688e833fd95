"""What must hold for any shares, supercell and seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from heterobuild.alloys.counts import largest_remainder, whole_counts
from heterobuild.alloys.decoration import decorate
from heterobuild.alloys.mixing import mixed_crystal
from heterobuild.alloys.repeats import repeat_crystal
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.geometry.rigid import unit_centres
from heterobuild.labels import NAMES, units

PERCENT = st.integers(1, 99)


@settings(deadline=None)
@given(parts=st.lists(st.integers(0, 1000), min_size=1, max_size=6), total=st.integers(1, 500))
def test_rounding_keeps_the_sum_and_moves_less_than_one(parts, total):
    if not sum(parts):
        parts[0] = 1
    amounts = np.array(parts) / sum(parts) * total
    counts = largest_remainder(amounts, total)
    assert counts.sum() == total
    assert (counts >= 0).all()
    assert np.abs(counts - amounts).max() < 1


@settings(deadline=None)
@given(plain=st.integers(0, 100), pairs=st.integers(0, 50), total=st.integers(1, 300))
def test_pairs_never_change_the_charge(plain, pairs, total):
    if not plain + pairs:
        plain = 1
    whole = plain + 2 * pairs
    shares = np.array([plain, pairs, pairs]) / whole
    counts = whole_counts(shares, total, np.array([0, -1, 1]))
    if plain or total % 2 == 0:
        assert counts.sum() == total
        assert counts[1] == counts[2]
        assert np.abs(counts - shares * total).max() <= 1


@settings(max_examples=30, deadline=None)
@given(
    caesium=PERCENT,
    bromide=PERCENT,
    repeat=st.tuples(*[st.integers(1, 3)] * 3),
    seed=st.integers(0, 1000),
)
def test_any_alloy_is_neutral_whole_and_of_exact_counts(caesium, bromide, repeat, seed):
    formula = (
        f"FA{1 - caesium / 100:.2f}Cs{caesium / 100:.2f}"
        f"Pb(Br{bromide / 100:.2f}I{1 - bromide / 100:.2f})3"
    )
    larger = repeat_crystal(mixed_crystal(parse_compound(formula), phase="cubic"), repeat)
    before = larger.atoms.positions.copy()
    atoms, molecules, _, step = decorate(
        larger.atoms, larger.molecules, larger.mixtures, rng=np.random.default_rng(seed)
    )
    cells = int(np.prod(repeat))
    np.testing.assert_array_equal(larger.atoms.positions, before)
    assert abs(atoms.arrays["formal_charge"].sum()) < 1e-9
    assert all(len(atoms.arrays[name]) == len(atoms) for name in NAMES)
    unit = units(atoms)
    assert unit.max() + 1 == 5 * cells
    for ion, number, total, share in (("Cs", 55, cells, caesium), ("Br", 35, 3 * cells, bromide)):
        count = int((atoms.numbers == number).sum())
        assert abs(count - share / 100 * total) <= 0.5 + 1e-9, ion
    sizes = np.bincount(atoms.arrays["molecule"])[1:]
    assert set(sizes[sizes > 0].tolist()) <= {8}
    kinds = set(atoms.arrays["kind"].tolist()) - {0}
    assert all(molecules[kind - 1].name == "FA" for kind in kinds)
    # Every site is where it was.
    centres = unit_centres(atoms.positions, atoms.numbers, unit)
    old = unit_centres(larger.atoms.positions, larger.atoms.numbers, units(larger.atoms))
    distance = np.linalg.norm(centres[:, None] - old[None], axis=2)
    assert distance.min(axis=0).max() < 1e-9
    assert step.values["largest_rounding"] < 1 / cells
