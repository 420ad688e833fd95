import pytest
from ruamel.yaml import YAML

from heterobuild.architectures import ARCHITECTURES
from heterobuild.recipes import recipe_template
from heterobuild.recipes.fields import field_texts
from heterobuild.recipes.kinds import architecture, part_records


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_the_template_is_a_recipe_as_it_is(make, kind):
    recipe = make(recipe_template(kind))
    assert recipe.kind == kind
    assert recipe.build == architecture(kind)()
    assert list(recipe.parts)[: len(part_records(kind))] == list(part_records(kind))


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_every_option_of_the_architecture_is_explained(kind):
    text = recipe_template(kind)
    words = " ".join(line.strip(" #") for line in text.splitlines())
    for name, description in field_texts(architecture(kind)).items():
        assert description.split()[0] in words
        assert f"{name}:" in text


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_lines_fit_the_page(kind):
    assert max(map(len, recipe_template(kind).splitlines())) <= 100


def test_hyphens_stand_for_underscores():
    assert recipe_template("core-shell") == recipe_template("core_shell")


def test_unset_options_are_comments():
    data = YAML(typ="safe", pure=True).load(recipe_template())
    assert "thickness" not in data["parts"]["film"]
