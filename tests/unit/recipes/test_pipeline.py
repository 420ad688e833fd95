from collections import Counter

import numpy as np
import pytest

from heterobuild.errors import ChecksFailedError, OutputError, UnknownNameError, UsageError
from heterobuild.recipes import dry_run, run_recipe
from heterobuild.recipes.pipeline import file_names


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def small(text):
    return text.replace("layers: 6", "layers: 2")


def test_the_demo_has_the_composition_that_hand_counting_gives(text, make):
    result = dry_run(make(text))
    film = Counter({"Cs": 7, "Pb": 6, "Br": 19})  # 7 CsBr and 6 PbBr2 planes
    substrate = Counter({"C": 6, "N": 6, "H": 36, "Pb": 6, "Cl": 18})  # 6 CH3NH3PbCl3
    assert Counter(result.built.atoms.get_chemical_symbols()) == film + substrate
    assert result.report.passed
    assert result.built.atoms.arrays["formal_charge"].sum() == pytest.approx(0)


def test_the_files_are_those_that_were_announced(small, make, tmp_path):
    recipe = make(small)
    result = run_recipe(recipe, tmp_path / "o")
    assert set(contents(tmp_path / "o")) == set(result.files) == set(file_names(recipe))


def test_a_dry_run_is_the_run_without_files(small, make, tmp_path):
    dry, wet = dry_run(make(small)), run_recipe(make(small), tmp_path / "o")
    assert np.array_equal(dry.built.atoms.positions, wet.built.atoms.positions)
    assert dry.provenance == wet.provenance
    assert dry.folder is None
    assert wet.folder == tmp_path / "o"


def test_the_written_recipe_gives_the_same_bytes(small, make, tmp_path):
    from heterobuild.recipes import load_recipe

    random = small.replace("cations: dipole-cancelled", "cations: random")
    run_recipe(make(random), tmp_path / "a")
    run_recipe(load_recipe(tmp_path / "a/recipe.yaml"), tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_the_seed_matters_for_random_cations_only(small, make):
    random = small.replace("cations: dipole-cancelled", "cations: random")
    ours = [dry_run(make(random, f"seed={seed}")).built.atoms.positions for seed in (1, 2)]
    assert not np.allclose(*ours)
    fixed = [dry_run(make(small, f"seed={seed}")).built.atoms.positions for seed in (1, 2)]
    assert np.array_equal(*fixed)


def test_a_short_name_gives_the_same_bytes_as_its_full_name(small, make, tmp_path):
    for folder, name in (("a", "MAPbCl3"), ("b", "MAPbCl3_cubic")):
        run_recipe(make(small.replace("MAPbCl3_cubic", name)), tmp_path / folder)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_an_ambiguous_short_name_is_remarked_and_not_recorded(small, make):
    short = small.replace("MAPbCl3_cubic", "MAPbI3").replace("0.05", "0.1")
    result = dry_run(make(short))
    full = dry_run(make(short.replace("MAPbI3", result.recipe.parts["substrate"].crystal)))
    assert result.recipe.parts["substrate"].crystal.startswith("MAPbI3_")
    assert result.built.notices == full.built.notices
    assert result.provenance == full.provenance


def test_steps_are_announced(small, make, tmp_path):
    said = []
    run_recipe(make(small), tmp_path / "o", progress=said.append)
    assert [words.split()[0] for words in said] == [
        "loading",
        "cutting",
        "building",
        "checking",
        "writing",
    ]


def test_failed_checks_stop_the_files(small, make, tmp_path):
    recipe = make(small, "build.gap=0.4")
    with pytest.raises(ChecksFailedError, match="failed check") as error:
        run_recipe(recipe, tmp_path / "o")
    assert error.value.exit_code == 4
    assert not (tmp_path / "o").exists()
    assert not run_recipe(recipe, tmp_path / "o", allow_failed_checks=True).report.passed


def test_errors_of_the_parts_have_their_place(small, make):
    with pytest.raises(UnknownNameError, match=r"^r\.yaml:5:10: parts\.film\.crystal: unknown"):
        dry_run(make(small.replace("CsPbBr3_cubic", "CsPbBr3_cubc")))
    with pytest.raises(UsageError, match=r"^r\.yaml:6:15: parts\.substrate\.crystal: the formula"):
        dry_run(make(small.replace("MAPbCl3_cubic", "MAPbCl4")))


def test_the_folder_is_judged_before_any_work(small, make, tmp_path):
    (tmp_path / "pair.cif").write_text("mine")
    said = []
    with pytest.raises(OutputError, match="overwritten"):
        run_recipe(make(small), tmp_path, progress=said.append)
    assert said == []
