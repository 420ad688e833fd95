"""Which films fit which substrates, on which faces, at which strain."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import OutputError
from heterobuild.screening.local_pool import run_here, worker_count
from heterobuild.screening.part_files import FOLDER, finished_shards, read_parts, remove_parts
from heterobuild.screening.ranking import DEFAULT_SORT, choose_rows
from heterobuild.screening.rows import COLUMNS
from heterobuild.screening.specification import fingerprint, plan_screen, usual_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from heterobuild.matching import MatchLimits
    from heterobuild.screening.rows import Row
    from heterobuild.screening.specification import ScreenSpec


@dataclass(frozen=True, kw_only=True)
class Screening:
    """The result of a screen.

    Parameters
    ----------
    rows : tuple of tuple of str
        The table, one value a column.
    skipped : mapping of str to str
        The user's files that cannot be used, with the reason.
    films, substrates : tuple of str
        Names of the materials of either side, in the order in which they were given.
    files : mapping of str to str
        Paths of the user's files by the names of the materials.
    max_strain, max_area : float
        Limits of the search, a fraction and Å².
    columns : tuple of str
        Names of the columns.
    """

    rows: tuple[Row, ...]
    skipped: Mapping[str, str]
    films: tuple[str, ...]
    substrates: tuple[str, ...]
    files: Mapping[str, str]
    max_strain: float
    max_area: float
    columns: tuple[str, ...] = COLUMNS


def screen(
    films: Sequence[str] | None = None,
    substrates: Sequence[str] | None = None,
    *,
    max_index: int = 1,
    limits: MatchLimits | None = None,
    max_mismatch: float | None = None,
    alignment: str | None = None,
    sort: Sequence[str] = DEFAULT_SORT,
    jobs: int | str = 1,
) -> Screening:
    """Find which films fit which substrates, on all distinct faces of both.

    Each pair of faces is shown with its Pareto front: the cells that no smaller one beats in
    strain. The table is the same, byte for byte, for any number of processes.

    Parameters
    ----------
    films, substrates : sequence of str, optional
        Names of phases or families of the library, formulas, series with the values of their
        variables (``CsPb(Br_xI_1-x)3, x in 0:1:0.05``), structure files, or folders of them; the
        whole library by default. A crystal on itself is left out.
    max_index : int, optional
        Largest absolute Miller index of the faces in the conventional setting; the default 1
        holds the faces that are grown.
    limits : MatchLimits, optional
        Largest strain, area and misfit angle of a common cell, and the window of rotations. The
        number of atoms, an orientation relation or a parity cannot be limited.
    max_mismatch : float, optional
        Largest absolute mismatch (film − substrate) / substrate along either principal
        direction, a fraction.
    alignment : {"I", "II", "III"}, optional
        Type of band alignment; pairs whose type is unknown or open are left out.
    sort : sequence of str, optional
        Keys of `heterobuild.screening.ranking.SORT_KEYS`, among them the elastic ``energy`` of
        the film; the least strained first by default, then the smallest cell.
    jobs : int or "auto", optional
        Number of processes; with more than one, a script needs the usual
        ``if __name__ == "__main__"``.

    Returns
    -------
    Screening
        The table.

    Raises
    ------
    UnknownNameError
        If a name stands for nothing.
    UsageError
        If an option cannot be used.

    Examples
    --------
    >>> found = screen(["CsPbBr3_cubic"], ["MAPbCl3_cubic"], max_mismatch=0.04)
    >>> [(row[1], row[3], row[14]) for row in found.rows if row[11] == "32.262"]
    [('0 0 1', '0 0 1', '0.034155')]
    """
    spec = plan_screen(films, substrates, max_index=max_index, limits=limits)
    with tempfile.TemporaryDirectory() as folder:
        found = run_screen(spec, Path(folder) / FOLDER, jobs=jobs)
    rows = choose_rows(found.rows, max_mismatch=max_mismatch, alignment=alignment, sort=sort)
    return replace(found, rows=rows)


def run_screen(
    spec: ScreenSpec,
    folder: Path,
    *,
    jobs: int | str = 1,
    scheduler_file: str | Path | None = None,
    resume: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Screening:
    """Run all shards of a screen that are not there yet, and join them.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.
    folder : Path
        Folder of the parts; it stays.
    jobs : int or "auto", optional
        Number of processes of this machine.
    scheduler_file : str or Path, optional
        File of a Dask scheduler, whose workers are used instead.
    resume : bool, optional
        Whether to go on from parts that are there.
    progress : callable, optional
        Called with a line of text when a shard is done.

    Returns
    -------
    Screening
        The table, in the order of the materials.

    Raises
    ------
    OutputError
        If there are parts and `resume` is not set, or a part cannot be written.
    UsageError
        If the parts belong to another screen.
    IncompleteError
        If shards failed.
    """
    count = usual_count(spec)
    workers = worker_count(jobs)
    done = _finished(spec, folder, count, resume=resume)
    left = [shard for shard in range(1, count + 1) if shard not in done]
    if scheduler_file is not None:
        from heterobuild.screening.dask_cluster import run_on_cluster

        run_on_cluster(spec, left, count, folder, scheduler_file=scheduler_file, progress=progress)
    else:
        run_here(spec, left, count, folder, workers=workers, progress=progress)
    return join_parts(folder)


def join_parts(folder: str | Path) -> Screening:
    """Join the parts of a screen.

    Parameters
    ----------
    folder : str or Path
        Folder of the parts.

    Returns
    -------
    Screening
        The table, in the order of the materials.

    Raises
    ------
    UsageError
        If there are no parts, or they belong to several screens.
    IncompleteError
        If shards are missing.
    """
    parts = read_parts(folder)
    skipped: dict[str, str] = {}
    for part in parts:
        skipped |= part.skipped
    return Screening(
        rows=tuple(row for part in parts for row in part.rows),
        skipped=dict(sorted(skipped.items())),
        films=tuple(parts[0].films),
        substrates=tuple(parts[0].substrates),
        files=parts[0].files,
        max_strain=parts[0].max_strain,
        max_area=parts[0].max_area,
    )


@contextmanager
def parts_folder(output: str | Path | None, *, anew: bool = False) -> Iterator[Path]:
    """Give the folder of the parts: in the output, or a temporary one.

    Parameters
    ----------
    output : str, Path or None
        Folder of the results.
    anew : bool, optional
        Whether parts that are there are removed first.

    Yields
    ------
    Path
        The folder of the parts; that in the output stays, so that a run can go on.
    """
    if output is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / FOLDER
        return
    place = Path(output) / FOLDER
    if anew:
        remove_parts(place)
    yield place


def _finished(spec: ScreenSpec, folder: Path, count: int, *, resume: bool) -> tuple[int, ...]:
    """Return the shards that need not run again."""
    done = finished_shards(folder, fingerprint(spec), count) if resume else ()
    if not resume and any(folder.glob("part-*")):
        raise OutputError(
            "an unfinished screen is there",
            where=str(folder),
            next_step="go on with --resume, or start anew with --force",
        )
    return done
