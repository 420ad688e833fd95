"""What becomes of a screen: rows chosen and sorted, files written, a summary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import NothingFitsError, OutputError, UsageError
from heterobuild.exporters.output_folder import check_writable
from heterobuild.screening.part_files import IncompleteError
from heterobuild.screening.pictures import require_picture
from heterobuild.screening.ranking import (
    DEFAULT_SORT,
    choose_rows,
    parse_alignment,
    parse_fraction,
    parse_sort,
)
from heterobuild.screening.recipe_files import FOLDER as RECIPES
from heterobuild.screening.recipe_files import write_recipes
from heterobuild.screening.table_files import require_duckdb, table_names, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.screening.rows import Row
    from heterobuild.screening.screen import Screening


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the user wants to see of a screen, and where.

    Parameters
    ----------
    max_mismatch : float or None
        Largest absolute mismatch, a fraction.
    alignment : str or None
        I, II or III.
    sort : tuple of str
        Sort keys.
    output : str or None
        Folder of the results.
    parquet : bool
        Whether Parquet is written.
    emit_recipes : int or None
        Number of recipes.
    plot : str or None
        File of the picture of strain against area.
    plot_matrix : str or None
        File of the picture of films against substrates.
    force : bool
        Whether files that exist may be replaced.
    """

    max_mismatch: float | None
    alignment: str | None
    sort: tuple[str, ...]
    output: str | None
    parquet: bool
    emit_recipes: int | None
    plot: str | None
    plot_matrix: str | None
    force: bool


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a screen.

    Parameters
    ----------
    rows : tuple of tuple of str
        The chosen rows, best first.
    skipped : mapping of str to str
        The user's files that cannot be used, with the reason.
    written : tuple of Path
        Files that were written.
    files : mapping of str to str
        Paths of the user's files by the names of the materials.
    """

    rows: tuple[Row, ...]
    skipped: Mapping[str, str]
    written: tuple[Path, ...]
    files: Mapping[str, str]


def read_wishes(
    *,
    max_mismatch: str | None = None,
    alignment: str | None = None,
    sort: str | None = None,
    output: str | None = None,
    parquet: bool = False,
    emit_recipes: int | None = None,
    plot: str | None = None,
    plot_matrix: str | None = None,
    force: bool = False,
) -> Wishes:
    """Read options, and refuse what cannot be done, before any work.

    Parameters
    ----------
    max_mismatch : str, optional
        Percentage or fraction.
    alignment : str, optional
        Such as ``type-I``.
    sort : str, optional
        Keys, separated by commas.
    output : str, optional
        Folder of the results.
    parquet : bool, optional
        Whether Parquet is written.
    emit_recipes : int, optional
        Number of recipes.
    plot, plot_matrix : str, optional
        Files of the pictures.
    force : bool, optional
        Whether files that exist may be replaced.

    Returns
    -------
    Wishes
        The options.

    Raises
    ------
    UsageError
        If an option cannot be read, or needs a folder.
    OutputError
        If files would be overwritten, or the folder cannot be written.
    MissingExtraError
        If DuckDB or matplotlib is needed and not installed.
    """
    if output is None and (parquet or emit_recipes is not None):
        raise UsageError(
            "--parquet and --emit-recipes write files", next_step="name a folder with -o DIR"
        )
    if emit_recipes is not None and emit_recipes < 1:
        raise UsageError("the number of recipes is 1 or more", measured=emit_recipes)
    if parquet:
        require_duckdb()
    pictures = [Path(name) for name in (plot, plot_matrix) if name is not None]
    _require_pictures(pictures, force=force)
    if output is not None:
        check_writable(output, table_names(parquet=parquet), force=force)
        _require_no_recipes(Path(output) / RECIPES, wanted=emit_recipes is not None and not force)
    return Wishes(
        max_mismatch=None if max_mismatch is None else parse_fraction(max_mismatch),
        alignment=None if alignment is None else parse_alignment(alignment),
        sort=DEFAULT_SORT if sort is None else parse_sort(sort),
        output=output,
        parquet=parquet,
        emit_recipes=emit_recipes,
        plot=plot,
        plot_matrix=plot_matrix,
        force=force,
    )


def _require_pictures(paths: Sequence[Path], *, force: bool) -> None:
    """Refuse pictures that cannot be drawn, or of which one would replace another."""
    if len(paths) > 1 and len({path.resolve() for path in paths}) == 1:
        raise UsageError(
            "--plot and --plot-matrix name the same file",
            measured=str(paths[0]),
            next_step="give each picture its own name",
        )
    for path in paths:
        require_picture(path, force=force)


def _require_no_recipes(folder: Path, *, wanted: bool) -> None:
    """Refuse recipes that would mix with those of another screen."""
    if wanted and folder.is_dir() and any(folder.iterdir()):
        raise OutputError(
            "there are recipes of another screen",
            where=str(folder),
            next_step="choose another output folder, or replace them with --force",
        )


def strain_for(max_mismatch: float | None) -> float:
    """Return the limit of the search that finds all rows up to a mismatch.

    Parameters
    ----------
    max_mismatch : float or None
        Largest mismatch, a fraction; None for the usual limit.

    Returns
    -------
    float
        Largest logarithmic strain.

    Examples
    --------
    >>> strain_for(None), round(strain_for(0.05), 4)
    (0.05, 0.0513)
    """
    return 0.05 if max_mismatch is None else -math.log1p(-max_mismatch) + 1e-6


def finish(found: Screening, wishes: Wishes) -> Outcome:
    """Choose and sort the rows of a screen, and write what is wanted.

    Parameters
    ----------
    found : Screening
        All rows.
    wishes : Wishes
        What is wanted.

    Returns
    -------
    Outcome
        The rows and files.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    rows = choose_rows(
        found.rows,
        max_mismatch=wishes.max_mismatch,
        alignment=wishes.alignment,
        sort=wishes.sort,
    )
    written: list[Path] = []
    if wishes.output is not None:
        written += write_table(rows, wishes.output, parquet=wishes.parquet, force=wishes.force)
        if wishes.emit_recipes is not None:
            folder = Path(wishes.output) / RECIPES
            written += write_recipes(
                rows, wishes.emit_recipes, folder, files=found.files, force=wishes.force
            )
    if wishes.plot is not None:
        from heterobuild.screening.pareto_plot import draw_pareto

        written.append(draw_pareto(rows, Path(wishes.plot), force=wishes.force))
    if wishes.plot_matrix is not None:
        from heterobuild.screening.matrix_plot import draw_matrix

        drawn = draw_matrix(rows, Path(wishes.plot_matrix), found=found, force=wishes.force)
        written.append(drawn)
    return Outcome(rows=rows, skipped=found.skipped, written=tuple(written), files=found.files)


def exit_code(outcome: Outcome) -> int:
    """Return the exit code of a screen.

    Parameters
    ----------
    outcome : Outcome
        What came of it.

    Returns
    -------
    int
        6 where files were skipped, 3 where nothing fits, 0 otherwise.
    """
    if outcome.skipped:
        return IncompleteError.exit_code
    return 0 if outcome.rows else NothingFitsError.exit_code
