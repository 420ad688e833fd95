"""``heterobuild schema``: the JSON schema of recipes."""

from __future__ import annotations

import rich_click as click

from heterobuild.cli.screen import print_json


@click.command()
@click.argument("architecture", default="vertical")
def schema(architecture: str) -> None:
    """Print the JSON schema of the recipes of an architecture.

    Editors complete and check a recipe with it.
    """
    from heterobuild.recipes import recipe_schema

    print_json(recipe_schema(architecture))
