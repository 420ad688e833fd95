import numpy as np
from ase import Atoms

from heterobuild.chemistry.molecules import load_molecule
from heterobuild.crystals.explicit_molecules import bind_molecules, is_in_library
from heterobuild.crystals.ion_charges import charge_ions
from heterobuild.labels import label


def unlabelled(numbers, positions):
    atoms = Atoms(numbers=numbers, positions=positions, cell=(9, 9, 9), pbc=True)
    zeros = np.zeros(len(atoms), dtype=int)
    return label(atoms, site=zeros + 7, molecule=zeros, kind=zeros, charge=zeros.astype(float))


def test_molecules_are_bound_whole_in_the_order_of_the_file():
    ma, fa = load_molecule("MA"), load_molecule("FA")
    numbers = np.concatenate([[53], fa.numbers, [53], ma.numbers])
    positions = np.vstack([[[4.5, 4.5, 0]], fa.positions, [[4.5, 0, 4.5]], ma.positions + 4.5])
    atoms = unlabelled(numbers, positions % 9.0)
    bound, kinds = bind_molecules(atoms)
    assert [kind.name for kind in kinds] == ["FA", "MA"]
    np.testing.assert_array_equal(bound.numbers, numbers)
    assert bound.arrays["molecule"].tolist() == [0] + [1] * 8 + [0] + [2] * 8
    assert bound.arrays["kind"].tolist() == [0] + [1] * 8 + [0] + [2] * 8
    assert bound.arrays["formal_charge"][1:9].tolist() == fa.charges.tolist()
    assert bound.arrays["site"][1:9].tolist() == [1] * 8
    part = bound.positions[1:9]
    np.testing.assert_allclose(part - part[0], fa.positions - fa.positions[0], atol=1e-9)
    assert (atoms.arrays["molecule"] == 0).all()


def test_bound_molecules_are_left_alone():
    ma = load_molecule("MA")
    once, kinds = bind_molecules(unlabelled(ma.numbers, ma.positions + 4))
    twice, again = bind_molecules(once, kinds)
    assert again == kinds
    np.testing.assert_array_equal(twice.arrays["molecule"], once.arrays["molecule"])


def test_unknown_molecule_gets_the_charge_that_balances():
    hydrazinium = load_molecule("MA")
    numbers = hydrazinium.numbers.copy()
    positions = hydrazinium.positions.copy()
    numbers[numbers == 6] = 7
    keep = np.arange(len(numbers)) != 2
    atoms = unlabelled(np.append(numbers[keep], 53), np.vstack([positions[keep] + 4, [[0, 0, 0]]]))
    bound, kinds = bind_molecules(atoms)
    assert not is_in_library(kinds[0])
    charged, kinds, said = charge_ions(bound, kinds)
    assert kinds[0].charge == 1
    assert charged.arrays["formal_charge"].sum() == 0
    assert charged.arrays["formal_charge"][:7].sum() == 1
    assert "not in the library" in said
