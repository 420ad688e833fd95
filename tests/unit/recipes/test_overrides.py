from pathlib import Path

import pytest

from heterobuild.errors import RecipeError
from heterobuild.recipes.document import parse_document
from heterobuild.recipes.overrides import override


@pytest.fixture
def document():
    return parse_document("build: {gap: auto, limits: {max_area: 1}}", origin="r", folder=Path())


def test_a_value_is_yaml_and_replaces_the_old_one(document):
    changed = override(document, ["build.gap=3.1", "export=[cif, poscar]", "parts.film.layers=6"])
    assert changed.data["build"]["gap"] == 3.1
    assert changed.data["export"] == ["cif", "poscar"]
    assert changed.data["parts"] == {"film": {"layers": 6}}
    assert document.data["build"]["gap"] == "auto"


def test_the_setting_becomes_the_place_of_the_key_and_of_all_below(document):
    changed = override(document, ["build.limits={max_area: 2, max_strain: 3}"])
    assert changed.place(("build", "limits", "max_strain")) == "--set build.limits"
    assert changed.place(("build", "gap")) == "r:1:9"


def test_an_equals_sign_may_stand_in_the_value(document):
    assert override(document, ["name=a=b"]).data["name"] == "a=b"


@pytest.mark.parametrize("setting", ["build.gap", "=3", "build..gap=3", ""])
def test_a_setting_needs_key_and_value(document, setting):
    with pytest.raises(RecipeError, match="key=value"):
        override(document, [setting])


def test_a_path_through_a_value_is_refused(document):
    with pytest.raises(RecipeError, match=r"build\.gap is not a mapping"):
        override(document, ["build.gap.x=3"])


def test_broken_yaml_is_refused(document):
    with pytest.raises(RecipeError, match="--set seed"):
        override(document, ["seed=["])
