"""Hands of molecules, and the molecules that are packed in place of their mirror images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.layered.building import layered_crystal
from heterobuild.layered.mirror_images import hand, reflect, twin_of
from heterobuild.layered.options import LayeredIons, LayeredOptions


def turned(molecule, seed=0):
    rotation = Rotation.random(random_state=seed).as_matrix()
    return replace(molecule, positions=molecule.positions @ rotation.T + [1.0, -2.0, 0.5])


@pytest.mark.parametrize("seed", range(5))
def test_hand_does_not_depend_on_the_orientation(seed):
    right = load_molecule("R-MBA")
    assert hand(turned(right, seed)) == hand(right) != 0
    assert hand(turned(reflect(right), seed)) == -hand(right)
    assert hand(turned(load_molecule("S-MBA"), seed)) == -hand(right)


@pytest.mark.parametrize("name", ["MA", "FA", "GUA", "NH4"])
def test_molecules_with_mirror_planes_have_none(name):
    assert hand(load_molecule(name)) == 0
    assert twin_of(load_molecule(name)) is None


def test_the_twin_is_the_other_enantiomer_atom_by_atom():
    left = load_molecule("S-MBA")
    twin = twin_of(left)
    assert twin.molecule is load_molecule("R-MBA")
    np.testing.assert_allclose(
        twin.molecule.positions[twin.order], left.positions * [1, 1, -1], atol=1e-3
    )
    assert twin_of(twin.molecule) is None


def test_molecules_of_users_come_in_pairs_too():
    """Of two mirror images just one is packed as the other one."""
    right = replace(load_molecule("R-MBA"), name="mine")
    twins = [twin_of(right), twin_of(reflect(right))]
    assert sum(twin is None for twin in twins) == 1


def test_a_users_enantiomers_make_mirror_images():
    right = replace(load_molecule("R-MBA"), name="mine")
    gaps = []
    for body in (right, turned(reflect(right))):
        options = LayeredOptions(molecules=(body,), gap=9.5)
        ions = LayeredIons(spacer="mine", b="Pb", x="I")
        atoms = layered_crystal(ions, (1,), options=options).require_atoms()
        gaps.append(np.sort(atoms.get_all_distances(mic=True).ravel()))
    np.testing.assert_allclose(*gaps, atol=1e-6)
