import json

import pytest


def test_a_run_writes_and_tells(heterobuild, recipe, tmp_path):
    outcome = heterobuild("run", "r.yaml", "-o", "results")
    assert outcome.code == 0
    assert all(line.startswith("note: ") for line in outcome.err.splitlines())
    files = {"pair.cif", "pair.vasp", "heterobuild.json", "recipe.yaml"}
    assert {path.name for path in (tmp_path / "results").iterdir()} == files
    for piece in ("36 atoms", "−3.30 %", "MA2Pb2Cl6", "Cs3Pb2Br7", "passed", "pair.{cif,vasp}"):
        assert piece in outcome.out


def test_a_dry_run_writes_nothing(heterobuild, recipe, tmp_path):
    outcome = heterobuild("run", "r.yaml", "-n")
    assert outcome.code == 0
    assert "36 atoms" in outcome.out
    assert "recipe.yaml" in outcome.out
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]


def test_json_is_pure_and_complete(heterobuild, recipe):
    outcome = heterobuild("run", "r.yaml", "-n", "--json")
    result = json.loads(outcome.out)
    assert result["atoms"] == 36
    assert result["written"] is False
    assert result["formal_charge_e"] == 0
    assert result["report"]["passed"] is True
    assert result["files"] == ["pair.cif", "pair.vasp", "heterobuild.json", "recipe.yaml"]


def test_settings_change_the_recipe(heterobuild, recipe, tmp_path):
    outcome = heterobuild("run", "r.yaml", "-o", "o", "--set", "build.vacuum=20", "--set", "seed=8")
    assert outcome.code == 0
    text = (tmp_path / "o/recipe.yaml").read_text()
    assert "vacuum: 20.0" in text
    assert "seed: 8" in text


def test_files_are_replaced_only_by_force(heterobuild, recipe, tmp_path):
    assert heterobuild("run", "r.yaml", "-o", "o").code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "o").iterdir()}
    outcome = heterobuild("run", "r.yaml", "-o", "o", "--set", "seed=8")
    assert outcome.code == 2
    assert "--force" in outcome.err
    assert {path.name: path.read_bytes() for path in (tmp_path / "o").iterdir()} == before
    assert heterobuild("run", "r.yaml", "-o", "o", "--force").code == 0


def test_failed_checks_stop_the_files_unless_allowed(heterobuild, recipe, tmp_path):
    close = ("run", "r.yaml", "-o", "o", "--set", "build.gap=0.5")
    outcome = heterobuild(*close)
    assert outcome.code == 4
    assert "--allow-failed-checks" in outcome.err
    assert not (tmp_path / "o").exists()
    outcome = heterobuild(*close, "--allow-failed-checks")
    assert outcome.code == 0
    assert "failed" in outcome.out
    record = json.loads((tmp_path / "o/heterobuild.json").read_text())
    assert record["report"]["passed"] is False


def test_a_dry_run_tells_of_failed_checks_by_its_code(heterobuild, recipe):
    outcome = heterobuild("run", "r.yaml", "-n", "--set", "build.gap=0.5")
    assert outcome.code == 4
    assert "error    contacts" in outcome.out


def test_a_short_name_is_said_on_the_screen_and_written_in_full(heterobuild, recipe, tmp_path):
    outcome = heterobuild(
        *("run", "r.yaml", "-o", "o", "--set", "parts.film.crystal=CsSnBr3"),
        *("--set", "parts.film.top=null", "--set", "parts.film.bottom=null"),
        *("--set", "build.limits.max_strain=0.1"),
    )
    assert outcome.code == 0, outcome.err
    assert "crystal: CsSnBr3_" in (tmp_path / "o/recipe.yaml").read_text()


@pytest.mark.parametrize("argument", ["nothing.yaml", "."])
def test_a_missing_recipe(heterobuild, argument):
    outcome = heterobuild("run", argument, "-o", "o")
    assert outcome.code == 2
    assert outcome.err.startswith(f"error: {argument}: ")
