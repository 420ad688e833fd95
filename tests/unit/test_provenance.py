from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest

from heterobuild.errors import StructureFileError, UsageError
from heterobuild.model import Step
from heterobuild.provenance import decode, encode, make_provenance, read_provenance

RECIPE = {"name": "demo", "build": {"vacuum": 15.0, "limits": {"max_area": 400}}, "seed": 7}
TWICE = ("phases/b.toml", "22", "")
FILES = [TWICE, ("phases/a.toml", "11", "10.1/x"), TWICE]


def sample():
    step = Step(name="gap", choice="touching ions", values={"gap_angstrom": 2.5})
    return make_provenance(RECIPE, seed=7, data_files=FILES, steps=[step])


def test_fingerprint_is_that_of_the_canonical_text():
    text = '{"build":{"limits":{"max_area":400},"vacuum":15.0},"name":"demo","seed":7}'
    assert sample().recipe_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_fingerprint_ignores_the_order_of_keys():
    turned = dict(reversed(RECIPE.items()))
    assert make_provenance(turned, seed=7).recipe_sha256 == sample().recipe_sha256


def test_data_files_are_sorted_and_count_once():
    assert [file.name for file in sample().data_files] == ["phases/a.toml", "phases/b.toml"]


def test_the_recipe_is_copied():
    recipe = {"build": {"gap": 1.0}}
    provenance = make_provenance(recipe, seed=1)
    recipe["build"]["gap"] = 2.0
    assert provenance.recipe == {"build": {"gap": 1.0}}


def test_versions_name_what_shapes_a_result():
    versions = sample().versions
    assert sorted(versions) == ["ase", "heterobuild", "numpy", "pymatgen", "python", "spglib"]
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))


def test_written_and_read_back():
    assert decode(encode(sample())) == sample()


def test_nothing_about_the_machine_is_recorded():
    assert set(json.loads(encode(sample()))) == {
        "recipe",
        "recipe_sha256",
        "seed",
        "versions",
        "data_files",
        "steps",
    }


def test_same_bytes_whatever_the_hash_seed():
    code = (
        "import sys; from heterobuild.provenance import *;"
        "files = set(('f%d' % i, 'x', '') for i in range(20));"
        "record = make_provenance({'b': 1e-3, 'a': [1, 2.5]}, seed=1, data_files=files);"
        "sys.stdout.buffer.write(encode(record))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(value):
    with pytest.raises(UsageError, match=r"the recipe\.build\.gap"):
        make_provenance({"build": {"gap": value}}, seed=1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Expecting value"),
        (b'{"recipe": {}', "Expecting"),
        (b"\xff\xfe\x00", "codec"),
        (b"[]", "JSON object"),
        (b"{}", "no key 'recipe'"),
        (b'{"recipe": 1, "recipe_sha256": "", "seed": 1, "versions": {}}', "recipe is not"),
        (b'{"recipe": {"a": NaN}, "recipe_sha256": "", "seed": 1, "versions": {}}', "no key"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_broken_records(data, message):
    with pytest.raises(StructureFileError, match=message):
        decode(data)


def test_a_changed_recipe_is_noticed():
    changed = encode(sample()).replace(b"15.0", b"16.0")
    with pytest.raises(StructureFileError, match="was changed"):
        decode(changed)


def test_read_from_file_or_folder(tmp_path):
    (tmp_path / "heterobuild.json").write_bytes(encode(sample()))
    assert read_provenance(tmp_path) == read_provenance(tmp_path / "heterobuild.json") == sample()
    with pytest.raises(StructureFileError, match="No such file"):
        read_provenance(tmp_path / "none.json")
