from pathlib import Path

import pytest

from heterobuild.errors import RecipeError, StructureFileError
from heterobuild.recipes.inputs import (
    crystal_location,
    input_files,
    located_build,
    read_inputs,
    with_copies,
    write_copies,
)


@pytest.mark.parametrize("name", ["CsPbBr3", "CsPbBr3:cubic", "alpha-CsPbI3", "MAPbCl3_cubic"])
def test_names_of_the_library_stay(name, tmp_path):
    assert crystal_location(name, tmp_path) == name


@pytest.mark.parametrize("path", ["a.cif", "b/POSCAR", "../c.xyz", "D.CIF", "x.vasp"])
def test_paths_start_at_the_folder_of_the_recipe(path, tmp_path):
    assert crystal_location(path, tmp_path) == tmp_path / path


def test_absolute_paths_stay(tmp_path):
    assert crystal_location(str(tmp_path / "a.cif"), Path("elsewhere")) == tmp_path / "a.cif"


def test_a_file_without_ending_is_found(tmp_path):
    assert crystal_location("POSCAR", tmp_path) == "POSCAR"
    (tmp_path / "POSCAR").touch()
    assert crystal_location("POSCAR", tmp_path) == tmp_path / "POSCAR"


@pytest.fixture
def own(tmp_path, text, make):
    """Return a recipe of two files in two folders."""
    for name, content in (("a/x.cif", "one"), ("b/y.cif", "two")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content)
    changed = text.replace("CsPbBr3_cubic", "a/x.cif").replace("MAPbCl3_cubic", "b/y.cif")
    return make(changed, folder=tmp_path)


def test_copies_have_the_names_of_the_files(own, tmp_path):
    assert input_files(own) == {"x.cif": tmp_path / "a/x.cif", "y.cif": tmp_path / "b/y.cif"}
    assert with_copies(own).parts["substrate"].crystal == "y.cif"
    assert own.parts["substrate"].crystal == "b/y.cif"


def test_one_file_used_twice_is_copied_once(own, tmp_path, text, make):
    changed = text.replace("CsPbBr3_cubic", "a/x.cif").replace("MAPbCl3_cubic", "b/../a/x.cif")
    assert list(input_files(make(changed, folder=tmp_path))) == ["x.cif"]


def test_different_files_of_one_name_are_refused(own, tmp_path, text, make):
    (tmp_path / "b/x.cif").write_text("three")
    changed = text.replace("CsPbBr3_cubic", "a/x.cif").replace("MAPbCl3_cubic", "b/x.cif")
    with pytest.raises(RecipeError, match=r"r\.yaml:6:15: parts\.substrate\.crystal: two"):
        input_files(make(changed, folder=tmp_path))


def test_a_file_with_the_name_of_a_result_is_refused(tmp_path, text, make):
    (tmp_path / "pair.cif").write_text("mine")
    with pytest.raises(RecipeError, match=r"pair\.cif has the name of a result"):
        input_files(make(text.replace("CsPbBr3_cubic", "pair.cif"), folder=tmp_path))


def test_copies_hold_the_same_bytes(own, tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    write_copies(read_inputs(own), folder, force=False)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "x.cif": "one",
        "y.cif": "two",
    }


def test_a_missing_file_is_named(own, tmp_path):
    (tmp_path / "a/x.cif").unlink()
    with pytest.raises(StructureFileError, match=r"x\.cif: cannot be read"):
        read_inputs(own)


def test_a_table_that_the_build_names_is_an_input(make, tower, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/dots.csv").write_text("x,y,z")
    recipe = make(tower.replace("form: square", "dots: in/dots.csv"), folder=tmp_path)
    assert input_files(recipe) == {"dots.csv": tmp_path / "in/dots.csv"}
    assert read_inputs(recipe) == {"dots.csv": b"x,y,z"}
    assert with_copies(recipe).build.dots == "dots.csv"
    assert located_build(recipe).dots == str(tmp_path / "in/dots.csv")
    assert recipe.build.dots == "in/dots.csv"


def test_a_table_with_the_name_of_a_structure_file_is_refused(make, tower, tmp_path):
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.cif").write_text(folder)
    text = tower.replace("crystal: CsPbBr3", "crystal: a/x.cif").replace(
        "form: square", "dots: b/x.cif"
    )
    with pytest.raises(RecipeError, match=r"r\.yaml:7:27: build\.dots: two files"):
        input_files(make(text, folder=tmp_path))
