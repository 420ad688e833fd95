"""From a file or from options to a recipe that fits the schema."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from heterobuild.errors import HeterobuildError, UnknownNameError
from heterobuild.recipes.document import read_document
from heterobuild.recipes.judging import judge
from heterobuild.recipes.kinds import further_parts, part_records
from heterobuild.recipes.overrides import override
from heterobuild.recipes.places import locate, problem
from heterobuild.recipes.point_defects import read_defects
from heterobuild.recipes.records import ExportSettings, Recipe, SlabOptions
from heterobuild.recipes.shorthand import expanded
from heterobuild.variants.enumeration import Enumeration

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys
    from heterobuild.recipes.records import PartOptions


DEFAULT_LAYERS = 6
"""Three layers on each side of an interface are the least that become bulk-like."""

PART_NAME = r"[A-Za-z][A-Za-z0-9_-]*"
"""Names of parts that the user chooses: they name regions and stand in messages."""


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
    return recipe_from(override(expanded(read_document(path)), overrides))


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
    document = expanded(document)
    kind, values = judge(document)
    checked: Any = values
    given = {name: getattr(checked.parts, name) for name in part_records(kind)}
    given |= _further(checked.parts.model_extra or {}, kind, document)
    given = _ordered(given, getattr(checked, "order", ()), kind, document)
    parts = {
        name: _part(options, name, document) if isinstance(options, SlabOptions) else options
        for name, options in given.items()
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
        defects=read_defects(checked.defects, document),
        hop=checked.hop,
        study=_study(checked),
    )


def _study(checked: Any) -> Enumeration | None:
    """Return what is enumerated; the defaults where a recipe only says true."""
    written: bool | Enumeration = getattr(checked, "enumerate", False)
    if isinstance(written, bool):
        return Enumeration() if written else None
    return written


def _further(
    given: dict[str, PartOptions], kind: str, document: Document
) -> dict[str, PartOptions]:
    """Return the parts under names of the user's own, at least one where an architecture asks."""
    further = further_parts(kind)
    if further is not None and not given:
        what = further[0]
        raise problem(
            document,
            ("parts",),
            f"there is no {what}",
            allowed=f"one {what} or more, each under a name of its own",
            next_step=f"add {what}: {{crystal: NAME}}",
        )
    for name in given:
        if not re.fullmatch(PART_NAME, name):
            raise problem(
                document,
                ("parts", name),
                "not a possible name of a part",
                measured=name,
                allowed="a letter, then letters, digits, _ and -",
                next_step="rename the part",
            )
    return given


def _ordered(
    given: dict[str, PartOptions], order: tuple[str, ...], kind: str, document: Document
) -> dict[str, PartOptions]:
    """Return the parts in the order that a recipe asks for."""
    named = tuple(part_records(kind))
    if order and (sorted(order) != sorted(given) or order[: len(named)] != named):
        raise problem(
            document,
            ("order",),
            "not an order of the parts",
            measured=", ".join(order),
            allowed=f"each of {', '.join(given)} once, {', '.join(named)} first",
            next_step="correct it, or remove it to take the parts as they stand",
        )
    return {name: given[name] for name in order or given}


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


def _name(parts: dict[str, PartOptions], kind: str) -> str:
    """Return a name made of crystals and architecture, fit for files."""
    from heterobuild.crystals.library import is_path

    stems = [
        PurePath(part.crystal).stem if is_path(part.crystal) else part.crystal
        for part in parts.values()
    ]
    name = "-".join([*stems, kind.replace("_", "-")])
    return re.sub(r"[^A-Za-z0-9._+-]+", "-", name).lstrip("-._+")[:100]
