"""From a file or from options to a recipe that fits the schema."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from heterobuild.errors import HeterobuildError, UnknownNameError
from heterobuild.recipes.document import read_document
from heterobuild.recipes.judging import judge
from heterobuild.recipes.overrides import override
from heterobuild.recipes.places import locate, problem
from heterobuild.recipes.records import ExportSettings, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys
    from heterobuild.recipes.records import SlabOptions


DEFAULT_LAYERS = 6
"""Three layers on each side of an interface are the least that become bulk-like."""


def load_recipe(path: str | Path, overrides: Iterable[str] = ()) -> Recipe:
    """Read a recipe and check it completely.

    Parameters
    ----------
    path : str or pathlib.Path
        The YAML file.
    overrides : iterable of str, optional
        Values to change, each ``path.to.key=value``.

    Returns
    -------
    Recipe
        The recipe, ready to run. Crystals are not loaded yet.

    Raises
    ------
    RecipeError
        If the file cannot be read or does not fit the schema; with file, line and column.
    UnknownNameError
        If an architecture or a format is unknown.
    """
    return recipe_from(override(read_document(path), overrides))


def recipe_from(document: Document) -> Recipe:
    """Check a document and make the recipe of it.

    Parameters
    ----------
    document : Document
        What a file or the command line says.

    Returns
    -------
    Recipe
        The recipe, ready to run.

    Raises
    ------
    RecipeError
        If it does not fit the schema; with the place of the key.
    UnknownNameError
        If an architecture or a format is unknown.
    """
    kind, values = judge(document)
    checked: Any = values
    parts = {
        name: _part(getattr(checked.parts, name), name, document)
        for name in type(checked.parts).model_fields
    }
    export = checked.export
    if not isinstance(export, ExportSettings):
        export = ExportSettings(formats=export)
    _check_export(export, document)
    return Recipe(
        name=checked.name or _name(parts, kind),
        seed=checked.seed,
        parts=parts,
        kind=kind,
        build=checked.build,
        export=export,
        document=document,
        molecules=checked.molecules,
    )


def _part(options: SlabOptions, name: str, document: Document) -> SlabOptions:
    """Return the options of a part with its Miller indices as three integers, where they are."""
    from heterobuild.slabs.miller import is_pseudocubic, parse_miller

    keys = ("parts", name)
    if options.layers is not None and options.thickness is not None:
        raise problem(
            document,
            (*keys, "thickness"),
            "both layers and thickness are given",
            measured=f"{options.layers} layers and {options.thickness:g} Å",
            allowed="one of the two",
            next_step="remove layers or thickness",
        )
    unset = options.layers is None and options.thickness is None
    layers = DEFAULT_LAYERS if unset else options.layers
    try:
        if options.miller is None:
            return replace(options, layers=layers)
        if is_pseudocubic(options.miller):
            parse_miller(str(options.miller).strip()[:-2])
            return replace(options, layers=layers)
        return replace(options, miller=parse_miller(options.miller), layers=layers)
    except HeterobuildError as error:
        locate(error, document, (*keys, "miller"))
        raise


def _check_export(export: ExportSettings, document: Document) -> None:
    """Refuse unknown formats, unknown elements, and names that stand twice."""
    from ase.data import chemical_symbols

    from heterobuild.exporters.formats import find_exporter

    _check_repeats(export.formats, "formats", document)
    _check_repeats(export.species_order, "species_order", document)
    for number, name in enumerate(export.formats):
        try:
            find_exporter(name)
        except UnknownNameError as error:
            locate(error, document, _entry(document, "formats", number))
            raise
    for number, symbol in enumerate(export.species_order):
        if symbol not in chemical_symbols[1:]:
            raise problem(
                document,
                _entry(document, "species_order", number),
                f"unknown element {symbol!r}",
                next_step="write symbols such as Cs, Pb, Br",
            )


def _check_repeats(names: tuple[str, ...], key: str, document: Document) -> None:
    """Refuse a list that holds a name twice."""
    for number, name in enumerate(names):
        if name in names[:number]:
            keys = _entry(document, key, number)
            raise problem(document, keys, f"{name} is given twice", next_step="remove one")


def _entry(document: Document, key: str, number: int) -> Keys:
    """Return the path to an entry of a list, also where formats are written as a bare list."""
    bare = ("export", key) not in document.places
    return ("export", number) if bare else ("export", key, number)


def _name(parts: dict[str, SlabOptions], kind: str) -> str:
    """Return a name made of crystals and architecture, fit for files."""
    from heterobuild.crystals.library import is_path

    stems = [
        PurePath(part.crystal).stem if is_path(part.crystal) else part.crystal
        for part in parts.values()
    ]
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", "-".join([*stems, kind])).lstrip("-._+")[:100]
