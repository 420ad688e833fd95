import json
from concurrent.futures.process import BrokenProcessPool

import pytest

from heterobuild.errors import UnknownNameError
from heterobuild.recipes import gallery_builds
from heterobuild.recipes.gallery_builds import GalleryRow, build_gallery

SMALL = ("fapbbr3-masnbr3-vertical", "graphene-barrier")


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_several_processes_write_the_same_files_as_one(tmp_path):
    one = build_gallery(SMALL, tmp_path / "one", jobs=1)
    two = build_gallery(SMALL, tmp_path / "deeper" / "two", jobs=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "deeper" / "two")
    assert [row.name for row in one] == [row.name for row in two] == list(SMALL)
    record = json.loads((tmp_path / "one" / SMALL[0] / "heterobuild.json").read_text())
    assert (two[0].atoms, two[0].charge_e) == (record["atoms"], record["formal_charge_e"])
    assert {row.status for row in one + two} == {"built"}


def test_another_result_in_the_folder_is_not_kept(tmp_path):
    build_gallery(SMALL[:1], tmp_path)
    recipe = tmp_path / SMALL[0] / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("seed: 7", "seed: 8"))
    (row,) = build_gallery(SMALL[:1], tmp_path)
    assert row.status == "failed"
    assert "would be overwritten" in row.reason
    (row,) = build_gallery(SMALL[:1], tmp_path, force=True)
    assert row.status == "built"
    (row,) = build_gallery(SMALL[:1], tmp_path)
    assert row.status == "kept"


def test_an_unknown_name_stops_before_anything_is_built(tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean graphene-barrier"):
        build_gallery((SMALL[0], "graphen-barrier"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_large_models_come_first(monkeypatch):
    monkeypatch.setattr(
        gallery_builds, "gallery_index", lambda: {"a": {"atoms": 1}, "b": {"atoms": 9}}
    )
    assert gallery_builds._large_first(["new", "a", "b"]) == ["b", "a", "new"]


def test_killed_workers_are_replaced_and_told_in_the_end(tmp_path, monkeypatch):
    calls = []

    def pooled(names, *_, **__):
        calls.append(names)
        if len(calls) == 1:
            yield GalleryRow(name=names[0], status="built")
        raise BrokenProcessPool

    monkeypatch.setattr(gallery_builds, "_pooled", pooled)
    rows = {row.name: row for row in build_gallery(SMALL, tmp_path, jobs=2)}
    assert len(calls) == gallery_builds.ATTEMPTS
    assert calls[1] == calls[2] == calls[0][1:]
    assert rows[calls[0][0]].status == "built"
    assert rows[calls[0][1]].status == "failed"
    assert "smaller -j" in rows[calls[0][1]].reason
