"""The schema of a recipe, made from the records: keys, types, defaults and their meaning."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from heterobuild.recipes.fields import field_texts
from heterobuild.recipes.records import ExportSettings, MoleculeOptions, SlabOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA_VERSION = 1
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._+-]*$"
_CONFIG = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
_MoleculeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=30)]
_TEXTS = {
    "schema_version": "Version of this format.",
    "name": "Name used for the files; letters, digits and . _ + - only.",
    "seed": "The one number that all random choices come from.",
    "parts": "The crystals and how each is cut.",
    "molecules": "Molecules of your own, by the names that formulas use.",
    "build": "How the parts are joined.",
    "export": "Formats to write, as a list or with settings.",
}


def architecture(kind: str) -> type:
    """Return the architecture of a name.

    Parameters
    ----------
    kind : str
        Name such as ``vertical``.

    Returns
    -------
    type
        A dataclass whose fields are its options.

    Raises
    ------
    UnknownNameError
        If no table holds the name.
    """
    from heterobuild.architectures import ARCHITECTURES
    from heterobuild.registry import resolve

    found: type = resolve(
        kind, ARCHITECTURES, group="heterobuild.architectures", what="architecture"
    )
    return found


def part_names(kind: str) -> tuple[str, ...]:
    """Return the names of the parts that an architecture joins.

    They are the positional parameters of its ``build``.

    Parameters
    ----------
    kind : str
        Name of the architecture.

    Returns
    -------
    tuple of str
        Such as film and substrate.

    Raises
    ------
    UnknownNameError
        If no table holds the name.
    """
    parameters = inspect.signature(architecture(kind).build).parameters.values()  # type: ignore[attr-defined]
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return tuple(p.name for p in parameters if p.kind is positional and p.name != "self")


@cache
def recipe_model(kind: str) -> type[BaseModel]:
    """Return the model that judges the recipes of one architecture.

    Parameters
    ----------
    kind : str
        Name of the architecture.

    Returns
    -------
    type
        A pydantic model; its block ``build`` has no key ``kind``.

    Raises
    ------
    UnknownNameError
        If no table holds the name.
    """
    parts: dict[str, Any] = dict.fromkeys(part_names(kind), (SlabOptions, ...))
    fields: dict[str, Any] = {
        "schema_version": (Literal[SCHEMA_VERSION], ...),
        "name": (Annotated[str, Field(pattern=NAME_PATTERN, max_length=100)] | None, None),
        "seed": (Annotated[int, Field(ge=0)], 0),
        "parts": (create_model("Parts", __config__=_CONFIG, **parts), ...),
        "molecules": (dict[_MoleculeName, MoleculeOptions], {}),
        "build": (architecture(kind), ...),
        "export": (ExportSettings | Annotated[tuple[str, ...], Field(min_length=1)], ...),
    }
    return create_model("Recipe", __config__=_CONFIG, **fields)


@cache
def _described_schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema with the descriptions of the docstrings."""
    schema = recipe_model(kind).model_json_schema()
    definitions = schema["$defs"]
    for record in _records(architecture(kind), SlabOptions, MoleculeOptions, ExportSettings):
        properties = definitions[record.__name__]["properties"]
        definitions[record.__name__]["description"] = (inspect.getdoc(record) or "").split("\n")[0]
        for name, text in field_texts(record).items():
            if name in properties:
                properties[name]["description"] = text
    for name, text in _TEXTS.items():
        schema["properties"][name]["description"] = text
    block = definitions[architecture(kind).__name__]
    marker = {"const": kind, "type": "string", "description": "Name of the architecture."}
    block["properties"] = {"kind": marker} | block["properties"]
    block["required"] = ["kind", *block.get("required", [])]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Recipe of a {kind} heterostructure",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def recipe_schema(kind: str = "vertical") -> dict[str, Any]:
    """Return the JSON schema of the recipes of one architecture.

    Parameters
    ----------
    kind : str, optional
        Name of the architecture.

    Returns
    -------
    dict
        JSON schema, draft 2020-12. Editors use it to complete and check a recipe.

    Raises
    ------
    UnknownNameError
        If no table holds the name.

    Examples
    --------
    >>> sorted(recipe_schema()["properties"])
    ['build', 'export', 'molecules', 'name', 'parts', 'schema_version', 'seed']
    """
    import copy

    return copy.deepcopy(_described_schema(kind))


def subschemas(kind: str, keys: tuple[str | int, ...]) -> list[dict[str, Any]]:
    """Return what the schema says about one key.

    Parameters
    ----------
    kind : str
        Name of the architecture.
    keys : tuple of str or int
        Path to the key.

    Returns
    -------
    list of dict
        The alternatives at this key; empty where the schema does not know it.
    """
    root = _described_schema(kind)
    found = [root]
    for key in keys:
        found = [step for node in _alternatives(root, found) for step in _below(node, key)]
    return list(_alternatives(root, found))


def allowed(kind: str, keys: tuple[str | int, ...]) -> str:
    """Return in words what a key may hold.

    Parameters
    ----------
    kind : str
        Name of the architecture.
    keys : tuple of str or int
        Path to the key.

    Returns
    -------
    str
        Such as ``auto or a number``; empty where the schema does not know the key.
    """
    return " or ".join(dict.fromkeys(_words(node) for node in subschemas(kind, keys)))


def _alternatives(root: dict[str, Any], nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Follow references and unions down to plain schemas."""
    for node in nodes:
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            yield from _alternatives(root, [root["$defs"][name]])
        elif "anyOf" in node:
            yield from _alternatives(root, node["anyOf"])
        else:
            yield node


def _below(node: dict[str, Any], key: str | int) -> Iterator[dict[str, Any]]:
    """Yield the schema of one key or list entry of a plain schema."""
    if isinstance(key, int):
        entries = node.get("prefixItems", [])
        if key < len(entries):
            yield entries[key]
        elif isinstance(node.get("items"), dict):
            yield node["items"]
    elif key in node.get("properties", {}):
        yield node["properties"][key]
    elif key in node.get("propertyNames", {}).get("enum", [key]):
        inner = node.get("additionalProperties")
        if isinstance(inner, dict):
            yield inner


def _words(node: dict[str, Any]) -> str:
    """Return in words what a plain schema accepts."""
    if "const" in node or "enum" in node:
        return " or ".join(str(entry) for entry in node.get("enum", [node.get("const")]))
    kind = str(node.get("type", "any value"))
    if kind == "array":
        return _list_words(node)
    if kind == "object":
        return _block_words(node)
    if "pattern" in node:
        return "letters, digits and . _ + -"
    words = {"number": "a number", "integer": "an integer", "string": "text"}
    return words.get(kind, "true or false" if kind == "boolean" else kind) + _bounds(node)


def _block_words(node: dict[str, Any]) -> str:
    """Return in words what a mapping accepts."""
    if "properties" in node:
        return f"a block with the keys {', '.join(node['properties'])}"
    names = node.get("propertyNames", {}).get("enum", ["name"])
    inner = node.get("additionalProperties")
    value = _words(inner) if isinstance(inner, dict) else "value"
    return f"{{{' or '.join(names)}: {value}}}"


def _list_words(node: dict[str, Any]) -> str:
    """Return in words what a list accepts."""
    if "prefixItems" in node:
        return f"a list [{', '.join(_words(entry) for entry in node['prefixItems'])}]"
    kind = {"integer": "integers", "number": "numbers", "string": "names"}
    return f"a list of {kind.get(node.get('items', {}).get('type', ''), 'values')}"


def _bounds(node: dict[str, Any]) -> str:
    """Return in words the interval of a number."""
    signs = {
        "minimum": "≥",
        "exclusiveMinimum": ">",
        "maximum": "≤",
        "exclusiveMaximum": "<",
    }
    bounds = [f"{sign} {node[key]:g}" for key, sign in signs.items() if key in node]
    return f" {' and '.join(bounds)}" if bounds else ""


def _records(*records: type) -> Iterator[type]:
    """Yield dataclasses and the dataclasses among the types of their fields."""
    for record in records:
        yield record
        hints = typing.get_type_hints(record)
        for field in dataclasses.fields(record):
            hint = hints[field.name]
            inner = [hint, *typing.get_args(hint)]
            yield from _records(*(entry for entry in inner if dataclasses.is_dataclass(entry)))  # type: ignore[arg-type]
