"""What is in the wheel and in the sdist."""

from __future__ import annotations

import tarfile
import zipfile

import pytest

pytestmark = pytest.mark.xdist_group("packaging")


def data_files(checkout):
    """Return the files of the data folder, relative to it."""
    folder = checkout / "structures"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_wheel_holds_all_modules_and_data(checkout, distributions):
    with zipfile.ZipFile(distributions.wheel) as archive:
        names = set(archive.namelist())
    source = checkout / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    expected = modules | {f"heterobuild/structures/{name}" for name in data_files(checkout)}
    expected |= {"heterobuild/py.typed"}
    assert expected == {name for name in names if name.startswith("heterobuild/")}


def test_wheel_holds_the_licence_and_nothing_else(distributions):
    with zipfile.ZipFile(distributions.wheel) as archive:
        names = archive.namelist()
    (licence,) = [name for name in names if name.endswith("/licenses/LICENSE")]
    assert {name.partition("/")[0] for name in names} == {"heterobuild", licence.partition("/")[0]}


def test_sdist_holds_all_data(checkout, distributions):
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"structures/{name}" for name in data_files(checkout)} <= names
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names
