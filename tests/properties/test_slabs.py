"""What must hold for slabs of any crystal on any face."""

from __future__ import annotations

from math import gcd

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from heterobuild.compounds import load_crystal
from heterobuild.crystals import list_crystals
from heterobuild.slabs import slab_from_planes, stack_planes, turn_slab

NAMES = sorted(entry.name for entry in list_crystals() if entry.has_atoms)
INDEX = st.integers(-3, 3)
FACES = st.tuples(INDEX, INDEX, INDEX).filter(lambda hkl: gcd(*hkl) == 1)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), hkl=FACES)
def test_no_atom_is_lost_or_moved(name: str, hkl: tuple[int, int, int]) -> None:
    crystal = load_crystal(name)
    atoms = crystal.require_atoms()
    stacking = stack_planes(crystal, hkl)
    cell = stacking.cell
    assert np.linalg.det(cell) > 0
    assert np.allclose(cell[0, 1:], 0)
    assert np.allclose(cell[1, 2], 0)
    density = len(atoms) / np.linalg.det(crystal.cell)
    assert np.isclose(len(stacking.atoms) / np.linalg.det(cell), density)
    turn = np.linalg.solve(stacking.basis @ crystal.cell, cell)
    assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-8)
    assert np.linalg.det(turn) > 0
    back = (stacking.atoms.positions @ turn.T) @ np.linalg.inv(crystal.cell)
    gaps = back[:, None] - (atoms.positions @ np.linalg.inv(crystal.cell))[None]
    far = np.linalg.norm((gaps - np.rint(gaps)) @ crystal.cell, axis=-1)
    far[stacking.atoms.numbers[:, None] != atoms.numbers[None]] = 9.0
    free = np.isin(stacking.atoms.arrays["kind"], [0]) if crystal.placed else slice(None)
    assert far.min(axis=1)[free].max() < 0.02


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(NAMES), hkl=FACES, first=st.integers(-9, 9), layers=st.integers(1, 2))
def test_slabs_of_whole_layers_are_neutral_and_whole(
    name: str, hkl: tuple[int, int, int], first: int, layers: int
) -> None:
    stacking = stack_planes(load_crystal(name), hkl)
    assume(len(stacking.atoms) < 250)
    slab = slab_from_planes(stacking, first, layers * stacking.planes_per_layer)
    assert slab.charge == 0
    share = layers * stacking.planes_per_layer / len(stacking.terminations)
    assert len(slab.atoms) == round(share * len(stacking.atoms))
    layer = slab.atoms.arrays["layer"]
    ion = slab.atoms.arrays["molecule"] == 0
    means = [
        slab.atoms.positions[ion & (layer == number), 2].mean()
        for number in range(1, slab.count + 1)
        if (ion & (layer == number)).any()
    ]
    assert (np.diff(means) > 0).all()
    turned = turn_slab(slab)
    assert turned.charge == 0
    assert np.isclose(turned.dipole, -slab.dipole, atol=1e-4)
    assert (turned.bottom.formula, turned.top.formula) == (slab.top.formula, slab.bottom.formula)
