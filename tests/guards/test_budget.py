"""The rules of the house that no other tool checks: sizes, names, mirrored tests, packages."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import heterobuild

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "heterobuild"
MODULES = sorted(path for path in SOURCE.rglob("*.py"))
LONGEST_FILE = 300
LONGEST_BODY = 60
USUAL_BODY = 30
USUAL_SHARE = 0.9
EMPTY_NAMES = {"utils", "util", "helpers", "common", "core", "base", "misc", "tools"}


def bodies() -> list[tuple[int, str]]:
    """Return length and place of each function's body, without its docstring."""
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                found.append((length, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"))
    return sorted(found, reverse=True)


def test_no_file_is_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long, f"more than {LONGEST_FILE} lines"


def test_no_function_is_too_long():
    assert not [place for place in bodies() if place[0] > LONGEST_BODY]


def test_nearly_all_functions_are_short():
    lengths = [length for length, _ in bodies()]
    share = sum(length <= USUAL_BODY for length in lengths) / len(lengths)
    assert share >= USUAL_SHARE, f"longest: {bodies()[:20]}"


def test_names_say_something():
    assert not [
        path for path in MODULES if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES
    ]


def test_each_module_has_its_tests():
    lacking = []
    for path in MODULES:
        inside = path.relative_to(SOURCE)
        if path.name != "__init__.py" and has_code(path):
            mirror = ROOT / "tests" / "unit" / inside.parent
            if not list(mirror.glob(f"test_{path.stem}*.py")):
                lacking.append(f"{mirror.relative_to(ROOT)}/test_{path.name}")
    assert not lacking


def test_the_listed_packages_are_those_of_the_tree():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = settings["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(SOURCE.parent) for path in MODULES}
    data = {"heterobuild.gallery", "heterobuild.structures"}
    tree = {".".join(folder.parts) for folder in folders} | data
    assert sorted(listed) == sorted(tree)
    lacking = [
        folder for folder in folders if not (SOURCE.parent / folder / "__init__.py").is_file()
    ]
    assert not lacking


@pytest.mark.parametrize("package", ["gallery", "structures"])
def test_every_data_file_is_listed_as_package_data(package):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    folder = ROOT / settings["setuptools"]["package-dir"][f"heterobuild.{package}"]
    patterns = settings["setuptools"]["package-data"][f"heterobuild.{package}"]
    listed = {path for pattern in patterns for path in folder.glob(pattern)}
    there = {
        path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert there == listed


@pytest.mark.parametrize("name", heterobuild.__all__)
def test_public_names_exist(name):
    assert getattr(heterobuild, name).__name__ == name


def test_public_names_have_one_home_each():
    assert sorted(heterobuild.__all__) == sorted(heterobuild._HOME_OF)
    assert len(set(heterobuild.__all__)) == len(heterobuild.__all__)


def has_code(path: Path) -> bool:
    """Return whether a module holds functions or classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return any(isinstance(node, kinds) for node in tree.body)
