from __future__ import annotations

import pytest

from heterobuild.alloys.racemates import mirrored, refuse_racemates
from heterobuild.chemistry.compounds import parse_compound
from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.errors import UsageError


def test_mirrored_is_what_rdkit_inverts():
    chem = pytest.importorskip("rdkit.Chem")
    centres = 0
    for name in list_molecules():
        smiles = load_molecule(name).smiles
        molecule = chem.MolFromSmiles(smiles)
        for atom in molecule.GetAtoms():
            if atom.GetChiralTag() != chem.ChiralType.CHI_UNSPECIFIED:
                atom.InvertChirality()
                centres += 1
        ours = chem.MolFromSmiles(mirrored(smiles))
        assert chem.MolToSmiles(ours) == chem.MolToSmiles(molecule)
    assert centres >= 2


@pytest.mark.parametrize("formula", ["(R-MBA)(S-MBA)PbI4", "(R-MBA)0.1(S-MBA)1.9PbI4"])
def test_both_hands_are_refused(formula):
    with pytest.raises(UsageError, match=r"(R|S)-MBA and (R|S)-MBA are mirror images.*CIF"):
        refuse_racemates(parse_compound(formula))


@pytest.mark.parametrize("formula", ["(R-MBA)(PEA)PbI4", "(R-MBA)2Pb(Br0.5I0.5)4", "CsPbBr2I"])
def test_one_hand_is_not(formula):
    refuse_racemates(parse_compound(formula))
