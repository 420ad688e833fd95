"""Short forms of a recipe: one word where a block begins with a kind."""

from __future__ import annotations

import dataclasses
import typing
from typing import TYPE_CHECKING, Any

from heterobuild.errors import UnknownNameError
from heterobuild.recipes.kinds import architecture

if TYPE_CHECKING:
    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys


def kinds_of(record: type) -> dict[str, type]:
    """Return the fields of a record whose blocks may be written as one word.

    Parameters
    ----------
    record : type
        A dataclass.

    Returns
    -------
    dict of str to type
        Name of the field, and its dataclass, the first field of which is ``kind``.
    """
    hints = typing.get_type_hints(record)
    return {
        field.name: hints[field.name]
        for field in dataclasses.fields(record)
        if dataclasses.is_dataclass(hints[field.name])
        and dataclasses.fields(hints[field.name])[0].name == "kind"
    }


def expanded(document: Document) -> Document:
    """Write out the short forms of a recipe.

    ``shape: sphere`` stands for ``shape: {kind: sphere}``.

    Parameters
    ----------
    document : Document
        The recipe; left unchanged. Where its architecture is unknown, nothing is written out.

    Returns
    -------
    Document
        The recipe in full; each new key has the place of its block.

    Examples
    --------
    >>> from pathlib import Path
    >>> from heterobuild.recipes.document import parse_document
    >>> text = "build: {kind: particle, shape: sphere}"
    >>> expanded(parse_document(text, origin="r.yaml", folder=Path())).data["build"]["shape"]
    {'kind': 'sphere'}
    """
    block = document.data.get("build")
    if not isinstance(block, dict) or not isinstance(block.get("kind"), str):
        return document
    try:
        record = architecture(block["kind"])
    except UnknownNameError:
        return document
    short = {name for name in kinds_of(record) if isinstance(block.get(name), str)}
    full: dict[str, Any] = {
        key: {"kind": value} if key in short else value for key, value in block.items()
    }
    places: dict[Keys, str] = {}
    for keys, place in document.places.items():
        places[keys] = place
        if len(keys) == 2 and keys[0] == "build" and keys[1] in short:
            places[(*keys, "kind")] = place
    return dataclasses.replace(document, data=document.data | {"build": full}, places=places)
