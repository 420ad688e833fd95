import pytest

from heterobuild.cli.options import field_options, option_name, option_value
from heterobuild.recipes.schema import architecture


def test_nested_records_give_options_in_place():
    found = {
        entry.option.opts[0]: entry.keys
        for entry in field_options("vertical", architecture("vertical"), ("build",))
    }
    assert found["--max-strain"] == ("build", "limits", "max_strain")
    assert found["--gap"] == ("build", "gap")
    assert "--limits" not in found


def test_help_comes_from_the_docstring_with_the_default():
    options = {
        entry.keys[-1]: entry.option
        for entry in field_options("vertical", architecture("vertical"), ("build",))
    }
    assert "default: 0.05" in options["max_strain"].help
    assert "auto" in options["gap"].metavar


@pytest.mark.parametrize(
    ("keys", "text", "value"),
    [
        (("build", "repeat"), "2,1", [2, 1]),
        (("build", "repeat"), "[2, 1]", [2, 1]),
        (("build", "shift"), "0.5 -0.5", [0.5, -0.5]),
        (("build", "strain"), "film=0.7", {"film": 0.7}),
        (("build", "strain"), "shared", "shared"),
        (("build", "gap"), "3.1", 3.1),
        (("build", "gap"), "auto", "auto"),
        (("build", "vacuum"), "null", None),
        (("parts", "film", "miller"), "001", "001"),
        (("parts", "film", "bottom"), "1", 1),
        (("parts", "film", "bottom"), "CsBr", "CsBr"),
        (("name",), "1e3", "1e3"),
        (("export", "species_order"), "Cs Pb,Br", ["Cs", "Pb", "Br"]),
    ],
)
def test_values_are_read_as_a_recipe_would_hold_them(keys, text, value):
    assert option_value("vertical", keys, text) == value


def test_names():
    assert option_name(("parts", "film", "top"), "film-") == "--film-top"
