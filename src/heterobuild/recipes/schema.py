"""The schema of a recipe, made from the records: keys, types, defaults and their meaning."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from heterobuild.defects.specification import Defect, Hop
from heterobuild.recipes.fields import field_texts
from heterobuild.recipes.kinds import (
    architecture,
    full_kind,
    further_parts,
    has_variants,
    part_records,
)
from heterobuild.recipes.records import (
    STRICT,
    CrystalOptions,
    ExportSettings,
    MoleculeOptions,
    SlabOptions,
)
from heterobuild.recipes.shorthand import kinds_of
from heterobuild.variants.enumeration import Enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA_VERSION = 1
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._+-]*$"
_MoleculeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=30)]
_DefectLine = Annotated[str, Field(min_length=1)]
_TEXTS = {
    "schema_version": "Version of this format.",
    "name": "Name used for the files; letters, digits and . _ + - only.",
    "seed": "The one number that all random choices come from.",
    "parts": "The crystals, and how slabs are cut from them.",
    "order": "Names of the parts in their order, where it is not that of the block parts.",
    "molecules": "Molecules of your own, by the names that formulas and ligands use.",
    "build": "How the parts are joined.",
    "defects": "Point defects in the finished model, such as V_Br film 1, or blocks with settings.",
    "hop": "A halide hop across a wall, of which both ends are written.",
    "enumerate": "All distinct interfaces of the parts, one folder each: true, or what is varied.",
    "export": "Formats to write, as a list or with settings.",
}


class _FurtherCrystals(BaseModel):
    """Parts of which the user chooses number and names."""

    model_config = STRICT | ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, CrystalOptions]


class _FurtherSlabs(BaseModel):
    """Slabs of which the user chooses number and names."""

    model_config = STRICT | ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, SlabOptions]


_FURTHER: dict[type, type[BaseModel]] = {
    CrystalOptions: _FurtherCrystals,
    SlabOptions: _FurtherSlabs,
}


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
    fields: dict[str, Any] = {
        "schema_version": (Literal[SCHEMA_VERSION], ...),
        "name": (Annotated[str, Field(pattern=NAME_PATTERN, max_length=100)] | None, None),
        "seed": (Annotated[int, Field(ge=0)], 0),
        "parts": (_parts_model(kind), ...),
        **({} if further_parts(kind) is None else {"order": (tuple[str, ...], ())}),
        "molecules": (dict[_MoleculeName, MoleculeOptions], {}),
        "build": (architecture(kind), ...),
        "defects": (tuple[Defect | _DefectLine, ...], ()),
        "hop": (Hop | None, None),
        **({"enumerate": (Enumeration | bool, False)} if has_variants(kind) else {}),
        "export": (ExportSettings | Annotated[tuple[str, ...], Field(min_length=1)], ...),
    }
    return create_model("Recipe", __config__=STRICT, **fields)


def _parts_model(kind: str) -> type[BaseModel]:
    """Return the model of the block of parts."""
    fields: dict[str, Any] = {name: (record, ...) for name, record in part_records(kind).items()}
    further = further_parts(kind)
    if further is None:
        return create_model("Parts", __config__=STRICT, **fields)
    return create_model("Parts", __base__=_FURTHER[further[1]], **fields)


@cache
def described_schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema with the descriptions of the docstrings.

    Parameters
    ----------
    kind : str
        Name of the architecture.

    Returns
    -------
    dict
        The schema; kept, and not to be changed.
    """
    schema = recipe_model(kind).model_json_schema()
    definitions = schema["$defs"]
    parts = set(part_records(kind).values())
    further = further_parts(kind)
    if further is not None:
        parts.add(further[1])
        definitions["Parts"] |= {
            "additionalProperties": {"$ref": f"#/$defs/{further[1].__name__}"},
            "minProperties": len(part_records(kind)) + 1,
        }
    study = (Enumeration,) if has_variants(kind) else ()
    others = (MoleculeOptions, Defect, Hop, ExportSettings, *study)
    records = list(_records(architecture(kind), *parts, *others))
    for record in records:
        properties = definitions[record.__name__]["properties"]
        definitions[record.__name__]["description"] = (inspect.getdoc(record) or "").split("\n")[0]
        for name, text in field_texts(record).items():
            if name in properties:
                properties[name]["description"] = text
    for record in records:
        _allow_one_word(record, definitions)
    for name, node in schema["properties"].items():
        node["description"] = _TEXTS[name]
    block = definitions[architecture(kind).__name__]
    block["properties"] = {"kind": _marker(full_kind(kind))} | block["properties"]
    block["required"] = ["kind", *block.get("required", [])]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Recipe of a {full_kind(kind).replace('_', '-')} heterostructure",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _marker(kind: str) -> dict[str, Any]:
    """Return the schema of the name of an architecture, in both spellings."""
    text = {"type": "string", "description": "Name of the architecture."}
    if "_" not in kind:
        return {"const": kind, **text}
    return {"enum": [kind, kind.replace("_", "-")], **text}


def _allow_one_word(record: type, definitions: dict[str, Any]) -> None:
    """Let the kind stand for a block that begins with it."""
    properties = definitions[record.__name__]["properties"]
    for name, inner in kinds_of(record).items():
        kinds = definitions[inner.__name__]["properties"]["kind"]
        word = {key: kinds[key] for key in ("type", "enum", "const") if key in kinds}
        described = {key: properties[name].pop(key) for key in ("description",)}
        properties[name] = {"anyOf": [{"$ref": f"#/$defs/{inner.__name__}"}, word], **described}


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
    >>> recipe_schema()["required"]
    ['schema_version', 'parts', 'build', 'export']
    """
    import copy

    return copy.deepcopy(described_schema(kind))


def _records(*records: type) -> Iterator[type]:
    """Yield dataclasses and the dataclasses among the types of their fields."""
    for record in records:
        yield record
        hints = typing.get_type_hints(record)
        for field in dataclasses.fields(record):
            hint = hints[field.name]
            inner = [hint, *typing.get_args(hint)]
            yield from _records(*(entry for entry in inner if dataclasses.is_dataclass(entry)))  # type: ignore[arg-type]
