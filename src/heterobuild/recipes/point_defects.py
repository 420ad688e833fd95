"""Point defects and hops of a recipe: read, made, and both ends of a hop written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.errors import HeterobuildError
from heterobuild.model import Report
from heterobuild.recipes.places import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heterobuild.defects import Defect
    from heterobuild.model import Heterostructure
    from heterobuild.recipes.document import Document
    from heterobuild.recipes.nodes import Keys
    from heterobuild.recipes.records import Recipe


def read_defects(given: Iterable[Defect | str], document: Document) -> tuple[Defect, ...]:
    """Return the point defects of a recipe, those written as one line read.

    Parameters
    ----------
    given : iterable of Defect or str
        What stands under ``defects``.
    document : Document
        The recipe, for the place in a message.

    Returns
    -------
    tuple of Defect
        The defects.

    Raises
    ------
    UsageError
        If a line is none of a defect; with file, line and column.
    """
    from heterobuild.defects import parse_defect

    found = []
    for number, entry in enumerate(given):
        with _placed(document, ("defects", number)):
            found.append(parse_defect(entry) if isinstance(entry, str) else entry)
    return tuple(found)


def with_point_defects(
    recipe: Recipe, built: Heterostructure
) -> tuple[Heterostructure, Heterostructure | None]:
    """Make the point defects and the hop of a recipe in its model.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    built : Heterostructure
        The model.

    Returns
    -------
    Heterostructure
        The model with its defects, at the beginning of the hop if there is one.
    Heterostructure or None
        The model at the end of the hop.

    Raises
    ------
    UsageError
        If there is no such site, too little room, or no such hop; with the place in the recipe.
    """
    from heterobuild.defects import add_defects, halide_hop

    if recipe.defects:
        with _placed(recipe.document, ("defects",)):
            built = add_defects(built, recipe.defects, seed=recipe.seed)
    if recipe.hop is None:
        return built, None
    with _placed(recipe.document, ("hop",)):
        return halide_hop(built, recipe.hop, seed=recipe.seed)


def both_ends(initial: Report, final: Report) -> Report:
    """Join the findings about both ends of a hop.

    Parameters
    ----------
    initial, final : Report
        The findings about each.

    Returns
    -------
    Report
        Those about the first one, then warnings and errors about the second, which say so.
    """
    further = [
        replace(finding, message=f"at the end of the hop: {finding.message}")
        for finding in final.findings
        if finding.level != "info"
    ]
    return Report(findings=(*initial.findings, *further))


def first_name(recipe: Recipe) -> str:
    """Return the name of the structure that a recipe gives, or of the first of two.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    str
        The name of the recipe, with ``-initial`` where it asks for a hop.
    """
    return recipe.name if recipe.hop is None else f"{recipe.name}-initial"


def final_names(recipe: Recipe) -> tuple[str, ...]:
    """Return the names of the files of the end of a hop.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    tuple of str
        One file a format; none where the recipe asks for no hop.
    """
    from heterobuild.exporters.formats import suffix

    formats = dict.fromkeys(recipe.export.formats if recipe.hop is not None else ())
    return tuple(f"{recipe.name}-final.{suffix(entry)}" for entry in formats)


def final_files(recipe: Recipe, final: Heterostructure | None) -> dict[str, bytes]:
    """Return the files of the end of a hop.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    final : Heterostructure or None
        The end of the hop; None where there is no hop.

    Returns
    -------
    dict of str to bytes
        Name and contents, in the formats of the recipe.
    """
    from heterobuild.exporters.encoding import structure_files

    if final is None:
        return {}
    return structure_files(
        final,
        recipe.export.formats,
        species_order=recipe.export.species_order,
        freeze_layers=recipe.export.freeze_layers,
        lammps_style=recipe.export.lammps_style,
    )


@contextmanager
def _placed(document: Document, keys: Keys) -> Iterator[None]:
    """Let errors begin with the place in the recipe, which then need not say where else."""
    try:
        yield
    except HeterobuildError as error:
        error.where = "" if error.where in ("defects", "hop") else error.where
        locate(error, document, keys)
        raise
