from __future__ import annotations

import dataclasses
import errno
import hashlib
import json

import numpy as np
import pytest

from heterobuild.errors import OutputError, UnknownNameError, UsageError
from heterobuild.exporters import writing
from heterobuild.exporters.formats import Export
from heterobuild.exporters.writing import file_names, write
from heterobuild.provenance import read_provenance


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def put(built, provenance, tmp_path):
    def put(folder="out", structure=built, **options):
        return write(
            structure,
            tmp_path / folder,
            **{"provenance": provenance, "recipe_text": "name: hand-made\n"} | options,
        )

    return put


def test_all_files_with_their_fingerprints(put, tmp_path):
    paths = put()
    assert [path.name for path in paths] == [
        "hand-made.cif",
        "hand-made.vasp",
        "hand-made.data",
        "hand-made.extxyz",
        "heterobuild.json",
        "recipe.yaml",
    ]
    assert listing(tmp_path / "out") == sorted(path.name for path in paths)
    record = json.loads((tmp_path / "out" / "heterobuild.json").read_bytes())
    for entry in record["files"].values():
        data = (tmp_path / "out" / entry["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert len(data) == entry["bytes"]
    assert (tmp_path / "out" / "recipe.yaml").read_text() == "name: hand-made\n"
    assert read_provenance(tmp_path / "out").seed == 7


def test_same_input_same_bytes(put, tmp_path):
    for first, second in zip(put("one"), put("two"), strict=True):
        assert first.read_bytes() == second.read_bytes()
    text = (tmp_path / "one" / "heterobuild.json").read_text()
    assert str(tmp_path) not in text


def test_options_reach_the_files(put):
    order = ["Br", "Pb", "Cs", "H", "C", "N"]
    paths = put(formats=["poscar", "poscar"], species_order=order, freeze_layers=1)
    text = paths[0].read_text()
    assert len(paths) == 3
    assert "Br Pb Cs H C N" in text
    assert text.count("F F F") == 2
    (data, *_) = put("other", formats=["lammps"], lammps_style="charge")
    assert "Atoms # charge" in data.read_text()


def test_copies_appear_with_the_rest(put, tmp_path):
    paths = put(formats=["cif"], copies={"mine.cif": b"data_mine"})
    assert paths[-1].read_bytes() == b"data_mine"
    record = json.loads((tmp_path / "out" / "heterobuild.json").read_bytes())
    assert record["files"]["mine.cif"]["sha256"] == hashlib.sha256(b"data_mine").hexdigest()


def test_the_structure_is_left_alone(put, built):
    before = {name: array.copy() for name, array in built.atoms.arrays.items()}
    put()
    for name, array in before.items():
        np.testing.assert_array_equal(built.atoms.arrays[name], array)


def test_unknown_format_before_anything_is_written(put, tmp_path):
    with pytest.raises(UnknownNameError, match="did you mean cif"):
        put(formats=["cif", "ciff"])
    assert listing(tmp_path) == []


def test_second_run_needs_force(put):
    put()
    with pytest.raises(OutputError, match=r"hand-made\.cif"):
        put()
    put(force=True)


def test_names_that_leave_the_folder_are_refused(put, built, tmp_path):
    with pytest.raises(OutputError, match="cannot have this name"):
        put(structure=dataclasses.replace(built, name="../up"))
    assert listing(tmp_path) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda atoms: atoms.set_cell(atoms.cell.array[[1, 0, 2]]), "not right-handed"),
        (lambda atoms: atoms.set_cell(np.zeros((3, 3))), "no volume"),
        (lambda atoms: atoms.positions.__setitem__((0, 0), np.nan), "not finite"),
        (lambda atoms: atoms.arrays.pop("kind"), "lack labels"),
        (lambda atoms: atoms.__delitem__(slice(None)), "no atoms"),
    ],
)
def test_structures_that_no_file_could_hold(put, built, tmp_path, change, message):
    change(built.atoms)
    with pytest.raises(UsageError, match=message):
        put()
    assert listing(tmp_path) == []


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OutputError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_failure_in_the_middle_of_a_file(put, tmp_path, monkeypatch, error, seen):
    def chunks():
        yield b"half"
        raise error

    put("old")
    before = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}
    monkeypatch.setattr(writing, "find_exporter", lambda _: lambda *_: Export(chunks=chunks()))
    for folder in ("old", "new"):
        with pytest.raises(seen):
            put(folder, force=True)
    assert listing(tmp_path) == ["old"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()} == before


def test_names_need_known_formats():
    assert file_names("x", ["lammps"]) == ("x.data", "heterobuild.json", "recipe.yaml")
    with pytest.raises(UnknownNameError):
        file_names("x", ["xls"])
