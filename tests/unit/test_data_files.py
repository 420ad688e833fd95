from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from heterobuild import data_files
from heterobuild.data_files import digest, list_data, open_data, read_toml
from heterobuild.errors import StructureFileError

CHECKOUT = Path(__file__).resolve().parents[2]


def test_list_holds_every_file_of_the_folder_in_order():
    found = list_data("molecules")
    expected = sorted(p.name for p in (CHECKOUT / "structures/molecules").glob("*.toml"))
    assert list(found) == [f"molecules/{name}" for name in expected]


def test_list_descends_into_folders():
    below = [path for path in list_data("") if path.startswith("molecules/")]
    assert tuple(below) == list_data("molecules")


def test_list_of_an_absent_folder_is_empty():
    assert list_data("no-such-folder") == ()


def test_pieces_and_slashes_name_the_same_file():
    assert (
        open_data("molecules", "MA.toml").read_bytes()
        == open_data("molecules/MA.toml").read_bytes()
    )


def test_absent_file_is_a_clear_error():
    with pytest.raises(StructureFileError, match=r"no data file molecules/XX\.toml"):
        read_toml("molecules", "XX.toml")


def test_invalid_toml_names_the_line(tmp_path, monkeypatch):
    (tmp_path / "bad.toml").write_text("a = 1\nb = = 2\n")
    monkeypatch.setattr(data_files, "_root", lambda: tmp_path)
    with pytest.raises(StructureFileError, match=r"line 2"):
        read_toml("bad.toml")


def test_result_is_not_shared():
    read_toml("radii.toml")["ions"]["Pb"]["charge"] = 99
    assert read_toml("radii.toml")["ions"]["Pb"]["charge"] == 2


def test_digest_is_sha256_of_the_bytes():
    content = (CHECKOUT / "structures/radii.toml").read_bytes()
    assert digest("radii.toml") == hashlib.sha256(content).hexdigest()


def test_a_checkout_that_is_not_installed_finds_its_folder(tmp_path):
    package = tmp_path / "src" / "heterobuild"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for name in ("data_files.py", "errors.py"):
        shutil.copy(CHECKOUT / "src/heterobuild" / name, package)
    (tmp_path / "structures").mkdir()
    (tmp_path / "structures" / "radii.toml").write_text("mark = 17\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'src')!r});"
        "from heterobuild.data_files import read_toml; print(read_toml('radii.toml')['mark'])"
    )
    command = [sys.executable, "-S", "-I", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "17"
