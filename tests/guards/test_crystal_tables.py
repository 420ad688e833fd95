"""The page on the models has the tables that its script writes, and the check sees what changes."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "prototypes.md"
TIMES = ROOT / "docs" / "benchmarks-crystals.md"


def load(path):
    before = list(sys.path)
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def script():
    return load(ROOT / "scripts" / "write_crystal_tables.py")


def test_tables_are_up_to_date():
    done = subprocess.run(
        [sys.executable, "scripts/write_crystal_tables.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr


def test_every_table_is_on_the_page_once(script):
    found = re.findall(r"^<!-- table (\w+) -->$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(found) == sorted(script.TABLES)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("| 1.23 | +0.1 % |", "| 1.24 | 0.1 % |", True),
        ("| 1.23 | −0.1 % |", "| 1.23 | −0.2 % |", True),
        ("| 1.23 |", "| 1.25 |", False),
        ("| −0.1 % |", "| +0.1 % |", False),
        ("| 1.23 |", "| 1.2 |", False),
        ("| Pnma | 1 |", "| Pbca | 1 |", False),
        ("| a | 1 |", "| a | 1 |\n| b | 2 |", False),
    ],
)
def test_only_last_digits_may_differ(script, old, new, same):
    assert script.alike(old, new) is same


def test_page_of_times_has_the_rows_of_its_script():
    """No times are compared."""
    benchmark = load(ROOT / "benchmarks" / "crystals.py")
    page = TIMES.read_text(encoding="utf-8")
    heads = [
        line
        for part in (benchmark.LOAD_HEAD, benchmark.MODEL_HEAD, benchmark.REST_HEAD)
        for line in part.splitlines()
        if line.startswith(("## ", "| "))
    ]
    assert [line for line in heads if line not in page.splitlines()] == [], "run make benchmarks"
    rows = re.findall(r"^\| (.+?) \| ", page, re.MULTILINE)
    assert [row for row in rows if row in benchmark.MODELS] == list(benchmark.MODELS)
    formulas = [row.partition("`: ")[2] for row in rows if row.startswith("`parse_compound`")]
    assert formulas == list(benchmark.FORMULAS)
