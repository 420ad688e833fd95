"""``heterobuild gallery``: recipes of published heterostructures that come with the package."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

import rich_click as click
from click.exceptions import Exit

from heterobuild.cli.screen import complain, print_json, print_lines, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.recipes.gallery import GalleryEntry
    from heterobuild.recipes.gallery_builds import GalleryRow

_SHOWN = 70


@click.group()
def gallery() -> None:
    """List, show and build the recipes of published heterostructures.

    Example: heterobuild gallery build cspbbr3-mapbcl3-vertical -o results
    """


@gallery.command("list")
@click.option("--kind", help="Only this architecture, such as lateral.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(kind: str | None, *, as_json: bool) -> None:
    """List the recipes: name, architecture, parts, number of atoms, and what they are."""
    from dataclasses import asdict

    from heterobuild.recipes.gallery import list_gallery
    from heterobuild.recipes.kinds import architecture, full_kind

    if kind is not None:
        architecture(kind)
    entries = [entry for entry in list_gallery() if kind is None or entry.kind == full_kind(kind)]
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    head = ("name", "kind", "parts", "atoms", "what it is")
    print_lines(table([head, *map(_entry, entries)]))


@gallery.command()
@click.argument("name")
def show(name: str) -> None:
    """Print a recipe, with its comments, to be changed.

    Example: heterobuild gallery show cspbbr3-mapbcl3-vertical > recipe.yaml
    """
    from heterobuild.recipes.gallery import gallery_text

    print_lines(gallery_text(name).splitlines())


@gallery.command()
@click.argument("names", metavar="[NAME ...]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Build all recipes.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    default=".",
    help="Folder for the folders, one for each recipe. [default: the current one]",
)
@click.option(
    "-j", "--jobs", metavar="INT|auto", default="1", help="Number of processes. [default: 1]"
)
@click.option("--force", is_flag=True, help="Build again and replace files that exist.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def build(
    names: tuple[str, ...], *, every: bool, output: str, jobs: str, force: bool, as_json: bool
) -> None:
    """Build recipes of the gallery, each into a folder of its name.

    Results that are there already are kept. A recipe that fails does not stop the others.

    Example: heterobuild gallery build --all -j 2 -o gallery
    """
    from pathlib import Path

    from heterobuild.cli.progress import spinner
    from heterobuild.errors import ChecksFailedError
    from heterobuild.recipes.gallery_builds import build_gallery
    from heterobuild.screening.local_pool import worker_count

    wanted = _wanted(names, every=every)
    workers = worker_count(jobs)
    with spinner() as progress:
        rows = build_gallery(wanted, Path(output), force=force, jobs=workers, progress=progress)
    if as_json:
        from dataclasses import asdict

        print_json({"folder": output, "recipes": [asdict(row) for row in rows]})
    else:
        print_lines(_lines(rows))
    failed = [row for row in rows if row.status == "failed"]
    if failed:
        for row in failed:
            complain(f"error: {row.name}: {row.reason}")
        raise Exit(ChecksFailedError.exit_code)


def _wanted(names: tuple[str, ...], *, every: bool) -> tuple[str, ...]:
    """Return the names of the recipes that are wanted, each once."""
    from heterobuild.errors import UsageError
    from heterobuild.recipes.gallery import gallery_names

    if every == bool(names):
        raise UsageError(
            "give names of recipes, or --all" if not names else "names and --all were given",
            next_step="heterobuild gallery list shows the names",
        )
    return gallery_names() if every else tuple(dict.fromkeys(names))


def _entry(entry: GalleryEntry) -> tuple[str, ...]:
    """Return the cells of one recipe in the list."""
    return (
        entry.name,
        entry.kind,
        " + ".join(entry.parts.values()),
        str(entry.atoms),
        shorten(entry.summary, _SHOWN, placeholder=" …"),
    )


def _lines(rows: tuple[GalleryRow, ...]) -> Iterator[str]:
    """Yield the table of what was built."""
    yield from table([("name", "atoms", "charge e", "checks", "s"), *map(_cells, rows)])
    built = sum(row.status == "built" for row in rows)
    kept = sum(row.status == "kept" for row in rows)
    text = f"{built} of {len(rows)} recipes built"
    yield text if not kept else f"{text}, {kept} kept from before"


def _cells(row: GalleryRow) -> tuple[str, ...]:
    """Return the cells of one result; dashes where it failed."""
    if row.atoms is None:
        return (row.name, "–", "–", "failed", f"{row.seconds:.1f}")
    checks = "passed"
    if row.warnings:
        checks += f", {row.warnings} warning{'s' if row.warnings > 1 else ''}"
    return (row.name, str(row.atoms), f"{row.charge_e:g}", checks, f"{row.seconds:.1f}")
