import json


def test_a_sound_file_passes(heterobuild, tmp_path):
    heterobuild("crystals", "export", "CsPbBr3_cubic", "-o", "o")
    outcome = heterobuild("check", "o/CsPbBr3_cubic.cif")
    assert outcome.code == 0
    assert "passed" in outcome.out
    assert json.loads(heterobuild("check", "o/CsPbBr3_cubic.cif", "--json").out)["passed"] is True


def test_atoms_on_top_of_one_another_fail(heterobuild, tmp_path):
    from ase import Atoms
    from ase.io import write

    atoms = Atoms("CsPbBr3", [[0, 0, 0], [0.5, 0, 0], [3, 0, 0], [0, 3, 0], [0, 0, 3]], pbc=True)
    atoms.set_cell([5.9, 5.9, 5.9])
    write(tmp_path / "x.xyz", atoms, format="extxyz")
    outcome = heterobuild("check", "x.xyz", "--json")
    assert outcome.code == 4
    assert json.loads(outcome.out)["passed"] is False


def test_a_file_that_is_none(heterobuild, tmp_path):
    (tmp_path / "x.cif").write_text("")
    outcome = heterobuild("check", "x.cif")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
