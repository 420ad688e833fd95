from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from heterobuild.errors import OutputError
from heterobuild.exporters import output_folder
from heterobuild.exporters.output_folder import check_writable, staged

NAMES = ("a.cif", "a.vasp")


def put(folder, contents="new", *, force=False, names=NAMES):
    with staged(folder, names, force=force) as staging:
        for name in names:
            (staging / name).write_text(contents)


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def tree(folder):
    """All files below a folder, hidden ones too, with their contents."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_folder_appears_whole(tmp_path):
    put(tmp_path / "out")
    assert tree(tmp_path) == {"out/a.cif": "new", "out/a.vasp": "new"}
    assert listing(tmp_path) == ["out"]


def test_an_empty_folder_keeps_its_mode(tmp_path):
    (tmp_path / "out").mkdir(mode=0o750)
    put(tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o750
    assert len(tree(tmp_path)) == 2


def test_the_current_folder_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = Path.cwd().stat().st_ino
    put(".")
    assert (tmp_path / "here").stat().st_ino == before
    assert tree(tmp_path) == {"here/a.cif": "new", "here/a.vasp": "new"}


def test_a_linked_folder_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    put(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a.cif").read_text() == "new"


def test_other_files_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    put(tmp_path)
    assert tree(tmp_path) == {"notes.txt": "mine", "a.cif": "new", "a.vasp": "new"}


def test_nothing_is_overwritten_without_force(tmp_path):
    (tmp_path / "a.vasp").write_text("old")
    with pytest.raises(OutputError, match=r"found a\.vasp.*--force"):
        put(tmp_path)
    assert tree(tmp_path) == {"a.vasp": "old"}
    put(tmp_path, force=True)
    assert tree(tmp_path) == {"a.cif": "new", "a.vasp": "new"}


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    def work():
        with staged(tmp_path, NAMES, force=False) as staging:
            for name in NAMES:
                (staging / name).write_text("new")
            (tmp_path / "a.cif").write_text("of another run")

    with pytest.raises(OutputError, match="overwritten"):
        work()
    assert tree(tmp_path) == {"notes.txt": "mine", "a.cif": "of another run"}


def test_many_files_are_listed_in_short(tmp_path):
    names = [f"{i}.cif" for i in range(9)]
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(OutputError, match="and 3 more"):
        check_writable(tmp_path, names, force=False)


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match="is a file"):
        check_writable(tmp_path / "out", NAMES, force=True)
    with pytest.raises(OutputError, match="parent of the output folder is a file"):
        check_writable(tmp_path / "out" / "below", NAMES, force=True)


def test_a_missing_parent(tmp_path):
    with pytest.raises(OutputError, match="mkdir -p"):
        check_writable(tmp_path / "no" / "out", NAMES, force=False)
    assert listing(tmp_path) == []


def test_a_folder_in_the_place_of_a_file(tmp_path):
    (tmp_path / "a.cif").mkdir()
    with pytest.raises(OutputError, match="a folder stands"):
        check_writable(tmp_path, NAMES, force=True)


def test_a_dangling_link(tmp_path):
    (tmp_path / "out").symlink_to("nowhere")
    with pytest.raises(OutputError, match="link to nowhere"):
        check_writable(tmp_path / "out", NAMES, force=False)


def test_no_permission(tmp_path, monkeypatch):
    monkeypatch.setattr(output_folder.os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="no permission"):
        check_writable(tmp_path / "out", NAMES, force=False)


def test_a_name_too_long_for_the_system(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        check_writable(tmp_path / ("x" * 300), NAMES, force=False)


@pytest.mark.parametrize("name", ["", "..", "../a", "a/b", ".hidden", "-n", "a\nb", "x" * 256])
def test_unusable_file_names(tmp_path, name):
    with pytest.raises(OutputError, match="cannot have this name"):
        check_writable(tmp_path, [name], force=False)


def test_names_that_coincide(tmp_path):
    with pytest.raises(OutputError, match="the same name"):
        check_writable(tmp_path, ["a.cif", "A.cif"], force=False)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
@pytest.mark.parametrize("existing", [True, False])
def test_interruption_leaves_all_as_it_was(tmp_path, error, existing):
    folder = tmp_path / "out"
    if existing:
        folder.mkdir()
        (folder / "a.cif").write_text("old")
    before = tree(tmp_path)

    def work():
        with staged(folder, NAMES, force=True) as staging:
            (staging / "a.cif").write_text("half")
            raise error

    with pytest.raises(error):
        work()
    assert tree(tmp_path) == before
    assert folder.exists() == existing


def test_a_full_disk_is_told(tmp_path):
    def work():
        with staged(tmp_path / "out", NAMES) as staging:
            (staging / "a.cif").write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputError, match=r"the disk is full.*free some space"):
        work()
    assert listing(tmp_path) == []


def test_a_failing_move_brings_the_old_files_back(tmp_path, monkeypatch):
    (tmp_path / "a.vasp").write_text("old")
    (tmp_path / "b.cif").write_text("old")
    names = ("a.cif", "a.vasp", "b.cif")
    replace = Path.replace

    def refuse(self, target):
        if Path(target) == tmp_path / "b.cif":
            raise PermissionError(errno.EPERM, "not permitted")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="not permitted"):
        put(tmp_path, force=True, names=names)
    assert tree(tmp_path) == {"a.vasp": "old", "b.cif": "old"}


def test_leftovers_of_the_same_target_are_removed(tmp_path):
    for name in (".out.heterobuild-1-ab", ".other.heterobuild-1-ab", ".out.mine"):
        (tmp_path / name).mkdir()
    put(tmp_path / "out")
    assert listing(tmp_path) == [".other.heterobuild-1-ab", ".out.mine", "out"]


def test_a_living_run_keeps_its_staging_folder(tmp_path):
    with staged(tmp_path / "out", NAMES) as first:
        for name in NAMES:
            (first / name).write_text("first")
        put(tmp_path / "out2")
        output_folder._remove_leftovers(tmp_path, ".out.heterobuild-")
        assert first.is_dir()
    assert (tmp_path / "out" / "a.cif").read_text() == "first"
