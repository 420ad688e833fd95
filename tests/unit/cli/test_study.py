import json

import pytest

RECIPE = """\
schema_version: 1
name: pair
parts:
  film: {crystal: CsPbBr3_cubic, layers: 1}
  substrate: {crystal: CsPbI3_alpha, layers: 1}
build: {kind: vertical, limits: {max_strain: 0.08, max_area: 60}}
enumerate: {matches: 1, shifts: 1}
export: [extxyz]
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE)
    return str(path)


def test_a_study_prints_its_table(heterobuild, study, tmp_path):
    done = heterobuild("run", study, "-o", "study")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split()[0] == "interface"
    assert len([line for line in lines if line.endswith("passed")]) == 4
    assert "4 of 4 distinct interfaces built" in done.out
    assert (tmp_path / "study" / "variants.csv").exists()
    again = heterobuild("run", study, "-o", "study")
    assert "4 of them kept from before" in again.out


def test_a_dry_run_prints_the_table_only(heterobuild, study, tmp_path):
    assert heterobuild("run", study, "-n").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["r.yaml"]


def test_json_holds_the_rows(heterobuild, study):
    printed = json.loads(heterobuild("run", study, "-n", "--json").out)
    assert printed["study"] == "pair"
    assert {row["status"] for row in printed["variants"]} == {"built"}


def test_variants_that_were_left_out_give_code_6(heterobuild, study):
    done = heterobuild("run", study, "-n", "--set", "build.gap=2.85")
    assert done.code == 6
    assert "failed: " in done.out
    assert "were left out" in done.err


def test_no_variant_at_all_gives_the_code_of_the_first_error(heterobuild, study):
    done = heterobuild("run", study, "-n", "--set", "build.gap=0.5")
    assert done.code == 4
    assert done.err.count("error:") == 1
    printed = heterobuild("run", study, "-n", "--json", "--set", "build.gap=0.5")
    assert printed.code == 4
    assert len(json.loads(printed.out)["variants"]) == 4


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "no folder for the files"),
        (("-n", "-j", "none"), 2, "positive integer or auto"),
        (("-n", "--set", "build.limits={max_strain: 0.001}"), 3, "nearest misses"),
        (("-n", "--set", "enumerate={faces: some}"), 2, "both or given"),
    ],
)
def test_bad_input_is_one_line(heterobuild, study, arguments, code, message):
    done = heterobuild("run", study, *arguments)
    assert done.code == code
    assert message in done.err
    assert "Traceback" not in done.err
