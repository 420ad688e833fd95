from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from heterobuild.recipes import recipe_text
from heterobuild.recipes.writing import as_yaml, recipe_as_dict

letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029")
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(letters, max_size=12),
    st.sampled_from(["true", "No", "null", "1e-3", "001", "a: b", "# c", "-", "~", "0x1", "y"]),
)
names = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)


def nested(inner):
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)


@given(st.dictionaries(names, st.recursive(scalars, nested, max_leaves=8), max_size=4))
def test_an_independent_yaml_reader_gets_the_same_data(data):
    text = as_yaml(data)
    assert (YAML(typ="safe", pure=True).load(StringIO(text)) or {}) == data


def test_the_canonical_text_is_a_fixed_point(text, make):
    canonical = recipe_text(make(text))
    assert recipe_text(make(canonical)) == canonical


def test_order_and_spelling_of_the_source_do_not_matter(text, make):
    lines = text.splitlines()
    turned = "\n".join([*lines[6:12], *lines[3:6], lines[12], *lines[:3]])
    turned = turned.replace("vacuum: 15", "vacuum: 1.5e1").replace('"001"', "0 0 1")
    assert recipe_text(make(turned)) == recipe_text(make(text))


def test_defaults_are_spelled_out(text, make):
    data = recipe_as_dict(make(text))
    assert data["parts"]["film"]["cations"] == "aligned"
    assert data["parts"]["film"]["symmetric"] is False
    assert data["parts"]["substrate"]["miller"] == [0, 0, 1]
    assert data["export"]["freeze_layers"] == 0
    assert set(data["build"]) >= {"kind", "limits", "strain", "gap", "shift", "periodic", "repeat"}


def test_nothing_is_left_out_unless_nothing_is_the_default(text, make):
    assert "thickness" not in recipe_as_dict(make(text))["parts"]["film"]


@pytest.mark.parametrize("value", ["{film: 0.7}", "shared", "substrate"])
def test_every_way_of_sharing_strain_survives(text, make, value):
    changed = text.replace("strain: film", f"strain: {value}")
    canonical = recipe_text(make(changed))
    assert make(canonical).build == make(changed).build
