"""What is in the wheel and in the sdist, and whether the wheel works in an empty environment.

One file, so that the workers of a parallel run do not build and install it twice.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest

NAME = "cspbbr3-mapbcl3-vertical"


def data_files(checkout, folder="structures"):
    """Return the files of a data folder, relative to it."""
    place = checkout / folder
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}


def test_wheel_holds_all_modules_and_data(checkout, distributions):
    with zipfile.ZipFile(distributions.wheel) as archive:
        names = set(archive.namelist())
    source = checkout / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    expected = modules | {f"heterobuild/structures/{name}" for name in data_files(checkout)}
    expected |= {f"heterobuild/gallery/{name}" for name in data_files(checkout, "recipes")}
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
    assert {f"recipes/{name}" for name in data_files(checkout, "recipes")} <= names
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names


def test_the_gallery_comes_with_the_wheel(environment, tmp_path):
    listed = environment.run("heterobuild", "gallery", "list", "--json", cwd=tmp_path)
    assert NAME in {entry["name"] for entry in json.loads(listed.stdout)}
    environment.run("heterobuild", "gallery", "build", NAME, "-o", "out", cwd=tmp_path)
    assert (tmp_path / "out" / NAME / f"{NAME}.cif").is_file()


def test_package_comes_from_the_environment(environment, tmp_path):
    program = "import heterobuild as a, heterobuild.structures as b; print(a.__file__, b.__file__)"
    places = environment.run("python", "-c", program, cwd=tmp_path).stdout.split()
    assert len(places) == 2
    assert all(place.startswith(str(environment.folder)) for place in places)


def test_environment_holds_what_the_package_asks_for(environment, tmp_path):
    environment.run("python", "-m", "pip", "check", cwd=tmp_path)


def test_installed_command_lists_all_crystals(environment, checkout, tmp_path):
    listed = json.loads(
        environment.run("heterobuild", "crystals", "list", "--json", cwd=tmp_path).stdout
    )
    files = {path.stem for path in (checkout / "structures" / "phases").rglob("*.toml")}
    entries = listed if isinstance(listed, list) else listed["crystals"]
    assert {entry["name"] for entry in entries} == files


def test_installed_command_builds_the_demo(environment, checkout, tmp_path):
    shutil.copy(checkout / "recipes" / f"{NAME}.yaml", tmp_path)
    environment.run("heterobuild", "run", f"{NAME}.yaml", "-o", "out", cwd=tmp_path)
    record = json.loads((tmp_path / "out" / "heterobuild.json").read_text())
    # six MAPbCl3 layers, and six of CsPbBr3 with one more CsBr plane
    counted = {"C": 6, "N": 6, "H": 36, "Pb": 12, "Cl": 18, "Cs": 7, "Br": 19}
    assert record["composition"] == counted
    assert record["report"]["passed"] is True
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {
        ".cif",
        ".vasp",
        ".data",
        ".extxyz",
        ".json",
        ".yaml",
    }


def test_installed_command_repeats_the_recipe_it_wrote(environment, checkout, tmp_path):
    shutil.copy(checkout / "recipes" / f"{NAME}.yaml", tmp_path)
    environment.run("heterobuild", "run", f"{NAME}.yaml", "-o", "one", cwd=tmp_path)
    environment.run("heterobuild", "run", "one/recipe.yaml", "-o", "two", cwd=tmp_path)
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}


@pytest.mark.parametrize("arguments", [["--help"], ["crystals", "list"]], ids=" ".join)
def test_launcher_runs_from_a_checkout(checkout, tmp_path, arguments):
    command = [sys.executable, str(checkout / "cli.py"), *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_launcher_needs_no_installation_of_heterobuild(environment, checkout, tmp_path):
    """Run the launcher with the dependencies only; heterobuild itself is hidden."""
    launcher = str(checkout / "cli.py")
    hide = (
        "import runpy, sys; "
        "sys.modules['heterobuild.structures'] = None; "
        "sys.argv = ['cli.py', 'crystals', 'show', 'CsPbBr3']; "
        f"runpy.run_path({launcher!r}, run_name='__main__')"
    )
    shown = environment.run("python", "-c", hide, cwd=tmp_path)
    assert "CsPbBr3" in shown.stdout
