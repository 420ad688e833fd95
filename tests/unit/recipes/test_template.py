from ruamel.yaml import YAML

from heterobuild.recipes import recipe_template
from heterobuild.recipes.fields import field_texts
from heterobuild.recipes.schema import architecture


def test_the_template_is_a_recipe_as_it_is(make):
    recipe = make(recipe_template("vertical"))
    assert recipe.kind == "vertical"
    assert recipe.build == architecture("vertical")()


def test_every_option_of_the_architecture_is_explained():
    text = recipe_template("vertical")
    words = " ".join(line.strip(" #") for line in text.splitlines())
    for name, description in field_texts(architecture("vertical")).items():
        assert description.split()[0] in words
        assert f"{name}:" in text


def test_lines_fit_the_page():
    assert max(map(len, recipe_template().splitlines())) <= 100


def test_unset_options_are_comments():
    data = YAML(typ="safe", pure=True).load(recipe_template())
    assert "thickness" not in data["parts"]["film"]
