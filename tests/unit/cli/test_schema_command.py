import json


def test_the_schema_is_json_and_names_the_parts(heterobuild):
    schema = json.loads(heterobuild("schema").out)
    assert {"film", "substrate"} == set(schema["$defs"]["Parts"]["properties"])


def test_an_unknown_architecture(heterobuild):
    assert heterobuild("schema", "vertcal").code == 2


def test_every_architecture_has_a_schema(heterobuild):
    for kind, parts in (("particle", {"crystal"}), ("core-shell", {"core"})):
        schema = json.loads(heterobuild("schema", kind).out)
        assert set(schema["$defs"]["Parts"]["properties"]) == parts
