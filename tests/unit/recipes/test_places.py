from pathlib import Path

from heterobuild.errors import NothingFitsError, RecipeError
from heterobuild.recipes.document import parse_document
from heterobuild.recipes.places import blame, locate, problem

DOCUMENT = parse_document(
    "build:\n  vacuum: -1\n  limits: {max_area: 3}\nparts:\n  film: {top: PbBr2, crystal: CsI}\n",
    origin="r.yaml",
    folder=Path(),
)


def test_a_message_names_place_and_key():
    error = problem(DOCUMENT, ("build", "vacuum"), "too small", measured=-1, next_step="raise it")
    assert isinstance(error, RecipeError)
    assert str(error) == "r.yaml:2:3: build.vacuum: too small; found -1. Next: raise it"


def test_the_recipe_as_a_whole_has_no_key():
    assert str(problem(DOCUMENT, (), "wrong")) == "r.yaml: wrong"


def test_the_key_whose_name_is_in_the_message_is_blamed():
    assert blame("the vacuum is negative", DOCUMENT, ("build",)) == ("build", "vacuum")
    assert blame("max area is 3", DOCUMENT, ("build",)) == ("build", "limits", "max_area")


def test_else_the_key_whose_text_is_in_the_message():
    assert blame("there is no plane PbBr2", DOCUMENT, ("parts", "film")) == ("parts", "film", "top")


def test_else_the_block():
    assert blame("nothing known", DOCUMENT, ("parts", "film")) == ("parts", "film")
    assert blame("vacuums differ", DOCUMENT, ("build",)) == ("build",)


def test_an_error_of_another_module_keeps_its_class():
    error = NothingFitsError("no match within max_area")
    locate(error, DOCUMENT, ("build",))
    assert str(error).startswith("r.yaml:3:12: build.limits.max_area: no match")
    assert error.exit_code == 3


def test_the_common_cell_is_not_the_option_of_profiles():
    """Messages of matching speak of the in-plane cell, whatever the profile says."""
    text = "build:\n  profile: {in_plane: random}\n"
    document = parse_document(text, origin="r.yaml", folder=Path())
    assert blame("no common in-plane cell", document, ("build",)) == ("build",)
    assert blame("in_plane is unknown", document, ("build",)) == ("build", "profile", "in_plane")
