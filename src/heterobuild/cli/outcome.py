"""What ``run`` and ``build`` share: options of the output, and what is shown at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click
from click.exceptions import Exit

from heterobuild.cli.progress import spinner
from heterobuild.cli.screen import complain, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.recipes import Recipe, RunResult

_OPTIONS = (
    click.option("-o", "--output", metavar="DIR", help="Folder for the files."),
    click.option(
        "-n", "--dry-run", is_flag=True, help="Build and check, show the result, write nothing."
    ),
    click.option("--force", is_flag=True, help="Replace files that exist."),
    click.option(
        "--allow-failed-checks",
        is_flag=True,
        help="Write the files although a check found an error.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
)


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of the output.

    Parameters
    ----------
    function : callable
        The command.

    Returns
    -------
    callable
        The command with the options ``output``, ``dry_run``, ``force``,
        ``allow_failed_checks`` and ``as_json``.
    """
    ordered = _OPTIONS if isinstance(function, click.Command) else reversed(_OPTIONS)
    for option in ordered:
        function = option(function)
    return function


def produce(
    make_recipe: Callable[[], Recipe],
    *,
    output: str | None,
    dry_run: bool,
    force: bool,
    allow_failed_checks: bool,
    as_json: bool,
) -> None:
    """Run a recipe and show what came of it.

    Parameters
    ----------
    make_recipe : callable
        Returns the recipe.
    output : str or None
        Folder for the files; may be None in a dry run only.
    dry_run : bool
        Whether to write nothing.
    force : bool
        Whether files that exist may be replaced.
    allow_failed_checks : bool
        Whether to write although a check found an error.
    as_json : bool
        Whether to print JSON.

    Raises
    ------
    UsageError
        If no folder is given.
    HeterobuildError
        Any error of the recipe.
    click.exceptions.Exit
        With code 4 if a check failed in a dry run.
    """
    from heterobuild import recipes
    from heterobuild.errors import ChecksFailedError, UsageError

    if output is None and not dry_run:
        raise UsageError(
            "no folder for the files", next_step="give one with -o DIR, or try with --dry-run"
        )
    with spinner() as progress:
        recipe = make_recipe()
        if output is None or dry_run:
            result = recipes.dry_run(recipe, progress=progress)
        else:
            result = recipes.run_recipe(
                recipe,
                output,
                force=force,
                allow_failed_checks=allow_failed_checks,
                progress=progress,
            )
    _show(result, as_json=as_json)
    if not result.report.passed and not allow_failed_checks:
        raise Exit(ChecksFailedError.exit_code)


def _show(result: RunResult, *, as_json: bool) -> None:
    """Print the result; notices of the data go to the standard error."""
    from heterobuild.cli.summary import result_as_dict, result_lines

    if as_json:
        print_json(result_as_dict(result))
    else:
        print_lines(result_lines(result))
    for notice in dict.fromkeys((*result.remarks, *result.built.notices)):
        complain(f"note: {notice}")
