"""Molecules of the library against RDKit, published geometry and published molar masses."""

from __future__ import annotations

import numpy as np
import pytest
from ase.data import atomic_masses, chemical_symbols
from scipy.spatial.transform import Rotation

from heterobuild.chemistry.bonds import find_bonds
from heterobuild.chemistry.connectivity import identify_molecule
from heterobuild.chemistry.molecules import list_molecules, load_molecule

# Hill formula, charge in e, molar mass in g/mol.
PUBLISHED = {
    "MA": ("CH6N", 1, 32.066),
    "FA": ("CH5N2", 1, 45.065),
    "BA": ("C4H12N", 1, 74.147),
    "OA": ("C8H20N", 1, 130.255),
    "OLA": ("C18H38N", 1, 268.509),
    "oleate": ("C18H33O2", -1, 281.460),
    "ODAP": ("C21H43NO2", 0, 341.580),
    "IPA": ("C3H10N", 1, 60.120),
    "PMA": ("C7H10N", 1, 108.164),
    "NMA": ("C11H12N", 1, 158.224),
    "PEA": ("C8H12N", 1, 122.191),
    "pFPEA": ("C8H11FN", 1, 140.181),
    "mFPEA": ("C8H11FN", 1, 140.181),
    "BrPEA": ("C8H11BrN", 1, 201.087),
    "BrDMA": ("C9H13BrN", 1, 215.114),
    "R-MBA": ("C8H12N", 1, 122.191),
    "S-MBA": ("C8H12N", 1, 122.191),
    "TMPA": ("C9H14N", 1, 136.218),
    "5AVA": ("C5H12NO2", 1, 118.156),
    "Trp": ("C11H13N2O2", 1, 205.237),
    "2T": ("C10H12NS2", 1, 210.347),
    "3T": ("C14H14NS3", 1, 292.474),
    "TeFBTT": ("C16H13FN3S3", 1, 362.500),
    "PTLA": ("C13H21N4O4S", 1, 329.402),
    "PTLA-neutral": ("C13H20N4O4S", 0, 328.394),
    "PTLA-zwitterion": ("C13H20N4O4S", 0, 328.394),
    "DFPPO": ("C18H13F2OP", 0, 314.271),
    "3AMP": ("C6H16N2", 2, 116.208),
    "4AMP": ("C6H16N2", 2, 116.208),
    "EA": ("C2H8N", 1, 46.093),
    "DMA": ("C2H8N", 1, 46.093),
    "GUA": ("CH6N3", 1, 60.080),
    "NH4": ("H4N", 1, 18.039),
}

# Shortest and longest length in Å that single, aromatic and double bonds of the pair have
# (Allen et al. 1987, 10.1039/P298700000S1), hydrogen after neutron diffraction.
BONDS = {
    ("C", "C"): (1.31, 1.57),
    ("C", "N"): (1.27, 1.55),
    ("C", "O"): (1.20, 1.45),
    ("C", "F"): (1.33, 1.40),
    ("C", "S"): (1.66, 1.83),
    ("C", "P"): (1.77, 1.84),
    ("Br", "C"): (1.86, 2.00),
    ("C", "H"): (1.05, 1.12),
    ("H", "N"): (0.99, 1.06),
    ("H", "O"): (0.95, 1.02),
    ("N", "S"): (1.57, 1.75),
    ("O", "S"): (1.41, 1.48),
    ("O", "P"): (1.45, 1.52),
}


def rdkit_molecule(name):
    """Perceive the molecule from the coordinates of the file alone."""
    from rdkit import Chem
    from rdkit.Chem import rdDetermineBonds

    molecule = load_molecule(name)
    rows = [
        f"{chemical_symbols[z]} {x:.4f} {y:.4f} {r:.4f}"
        for z, (x, y, r) in zip(molecule.numbers, molecule.positions, strict=True)
    ]
    raw = Chem.MolFromXYZBlock("\n".join([str(len(rows)), "", *rows]) + "\n")
    rdDetermineBonds.DetermineBonds(raw, charge=int(molecule.charge))
    Chem.AssignStereochemistryFrom3D(raw)
    return raw


def test_every_molecule_is_compared():
    assert set(PUBLISHED) == set(list_molecules())


@pytest.mark.parametrize("name", list_molecules())
def test_formula_charge_and_molar_mass(name):
    molecule = load_molecule(name)
    formula, charge, mass = PUBLISHED[name]
    assert (molecule.formula, molecule.charge) == (formula, charge)
    assert atomic_masses[molecule.numbers].sum() == pytest.approx(mass, abs=0.03)


@pytest.mark.parametrize("name", list_molecules())
def test_bond_lengths(name):
    molecule = load_molecule(name)
    pairs, _ = find_bonds(molecule.numbers, molecule.positions)
    for i, j in pairs:
        kind = tuple(sorted(chemical_symbols[molecule.numbers[k]] for k in (i, j)))
        low, high = BONDS[kind]
        length = np.linalg.norm(molecule.positions[i] - molecule.positions[j])
        assert low <= length <= high, (kind, length)


@pytest.mark.parametrize("name", list_molecules())
def test_no_atoms_coincide_and_hydrogens_keep_apart(name):
    from scipy.spatial.distance import pdist

    molecule = load_molecule(name)
    assert pdist(molecule.positions).min() > 0.9
    hydrogen = molecule.positions[molecule.numbers == 1]
    assert pdist(hydrogen).min() > 1.5


@pytest.mark.parametrize("name", list_molecules())
def test_coordinates_regenerate_the_smiles(name):
    from rdkit import Chem

    molecule = load_molecule(name)
    found = Chem.RemoveHs(rdkit_molecule(name))
    found.RemoveAllConformers()
    if not {"@", "/"} & set(molecule.smiles):
        Chem.RemoveStereochemistry(found)
    # InChI does not depend on the resonance form that perception happens to choose.
    assert Chem.MolToInchiKey(found) == Chem.MolToInchiKey(Chem.MolFromSmiles(molecule.smiles))


def skeleton(molecule):
    """Return the canonical SMILES of all atoms with hydrogen, bond orders and charges ignored."""
    from rdkit import Chem

    bare = Chem.RWMol()
    for atom in molecule.GetAtoms():
        bare.AddAtom(Chem.Atom(atom.GetAtomicNum()))
    for bond in molecule.GetBonds():
        bare.AddBond(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), Chem.BondType.SINGLE)
    for atom in bare.GetAtoms():
        atom.SetNoImplicit(True)
    return Chem.MolToSmiles(bare.GetMol())


@pytest.mark.parametrize("name", list_molecules())
def test_our_bonds_are_those_of_the_smiles(name):
    from rdkit import Chem

    molecule = load_molecule(name)
    ours = Chem.RWMol()
    for number in molecule.numbers.tolist():
        ours.AddAtom(Chem.Atom(number))
    for i, j in find_bonds(molecule.numbers, molecule.positions)[0].tolist():
        ours.AddBond(i, j, Chem.BondType.SINGLE)
    assert skeleton(ours) == skeleton(Chem.AddHs(Chem.MolFromSmiles(molecule.smiles)))


@pytest.mark.parametrize(("name", "label"), [("R-MBA", "R"), ("S-MBA", "S"), ("Trp", "S")])
def test_absolute_configuration_from_the_coordinates(name, label):
    from rdkit import Chem

    found = Chem.FindMolChiralCenters(rdkit_molecule(name), useLegacyImplementation=False)
    assert [hand for _, hand in found] == [label]


def test_methylammonium_against_the_literature():
    ma = load_molecule("MA")
    carbon, nitrogen = (ma.positions[ma.numbers == z][0] for z in (6, 7))
    assert 1.48 <= np.linalg.norm(carbon - nitrogen) <= 1.51


def test_formamidinium_against_the_literature():
    fa = load_molecule("FA")
    carbon = fa.positions[fa.numbers == 6][0]
    arms = fa.positions[fa.numbers == 7] - carbon
    lengths = np.linalg.norm(arms, axis=1)
    assert ((lengths >= 1.29) & (lengths <= 1.33)).all()
    angle = np.degrees(np.arccos(arms[0] @ arms[1] / lengths.prod()))
    assert angle == pytest.approx(125, abs=3)


@pytest.mark.parametrize("name", list_molecules())
@pytest.mark.parametrize("seed", [0, 1])
def test_identified_after_rotation_and_permutation(name, seed):
    molecule = load_molecule(name)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(molecule.numbers))
    turn = Rotation.random(rng=rng).as_matrix()
    assert np.linalg.det(turn) > 0
    positions = (molecule.positions @ turn.T)[order] + rng.normal(size=3) * 20
    found = identify_molecule(molecule.numbers[order], positions)
    assert found.name == name
    assert found.charges == pytest.approx(molecule.charges[order], abs=1e-12)
    assert sorted(order[list(found.head)]) == list(molecule.head)


@pytest.mark.parametrize(("name", "mirror"), [("R-MBA", "S-MBA"), ("S-MBA", "R-MBA")])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_mirror_image_is_the_other_hand(name, mirror, axis):
    molecule = load_molecule(name)
    sign = np.ones(3)
    sign[axis] = -1
    assert identify_molecule(molecule.numbers, molecule.positions * sign).name == mirror


@pytest.mark.parametrize("name", ["OLA", "oleate"])
def test_the_double_bond_is_cis(name):
    from rdkit import Chem

    found = rdkit_molecule(name)
    stereo = {b.GetStereo() for b in found.GetBonds() if b.GetIdx() >= 0}
    assert stereo & {Chem.BondStereo.STEREOZ, Chem.BondStereo.STEREOCIS}
    assert not stereo & {Chem.BondStereo.STEREOE, Chem.BondStereo.STEREOTRANS}
