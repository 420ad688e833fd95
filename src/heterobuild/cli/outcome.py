"""What ``run`` and ``build`` share: options of the output, and what is shown at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click
from click.exceptions import Exit

from heterobuild.cli.progress import spinner
from heterobuild.cli.screen import complain, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.recipes import Plan, Recipe, RunResult

LARGEST_DRY_RUN = 2_000_000
"""Atoms up to which a dry run builds and checks in a minute or so."""

_OPTIONS = (
    click.option("-o", "--output", metavar="DIR", help="Folder for the files."),
    click.option(
        "-n", "--dry-run", is_flag=True, help="Build and check, show the result, write nothing."
    ),
    click.option(
        "--full",
        is_flag=True,
        help="Build and check in a dry run also beyond 2 million atoms.",
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
        The command with the options ``output``, ``dry_run``, ``full``, ``force``,
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
    full: bool,
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
    full : bool
        Whether a dry run builds models of any size.
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
    from heterobuild.errors import ChecksFailedError

    require_folder(output, dry_run=dry_run)
    result: RunResult | None
    if output is None or dry_run:
        result = _tried(make_recipe, full=full, as_json=as_json)
    else:
        with spinner() as progress:
            result = recipes.run_recipe(
                make_recipe(),
                output,
                force=force,
                allow_failed_checks=allow_failed_checks,
                progress=progress,
            )
    if result is None:
        return
    _show(result, as_json=as_json)
    if not result.report.passed and not allow_failed_checks:
        raise Exit(ChecksFailedError.exit_code)


def require_folder(output: str | None, *, dry_run: bool) -> None:
    """Refuse to begin without a folder for the files.

    Parameters
    ----------
    output : str or None
        Folder for the files.
    dry_run : bool
        Whether nothing will be written.

    Raises
    ------
    UsageError
        If files are to be written nowhere.
    """
    from heterobuild.errors import UsageError

    if output is None and not dry_run:
        raise UsageError(
            "no folder for the files", next_step="give one with -o DIR, or try with --dry-run"
        )


def _tried(make_recipe: Callable[[], Recipe], *, full: bool, as_json: bool) -> RunResult | None:
    """Build and check without writing; of a large model show the expected size and stop."""
    from heterobuild import recipes
    from heterobuild.recipes.planning import require_room

    with spinner() as progress:
        plan = recipes.plan_recipe(make_recipe(), progress=progress)
    estimate = plan.estimate
    if estimate is not None:
        if not as_json:
            _show_estimate(plan)
        require_room(plan)
        if estimate.atoms > LARGEST_DRY_RUN and not full:
            _show_plan(plan, as_json=as_json)
            return None
    with spinner() as progress:
        return recipes.build_plan(plan, progress=progress)


def _show_estimate(plan: Plan) -> None:
    """Print how large a model becomes."""
    from heterobuild.cli.summary import estimate_lines

    print_lines(estimate_lines(plan))


def _show_plan(plan: Plan, *, as_json: bool) -> None:
    """Print what is known of a model that is not built, and how to build it."""
    from heterobuild.cli.summary import plan_as_dict

    if as_json:
        print_json(plan_as_dict(plan))
    for remark in plan.remarks:
        complain(f"note: {remark}")
    complain("note: estimate only, nothing was built; --full builds and checks without writing")


def _show(result: RunResult, *, as_json: bool) -> None:
    """Print the result; notices of the data go to the standard error."""
    from heterobuild.cli.summary import result_as_dict, result_lines

    if as_json:
        print_json(result_as_dict(result))
    else:
        print_lines(result_lines(result))
    for notice in dict.fromkeys((*result.remarks, *result.built.notices)):
        complain(f"note: {notice}")
