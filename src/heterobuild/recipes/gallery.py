"""The gallery: published heterostructures as recipes, found in the installed package.

The recipes are data of the package `heterobuild.gallery`. In a checkout that is not installed they
are found in the folder ``recipes`` beside ``src``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heterobuild.errors import OutputError, UnknownNameError
from heterobuild.recipes.document import parse_document
from heterobuild.recipes.loading import recipe_from
from heterobuild.recipes.overrides import override
from heterobuild.recipes.shorthand import expanded
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

    from heterobuild.recipes.records import Recipe

PACKAGE = "heterobuild.gallery"
CHECKOUT = Path(__file__).resolve().parents[3] / "recipes"
INDEX = "index.json"
"""What the recipes gave when the gallery was last written."""


@dataclass(frozen=True, kw_only=True)
class GalleryEntry:
    """One recipe of the gallery.

    Parameters
    ----------
    name : str
        Its name.
    kind : str
        Name of the architecture.
    parts : dict of str to str
        Crystal of each part.
    atoms : int
        Number of atoms of the model.
    summary : str
        What it is: the first sentence of the comment at its head.
    """

    name: str
    kind: str
    parts: dict[str, str]
    atoms: int
    summary: str


def gallery_names() -> tuple[str, ...]:
    """Return the names of all recipes of the gallery.

    Returns
    -------
    tuple of str
        Sorted.

    Examples
    --------
    >>> "cspbbr3-mapbcl3-vertical" in gallery_names()
    True
    """
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in _root().iterdir()
            if entry.name.endswith(".yaml")
        )
    )


def list_gallery() -> tuple[GalleryEntry, ...]:
    """List the recipes of the gallery with what they build.

    Returns
    -------
    tuple of GalleryEntry
        Sorted by name.

    Raises
    ------
    OutputError
        If the installed gallery has no index.
    """
    fields = ("kind", "parts", "atoms", "summary")
    return tuple(
        GalleryEntry(name=name, **{field: facts[field] for field in fields})
        for name, facts in sorted(gallery_index().items())
    )


def gallery_index() -> dict[str, dict[str, Any]]:
    """Read what the recipes gave when the gallery was last written.

    Returns
    -------
    dict of str to dict
        Facts of each recipe by its name.

    Raises
    ------
    OutputError
        If the installed gallery has no index.
    """
    entry = _root().joinpath(INDEX)
    if not entry.is_file():
        raise OutputError(
            "the gallery has no index",
            where=INDEX,
            next_step="install heterobuild again, or run python scripts/write_gallery.py",
        )
    index: dict[str, dict[str, Any]] = json.loads(entry.read_text(encoding="utf-8"))
    return index


def gallery_text(name: str) -> str:
    """Return a recipe of the gallery as it is written, comments included.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    str
        YAML.

    Raises
    ------
    UnknownNameError
        If the gallery has no such recipe; with the nearest names.
    """
    name = name.removesuffix(".yaml")
    entry = _root().joinpath(f"{name}.yaml")
    known = gallery_names()
    if name not in known:
        raise UnknownNameError(
            f"the gallery has no recipe {name!r}", next_step=_nearest(name, known)
        )
    return entry.read_text(encoding="utf-8")


def gallery_recipe(name: str, overrides: Iterable[str] = ()) -> Recipe:
    """Return a recipe of the gallery, ready to run.

    Parameters
    ----------
    name : str
        Its name.
    overrides : iterable of str, optional
        Values to change, each ``path.to.key=value``.

    Returns
    -------
    Recipe
        The recipe.

    Raises
    ------
    UnknownNameError
        If the gallery has no such recipe; with the nearest names.
    RecipeError
        If a value does not fit the schema.

    Examples
    --------
    >>> gallery_recipe("cspbbr3-mapbcl3-vertical").kind
    'vertical'
    """
    text = gallery_text(name)
    document = parse_document(text, origin=f"gallery {name}", folder=Path())
    return recipe_from(override(expanded(document), overrides))


def summary_of(text: str) -> str:
    r"""Return the first sentence of the comment at the head of a recipe.

    Parameters
    ----------
    text : str
        The recipe.

    Returns
    -------
    str
        One line, without the full stop and the number of atoms.

    Examples
    --------
    >>> summary_of("# Two slabs\n# of CsPb(Br0.5I0.5)3. 96 atoms.\nname: pair\n")
    'Two slabs of CsPb(Br0.5I0.5)3'
    """
    sentence = re.split(r"(?<=\S)\. (?=[A-Z0-9])", head_comment(text) + " ")[0].strip(" .")
    return re.sub(r"[:,] (about )?\d+ atoms$", "", sentence)


def head_comment(text: str) -> str:
    """Return the comment at the head of a recipe as one line.

    Parameters
    ----------
    text : str
        The recipe.

    Returns
    -------
    str
        Its words.
    """
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def _nearest(name: str, known: tuple[str, ...]) -> str:
    """Suggest recipes whose name is near, or that have the same beginning; else the list."""
    sentence = suggest(name, known)
    if sentence.startswith("did you mean"):
        return sentence
    alike = [entry for entry in known if name and name.lower() in entry.lower()][:3]
    if alike:
        return f"did you mean {' or '.join(alike)}?"
    return "see heterobuild gallery list"


@cache
def _root() -> Traversable:
    """Return the folder of the recipes, of the package or of the checkout."""
    from importlib.resources import files

    try:
        import_module(PACKAGE)
    except ModuleNotFoundError:
        return CHECKOUT
    return files(PACKAGE)
