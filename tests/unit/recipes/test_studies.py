import csv
import json

import pytest

from heterobuild.errors import ChecksFailedError, NothingFitsError, OutputError, RecipeError
from heterobuild.recipes import load_recipe, plan_recipe, run_recipe
from heterobuild.recipes.studies import run_study, study_recipes

RECIPE = """\
schema_version: 1
name: pair
parts:
  film: {crystal: CsPbBr3_cubic, layers: 1}
  substrate: {crystal: CsPbI3_alpha, layers: 1}
build: {kind: vertical, limits: {max_strain: 0.08, max_area: 60}}
enumerate: {matches: 1}
export: [extxyz]
"""


@pytest.fixture
def recipe(tmp_path):
    """Return a function that reads the recipe with changes."""
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE)

    def read(*changes):
        return load_recipe(path, changes)

    return read


def test_each_interface_has_a_folder_with_a_recipe_of_its_own(recipe, tmp_path):
    study = run_study(recipe("enumerate={matches: 1, shifts: 1}"), tmp_path / "study")
    folders = sorted(path.name for path in (tmp_path / "study").iterdir() if path.is_dir())
    assert folders == sorted(row.label for row in study.rows)
    assert len(folders) == 4
    folder = tmp_path / "study" / folders[0]
    alone = load_recipe(folder / "recipe.yaml")
    assert alone.study is None
    run_recipe(alone, tmp_path / "again")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_the_table_tells_what_is_in_the_folders(recipe, tmp_path):
    run_study(recipe("enumerate={matches: 1, shifts: 1}"), tmp_path / "study")
    with (tmp_path / "study" / "variants.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    for row in rows:
        record = json.loads((tmp_path / "study" / row["label"] / "heterobuild.json").read_text())
        assert int(row["atoms"]) == record["atoms"]
        steps = {step["name"]: step["values"] for step in record["steps"]}
        assert float(row["gap_A"]) == steps["gap"]["gap_A"]
        assert row["network_continues"] == str(steps["gap"]["network_continues"])
    listed = json.loads((tmp_path / "study" / "variants.json").read_text())
    assert [entry["label"] for entry in listed] == [row["label"] for row in rows]


def test_a_dry_run_has_the_same_rows_and_writes_nothing(recipe, tmp_path):
    asked = recipe("enumerate={matches: 1, shifts: 1}")
    dry = run_study(asked, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.yaml"]
    assert dry.rows == run_study(asked, tmp_path / "study").rows


def test_folders_that_are_there_are_kept(recipe, tmp_path):
    asked = recipe("enumerate={matches: 1, shifts: 1}")
    first = run_study(asked, tmp_path / "study")
    table = (tmp_path / "study" / "variants.csv").read_bytes()
    lost = tmp_path / "study" / first.rows[1].label
    for path in lost.iterdir():
        path.unlink()
    lost.rmdir()
    second = run_study(asked, tmp_path / "study")
    assert second.kept == tuple(row.label for row in first.rows if row is not first.rows[1])
    assert second.rows == first.rows
    assert (tmp_path / "study" / "variants.csv").read_bytes() == table
    assert run_study(asked, tmp_path / "study", force=True).kept == ()


def test_other_files_are_not_replaced(recipe, tmp_path):
    asked = recipe("enumerate={matches: 1, shifts: 1}")
    run_study(asked, tmp_path / "study")
    other = recipe("enumerate={matches: 1, shifts: 1}", "seed=3")
    with pytest.raises(OutputError, match="overwritten"):
        run_study(other, tmp_path / "study")
    run_study(other, tmp_path / "study", force=True)


def test_what_cannot_be_built_is_told_in_its_row(recipe, tmp_path):
    study = run_study(recipe("build.gap=2.9"), tmp_path / "study")
    failed = [row for row in study.rows if row.status == "failed"]
    assert 0 < len(failed) < len(study.rows)
    assert len(study.errors) == len(failed)
    assert all("Å" in row.reason and row.atoms is None for row in failed)
    assert not any((tmp_path / "study" / row.label).exists() for row in failed)
    assert all(isinstance(error, ChecksFailedError) for error in study.errors)


def test_several_processes_give_the_same_files(recipe, tmp_path):
    asked = recipe("enumerate={matches: 1, shifts: 1, terminations: given, faces: given}")
    changed = recipe("enumerate={matches: 1, shifts: 2, terminations: given, faces: given}")
    one = run_study(changed, tmp_path / "one")
    two = run_study(changed, tmp_path / "two", jobs=2)
    assert one.rows == two.rows
    assert len(run_study(asked, None).rows) == 1
    for path in (tmp_path / "one").rglob("*.extxyz"):
        assert (
            path.read_bytes()
            == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()
        )


def test_each_variant_keeps_the_options_of_the_recipe(recipe):
    asked = recipe("build.vacuum=20", "build.shift=[0.1, 0]", "parts.film.cations=random")
    complete, variants, _ = study_recipes(asked)
    assert complete.study is not None
    for variant, one in variants:
        assert one.build.vacuum == 20
        assert one.parts["film"].cations == "random"
        assert one.parts["film"].bottom is not None
        assert one.name == f"pair-{variant.label}"
    shifts = {one.build.shift for _, one in variants}
    assert (0.1, 0.0) in shifts


def test_a_study_is_not_one_model(recipe):
    with pytest.raises(RecipeError, match="study of several models"):
        plan_recipe(recipe())
    with pytest.raises(RecipeError, match="does not ask for variants"):
        study_recipes(recipe("enumerate=false"))


def test_nothing_within_the_limits_is_told_with_its_place(recipe):
    with pytest.raises(NothingFitsError, match=r"--set build\.limits: .*nearest misses"):
        run_study(recipe("build.limits={max_strain: 0.001}"), None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("enumerate={matches: 0}", "enumerate.*matches is out of range"),
        ("enumerate={matchs: 2}", "enumerate.matchs: unknown key.*did you mean matches"),
        ("enumerate=all", "enumerate: not a possible value"),
        ("enumerate={faces: {film: []}}", "faces"),
    ],
)
def test_bad_wishes_are_told_with_their_place(recipe, change, message):
    with pytest.raises(Exception, match=message):
        recipe(change)


def test_other_architectures_have_no_variants(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(
        "schema_version: 1\nparts: {core: {crystal: CsPbBr3_cubic}}\n"
        "build: {kind: particle}\nenumerate: true\nexport: [cif]\n"
    )
    with pytest.raises(RecipeError, match="a particle model cannot be enumerated") as caught:
        load_recipe(path)
    assert "r.yaml:4:1" in str(caught.value)
