"""What the schema says about one key, as nodes and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heterobuild.recipes.schema import described_schema

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    root = described_schema(kind)
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
    kinds = {"integer": "integers", "number": "numbers", "string": "names"}
    items = node.get("items", {})
    entries = [kinds.get(entry.get("type", ""), "values") for entry in items.get("anyOf", [items])]
    words = " or ".join(dict.fromkeys(entries))
    return f"a list of {words.replace('numbers or names', 'numbers or text')}"


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
