"""``heterobuild run``: from a recipe to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.outcome import output_options, produce, require_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
@click.argument("recipe", metavar="RECIPE")
@click.option(
    "--set",
    "settings",
    metavar="KEY=VALUE",
    multiple=True,
    help="Change a value of the recipe, such as build.gap=3.1. May be repeated.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="INT|auto",
    default="1",
    help="Processes for the interfaces of a recipe with enumerate. [default: 1]",
)
@output_options
def run(recipe: str, settings: Sequence[str], jobs: str, **output: Any) -> None:
    """Build, check and write what a recipe describes.

    A recipe with enumerate gives one folder for each distinct interface, and a table.

    Example: heterobuild run recipe.yaml -o results --set build.gap=3.1
    """
    from heterobuild.recipes import load_recipe

    require_folder(output["output"], dry_run=output["dry_run"])
    loaded = load_recipe(recipe, settings)
    if loaded.study is None:
        produce(lambda: loaded, **output)
    else:
        from heterobuild.cli.study import produce_study

        produce_study(loaded, jobs=jobs, **output)
