import math

import pytest

from heterobuild.errors import RecipeError
from heterobuild.recipes.nodes import Number, compose, dotted, kind_of, plain_value


def read(text):
    return plain_value(compose(text, "r.yaml"), (), {}, "r.yaml")


def test_scalars_follow_yaml_1_2():
    data = read("{a: 1e-3, b: No, c: 0o17, d: ~, e: true, f: 5%, g: .inf, h: 1_0}")
    assert data["a"] == 0.001
    assert data["b"] == "No"
    assert data["c"] == 15
    assert data["d"] is None
    assert data["e"] is True
    assert data["f"] == "5%"
    assert math.isinf(data["g"])


def test_leading_zeros_are_remembered():
    value = read("m: 001")["m"]
    assert value == 1
    assert isinstance(value, Number)
    assert value.text == "001"


def test_a_repeated_key_names_both_places():
    with pytest.raises(RecipeError, match=r"r\.yaml:3:3: b\.c: .*twice.*r\.yaml:2:3"):
        read("b:\n  c: 1\n  c: 2\n")


def test_a_tab_is_named_as_such():
    with pytest.raises(RecipeError, match=r"r\.yaml:2:1: a tab"):
        read("a:\n\tb: 1\n")


@pytest.mark.parametrize(
    "text", ["a: [1", "a: b: c", "a: *x", "a: 1\n---\nb: 2", "a: {b", "\x00", 'a: "x']
)
def test_broken_yaml_is_one_line(text):
    with pytest.raises(RecipeError) as error:
        read(text)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("r.yaml")


def test_a_recipe_that_contains_itself_is_refused():
    with pytest.raises(RecipeError, match="refers to itself"):
        read("a: &x [*x]")


def test_aliases_do_not_grow_without_bound():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for depth in range(1, 12):
        inner = ", ".join([f"*a{depth - 1}"] * 10)
        lines.append(f"a{depth}: &a{depth} [{inner}]")
    with pytest.raises(RecipeError, match="too large"):
        read("\n".join(lines))


@pytest.mark.parametrize("text", ["a: 2020-01-01", "a: !!python/name:os.system x"])
def test_foreign_kinds_are_refused(text):
    with pytest.raises(RecipeError, match="kind that recipes do not have"):
        read(text)


def test_keys_are_words():
    with pytest.raises(RecipeError, match="one word"):
        read("? [a]\n: 1")


def test_words():
    assert dotted(("build", "limits", 0)) == "build.limits.0"
    assert [kind_of(value) for value in ({}, [], "x", None, 3)] == [
        "a mapping",
        "a list",
        "text",
        "nothing",
        "3",
    ]
