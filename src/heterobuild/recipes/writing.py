"""The canonical text of a recipe: complete, in one order, the same bytes every time."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from heterobuild.recipes.kinds import further_parts
from heterobuild.recipes.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heterobuild.recipes.records import Recipe


def recipe_as_dict(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as nested mappings and lists, with its defaults.

    A key that holds nothing is left out where nothing is its default. The order of parts is
    spelled out where it matters, because a fingerprint sorts keys.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    dict
        The content of the canonical file, ready for JSON or YAML.
    """
    molecules = {name: _as_dict(entry) for name, entry in sorted(recipe.molecules.items())}
    free = further_parts(recipe.kind) is not None
    return {
        "schema_version": SCHEMA_VERSION,
        "name": recipe.name,
        "seed": recipe.seed,
        "parts": {name: _as_dict(part) for name, part in recipe.parts.items()},
        **({"order": list(recipe.parts)} if free else {}),
        **({"molecules": molecules} if molecules else {}),
        "build": {"kind": recipe.kind, **_as_dict(recipe.build)},
        **({"defects": [_as_dict(entry) for entry in recipe.defects]} if recipe.defects else {}),
        **({"hop": _as_dict(recipe.hop)} if recipe.hop is not None else {}),
        **({"enumerate": _as_dict(recipe.study)} if recipe.study is not None else {}),
        "export": _as_dict(recipe.export),
    }


def recipe_text(recipe: Recipe) -> str:
    """Return the canonical YAML of a recipe.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    str
        YAML 1.2; reading and writing it again gives the same text.
    """
    return as_yaml(recipe_as_dict(recipe))


def as_yaml(data: Mapping[str, Any]) -> str:
    """Return nested mappings and lists as YAML.

    Parameters
    ----------
    data : mapping
        Mappings, lists, text, numbers, truth values and None.

    Returns
    -------
    str
        YAML 1.2, mappings as indented blocks, lists on one line.

    Examples
    --------
    >>> print(as_yaml({"build": {"repeat": [1, 1], "gap": "auto"}}), end="")
    build:
      repeat: [1, 1]
      gap: auto
    """
    return "".join(f"{line}\n" for line in _lines(data, 0))


def default_value(field: dataclasses.Field[Any]) -> Any:
    """Return the default of a field of a dataclass.

    Parameters
    ----------
    field : dataclasses.Field
        The field.

    Returns
    -------
    object
        The default; None where there is none.
    """
    if field.default is not dataclasses.MISSING:
        return field.default
    return field.default_factory() if callable(field.default_factory) else None


def _as_dict(record: Any) -> dict[str, Any]:
    """Return a dataclass as a mapping without keys that hold nothing by default."""
    return {
        field.name: _value(getattr(record, field.name))
        for field in dataclasses.fields(record)
        if getattr(record, field.name) is not None or default_value(field) is not None
    }


def _value(value: Any) -> Any:
    """Return a value as plain data."""
    if dataclasses.is_dataclass(value):
        return _as_dict(value)
    if isinstance(value, tuple | list):
        return [_value(entry) for entry in value]
    if hasattr(value, "items"):
        return {str(key): _value(value[key]) for key in sorted(value)}
    return value


def _lines(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the lines of a mapping."""
    for key, value in data.items():
        head = "  " * depth + f"{_scalar(key)}:"
        if isinstance(value, dict) and value:
            yield head
            yield from _lines(value, depth + 1)
        else:
            yield f"{head} {_inline(value)}"


def _inline(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_inline(entry) for entry in value)}]"
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(key)}: {_inline(entry)}" for key, entry in value.items())
        return f"{{{inner}}}"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """Return text, a number, a truth value or nothing; JSON is YAML where quotes are needed."""
    plain = isinstance(value, str) and re.fullmatch(r"[A-Za-z](?:[\w./+-]*\w)?", value, re.ASCII)
    if plain and value.lower() not in {"true", "false", "null"}:
        return str(value)
    return json.dumps(value, ensure_ascii=False)
