"""``heterobuild run`` of a recipe with ``enumerate``: many interfaces and their table."""

from __future__ import annotations

from dataclasses import asdict
from textwrap import shorten
from typing import TYPE_CHECKING

from click.exceptions import Exit

from heterobuild.cli.outcome import require_folder
from heterobuild.cli.progress import spinner
from heterobuild.cli.screen import complain, print_json, print_lines, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.recipes import Recipe
    from heterobuild.recipes.studies import Study
    from heterobuild.recipes.study_rows import StudyRow


def produce_study(
    recipe: Recipe,
    *,
    output: str | None,
    dry_run: bool,
    full: bool,  # noqa: ARG001  # of single models
    force: bool,
    allow_failed_checks: bool,
    as_json: bool,
    jobs: str = "1",
) -> None:
    """Build every distinct interface of a recipe and show the table.

    Parameters
    ----------
    recipe : Recipe
        A recipe with ``enumerate``.
    output : str or None
        Folder for the folders; may be None in a dry run only.
    dry_run : bool
        Whether to write nothing.
    full : bool
        Not used; the models of a study are small.
    force : bool
        Whether files that exist may be replaced.
    allow_failed_checks : bool
        Whether to write although a check found an error.
    as_json : bool
        Whether to print JSON.
    jobs : str, optional
        Number of processes, or auto.

    Raises
    ------
    UsageError
        If no folder is given.
    HeterobuildError
        Any error of the recipe; that of the first variant where none could be built.
    click.exceptions.Exit
        With code 6 if some of the variants could not be built; in JSON also where none could.
    """
    from heterobuild.recipes.studies import run_study
    from heterobuild.screening.local_pool import worker_count
    from heterobuild.screening.part_files import IncompleteError

    require_folder(output, dry_run=dry_run)
    workers = worker_count(jobs)
    with spinner() as progress:
        study = run_study(
            recipe,
            None if dry_run else output,
            force=force,
            allow_failed_checks=allow_failed_checks,
            jobs=workers,
            progress=progress,
        )
    if as_json:
        print_json({"study": recipe.name, "variants": [asdict(row) for row in study.rows]})
    else:
        print_lines(_lines(study))
    for remark in study.remarks:
        complain(f"note: {remark}")
    if len(study.errors) == len(study.rows):
        if as_json:
            raise Exit(study.errors[0].exit_code)
        raise study.errors[0]
    if study.errors:
        complain(f"note: {len(study.errors)} of {len(study.rows)} interfaces were left out")
        raise Exit(IncompleteError.exit_code)


def _lines(study: Study) -> Iterator[str]:
    """Yield the table and where it is."""
    head = "interface", "shift", "strain %", "Å²", "atoms", "gap Å", "network", "dipole e/Å"
    yield from table([(*head, "count", "checks"), *map(_cells, study.rows)])
    for row in study.rows:
        if row.status == "failed":
            yield f"failed: {row.label}: {shorten(row.reason, 150, placeholder=' …')}"
    built = sum(row.status == "built" for row in study.rows)
    text = f"{built} of {len(study.rows)} distinct interfaces built"
    if study.kept:
        text += f", {len(study.kept)} of them kept from before"
    yield text
    if study.folder is not None:
        yield f"table  {study.folder / 'variants.csv'}"


def _cells(row: StudyRow) -> tuple[str, ...]:
    """Return the cells of one interface; a dash where nothing is known."""
    shift = f"{row.shift_u:.3g} {row.shift_v:.3g}"
    count = str(row.multiplicity)
    if row.atoms is None or row.log_strain is None or row.area_A2 is None or row.gap_A is None:
        return (row.label, shift, *("–" * 6), count, "failed")
    worries = [
        f"{number} {word}{'s' if number > 1 else ''}"
        for number, word in ((row.errors or 0, "error"), (row.warnings or 0, "warning"))
        if number
    ]
    return (
        row.label,
        shift,
        f"{100 * row.log_strain:.2f}",
        f"{row.area_A2:.1f}",
        str(row.atoms),
        f"{row.gap_A:.2f}",
        "continues" if row.network_continues else "ends",
        "–" if row.dipole_e_per_A is None else f"{row.dipole_e_per_A:.2g}",
        count,
        ", ".join(worries) or "passed",
    )
