import numpy as np
import pytest

from heterobuild.crystals.library import load_phase
from heterobuild.crystals.structure_files import is_poscar, read_structure
from heterobuild.errors import StructureFileError


@pytest.fixture
def plain():
    atoms = load_phase("CsPbBr3").atoms.copy()
    for name in set(atoms.arrays) - {"numbers", "positions"}:
        del atoms.arrays[name]
    return atoms


@pytest.mark.parametrize("name", ["x.vasp", "POSCAR", "CONTCAR_2", "x.poscar", "x.extxyz", "x.xyz"])
def test_formats_of_ase_come_back(tmp_path, plain, name):
    plain.write(tmp_path / name, format="extxyz" if "xyz" in name else "vasp")
    atoms, told = read_structure(tmp_path / name)
    assert sorted(atoms.numbers) == sorted(plain.numbers)
    np.testing.assert_allclose(atoms.cell, plain.cell, atol=1e-7)
    assert told == ()


def test_last_of_several_frames_is_used_and_said(tmp_path, plain):
    moved = plain.copy()
    moved.positions += 0.1
    text = ""
    for frame in (plain, moved):
        frame.write(tmp_path / "one.extxyz", format="extxyz")
        text += (tmp_path / "one.extxyz").read_text()
    (tmp_path / "two.extxyz").write_text(text)
    atoms, told = read_structure(tmp_path / "two.extxyz")
    np.testing.assert_allclose(atoms.positions, moved.positions, atol=1e-7)
    assert "several frames" in told[0]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("empty.cif", "", "empty"),
        ("blank.vasp", " \n\n", "empty"),
        ("a.pdf", "x", "format of a.pdf is unknown"),
        ("head.vasp", "CsPbBr3\n1.0\n", "not a complete POSCAR"),
        ("POSCAR_words", "nothing of the kind", "not a complete POSCAR"),
        ("a.vasp", "x\n1\n5 0 0\n0 5 0\n0 0 5\nCs\n99999999999\nDirect\n0 0 0\n", "truncated"),
        ("cut.extxyz", '3\nLattice="5 0 0 0 5 0 0 0 5"\nCs 0 0 0\n', "not a complete extended XYZ"),
        ("mol.xyz", "2\n\nCs 0 0 0\nBr 3 0 0\n", "cell is missing"),
    ],
)
def test_bad_files_are_refused(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    with pytest.raises(StructureFileError, match=words) as caught:
        read_structure(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(StructureFileError, match="there is no file"):
        read_structure(tmp_path / "none.cif")
    with pytest.raises(StructureFileError, match="folder"):
        read_structure(tmp_path)


@pytest.mark.parametrize("name", ["x.vasp", "x.extxyz", "x.cif"])
def test_truncated_files_never_give_a_traceback(tmp_path, plain, name):
    plain.write(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    refused = []
    lengths = range(0, len(whole), 23)
    for length in lengths:
        (tmp_path / name).write_bytes(whole[:length])
        try:
            read_structure(tmp_path / name)
        except StructureFileError:
            refused.append(length)
    assert len(refused) >= len(lengths) - 4


def test_names_of_vasp():
    assert is_poscar("contcar.relaxed")
    assert not is_poscar("my_POSCAR")
