"""YAML nodes: plain data from them, and the line and column of every key.

YAML is read as version 1.2. The nodes are walked one by one, so that each key keeps its place
and the text of a number is still known: ``001`` must not silently become 1.
"""

from __future__ import annotations

import re
from typing import Any

from heterobuild.errors import RecipeError

Keys = tuple[str | int, ...]

_DEEPEST = 20
_LARGEST = 10_000


class Number(int):
    """An integer that was written with leading zeros; it remembers its text."""

    text: str


def dotted(keys: Keys) -> str:
    """Return a path to a key as people write it.

    Parameters
    ----------
    keys : tuple of str or int
        Path to the key.

    Returns
    -------
    str
        Such as ``build.limits.max_strain``.
    """
    return ".".join(str(key) for key in keys)


def kind_of(value: object) -> str:
    """Return what a value is, in words.

    Parameters
    ----------
    value : object
        The value.

    Returns
    -------
    str
        Such as ``a list``.
    """
    names = {dict: "a mapping", list: "a list", str: "text", type(None): "nothing"}
    return names.get(type(value), repr(value))


def compose(text: str, origin: str) -> Any:
    """Parse YAML without making values of it.

    Parameters
    ----------
    text : str
        YAML 1.2.
    origin : str
        Name of the file, for the places.

    Returns
    -------
    object
        The root node, or None where there is nothing.

    Raises
    ------
    RecipeError
        If the text is not YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{origin}:{mark.line + 1}:{mark.column + 1}" if mark else origin
        problem = str(error.problem or error.context)
        tab = "'\\t'" in problem
        raise RecipeError(
            f"{place}: " + ("a tab where YAML wants spaces" if tab else f"not YAML: {problem}"),
            next_step="indent with spaces" if tab else "correct this line",
        ) from error
    except YAMLError as error:
        first = str(error).splitlines()[0]
        raise RecipeError(
            f"{origin}: not YAML: {first}", next_step="save the recipe as plain UTF-8 text"
        ) from error


def plain_value(node: Any, keys: Keys, places: dict[Keys, str], origin: str) -> Any:
    """Turn YAML nodes into plain data and note the places of the keys.

    Parameters
    ----------
    node : object
        The node.
    keys : tuple of str or int
        Path to it.
    places : dict of tuple to str
        The place of each key below it is added here.
    origin : str
        Name of the file, for the places.

    Returns
    -------
    object
        Mappings, lists, text, numbers, truth values and None.

    Raises
    ------
    RecipeError
        If a key is given twice or is not one word, or a value is of another kind.
    """
    if len(places) > _LARGEST:
        raise RecipeError(
            f"{origin}: the recipe is too large",
            measured=f"more than {_LARGEST} keys",
            next_step="write it without aliases",
        )
    if len(keys) > _DEEPEST:
        raise RecipeError(f"{origin}: the recipe refers to itself", next_step="write it out")
    if node.id == "mapping":
        return _mapping(node, keys, places, origin)
    if node.id == "sequence":
        return [
            plain_value(entry, _noted((*keys, number), entry, places, origin), places, origin)
            for number, entry in enumerate(node.value)
        ]
    return _scalar(node, _mark(node, origin))


def _mapping(node: Any, keys: Keys, places: dict[Keys, str], origin: str) -> dict[str, Any]:
    """Turn a YAML mapping into a dictionary with text keys, each given once."""
    data: dict[str, Any] = {}
    for key, value in node.value:
        if key.id != "scalar":
            raise RecipeError(f"{_mark(key, origin)}: a key must be one word")
        name = str(key.value)
        if name in data:
            raise RecipeError(
                f"{_mark(key, origin)}: {dotted((*keys, name))}: this key is given twice",
                measured=f"first at {places[(*keys, name)]}",
                next_step="remove one of the two",
            )
        path = _noted((*keys, name), key, places, origin)
        data[name] = plain_value(value, path, places, origin)
    return data


def _noted(keys: Keys, node: Any, places: dict[Keys, str], origin: str) -> Keys:
    """Note the place of a key and return the key."""
    places[keys] = _mark(node, origin)
    return keys


def _mark(node: Any, origin: str) -> str:
    """Return file, line and column of a node, counted from 1."""
    return f"{origin}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _scalar(node: Any, place: str) -> Any:
    """Turn one YAML scalar into text, a number, a truth value or None."""
    from ruamel.yaml import YAML

    kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
    if kind not in {"str", "int", "float", "bool", "null"}:
        raise RecipeError(
            f"{place}: a value of a kind that recipes do not have",
            measured=kind if kind in {"timestamp", "binary"} else node.tag,
            next_step="put the value in quotation marks",
        )
    if kind == "str":
        return str(node.value)
    value = YAML(typ="safe", pure=True).constructor.construct_object(node)
    if kind == "int" and re.fullmatch(r"[-+]?0\d+", node.value):
        number = Number(value)
        number.text = node.value
        return number
    return value
