import numpy as np
import pytest
from ase import Atoms

from heterobuild.chemistry.bond_valence import bond_valence_sums, bond_valence_table
from heterobuild.errors import MissingAtomsError
from heterobuild.labels import label
from heterobuild.model import Crystal, Source


def crystal(symbols, fractions, charges, a, molecule=None):
    n = len(charges)
    atoms = Atoms(symbols, scaled_positions=fractions, cell=[a] * 3, pbc=True)
    zeros = np.zeros(n, dtype=int)
    atoms = label(
        atoms,
        site=zeros + 1,
        molecule=zeros if molecule is None else np.array(molecule),
        kind=zeros,
        charge=np.array(charges, dtype=float),
    )
    return Crystal(
        name="test",
        formula=symbols,
        phase="",
        cell=np.eye(3) * a,
        atoms=atoms,
        space_group="P1",
        space_group_number=1,
        source=Source(citation="made for this test"),
    )


PEROVSKITE = [[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]]


def test_the_first_shell_of_a_cubic_perovskite():
    a, table = 5.87, bond_valence_table()
    found = bond_valence_sums(crystal("CsPbBr3", PEROVSKITE, [1, 2, -1, -1, -1], a))
    lead, caesium = table["Pb", 2, "Br"], table["Cs", 1, "Br"]
    on_lead = 6 * np.exp((lead.r0 - a / 2) / lead.b)
    on_caesium = 12 * np.exp((caesium.r0 - a / 2**0.5) / caesium.b)
    expected = [on_caesium, on_lead, *[(on_lead + on_caesium) / 3] * 3]
    assert found.sums == pytest.approx(expected, abs=0.001)
    off = np.array(expected) - [1, 2, 1, 1, 1]
    assert found.global_instability_index == pytest.approx(np.sqrt(np.mean(off**2)), abs=0.001)
    assert found.symbols == ("Cs", "Pb", "Br", "Br", "Br")


def test_cations_and_anions_give_the_same_total():
    found = bond_valence_sums(crystal("CsPbBr3", PEROVSKITE, [1, 2, -1, -1, -1], 5.9))
    assert found.sums[:2].sum() == pytest.approx(found.sums[2:].sum())


def test_the_charge_chooses_the_parameters():
    two, four = (
        bond_valence_sums(crystal("CsSnI3", PEROVSKITE, [1, q, -1, -1, -1], 6.2)).sums[1]
        for q in (2, 4)
    )
    table = bond_valence_table()
    ratio = np.exp((table["Sn", 2, "I"].r0 - table["Sn", 4, "I"].r0) / 0.37)
    assert two / four == pytest.approx(ratio)


def test_bonds_without_parameters_are_named_and_not_counted_as_zero():
    found = bond_valence_sums(crystal("SrTiO3", PEROVSKITE, [2, 4, -2, -2, -2], 3.905))
    assert found.missing == ("Ti4-O", "Sr2-O")
    assert np.isnan(found.sums).all()
    assert found.global_instability_index is None
    assert found.by_element == {}


def test_atoms_of_molecules_are_left_out():
    charges = [1, 2, -1, -1, -1]
    found = bond_valence_sums(crystal("CsPbBr3", PEROVSKITE, charges, 5.9, [1, 0, 0, 0, 0]))
    assert found.atoms.tolist() == [1, 2, 3, 4]
    assert found.by_element["Br"][0] == pytest.approx(found.by_element["Pb"][0] / 3)


def test_a_crystal_without_atoms_is_refused():
    bare = Crystal(
        name="bare",
        formula="CsPbBr3",
        phase="",
        cell=np.eye(3),
        atoms=None,
        space_group="P1",
        space_group_number=1,
        source=Source(citation="made for this test"),
    )
    with pytest.raises(MissingAtomsError):
        bond_valence_sums(bare)


def test_every_value_has_a_source_and_a_sensible_length():
    for (cation, charge, halide), entry in bond_valence_table().items():
        assert entry.source, (cation, charge, halide)
        assert 1.2 < entry.r0 < 3.3
        assert 0.3 < entry.b < 0.5
