from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from heterobuild import registry
from heterobuild.errors import UnknownNameError
from heterobuild.registry import resolve, suggest

TABLE = {"square-root": "math:sqrt", "sine": "math:sin"}


def test_names_of_the_table_are_imported() -> None:
    import math

    assert resolve("sine", TABLE, group="none.such", what="function") is math.sin


def test_entry_points_add_names(monkeypatch: pytest.MonkeyPatch) -> None:
    import math

    added = [EntryPoint(name="cosine", value="math:cos", group="some.group")]
    monkeypatch.setattr(registry, "entry_points", lambda group: added)
    assert resolve("cosine", TABLE, group="some.group", what="function") is math.cos
    assert resolve("sine", TABLE, group="some.group", what="function") is math.sin


def test_unknown_names_get_the_nearest_one() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown function 'sin'.*did you mean sine\?"):
        resolve("sin", TABLE, group="none.such", what="function")


def test_suggestions_ignore_case_and_list_all_where_nothing_is_near() -> None:
    assert suggest("cspbbr3", ["CsPbBr3", "MAPbI3"]) == "did you mean CsPbBr3?"
    assert suggest("zzz", ["b", "a"]) == "choose one of a, b"
