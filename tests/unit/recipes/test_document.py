from pathlib import Path

import pytest

from heterobuild.errors import RecipeError
from heterobuild.recipes.document import parse_document, read_document


def parse(text):
    return parse_document(text, origin="r.yaml", folder=Path())


def test_places_are_line_and_column_of_the_key_counted_from_one():
    document = parse("a: 1\nb:\n  c: {d: 2}\n  e: [3, 4]\n")
    assert document.data == {"a": 1, "b": {"c": {"d": 2}, "e": [3, 4]}}
    assert document.place(("b", "c", "d")) == "r.yaml:3:7"
    assert document.place(("b", "e", 1)) == "r.yaml:4:10"


def test_an_unknown_key_has_the_place_of_its_block():
    document = parse("a: 1\nb:\n  c: 2\n")
    assert document.place(("b", "missing", "deeper")) == "r.yaml:2:1"
    assert document.place(("missing",)) == "r.yaml"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_recipe_is_refused(text):
    with pytest.raises(RecipeError, match=r"empty|not a mapping"):
        parse(text)


@pytest.mark.parametrize("text", ["- a\n", "3\n", "word\n"])
def test_a_recipe_is_a_mapping(text):
    with pytest.raises(RecipeError, match="not a mapping"):
        parse(text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"nothing\.yaml: there is no such recipe"):
        read_document(tmp_path / "nothing.yaml")


def test_a_folder_and_a_binary_file_are_refused(tmp_path):
    with pytest.raises(RecipeError, match="cannot be read"):
        read_document(tmp_path)
    (tmp_path / "r.yaml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(RecipeError, match="UTF-8"):
        read_document(tmp_path / "r.yaml")


def test_the_folder_of_the_file_is_kept(tmp_path):
    (tmp_path / "r.yaml").write_text("a: 1")
    assert read_document(tmp_path / "r.yaml").folder == tmp_path
