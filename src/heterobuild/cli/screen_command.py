"""``heterobuild screen``: which films fit which substrates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click
from click.exceptions import Exit

from heterobuild.cli.progress import spinner
from heterobuild.cli.screen import complain, print_json, print_lines, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.errors import UsageError
    from heterobuild.screening.outcome import Outcome
    from heterobuild.screening.specification import ScreenSpec

SHOWN = 40
"""Rows on the screen; the table holds all."""

_RANKING = (
    click.option("--max-mismatch", metavar="PERCENT", help="Largest mismatch, such as 5% or 0.05."),
    click.option("--alignment", metavar="TYPE", help="Only type-I, type-II or type-III pairs."),
    click.option(
        "--sort",
        metavar="KEYS",
        help="strain, area, atoms, mismatch, energy, film, substrate. [default: strain,area]",
    ),
    click.option("-o", "--output", metavar="DIR", help="Folder for the table."),
    click.option("--parquet", is_flag=True, help="Write Parquet beside CSV."),
    click.option(
        "--emit-recipes", metavar="INT", type=int, help="Write recipes of the best rows, so many."
    ),
    click.option("--plot", metavar="FILE", help="Draw strain against area into a picture."),
    click.option("--plot-matrix", metavar="FILE", help="Draw the least strain of all pairs."),
    click.option("--force", is_flag=True, help="Replace files that exist."),
    click.option("--json", "as_json", is_flag=True, help="Print all rows as JSON."),
)


def _ranking_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of what comes after the search."""
    for option in reversed(_RANKING):
        function = option(function)
    return function


@click.group(invoke_without_command=True)
@click.option(
    "--film",
    "films",
    metavar="NAME",
    multiple=True,
    help="Phase, family, formula, series, CIF file or folder; may be repeated. [default: library]",
)
@click.option(
    "--substrate",
    "substrates",
    metavar="NAME",
    multiple=True,
    help="The same for the other side. [default: the library]",
)
@click.option(
    "--max-index", metavar="INT", type=int, default=1, help="Largest Miller index. [default: 1]"
)
@click.option(
    "--max-strain",
    metavar="NUMBER",
    type=float,
    help="Largest logarithmic strain, a fraction. [default: 0.05, or what --max-mismatch needs]",
)
@click.option(
    "--max-area",
    metavar="NUMBER",
    type=float,
    default=400.0,
    help="Largest common cell in Å². [default: 400]",
)
@click.option("-j", "--jobs", metavar="INT", default="auto", help="Processes. [default: auto]")
@click.option("--shard", metavar="I/N", help="Run only one of N shards; join them with merge.")
@click.option(
    "--scheduler-file", metavar="FILE", help="Use the Dask cluster of this scheduler file."
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted run in the same folder.")
@_ranking_options
@click.pass_context
def screen(context: click.Context, /, **given: Any) -> None:
    """Find which films fit which substrates, on which faces, at which strain.

    A series is written "CsPb(Br_xI_1-x)3, x in 0:1:0.1".

    Example: heterobuild screen --film CsPbBr3 --max-mismatch 5%
    """
    if context.invoked_subcommand is None:
        _screen(**given)


@screen.command()
@click.argument("folder", metavar="DIR")
@_ranking_options
def merge(folder: str, *, as_json: bool, **given: Any) -> None:
    """Join the parts that --shard wrote into DIR, and write the table there.

    Example: heterobuild screen merge results
    """
    from pathlib import Path

    from heterobuild.screening.outcome import finish, read_wishes
    from heterobuild.screening.part_files import FOLDER
    from heterobuild.screening.screen import join_parts

    wishes = read_wishes(**{**given, "output": given["output"] or folder})
    _show(finish(join_parts(Path(folder) / FOLDER), wishes), as_json=as_json)


def _screen(
    *,
    films: Sequence[str],
    substrates: Sequence[str],
    max_index: int,
    max_strain: float | None,
    max_area: float,
    shard: str | None,
    as_json: bool,
    jobs: str,
    scheduler_file: str | None,
    resume: bool,
    **given: Any,
) -> None:
    """Run a screen, or one shard of it."""
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.screening.outcome import finish, read_wishes, strain_for
    from heterobuild.screening.part_files import remove_parts
    from heterobuild.screening.screen import parts_folder, run_screen
    from heterobuild.screening.specification import plan_screen

    wishes = read_wishes(**given)
    if resume and wishes.output is None:
        raise _no_folder("--resume goes on with the parts in a folder")
    strain = strain_for(wishes.max_mismatch) if max_strain is None else max_strain
    limits = MatchLimits(max_strain=strain, max_area=max_area)
    spec = plan_screen(films, substrates, max_index=max_index, limits=limits)
    if wishes.plot_matrix is not None:
        from heterobuild.screening.matrix_plot import require_readable

        require_readable(len(spec.films), len(spec.substrates))
    if shard is not None:
        _run_one(spec, shard, wishes.output)
        return
    with (
        spinner() as progress,
        parts_folder(wishes.output, anew=wishes.force and not resume) as parts,
    ):
        progress("screening")
        found = run_screen(
            spec,
            parts,
            jobs=jobs,
            scheduler_file=scheduler_file,
            resume=resume,
            progress=progress,
        )
        outcome = finish(found, wishes)
        remove_parts(parts)
    _show(outcome, as_json=as_json)


def _run_one(spec: ScreenSpec, shard: str, output: str | None) -> None:
    """Run one shard of an array of jobs."""
    import re
    from pathlib import Path

    from heterobuild.errors import UsageError
    from heterobuild.screening.part_files import FOLDER
    from heterobuild.screening.shards import run_shard

    if output is None:
        raise _no_folder("a shard is written into a folder")
    if not re.fullmatch(r"\d+/\d+", shard):
        raise UsageError(
            "a shard is its number and the number of all", measured=shard, next_step="write 1/8"
        )
    number, count = map(int, shard.split("/"))
    print_lines([str(run_shard(spec, number, count, Path(output) / FOLDER))])


def _no_folder(what: str) -> UsageError:
    from heterobuild.errors import UsageError

    return UsageError(what, next_step="name one with -o DIR")


def _show(found: Outcome, *, as_json: bool) -> None:
    """Print the best rows, say what was skipped, and leave with the code that fits."""
    from heterobuild.screening.outcome import exit_code
    from heterobuild.screening.rows import COLUMNS

    if as_json:
        print_json([dict(zip(COLUMNS, row, strict=True)) for row in found.rows])
    elif found.rows:
        print_lines(_summary(found))
    for name, reason in found.skipped.items():
        complain(f"skipped {name}: {reason}")
    for path in found.written:
        complain(f"wrote {path}")
    code = exit_code(found)
    if code == 3:
        complain("nothing fits. Next: raise --max-mismatch, --max-strain or --max-area")
    if code:
        raise Exit(code)


def _summary(found: Outcome) -> list[str]:
    """Return the table, under a line of what its rows have in common."""
    import textwrap

    from heterobuild.screening.summary_table import (
        ASSUMED,
        WIDTH,
        narrowed,
        smallest_rows,
        summary_rows,
    )

    pairs = smallest_rows(found.rows)
    shared, lines = summary_rows(pairs[:SHOWN], found.files)
    more = len(pairs) - SHOWN
    rest = f", {more} of them not shown" if more > 0 else ""
    text = [*textwrap.wrap(", ".join(shared), WIDTH), ""] if shared else []
    text += table(narrowed(lines))
    text.append(
        f"{len(found.rows)} matches, pairs of crystals: {len(pairs)}{rest}; of each pair the "
        "smallest cell is shown."
    )
    if any(ASSUMED in word for line in lines[1:] for word in line):
        text.append(
            f"{ASSUMED} elastic constants not known, isotropic ones typical of halide perovskites "
            "assumed."
        )
    return text
