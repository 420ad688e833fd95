"""A commented recipe to start from, made from the records and their docstrings."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING, Any

from heterobuild.recipes.fields import field_texts
from heterobuild.recipes.kinds import architecture, full_kind, further_parts, part_records
from heterobuild.recipes.records import CrystalOptions, ExportSettings
from heterobuild.recipes.schema import SCHEMA_VERSION
from heterobuild.recipes.schema_words import allowed
from heterobuild.recipes.writing import as_yaml, default_value

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDTH = 100
_CRYSTALS = ("CsPbBr3_cubic", "MAPbCl3_cubic")
_NETWORK = ("CsPbBr3_cubic", "CsPbCl3_cubic")
"""Crystals of one kind of network, the gap of the second one being the wider."""
_FORMATS = ["cif", "poscar", "lammps", "extxyz"]


def recipe_template(kind: str = "vertical") -> str:
    """Return a commented recipe that runs as it is.

    Each option stands with its meaning and its default; options that are unset by default are
    commented out.

    Parameters
    ----------
    kind : str, optional
        Name of the architecture.

    Returns
    -------
    str
        YAML.

    Raises
    ------
    UnknownNameError
        If no table holds the name.
    """
    kind = full_kind(kind)
    lines = [
        "# A recipe of heterobuild. Lengths are in Å, strains are fractions (0.05 is 5 %).",
        "# Run it:     heterobuild run recipe.yaml -o results",
        "# Try it:     heterobuild run recipe.yaml -o results --dry-run",
        "# Crystals:   heterobuild crystals list",
        f"schema_version: {SCHEMA_VERSION}",
        f"name: my-{kind.replace('_', '-')}   # names the files",
        "seed: 0   # the one number that all random choices come from",
        "",
        "parts:",
    ]
    parts, further = part_records(kind), further_parts(kind)
    parts |= {} if further is None else dict([further])
    for number, (name, record) in enumerate(parts.items()):
        if further is not None and name == further[0]:
            lines += ["  # Any number of such parts, each under a name of its own:"]
        lines += [f"  {name}:", *_part(kind, name, record, number)]
    lines += ["", "build:", f"  kind: {kind}", *_block(kind, architecture(kind), ("build",), 1)]
    given = {"formats": _FORMATS}
    lines += ["", "export:", *_block(kind, ExportSettings, ("export",), 1, given)]
    return "\n".join(lines) + "\n"


def _part(kind: str, name: str, record: type, number: int) -> list[str]:
    """Return the lines of one part; only the first one explains the keys."""
    given: dict[str, Any] = {"crystal": _CRYSTALS[number % 2], "miller": [0, 0, 1], "layers": 6}
    if record is CrystalOptions:
        given = {"crystal": _NETWORK[number % 2]}
    if number == 0:
        return list(_block(kind, record, ("parts", name), 2, given))
    return [" " * 4 + line for line in as_yaml(given).splitlines()]


def _block(
    kind: str,
    record: type,
    keys: tuple[str, ...],
    depth: int,
    given: dict[str, Any] | None = None,
) -> Iterator[str]:
    """Yield the lines of a record: comment, then key and value."""
    margin = "  " * depth
    for field in dataclasses.fields(record):
        path = (*keys, field.name)
        value = (given or {}).get(field.name, default_value(field))
        comment = field_texts(record).get(field.name, "")
        yield from textwrap.wrap(
            comment, _WIDTH, initial_indent=f"{margin}# ", subsequent_indent=f"{margin}# "
        )
        if dataclasses.is_dataclass(value):
            yield f"{margin}{field.name}:"
            yield from _block(kind, type(value), path, depth + 1)
        elif value is None:
            words = allowed(kind, path).removesuffix(" or null")
            yield from textwrap.wrap(
                f"# {field.name}: ({words})",
                _WIDTH,
                initial_indent=margin,
                subsequent_indent=f"{margin}#   ",
            )
        else:
            yield margin + as_yaml({field.name: value}).rstrip("\n")
