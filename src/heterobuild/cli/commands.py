"""The commands by name."""

from __future__ import annotations

import rich_click as click

from heterobuild.cli.build import build
from heterobuild.cli.check import check
from heterobuild.cli.crystals import crystals
from heterobuild.cli.gallery import gallery
from heterobuild.cli.init import init
from heterobuild.cli.match import match
from heterobuild.cli.mismatch import mismatch
from heterobuild.cli.query import query
from heterobuild.cli.run import run
from heterobuild.cli.schema import schema
from heterobuild.cli.screen_command import screen
from heterobuild.cli.tune import tune

_HELP = {"help_option_names": ["-h", "--help"]}


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001
    """Print the version and leave."""
    if value and not context.resilient_parsing:
        from heterobuild.provenance import versions

        click.echo(f"heterobuild {versions()['heterobuild']}")
        context.exit()


@click.group(context_settings=_HELP, no_args_is_help=True)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def heterobuild() -> None:
    """Atomistic models of halide-perovskite heterostructures for DFT and molecular dynamics.

    Start with `heterobuild init vertical -o recipe.yaml`, then
    `heterobuild run recipe.yaml -o results`.
    """


_COMMANDS = (
    run, build, gallery, match, mismatch, screen, tune, query, crystals, check, init, schema,
)  # fmt: skip

for command in _COMMANDS:
    heterobuild.add_command(command)
