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
from heterobuild.recipes.schema import subschemas
from heterobuild.recipes.writing import as_yaml, default_value

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from heterobuild.recipes.nodes import Keys

_NONE: Mapping[str, object] = MappingProxyType({})


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

    Lists may be written with blanks or commas; ``film=0.7`` is a mapping of one name.

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
    types = {node.get("type") for node in subschemas(kind, keys)}
    if types <= {"string", "array", "null"} and "string" in types:
        return text
    if "array" in types and not text.lstrip().startswith("["):
        return [_yaml(word, keys) for word in re.split(r"[\s,]+", text.strip())]
    if "object" in types and re.fullmatch(r"\w+\s*=.*", text):
        name, _, value = text.partition("=")
        return {name.strip(): _yaml(value, keys)}
    return _yaml(text, keys)


def option_name(keys: Keys, prefix: str = "") -> str:
    """Return the name of the option that stands for a key.

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
    """
    return f"--{prefix}{str(keys[-1]).replace('_', '-')}"


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
        return click.Option([name], is_flag=True, default=None, help=text)
    if default not in (None, ()):
        shown = as_yaml({"value": default}).removeprefix("value: ").strip()
        text = f"{text} [default: {shown}]"
    return click.Option([name], metavar=_metavar(kind, keys), help=text.strip())


def _metavar(kind: str, keys: Keys) -> str:
    """Return in a few letters what an option takes."""
    if keys[-1] == "miller":
        return "HKL"
    words = {"integer": "INT", "number": "NUMBER", "array": "LIST", "object": "NAME=NUMBER"}
    found: dict[str, None] = {}
    for node in subschemas(kind, keys):
        choices = node.get("enum") or ([node["const"]] if "const" in node else None)
        if choices:
            found |= dict.fromkeys(str(choice) for choice in choices)
        elif node.get("type") != "null":
            found[words.get(str(node.get("type")), "TEXT")] = None
    return "|".join(found)
