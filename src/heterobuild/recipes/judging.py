"""From a document to checked values, or to one clear line about what is wrong and where."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from heterobuild.errors import HeterobuildError, UnknownNameError
from heterobuild.recipes.kinds import architecture, full_kind, has_variants
from heterobuild.recipes.nodes import Number
from heterobuild.recipes.places import blame, locate, problem
from heterobuild.recipes.schema import SCHEMA_VERSION, recipe_model
from heterobuild.recipes.schema_words import allowed, subschemas
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    from heterobuild.errors import RecipeError
    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys

PERCENT_FROM = 0.5
"""A largest strain from here on is taken for a percentage: no coherent interface bears it."""


def judge(document: Document) -> tuple[str, BaseModel]:
    """Check a document against the schema.

    Parameters
    ----------
    document : Document
        The recipe as written.

    Returns
    -------
    str
        Name of the architecture.
    pydantic.BaseModel
        The checked values, an instance of `recipe_model`.

    Raises
    ------
    RecipeError
        If a key is unknown, missing, or holds what it may not; with file, line and column.
    UnknownNameError
        If there is no such architecture; with file, line and column.
    """
    from pydantic import ValidationError

    _check_version(document)
    kind = _architecture(document)
    for keys, value in _leaves(document.data, ()):
        _check_percent(document, keys, value)
        _check_miller(document, keys, value)
    _check_enumerate(document, kind)
    options = {key: value for key, value in document.data["build"].items() if key != "kind"}
    try:
        text = json.dumps(document.data | {"build": options})
        return kind, recipe_model(kind).model_validate_json(text)
    except ValidationError as error:
        raise _first(error.errors(include_url=False), document, kind) from None
    except HeterobuildError as error:
        own = error.where in ("defects", "enumerate")
        block = error.where if own else "build"
        error.where = "" if own else error.where
        locate(error, document, (block,))
        raise


def _check_version(document: Document) -> None:
    """Refuse a recipe of another version before anything else is said about it."""
    if "schema_version" not in document.data:
        raise problem(
            document,
            (),
            "the key schema_version is missing",
            allowed=SCHEMA_VERSION,
            next_step=f"write schema_version: {SCHEMA_VERSION} in the first line",
        )
    version = document.data["schema_version"]
    if version == SCHEMA_VERSION and not isinstance(version, bool):
        return
    newer = isinstance(version, int) and version > SCHEMA_VERSION
    raise problem(
        document,
        ("schema_version",),
        "the recipe is of a later version than this program reads" if newer else "unknown version",
        measured=_shown(version),
        allowed=SCHEMA_VERSION,
        next_step="install a newer heterobuild" if newer else f"write {SCHEMA_VERSION}",
    )


def _architecture(document: Document) -> str:
    """Return the kind of the block ``build``."""
    block = document.data.get("build")
    if not isinstance(block, dict):
        missing = "build" not in document.data
        raise problem(
            document,
            () if missing else ("build",),
            "the key build is missing" if missing else "not a block of keys",
            measured=None if missing else _shown(block),
            next_step="write build: {kind: vertical}",
        )
    if not isinstance(block.get("kind"), str):
        raise problem(
            document, ("build",), "the key kind is missing", next_step="write kind: vertical"
        )
    try:
        architecture(block["kind"])
    except UnknownNameError as error:
        locate(error, document, ("build", "kind"))
        raise
    return full_kind(block["kind"])


def _check_enumerate(document: Document, kind: str) -> None:
    """Refuse a study of what has no variants."""
    if "enumerate" in document.data and not has_variants(kind):
        raise problem(
            document,
            ("enumerate",),
            f"the interfaces of a {kind.replace('_', '-')} model cannot be enumerated",
            allowed="kind: vertical, which has terminations, matches and shifts",
            next_step="remove enumerate, or write one recipe for each variant",
        )


def _check_percent(document: Document, keys: Keys, value: object) -> None:
    """Refuse ``5 %``, and a largest strain that can only be meant as a percentage."""
    text = re.fullmatch(r"\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*%\s*", str(value))
    large = (
        keys[-1] == "max_strain"
        and isinstance(value, int | float)
        and not isinstance(value, bool)
        and PERCENT_FROM <= value < math.inf
    )
    if text or large:
        raise problem(
            document,
            keys,
            "a percentage where a fraction is wanted",
            measured=value,
            allowed="a fraction, 0.05 for 5 %",
            next_step=f"write {float(text[1] if text else value) / 100:.6g}",  # type: ignore[arg-type]
        )


def _check_miller(document: Document, keys: Keys, value: object) -> None:
    """Refuse Miller indices written as one number."""
    if keys[-1] != "miller" or isinstance(value, bool) or not isinstance(value, int):
        return
    written = value.text if isinstance(value, Number) else str(value)
    digits = re.findall(r"-?\d", written.rjust(3, "0") if written.isdigit() else written)
    indices = ", ".join(digits) if len(digits) == 3 else "0, 0, 1"
    raise problem(
        document,
        keys,
        "a bare integer, of which YAML drops the leading zeros",
        measured=f"{written}, read as {value}",
        allowed="a list of three integers, or text",
        next_step=f'write [{indices}] or "{indices.replace(", ", " ")}"',
    )


def _first(errors: list[ErrorDetails], document: Document, kind: str) -> RecipeError:
    """Return the problem that stands first in the recipe; say how many more there are."""
    order = {keys: number for number, keys in enumerate(document.places)}
    found: dict[Keys, ErrorDetails] = {}
    for error in errors:
        found.setdefault(_keys(error, document), error)
    last = len(order)
    shallow = {keys[:length] for keys in found for length in range(len(keys))}
    deepest = found.keys() - shallow
    ranked = sorted(deepest, key=lambda keys: (order.get(keys, last), str(keys)))
    first = _problem(found[ranked[0]], ranked[0], document, kind)
    if len(ranked) > 1:
        more = "1 more problem" if len(ranked) == 2 else f"{len(ranked) - 1} more problems"
        first.next_step = f"{first.next_step or 'correct this'} (then {more})"
    return first


def _keys(error: ErrorDetails, document: Document) -> Keys:
    """Return the path to a key from the location of pydantic, which has names of types in it."""
    keys: Keys = ()
    for part in error["loc"]:
        if _value(document, (*keys, part)) is not _NOTHING:
            keys = (*keys, part)
    last = error["loc"][-1]
    return (*keys, last) if error["type"] == "missing" and isinstance(last, str) else keys


def _problem(error: ErrorDetails, keys: Keys, document: Document, kind: str) -> RecipeError:
    """Return one problem in the words of heterobuild."""
    value = _value(document, keys)
    if error["type"] == "missing" and value is _NOTHING:
        return problem(
            document,
            keys[:-1],
            f"the key {keys[-1]} is missing",
            allowed=allowed(kind, keys),
            next_step=f"add {keys[-1]}",
        )
    if not subschemas(kind, keys):
        known = list(_names(kind, keys[:-1]))
        return problem(
            document, keys, "unknown key", next_step=suggest(str(keys[-1]), known) if known else ""
        )
    if error["type"] == "value_error":
        message = error["msg"].removeprefix("Value error, ")
        blamed = blame(message, document, keys)
        return problem(document, blamed, message, measured=_shown(_value(document, blamed)))
    nan = isinstance(value, float) and not math.isfinite(value)
    return problem(
        document,
        keys,
        "not a finite number" if nan else "not a possible value",
        measured=_shown(value),
        allowed=allowed(kind, keys),
        next_step=_advice(value, kind, keys),
    )


_NOTHING = object()


def _names(kind: str, keys: Keys) -> Iterator[str]:
    """Yield the keys that a block may have."""
    for node in subschemas(kind, keys):
        yield from node.get("properties", ())
        yield from node.get("propertyNames", {}).get("enum", ())


def _value(document: Document, keys: Keys) -> Any:
    """Return what stands at a key."""
    node: Any = document.data
    for key in keys:
        inside = isinstance(node, dict) and key in node
        listed = isinstance(node, list) and isinstance(key, int) and key < len(node)
        if not (inside or listed):
            return _NOTHING
        node = node[key]
    return node


def _advice(value: object, kind: str, keys: Keys) -> str:
    """Return what to write instead."""
    choices = [
        str(choice)
        for node in subschemas(kind, keys)
        for choice in [*node.get("enum", ()), *([node["const"]] if "const" in node else ())]
    ]
    if isinstance(value, str) and re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", value):
        return "remove the quotation marks"
    if isinstance(value, str) and choices:
        return suggest(value, choices)
    return ""


def _shown(value: object) -> str:
    """Return a value as it would be written in a recipe, cut where it is long."""
    if value is None:
        return "nothing"
    text = value.text if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _leaves(value: object, keys: Keys) -> Iterator[tuple[Keys, object]]:
    """Yield every value that is neither a mapping nor a list."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _leaves(entry, (*keys, key))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _leaves(entry, (*keys, number))
    else:
        yield keys, value
