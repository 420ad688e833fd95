import numpy as np
import pytest

from heterobuild.errors import HeterobuildError, RecipeError
from heterobuild.recipes import build_plan, dry_run, load_recipe, plan_recipe, run_recipe
from heterobuild.recipes.planning import noted, require_room


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_crystals_reach_the_architecture_in_the_order_of_the_recipe(tower, make):
    plan = plan_recipe(make(tower))
    assert plan.slabs == {}
    assert list(plan.crystals) == ["floor", "second", "first"]
    built = build_plan(plan).built
    assert [region.name for region in built.regions] == ["floor", "second", "first"]
    assert [region.formula for region in built.regions] == ["CsPbBr3", "CsPbCl3", "MAPbBr3"]


def test_short_names_are_written_in_full(tower, make):
    recipe = plan_recipe(make(tower)).recipe
    assert recipe.parts["floor"].crystal == "CsPbBr3_orthorhombic"


def test_slabs_are_cut_where_the_architecture_takes_slabs(make, text):
    plan = plan_recipe(make(text.replace("layers: 6", "layers: 2")))
    assert set(plan.slabs) == {"film", "substrate"}
    assert plan.estimate is None
    require_room(plan)


def test_the_rule_of_the_whole_orients_the_cations_of_the_parts(tower, make):
    def place(rule):
        recipe = make(tower.replace("form: square", f"cations: {rule}"), "seed=5")
        return plan_recipe(recipe).crystals["first"].atoms.positions

    assert not np.allclose(place("random"), place("aligned"))


def test_the_estimate_is_made_of_the_crystals(tower, make):
    plan = plan_recipe(make(tower, "build.form={copies: 1000}"))
    assert plan.estimate.atoms == 1000 * (20 + 5 + 12)
    assert dry_run(make(tower)).estimate.memory == 37_000


def test_a_model_that_does_not_fit_is_refused_before_it_is_built(tower, make, tmp_path):
    huge = make(tower, "build.each=1000000000000000")
    said = []
    with pytest.raises(RecipeError, match=r"^r\.yaml:7:1: build: the model does not fit") as error:
        run_recipe(huge, tmp_path / "o", progress=said.append)
    assert error.value.exit_code == 2
    assert said == ["loading the crystals"]
    assert not (tmp_path / "o").exists()


def test_the_folder_of_a_build_from_files_runs_again(tower, make, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/table.csv").write_text("here")
    text = tower.replace("form: square", "form: long, dots: in/table.csv")
    recipe = make(text, folder=tmp_path)
    result = run_recipe(recipe, tmp_path / "a", allow_failed_checks=True)
    assert result.built.steps[0].choice == "3 cells here"
    assert "table.csv" in result.files
    assert "table.csv" in {entry.name for entry in result.provenance.data_files}
    again = load_recipe(tmp_path / "a/recipe.yaml")
    run_recipe(again, tmp_path / "b", allow_failed_checks=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert str(tmp_path) not in (tmp_path / "a/recipe.yaml").read_text()


def test_errors_tell_what_the_names_meant():
    with pytest.raises(HeterobuildError) as error, noted(["a means b"]):
        raise HeterobuildError("no")
    assert error.value.__notes__ == ["a means b"]
