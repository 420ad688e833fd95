import json

import numpy as np
import pytest
from ase.io import read

from heterobuild.defects import Defect, Hop
from heterobuild.errors import HeterobuildError, OutputError
from heterobuild.model import Finding, Report
from heterobuild.recipes import dry_run, run_recipe
from heterobuild.recipes.point_defects import both_ends, final_files, final_names, first_name
from heterobuild.recipes.writing import recipe_text

DEFECTS = "defects: [V_MA -4, {kind: antisite, species: Pb, onto: Cs, region: film, layer: 3}]\n"
HOP = "hop: {into: film}\n"


def test_both_ways_to_write_a_defect(make, text):
    recipe = make(text + DEFECTS)
    assert recipe.defects == (
        Defect(kind="vacancy", species="MA", layer=-4),
        Defect(kind="antisite", species="Pb", onto="Cs", region="film", layer=3),
    )
    assert recipe.hop is None
    assert make(text + HOP).hop == Hop(into="film")


@pytest.mark.parametrize("block", [DEFECTS, HOP, "hop: {}\n"])
def test_the_canonical_text_says_the_same(make, text, block):
    recipe = make(text + block)
    canonical = recipe_text(recipe)
    again = make(canonical)
    assert (again.defects, again.hop) == (recipe.defects, recipe.hop)
    assert recipe_text(again) == canonical


def test_recipes_without_them_are_written_as_before(make, text):
    assert "defects" not in recipe_text(make(text))
    assert "hop" not in recipe_text(make(text))


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("defects: [V_Br, Br]\n", r"r.yaml:\d+:\d+: defects.1: not a name of a defect"),
        ("defects: [{kind: vacancy, specie: Br}]\n", r"defects.0.specie: unknown key.*species"),
        ("defects: [{kind: vacant, species: Br}]\n", r"defects.0.kind: .*did you mean vacancy"),
        ("defects: [{kind: antisite, species: Br}]\n", r"defects: onto goes with antisites"),
        ("defects: V_Br\n", r"defects: not a possible value"),
        ("hop: {onto: film}\n", r"hop.onto: unknown key.*into"),
        ("hop: yes\n", r"hop: not a possible value"),
    ],
)
def test_bad_blocks_are_refused_with_their_place(make, text, block, words):
    with pytest.raises(HeterobuildError, match=words):
        make(text + block)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ("defects: [V_I]\n", r"r.yaml:\d+:\d+: defects: there is no I for V_I"),
        ("defects: [V_Br film 99]\n", r"layer 99.*write layer: 13"),
        ("defects: [3x V_Cs film 1]\n", r"3 wanted, 1 found.*lower count to 1"),
        ("hop: {species: I}\n", r"r.yaml:\d+:\d+: hop.species: no I can jump"),
    ],
)
def test_what_the_model_does_not_hold_leaves_no_files(make, text, block, words, tmp_path):
    with pytest.raises(HeterobuildError, match=words):
        run_recipe(make(text + block), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_defects_are_in_the_lossless_file_and_in_the_record(make, text, tmp_path):
    result = run_recipe(make(text + DEFECTS), tmp_path / "out")
    atoms = read(tmp_path / "out" / "pair.extxyz")
    assert np.array_equal(atoms.arrays["defect"], result.built.atoms.arrays["defect"])
    assert (atoms.arrays["defect"] > 0).sum() == 1
    record = json.loads((tmp_path / "out" / "heterobuild.json").read_text())
    assert record["formal_charge_e"] == 0
    assert {entry["why"] for entry in record["ledger"]} == {"defect V_MA", "defect Pb_Cs"}
    names = [
        entry["kroger_vink"]
        for step in record["steps"]
        if step["name"] == "defects"
        for entry in step["values"]["defects"]
    ]
    assert names == ["V_MA\N{PRIME}", "Pb_Cs•"]


def test_both_ends_of_a_hop_are_in_one_folder(make, text, tmp_path):
    recipe = make(text + HOP)
    result = run_recipe(recipe, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(result.files)
    assert set(final_names(recipe)) <= set(result.files)
    assert first_name(recipe) == "pair-initial"
    for ending in ("extxyz", "vasp", "cif", "data"):
        options = {"atom_style": "full", "units": "metal"} if ending == "data" else {}
        kind = {"data": "lammps-data", "vasp": "vasp"}.get(ending)
        one, other = (
            read(tmp_path / "out" / f"pair-{end}.{ending}", format=kind, **options)
            for end in ("initial", "final")
        )
        assert np.array_equal(one.numbers, other.numbers)
        moved = np.linalg.norm(other.positions - one.positions, axis=1)
        assert (moved > 1e-6).sum() == 1, ending
        assert 3.7 < moved.max() < 4.6
    again = run_recipe(make((tmp_path / "out" / "recipe.yaml").read_text()), tmp_path / "two")
    for name in again.files:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_of_the_end_are_not_overwritten(make, text, tmp_path):
    recipe = make(text + HOP)
    (tmp_path / "pair-final.cif").write_text("mine")
    with pytest.raises(OutputError):
        run_recipe(recipe, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["pair-final.cif"]


def test_a_charge_left_on_purpose_does_not_stop_the_run(make, text, tmp_path):
    block = "defects: [{kind: vacancy, species: Br, compensate: none}]\n"
    result = run_recipe(make(text + block), tmp_path / "out")
    assert result.report.passed
    assert any("left by point defects" in finding.message for finding in result.report.findings)


def test_a_dry_run_tells_both_ends(make, text):
    result = dry_run(make(text + HOP))
    assert result.final is not None
    assert len(result.final.atoms) == len(result.built.atoms)
    assert final_files(result.recipe, None) == {}
    assert dry_run(make(text)).final is None


def test_faults_of_the_end_count():
    fault = Finding(check="contacts", level="error", message="too near")
    info = Finding(check="charge", level="info", message="zero")
    joined = both_ends(Report(findings=(info,)), Report(findings=(info, fault)))
    assert not joined.passed
    assert [finding.message for finding in joined.findings] == [
        "zero",
        "at the end of the hop: too near",
    ]
