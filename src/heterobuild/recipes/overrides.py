"""Values of a recipe that the command line changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heterobuild.errors import RecipeError
from heterobuild.recipes.nodes import compose, dotted, kind_of, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys


def override(document: Document, settings: Iterable[str]) -> Document:
    """Change values from the command line.

    Parameters
    ----------
    document : Document
        The recipe; left unchanged.
    settings : iterable of str
        Each ``path.to.key=value``; the value is YAML.

    Returns
    -------
    Document
        The changed copy; the changed keys have the setting as their place.

    Raises
    ------
    RecipeError
        If a setting has no equals sign, its value is not YAML, or its path runs through
        something that is not a mapping.

    Examples
    --------
    >>> from pathlib import Path
    >>> from heterobuild.recipes.document import parse_document
    >>> document = parse_document("build: {gap: auto}", origin="r.yaml", folder=Path())
    >>> override(document, ["build.gap=3.1"]).data
    {'build': {'gap': 3.1}}
    """
    data, places = _copy(document.data), dict(document.places)
    for setting in settings:
        path, equals, text = setting.partition("=")
        keys: Keys = tuple(path.strip().split("."))
        origin = f"--set {path.strip()}"
        if not equals or not all(keys):
            raise RecipeError(
                f"--set {setting}: not of the form key=value",
                next_step="write, for example, --set build.gap=3.1",
            )
        found: dict[Keys, str] = {}
        node = compose(text, origin)
        value = None if node is None else plain_value(node, keys, found, origin)
        _put(data, keys, value, origin)
        for old in [old for old in places if old[: len(keys)] == keys]:
            del places[old]
        places |= dict.fromkeys(found, origin) | {keys: origin}
    return replace(document, data=data, places=places)


def _put(data: dict[str, Any], keys: Keys, value: object, origin: str) -> None:
    """Set one value in nested mappings, making the mappings on the way."""
    block: Any = data
    for depth, key in enumerate(keys[:-1]):
        block = block.setdefault(key, {})
        if not isinstance(block, dict):
            raise RecipeError(
                f"{origin}: {dotted(keys[: depth + 1])} is not a mapping, it has no keys",
                measured=kind_of(block),
                next_step=f"set {dotted(keys[: depth + 1])} as a whole",
            )
    block[keys[-1]] = value


def _copy(value: Any) -> Any:
    """Return a copy of nested mappings and lists."""
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value
