import json

import pytest

from heterobuild.errors import OutputError, UsageError
from heterobuild.screening.part_files import (
    IncompleteError,
    Part,
    finished_shards,
    part_content,
    part_path,
    read_parts,
    remove_parts,
    write_part,
)


def put(folder, shard, count=3, screen="abc", rows=()):
    part = Part(
        screen=screen,
        shard=shard,
        count=count,
        skipped={},
        files={},
        films=["a"],
        substrates=["b", "c"],
        rows=tuple(rows),
        max_strain=0.05,
        max_area=400.0,
    )
    return write_part(part_content(part), part_path(folder, shard, count))


def test_parts_come_back_in_the_order_of_the_shards(tmp_path):
    for shard in (3, 1, 2):
        put(tmp_path, shard, rows=[("row", str(shard))])
    assert [part.rows for part in read_parts(tmp_path)] == [
        ((("row", str(shard))),) for shard in (1, 2, 3)
    ]
    assert finished_shards(tmp_path, "abc", 3) == (1, 2, 3)


def test_missing_shards_are_named(tmp_path):
    put(tmp_path, 2)
    with pytest.raises(IncompleteError, match=r"2 of 3: 1/3, 3/3") as caught:
        read_parts(tmp_path)
    assert caught.value.exit_code == 6


def test_parts_of_two_screens_do_not_mix(tmp_path):
    put(tmp_path, 1)
    put(tmp_path, 2, screen="xyz")
    with pytest.raises(UsageError, match="several screens"):
        read_parts(tmp_path)
    with pytest.raises(UsageError, match="another screen"):
        finished_shards(tmp_path, "abc", 3)


def test_no_parts(tmp_path):
    assert finished_shards(tmp_path / "none", "abc", 3) == ()
    with pytest.raises(UsageError, match="no parts"):
        read_parts(tmp_path / "none")


def test_a_damaged_part(tmp_path):
    for head in ("rubbish", "[1, 2]", json.dumps({"screen": "abc", "shard": 1, "count": 1})):
        part_path(tmp_path, 1, 1).write_text(f"{head}\n")
        with pytest.raises(UsageError, match="no part of a screen"):
            read_parts(tmp_path)
        with pytest.raises(UsageError, match="no part of a screen"):
            finished_shards(tmp_path, "abc", 1)


ROWS = [("CsPbBr3", "1 0; 0 1"), ("MAPbI3, cubic", "2 1; 0 1"), ("ü", "")]


def test_the_rows_of_a_part_come_back_as_they_were(tmp_path):
    put(tmp_path, 1, count=1, rows=ROWS)
    assert read_parts(tmp_path)[0].rows == tuple(ROWS)
    assert finished_shards(tmp_path, "abc", 1) == (1,)


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: body[:-8],
        lambda body: body[: body.rindex(b"\n", 0, -1) + 1],
        lambda body: b"",
        lambda body: body.replace(b"2 1", b"3 1"),
        lambda body: body[:-3] + b"\xff\n",
        lambda body: body + body,
    ],
    ids=["in a line", "at a line", "all rows", "a digit", "no text", "twice"],
)
def test_a_part_that_was_cut_or_changed_is_found_out_and_computed_again(tmp_path, damage):
    path = put(tmp_path, 2, count=2, rows=ROWS)
    put(tmp_path, 1, count=2)
    head, body = path.read_bytes().split(b"\n", 1)
    path.write_bytes(head + b"\n" + damage(body))
    with pytest.raises(IncompleteError, match=r"damaged.*part-2-of-2.*--shard 2/2") as caught:
        read_parts(tmp_path)
    assert caught.value.exit_code == 6
    assert finished_shards(tmp_path, "abc", 2) == (1,)


def test_a_full_disk_leaves_nothing_and_says_how_to_go_on(tmp_path, monkeypatch):
    import errno
    import os

    put(tmp_path, 1)

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"disk is full.*--resume"):
        put(tmp_path, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["part-1-of-3.csv"]


def test_only_parts_are_removed(tmp_path):
    folder = tmp_path / "parts"
    put(folder, 1)
    (folder / ".part-2-of-3.csv-77-0a1b").write_text("half")
    (folder / "thesis.txt").write_text("years")
    remove_parts(folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    (folder / "thesis.txt").unlink()
    put(folder, 1)
    remove_parts(folder)
    remove_parts(folder)
    assert not folder.exists()
