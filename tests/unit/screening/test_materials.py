import hashlib
import shutil

import pytest

from heterobuild.crystals import list_crystals
from heterobuild.errors import StructureFileError, UnknownNameError, UsageError
from heterobuild.screening.materials import Material, find_materials, load_material


@pytest.fixture
def folder(tmp_path, cif_of):
    place = tmp_path / "cifs"
    place.mkdir()
    cif_of("CsPbCl3_cubic", place / "b.cif")
    cif_of("CsPbBr3_cubic", place / "a.cif")
    (place / "notes.txt").write_text("no structure")
    return place


def test_the_library_is_the_default():
    names = [material.name for material in find_materials()]
    assert names == [entry.name for entry in list_crystals()]
    assert all(len(material.sha256) == 64 for material in find_materials())


def test_names_families_and_doubles():
    found = find_materials(["CsPbBr3", "copper_halide", "CsPbBr3_orthorhombic"])
    names = [material.name for material in found]
    assert names == ["CsPbBr3_orthorhombic", "Cs3Cu2I5", "CsCu2I3"]


def test_a_folder_gives_its_structure_files_by_name(folder):
    found = find_materials([str(folder)])
    assert [material.name for material in found] == ["cifs/a.cif", "cifs/b.cif"]
    content = (folder / "a.cif").read_bytes()
    assert found[0].sha256 == hashlib.sha256(content).hexdigest()
    assert load_material(found[0]).formula == "CsPbBr3"


def test_a_file_named_itself_must_be_readable(folder):
    (folder / "a.cif").write_text("data_x\n")
    assert len(find_materials([str(folder)])) == 2
    with pytest.raises(StructureFileError):
        find_materials([str(folder / "a.cif")])


def test_two_folders_of_one_name(folder, tmp_path):
    other = tmp_path / "other" / "cifs"
    shutil.copytree(folder, other)
    with pytest.raises(UsageError, match="same name"):
        find_materials([str(folder), str(other)])


def test_what_stands_for_nothing(tmp_path):
    with pytest.raises(UsageError, match="no structure files"):
        find_materials([str(tmp_path)])
    with pytest.raises(UnknownNameError, match="CsPbBr3"):
        find_materials(["CsPbBr4"])


def test_a_material_of_the_library_is_loaded_by_name():
    assert load_material(Material(name="CsPbI3_alpha")).phase == "cubic"
