import hashlib
import shutil

import numpy as np
import pytest

from heterobuild.crystals import list_crystals
from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import HeterobuildError, StructureFileError, UnknownNameError, UsageError
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
    family = [entry.name for entry in list_crystals("copper_halide")]
    assert {"Cs3Cu2I5", "CsCu2I3"} <= set(family)
    assert names == ["CsPbBr3_orthorhombic", *family]


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
    with pytest.raises(UsageError, match="CsPbBr3"):
        find_materials(["CsPbBr4"])
    with pytest.raises(UnknownNameError, match="CsPbI3_gamma"):
        find_materials(["CsPbI3_gama"])


def test_a_material_of_the_library_is_loaded_by_name():
    assert load_material(Material(name="CsPbI3_alpha")).phase == "cubic"


def test_a_series_gives_one_material_a_composition():
    found = find_materials(["CsPb(Br_xI_1-x)3, x in 0:1:0.25", "MAPbCl3"])
    assert [material.name for material in found] == [
        "CsPbI3_gamma",
        "CsPb(Br0.25I0.75)3",
        "CsPb(Br0.5I0.5)3",
        "CsPb(Br0.75I0.25)3",
        "CsPbBr3_orthorhombic",
        "MAPbCl3_cubic",
    ]
    assert len({material.sha256 for material in found}) == 6
    lengths = [cube_of(load_material(material)).mean for material in found[:5]]
    assert lengths == pytest.approx(np.linspace(lengths[0], lengths[-1], 5), abs=0.003)


def test_a_series_in_one_phase():
    found = find_materials(["CsPb(Br_xI_1-x)3:cubic, x in 0:1:0.5"])
    assert [load_material(material).phase for material in found] == ["cubic"] * 3
    edges = [load_material(material).cell[0, 0] for material in found]
    assert edges[1] == pytest.approx((edges[0] + edges[2]) / 2)


def test_a_series_of_crystals_without_a_cube():
    found = find_materials(["Cs4Pb(Br_xI_1-x)6, x in 0:1:0.5"])
    names = [material.name for material in found]
    assert names == ["Cs4PbI6", "Cs4Pb(Br0.5I0.5)6", "Cs4PbBr6"]
    volumes = [np.linalg.det(load_material(material).cell) for material in found]
    assert volumes == sorted(volumes, reverse=True)


def test_a_mixed_compound_is_named_by_its_formula():
    (found,) = find_materials(["CsPb(Br0.5I0.5)3"])
    assert (found.name, found.path, len(found.sha256)) == ("CsPb(Br0.5I0.5)3", "", 64)
    (other,) = find_materials(["CsPb(Br0.5I0.5)3:cubic"])
    assert other.sha256 != found.sha256


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("CsPb(Br_xI_1-x)3", UsageError, "x in 0:1:0.05"),
        ("CsPb(Br_xI_1-x)3, x in 0:1:0.0001", UsageError, "too fine"),
        ("CsPb(Br_xI_1-x)3:wurtzite, x in 0:1:0.1", HeterobuildError, "'wurtzite'"),
        ("CsPb_1-xPr_xBr3, x in 0:1:0.1", UnknownNameError, "Pr"),
        ("CsPb_1-xAg_xBr3, x in 0:1:0.1", UsageError, "not neutral"),
    ],
)
def test_series_that_cannot_be_screened(name, error, message):
    with pytest.raises(error, match=message):
        find_materials([name])
