"""Every recipe of the gallery builds, passes its checks, and is named like its file."""

from pathlib import Path

import pytest

from heterobuild.recipes import dry_run, load_recipe

GALLERY = sorted((Path(__file__).parents[3] / "recipes").glob("*.yaml"))


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_a_recipe_of_the_gallery(path):
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    assert dry_run(recipe).report.passed


def test_the_gallery_is_not_empty():
    assert GALLERY
