"""``heterobuild init``: a commented recipe to start from."""

from __future__ import annotations

import rich_click as click

from heterobuild.cli.screen import complain, print_lines


@click.command()
@click.argument("architecture", default="vertical")
@click.option("-o", "--output", metavar="FILE", help="File to write; the screen by default.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def init(architecture: str, output: str | None, *, force: bool) -> None:
    """Write a commented recipe that runs as it is."""
    from heterobuild.recipes import recipe_template

    text = recipe_template(architecture)
    if output is None:
        print_lines(text.splitlines())
        return
    _write(output, text, force=force)
    complain(f"wrote {output}; run it with: heterobuild run {output} -o results")


def _write(output: str, text: str, *, force: bool) -> None:
    """Write one file, whole or not at all."""
    from pathlib import Path

    from heterobuild.exporters import staged

    path = Path(output)
    with staged(path.parent, (path.name,), force=force) as staging:
        (staging / path.name).write_text(text, encoding="utf-8")
