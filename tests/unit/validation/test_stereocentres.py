"""Stereocentres against RDKit's count and against mirror images."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.validation.bond_graph import bond_graph, bond_matrices
from heterobuild.validation.stereocentres import hands, stereocentres


def graph_of(molecule, order=slice(None)):
    numbers, points = molecule.numbers[order], molecule.positions[order]
    return bond_graph(numbers, bond_matrices(numbers[None], points[None])[0]), points[None]


@pytest.mark.parametrize("name", list_molecules())
def test_count_agrees_with_rdkit(name):
    chem = pytest.importorskip("rdkit.Chem")
    molecule = load_molecule(name)
    centres = chem.FindMolChiralCenters(
        chem.MolFromSmiles(molecule.smiles), includeUnassigned=True, useLegacyImplementation=False
    )
    assert len(stereocentres(graph_of(molecule)[0])) == len(centres)


def test_the_two_hands_differ_in_any_order_of_atoms():
    right, left = load_molecule("R-MBA"), load_molecule("S-MBA")
    hand = hands(*graph_of(right))
    assert hand.tolist() in ([[1.0]], [[-1.0]])
    assert hands(*graph_of(left)).tolist() == (-hand).tolist()
    rng = np.random.default_rng(5)
    for molecule, sign in ((right, 1), (left, -1)):
        order = rng.permutation(len(molecule.numbers))
        assert hands(*graph_of(molecule, order)).tolist() == (sign * hand).tolist()
