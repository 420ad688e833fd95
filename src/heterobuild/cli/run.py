"""``heterobuild run``: from a recipe to files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.outcome import output_options, produce

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
@output_options
def run(recipe: str, settings: Sequence[str], **output: Any) -> None:
    """Build, check and write what a recipe describes.

    Example: heterobuild run recipe.yaml -o results --set build.gap=3.1
    """
    from heterobuild.recipes import load_recipe

    produce(lambda: load_recipe(recipe, settings), **output)
