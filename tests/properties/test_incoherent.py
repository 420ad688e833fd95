"""Whatever the dot: neutral parts, whole octahedra, distances kept, ions accounted for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from heterobuild.compounds import load_crystal
from heterobuild.dots.sizes import Placement
from heterobuild.incoherent.embedding import incoherent_embedded
from heterobuild.incoherent.places import IncoherentDots
from heterobuild.labels import CHARGE, LAYER, REGION
from heterobuild.particles.options import ParticleShape

DOT, MATRIX = load_crystal("CsPbBr3_cubic"), load_crystal("Cs4PbBr6")
CELLS = (4, 4, 3)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    radius=st.floats(8.0, 16.0),
    gap=st.one_of(st.just("auto"), st.floats(2.0, 7.0)),
    orientation=st.sampled_from(["aligned", "random", "[100]||[111], (001)||(-110)"]),
    seed=st.integers(0, 1000),
)
def test_any_sphere(radius, gap, orientation, seed):
    options = IncoherentDots(
        shape=ParticleShape(kind="sphere", radius=radius),
        placement=Placement(separation=2.0),
        cells=CELLS,
        orientation=orientation,
        gap=gap,
    )
    found = incoherent_embedded(DOT, MATRIX, options, seed=seed)
    atoms, arrays = found.atoms, found.atoms.arrays
    dot = arrays[REGION] == 1
    assert arrays[CHARGE][dot].sum() == pytest.approx(0, abs=1e-9)
    assert arrays[CHARGE][~dot].sum() == pytest.approx(0, abs=1e-9)
    assert (np.sign(arrays[LAYER]) == np.where(dot, -1, 1)).all()
    shifts = (np.array(list(np.ndindex(3, 3, 3))) - 1) @ np.asarray(atoms.cell)
    images = (atoms.positions[dot][:, None] + shifts[None]).reshape(-1, 3)
    nearest = cKDTree(images).query(atoms.positions[~dot])[0].min()
    assert nearest >= (2.7 if gap == "auto" else max(gap, 2.7))
    before = Counter(MATRIX.require_atoms().get_chemical_symbols())
    gone: Counter[str] = Counter()
    for entry in found.ledger:
        if "dot" in entry.where and not entry.where.startswith("surface"):
            gone[entry.species] += entry.count
    left = Counter(atoms[~dot].get_chemical_symbols())
    for symbol, count in before.items():
        assert count * int(np.prod(CELLS)) == left[symbol] + gone[symbol]
