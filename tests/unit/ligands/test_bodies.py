"""Ligands in their own frame: rigid, not mirrored, head down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.ligands.bodies import as_ligand, bound_body, donors, load_ligand


@pytest.mark.parametrize("name", list_molecules())
def test_a_body_is_the_molecule_turned(name):
    molecule = load_molecule(name)
    ligand = as_ligand(molecule)
    assert pdist(ligand.body) == pytest.approx(pdist(molecule.positions), abs=1e-9)
    rotation, *_ = np.linalg.lstsq(
        molecule.positions - molecule.positions.mean(axis=0),
        ligand.body - ligand.body.mean(axis=0),
        rcond=None,
    )
    if np.linalg.matrix_rank(molecule.positions, tol=0.01) == 3:
        assert np.linalg.det(rotation) == pytest.approx(1.0, abs=1e-6)
    assert ligand.body[ligand.head].mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-9)
    tail = ligand.heavy & ~ligand.head
    if tail.any():
        middle = ligand.body[tail].mean(axis=0)
        assert middle[:2] == pytest.approx([0.0, 0.0], abs=1e-9)
        assert middle[2] > 0


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("oleylammonium", "OLA"),
        ("OLEATE", "oleate"),
        ("OA", "OA"),
        ("Br-PEA", "BrPEA"),
        ("Br-DMA", "BrDMA"),
        ("isopropylammonium", "IPA"),
        ("tmpa", "TMPA"),
    ],
)
def test_names_in_words(spoken, name):
    assert load_ligand(spoken).name == name


def test_an_unknown_name_is_told():
    with pytest.raises(UnknownNameError):
        load_ligand("olaate")


def test_the_end_of_a_zwitterion_stands_on_the_surface():
    ligand = as_ligand(load_molecule("ODAP"))
    assert ligand.molecule.numbers[ligand.head].tolist() == [8, 8]
    assert ligand.head_charge == -1.0
    nitrogen = ligand.body[ligand.molecule.numbers == 7][0]
    carbons = ligand.body[ligand.molecule.numbers == 6]
    assert 0 < nitrogen[2] < carbons[:, 2].max() / 3


def test_a_diammonium_has_one_head_on_the_surface():
    ligand = as_ligand(load_molecule("4AMP"))
    assert ligand.head.sum() == 1
    assert ligand.head_charge == 1.0


def test_donors_are_hydrogens_on_nitrogen():
    molecule = load_molecule("PEA")
    assert donors(molecule.numbers, molecule.positions).sum() == 3


def test_a_molecule_without_head_is_refused():
    with pytest.raises(UsageError, match="no head"):
        as_ligand(replace(load_molecule("PEA"), head=()))


def test_the_other_end_of_a_zwitterion_goes_into_a_pocket():
    molecule = load_molecule("ODAP")
    assert (bound_body(molecule).body == as_ligand(molecule).body).all()
    ends = {role: bound_body(molecule, role) for role in ("A", "X")}
    assert molecule.numbers[ends["A"].head].tolist() == [7]
    assert molecule.numbers[ends["X"].head].tolist() == [8, 8]
    assert pdist(ends["A"].body) == pytest.approx(pdist(molecule.positions), abs=1e-9)
    donor = load_molecule("DFPPO")
    assert (bound_body(donor, "A").body == as_ligand(donor).body).all()


def test_a_smiles_needs_a_name():
    with pytest.raises(UsageError, match=r'SMILES.*--molecule "L1=CCCCCC\[NH3\+\]"'):
        load_ligand("CCCCCC[NH3+]")
