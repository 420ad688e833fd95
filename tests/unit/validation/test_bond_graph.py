"""Graphs of bonds against RDKit, and shapes that do not depend on the order of atoms."""

from __future__ import annotations

import numpy as np
import pytest

from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.validation.bond_graph import bond_graph, bond_matrices, shape


@pytest.mark.parametrize("name", list_molecules())
def test_number_of_bonds_agrees_with_rdkit(name):
    chem = pytest.importorskip("rdkit.Chem")
    molecule = load_molecule(name)
    reference = chem.AddHs(chem.MolFromSmiles(molecule.smiles))
    bonds = bond_matrices(molecule.numbers[None], molecule.positions[None])[0]
    assert bonds.sum() // 2 == reference.GetNumBonds()


@pytest.mark.parametrize("name", ["MA", "PEA", "BA"])
def test_classes_agree_with_rdkit(name):
    """Atoms of one class have one rank among RDKit's ranks with broken chirality."""
    chem = pytest.importorskip("rdkit.Chem")
    molecule = load_molecule(name)
    bonds = bond_matrices(molecule.numbers[None], molecule.positions[None])[0]
    reference = chem.AddHs(chem.MolFromSmiles(molecule.smiles))
    ranks = chem.CanonicalRankAtoms(reference, breakTies=False, includeChirality=False)
    classes = bond_graph(molecule.numbers, bonds).classes
    assert sorted(np.unique(classes, return_counts=True)[1]) == sorted(
        np.unique(list(ranks), return_counts=True)[1]
    )


def test_shape_is_the_same_in_any_order_and_mirrored():
    molecule = load_molecule("PEA")
    order = np.random.default_rng(1).permutation(len(molecule.numbers))
    results = []
    for numbers, points in (
        (molecule.numbers, molecule.positions),
        (molecule.numbers[order], -molecule.positions[order]),
    ):
        graph = bond_graph(numbers, bond_matrices(numbers[None], points[None])[0])
        results.append(shape(graph, points[None]))
    assert np.array_equal(results[0][1], results[1][1])
    assert results[0][0] == pytest.approx(results[1][0])


def test_shape_is_made_of_all_distances():
    from scipy.spatial.distance import pdist

    molecule = load_molecule("MA")
    graph = bond_graph(
        molecule.numbers, bond_matrices(molecule.numbers[None], molecule.positions[None])[0]
    )
    distances = shape(graph, molecule.positions[None])[0][0]
    assert np.sort(distances) == pytest.approx(np.sort(pdist(molecule.positions)))
    assert distances[:7].max() < distances[7:].min()
