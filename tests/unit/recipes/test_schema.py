import pytest

from heterobuild.errors import UnknownNameError
from heterobuild.recipes import recipe_schema
from heterobuild.recipes.schema import allowed, architecture, part_names, subschemas


def test_parts_are_the_arguments_of_build():
    assert part_names("vertical") == ("film", "substrate")


def test_every_key_is_described():
    schema = recipe_schema()
    for record in ("SlabOptions", "ExportSettings", "Vertical", "MatchLimits"):
        for key, entry in schema["$defs"][record]["properties"].items():
            assert entry.get("description"), f"{record}.{key}"
    assert all(entry.get("description") for entry in schema["properties"].values())


def test_unknown_keys_are_forbidden_everywhere():
    schema = recipe_schema()
    for entry in (schema, *schema["$defs"].values()):
        if "properties" in entry:
            assert entry["additionalProperties"] is False


def test_the_schema_belongs_to_the_caller():
    recipe_schema()["properties"].clear()
    assert recipe_schema()["properties"]


def test_the_architecture_is_named():
    block = recipe_schema()["$defs"]["Vertical"]
    assert block["properties"]["kind"]["const"] == "vertical"
    assert "kind" in block["required"]


def test_an_unknown_architecture_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean vertical"):
        architecture("vertcal")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("seed",), "an integer ≥ 0"),
        (("parts", "film", "layers"), "an integer ≥ 1"),
        (("parts", "film", "cations"), "aligned or dipole-cancelled or random"),
        (("parts", "film", "symmetric"), "true or false"),
        (("build", "gap"), "auto"),
        (("build", "limits"), "max_strain, max_area"),
        (("name",), "letters, digits"),
    ],
)
def test_allowed_values_in_words(keys, words):
    assert words in allowed("vertical", keys)


def test_unknown_keys_have_no_schema():
    assert subschemas("vertical", ("build", "gpa")) == []
    assert allowed("vertical", ("build", "gpa")) == ""
