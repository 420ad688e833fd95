import pytest

from heterobuild.recipes import recipe_schema


def test_parts_are_the_arguments_of_build():
    assert set(recipe_schema()["$defs"]["Parts"]["properties"]) == {"film", "substrate"}


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


@pytest.mark.parametrize("kind", ["particle", "core_shell", "embedded"])
def test_every_key_of_the_other_architectures_is_described(kind):
    schema = recipe_schema(kind)
    for name, entry in schema["$defs"].items():
        for key, node in entry.get("properties", {}).items():
            assert name == "Parts" or node.get("description"), f"{name}.{key}"


def test_parts_of_ones_own_naming_are_allowed_where_the_architecture_takes_them():
    parts = recipe_schema("core_shell")["$defs"]["Parts"]
    assert parts["required"] == ["core"]
    assert parts["additionalProperties"] == {"$ref": "#/$defs/CrystalOptions"}
    assert parts["minProperties"] == 2
    assert recipe_schema("embedded")["$defs"]["Parts"]["additionalProperties"] is False


def test_both_spellings_of_a_name_are_allowed():
    block = recipe_schema("core-shell")["$defs"]["CoreShell"]
    assert block["properties"]["kind"]["enum"] == ["core_shell", "core-shell"]


def test_a_block_with_a_kind_may_be_one_word():
    block, word = recipe_schema("particle")["$defs"]["Particle"]["properties"]["shape"]["anyOf"]
    assert block == {"$ref": "#/$defs/ParticleShape"}
    assert "sphere" in word["enum"]
