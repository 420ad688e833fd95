"""Options of the command line made from the fields of records; an option is written once."""

from __future__ import annotations

import dataclasses
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.errors import UsageError
from heterobuild.recipes.fields import field_texts, first_sentence
from heterobuild.recipes.nodes import compose, plain_value
from heterobuild.recipes.schema_words import subschemas
from heterobuild.recipes.writing import as_yaml, default_value

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from heterobuild.recipes.nodes import Keys

_NONE: Mapping[str, object] = MappingProxyType({})
_BETWEEN_TEXTS = r"\s*[,;]\s*"
_BETWEEN_WORDS = r"[\s,;]+"
_BETWEEN_NUMBERS = r"\s*[,;]\s*|\s+(?=[-+.\d])"
_TRUTH = {"yes": True, "no": False}
_LISTS_OF_WORDS = ("species_order",)
"""Lists of text without blanks in it, whose entries may stand between blanks."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class FieldOption:
    """One option that stands for one key of a recipe.

    Parameters
    ----------
    keys : tuple of str or int
        Path to the key.
    option : click.Option
        The option; its name is the parameter of the command.
    """

    keys: Keys
    option: click.Option


def field_options(
    kind: str,
    record: type,
    keys: Keys,
    *,
    prefix: str = "",
    without: Container[str] = (),
    defaults: Mapping[str, object] = _NONE,
) -> Iterator[FieldOption]:
    """Make the options of a record; those of records inside it follow in place.

    Parameters
    ----------
    kind : str
        Name of the architecture.
    record : type
        A dataclass.
    keys : tuple of str or int
        Path to its block in the recipe.
    prefix : str, optional
        Start of the names, such as ``film-``.
    without : container of str, optional
        Fields to leave out.
    defaults : mapping, optional
        Defaults of fields that have none in the record.

    Yields
    ------
    FieldOption
        One option a field.
    """
    texts = field_texts(record)
    for field in dataclasses.fields(record):
        default = defaults.get(field.name, default_value(field))
        path = (*keys, field.name)
        if field.name in without:
            continue
        if dataclasses.is_dataclass(default):
            yield from field_options(kind, type(default), path, prefix=prefix)
        else:
            text = first_sentence(texts.get(field.name, ""))
            yield FieldOption(keys=path, option=_option(kind, path, prefix, text, default))


def option_value(kind: str, keys: Keys, text: str) -> Any:
    """Read the value of an option as the recipe would hold it.

    The entries of a list stand between commas or semicolons, numbers and lengths also between
    blanks; text may hold blanks itself, such as ``100 -100; cap 60``. ``OLA=0.6,OLEATE=0.4`` is
    a mapping of names.

    Parameters
    ----------
    kind : str
        Name of the architecture.
    keys : tuple of str or int
        Path to the key.
    text : str
        What the user wrote.

    Returns
    -------
    object
        Plain data, not yet judged.

    Raises
    ------
    RecipeError
        If the text is not YAML.
    """
    nodes = subschemas(kind, keys)
    types = {node.get("type") for node in nodes}
    free = any(node.get("type") == "string" and not _choices(node) for node in nodes)
    if free and types <= {"string", "array", "null"}:
        return text
    if "boolean" in types and text.strip().lower() in _TRUTH:
        return _TRUTH[text.strip().lower()]
    if "array" in types and not text.lstrip().startswith("["):
        lists = [node for node in nodes if node.get("type") == "array"]
        words = all(_holds_text(node) for node in lists)
        entries = _texts(text, keys) if words else _numbers(text, keys)
        return entries[0] if len(entries) == 1 and types - {"array", "null"} else entries
    if "object" in types and "=" in text:
        pairs = (entry.partition("=") for entry in re.split(_BETWEEN_TEXTS, text.strip()) if entry)
        found: dict[str, Any] = {}
        for name, _, value in pairs:
            if name.strip() in found:
                raise UsageError(f"{name.strip()} is given twice", where=option_name(keys))
            found[name.strip()] = _yaml(value, keys)
        return found
    return _yaml(text, keys)


def _texts(text: str, keys: Keys) -> list[str]:
    """Return the entries of a list of text."""
    pattern = _BETWEEN_WORDS if keys[-1] in _LISTS_OF_WORDS else _BETWEEN_TEXTS
    return [entry for entry in re.split(pattern, text.strip()) if entry]


def _numbers(text: str, keys: Keys) -> list[Any]:
    """Return the entries of a list of numbers or lengths."""
    return [_yaml(entry, keys) for entry in re.split(_BETWEEN_NUMBERS, text.strip()) if entry]


def _holds_text(node: Mapping[str, Any]) -> bool:
    """Return whether a list holds text and nothing else."""
    return bool(node.get("items", {}).get("type") == "string")


def _choices(node: Mapping[str, Any]) -> list[Any]:
    """Return the words that a schema has to choose from."""
    return node.get("enum") or ([node["const"]] if "const" in node else [])


def option_name(keys: Keys, prefix: str = "") -> str:
    """Return the name of the option that stands for a key.

    The kind of a block has the name of the block.

    Parameters
    ----------
    keys : tuple of str or int
        Path to the key.
    prefix : str, optional
        Start of the name.

    Returns
    -------
    str
        Such as ``--max-strain``.

    Examples
    --------
    >>> option_name(("build", "limits", "max_strain"))
    '--max-strain'
    >>> option_name(("build", "shape", "kind"))
    '--shape'
    """
    name = keys[-2] if keys[-1] == "kind" and len(keys) > 1 else keys[-1]
    return f"--{prefix}{str(name).replace('_', '-')}"


def split_molecule(text: str) -> tuple[str, str]:
    """Read ``NAME=SMILES``.

    Parameters
    ----------
    text : str
        What the user wrote.

    Returns
    -------
    tuple of str
        Name and SMILES.

    Raises
    ------
    UsageError
        If a part is missing.

    Examples
    --------
    >>> split_molecule("HA=CCCCCC[NH3+]")
    ('HA', 'CCCCCC[NH3+]')
    """
    name, _, smiles = text.partition("=")
    if not name.strip() or not smiles.strip():
        raise UsageError(
            "a molecule needs a name and a SMILES",
            where="--molecule",
            measured=repr(text),
            next_step="write HA=CCCCCC[NH3+]",
        )
    return name.strip(), smiles.strip()


def _yaml(text: str, keys: Keys) -> Any:
    """Return one value in YAML as plain data."""
    origin = option_name(keys)
    node = compose(text, origin)
    return None if node is None else plain_value(node, (), {}, origin)


def _option(kind: str, keys: Keys, prefix: str, text: str, default: Any) -> click.Option:
    """Make one option; a truth value becomes a flag."""
    name = option_name(keys, prefix)
    if isinstance(default, bool):
        both = f"{name}/--{prefix}no-{name.removeprefix(f'--{prefix}')}"
        text = f"{text} [default: yes]" if default else text
        return click.Option([both if default else name], is_flag=True, default=None, help=text)
    if default not in (None, (), {}):
        shown = as_yaml({"value": default}).removeprefix("value: ").strip()
        text = f"{text} [default: {shown}]"
    several = any(node.get("type") == "object" for node in subschemas(kind, keys))
    return click.Option(
        [name], metavar=_metavar(kind, keys), help=text.strip(), multiple=several, default=None
    )


def _metavar(kind: str, keys: Keys) -> str:
    """Return in a few letters what an option takes."""
    if keys[-1] == "miller":
        return "HKL"
    words = {
        "integer": "INT",
        "number": "NUMBER",
        "array": "LIST",
        "object": "NAME=NUMBER",
        "boolean": "yes|no",
    }
    found: dict[str, None] = {}
    nodes = subschemas(kind, keys)
    for node in nodes:
        if _choices(node):
            found |= dict.fromkeys(str(choice) for choice in _choices(node))
        elif node.get("type") != "null":
            found[words.get(str(node.get("type")), "TEXT")] = None
    if {"NUMBER", "TEXT"} <= found.keys():
        found = dict.fromkeys("LENGTH" if word in ("NUMBER", "TEXT") else word for word in found)
    return "|".join(found)
