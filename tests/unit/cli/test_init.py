import pytest


def test_the_recipe_of_init_runs(heterobuild, tmp_path):
    outcome = heterobuild("init", "vertical", "-o", "r.yaml")
    assert outcome.code == 0
    assert outcome.out == ""
    assert heterobuild("run", "r.yaml", "-n").code == 0


def test_without_a_file_it_goes_to_the_screen(heterobuild, tmp_path):
    outcome = heterobuild("init")
    assert outcome.out.startswith("# A recipe of heterobuild")
    assert list(tmp_path.iterdir()) == []


def test_a_recipe_is_not_overwritten(heterobuild, tmp_path):
    (tmp_path / "r.yaml").write_text("mine")
    outcome = heterobuild("init", "-o", "r.yaml")
    assert outcome.code == 2
    assert (tmp_path / "r.yaml").read_text() == "mine"
    assert heterobuild("init", "-o", "r.yaml", "--force").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]


def test_an_unknown_architecture(heterobuild):
    outcome = heterobuild("init", "vertcal")
    assert outcome.code == 2
    assert "did you mean vertical?" in outcome.err


@pytest.mark.parametrize("kind", ["particle", "core_shell", "core-shell", "embedded"])
def test_every_architecture_has_a_recipe_to_start_from(heterobuild, tmp_path, kind):
    from heterobuild.recipes import load_recipe

    assert heterobuild("init", kind, "-o", "r.yaml").code == 0
    recipe = load_recipe(tmp_path / "r.yaml")
    assert (recipe.kind, recipe.name) == (
        kind.replace("-", "_"),
        f"my-{recipe.kind}".replace("_", "-"),
    )
