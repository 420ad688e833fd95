import numpy as np
import pytest
from ase import Atoms
from ase.io import write

from heterobuild.chemistry.molecule_files import molecule_from_file
from heterobuild.chemistry.molecules import load_molecule
from heterobuild.errors import StructureFileError


def saved(path, molecule, turn=None):
    positions = molecule.positions if turn is None else molecule.positions @ turn + 1.0
    write(path, Atoms(numbers=molecule.numbers, positions=positions))
    return path


def test_a_known_molecule_keeps_its_charges_and_hand(tmp_path):
    known = load_molecule("R-MBA")
    turn = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    found = molecule_from_file("mine", saved(tmp_path / "m.xyz", known, turn), 1)
    assert (found.name, found.charge, found.head) == ("mine", 1.0, known.head)
    assert found.positions == pytest.approx(known.positions, abs=2e-3)


def test_an_unknown_molecule_has_its_charge_on_the_ammonium(tmp_path):
    from heterobuild.chemistry.smiles import molecule_from_smiles

    made = molecule_from_smiles("HA", "CCCCCC[NH3+]")
    found = molecule_from_file("HA", saved(tmp_path / "m.xyz", made), 1)
    assert found.head == made.head
    assert found.charges.tolist() == made.charges.tolist()


def test_files_that_hold_no_single_molecule(tmp_path):
    two = Atoms("CH4CH4", positions=np.vstack([tetrahedron(), tetrahedron() + 8.0]))
    write(tmp_path / "two.xyz", two)
    (tmp_path / "broken.xyz").write_text("5\n\nC 0 0\n")
    for name, said in (("two", "one molecule"), ("broken", "cannot be read"), ("no", "no such")):
        with pytest.raises(StructureFileError, match=said):
            molecule_from_file("x", tmp_path / f"{name}.xyz", 1)


def tetrahedron():
    return 0.63 * np.array([[0, 0, 0], [1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])
