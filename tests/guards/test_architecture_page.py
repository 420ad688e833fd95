"""The map of the house shows the rooms that are there, in the order that imports obey."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "heterobuild"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def test_rooms_stand_in_the_order_of_the_contract():
    (layers,) = [entry["layers"] for entry in contracts() if entry["type"] == "layers"]
    rows = re.findall(r"^\| (`.*?`) \|", PAGE.split("## The main job")[0], re.MULTILINE)
    shown = [
        {name.removesuffix(".py").strip("/") for name in re.findall(r"`(.*?)`", row)}
        for row in rows
    ]
    assert shown == [set(layer.split(" | ")) for layer in layers]


def test_all_rooms_are_in_the_contract():
    (layers,) = [entry["layers"] for entry in contracts() if entry["type"] == "layers"]
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    rooms -= {"__init__", "__pycache__"}
    assert {name for layer in layers for name in layer.split(" | ")} == rooms


def test_click_is_forbidden_in_all_rooms_but_one():
    (forbidden,) = [entry for entry in contracts() if "click" in entry.get("forbidden_modules", [])]
    rooms = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or path.is_dir()}
    rooms -= {"__init__", "__pycache__", "cli"}
    assert {name.removeprefix("heterobuild.") for name in forbidden["source_modules"]} == rooms


def test_named_files_exist():
    names = set(re.findall(r"`(?:[a-z_]+/)*([a-z_]+\.py)`", PAGE))
    there = {path.name for path in SOURCE.rglob("*.py")}
    assert names <= there
    folders = re.findall(r"`([a-z_]+/[a-z_]+\.py)`", PAGE)
    assert not [name for name in folders if not (SOURCE / name).is_file()]
