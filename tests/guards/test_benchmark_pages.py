"""The page on the search has the rows and sections that its script writes; no times are checked."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks-matching.md"


@pytest.fixture(scope="module")
def script():
    path = ROOT / "benchmarks" / "matching.py"
    spec = importlib.util.spec_from_file_location("benchmarks_matching", path)
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


def test_sections_and_heads_of_tables_are_those_of_the_script(script):
    page = PAGE.read_text(encoding="utf-8").splitlines()
    parts = (script.PAIR_HEAD, script.PAIR_TAIL, script.MANY_HEAD, script.SCREEN, script.COST)
    wanted = [
        line for part in parts for line in part.splitlines() if line.startswith(("## ", "| "))
    ]
    assert [line for line in wanted if line not in page] == [], "run make benchmarks"


def test_each_pair_and_area_has_a_row_in_both_tables(script):
    rows = re.findall(r"^\| (\w+) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    points = [(name, str(area)) for name in script.NAMES.values() for area in script.AREAS]
    assert rows == points * 2, "run make benchmarks"


def test_picture_is_there(script):
    assert script.PLOT.read_bytes().startswith(b"\x89PNG")
    assert f"images/{script.PLOT.name}" in PAGE.read_text(encoding="utf-8")
