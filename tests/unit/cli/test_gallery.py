import json
import re
from types import SimpleNamespace

import pytest

from heterobuild.recipes import gallery as shelf
from heterobuild.recipes import gallery_builds

PAIR = """\
# Two slabs of bromide. 10 atoms.
schema_version: 1
name: {name}
parts:
  film: {{crystal: CsPbBr3_cubic, layers: 1}}
  substrate: {{crystal: {crystal}, layers: 1}}
build: {{kind: vertical, limits: {{max_strain: {limit}, max_area: 50}}}}
export: [extxyz]
"""


@pytest.fixture
def gallery(tmp_path, monkeypatch):
    """A gallery of two recipes that build and one that does not."""
    folder = tmp_path / "recipes"
    folder.mkdir()
    index = {}
    for name, crystal, limit in (
        ("first", "CsSnBr3_cubic", 0.05),
        ("second", "CsPbBr3_cubic", 0.05),
        ("third", "CsPbI3_alpha", 0.001),
    ):
        text = PAIR.format(name=name, crystal=crystal, limit=limit)
        (folder / f"{name}.yaml").write_text(text)
        index[name] = {
            "kind": "vertical",
            "parts": {"film": "CsPbBr3_cubic", "substrate": crystal},
            "atoms": 10,
            "summary": "Two slabs of bromide",
        }
    (folder / "index.json").write_text(json.dumps(index))
    monkeypatch.setattr(shelf, "_root", lambda: folder)
    return folder


def test_the_list_tells_kind_parts_atoms_and_summary(heterobuild, gallery):
    outcome = heterobuild("gallery", "list")
    head, first, *_ = outcome.out.splitlines()
    assert head.split() == ["name", "kind", "parts", "atoms", "what", "it", "is"]
    columns = re.split(r"  +", first)
    parts = "CsPbBr3_cubic + CsSnBr3_cubic"
    assert columns == ["first", "vertical", parts, "10", "Two slabs of bromide"]
    assert len(outcome.out.splitlines()) == 4


def test_the_list_of_one_kind(heterobuild, gallery):
    assert len(json.loads(heterobuild("gallery", "list", "--json").out)) == 3
    assert json.loads(heterobuild("gallery", "list", "--kind", "core-shell", "--json").out) == []
    outcome = heterobuild("gallery", "list", "--kind", "vertcal")
    assert (outcome.code, "did you mean vertical?" in outcome.err) == (2, True)


def test_a_recipe_is_shown_with_its_comment(heterobuild, gallery):
    shown = heterobuild("gallery", "show", "first").out
    assert shown == (gallery / "first.yaml").read_text()


def test_an_unknown_name_gets_a_suggestion(heterobuild, gallery, tmp_path):
    for words in (("show",), ("build", "-o", "out", "second")):
        outcome = heterobuild("gallery", *words, "frist")
        assert outcome.code == 2
        assert "did you mean first?" in outcome.err
    assert not (tmp_path / "out").exists()


def test_one_recipe_goes_into_a_folder_of_its_name(heterobuild, gallery, tmp_path):
    outcome = heterobuild("gallery", "build", "second", "-o", "out")
    assert outcome.code == 0
    names = {path.name for path in (tmp_path / "out" / "second").iterdir()}
    assert names == {"second.extxyz", "heterobuild.json", "recipe.yaml"}
    row = outcome.out.splitlines()[1].split()
    assert row[:4] == ["second", "10", "0", "passed"]


def test_a_failure_does_not_stop_the_others(heterobuild, gallery, tmp_path):
    outcome = heterobuild("gallery", "build", "--all", "-o", "out")
    assert outcome.code == 4
    lines = outcome.out.splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["first", "second", "third"]
    assert "failed" in lines[3]
    assert lines[-1] == "2 of 3 recipes built"
    assert outcome.err.startswith("error: third: gallery third:")
    assert "no common in-plane cell" in outcome.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["first", "second"]


def test_results_that_are_there_are_kept_unless_forced(heterobuild, gallery, tmp_path):
    heterobuild("gallery", "build", "first", "second", "-o", "out")
    record = tmp_path / "out" / "second" / "heterobuild.json"
    before = record.stat().st_mtime_ns
    outcome = heterobuild("gallery", "build", "first", "second", "-o", "out", "--json")
    rows = json.loads(outcome.out)["recipes"]
    assert [row["status"] for row in rows] == ["kept", "kept"]
    assert record.stat().st_mtime_ns == before
    (tmp_path / "out" / "first" / "first.extxyz").unlink()
    rows = json.loads(
        heterobuild("gallery", "build", "first", "second", "-o", "out", "--force", "--json").out
    )["recipes"]
    assert [row["status"] for row in rows] == ["built", "built"]
    assert (tmp_path / "out" / "first" / "first.extxyz").is_file()


def test_files_of_others_are_not_replaced(heterobuild, gallery, tmp_path):
    theirs = tmp_path / "out" / "first" / "first.extxyz"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    outcome = heterobuild("gallery", "build", "first", "-o", "out")
    assert outcome.code == 4
    assert "would be overwritten" in outcome.err
    assert theirs.read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give names of recipes, or --all"),
        (("first", "--all"), "names and --all were given"),
        (("first", "-j", "none"), "number of processes"),
    ],
)
def test_wrong_usage(heterobuild, gallery, words, said):
    outcome = heterobuild("gallery", "build", *words)
    assert (outcome.code, said in outcome.err) == (2, True)


def test_a_bar_is_shown_on_the_way(gallery, tmp_path, monkeypatch):
    seen = []
    row = SimpleNamespace(name="first")
    monkeypatch.setattr(gallery_builds, "_rows", lambda *_, **__: iter([row]))
    gallery_builds.build_gallery(["first"], tmp_path / "out", progress=seen.append)
    assert seen == ["█" * 20 + " 1 of 1: first"]
