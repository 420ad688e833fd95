"""Shards on the workers of a Dask cluster that is already running."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import MissingExtraError, UsageError
from heterobuild.screening.part_files import IncompleteError, part_path, write_part
from heterobuild.screening.shards import part_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.screening.specification import ScreenSpec

PATIENCE = 30
"""Seconds to wait for an answer of the scheduler."""


def run_on_cluster(
    spec: ScreenSpec,
    shards: Sequence[int],
    count: int,
    folder: Path,
    *,
    scheduler_file: str | Path,
    progress: Callable[[str], None],
) -> None:
    """Run shards on a Dask cluster; a shard whose worker dies is computed by another.

    Workers need heterobuild and see the user's files under the same paths. This process writes
    the parts as they come back.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.
    shards : sequence of int
        Shards to run.
    count : int
        Number of all shards.
    folder : Path
        Folder of the parts.
    scheduler_file : str or Path
        File that the scheduler wrote.
    progress : callable
        Called with a line of text when a shard is done.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    UsageError
        If the file is missing, or no scheduler answers there.
    IncompleteError
        If the cluster was lost; finished parts are kept.
    """
    try:
        from distributed import Client, as_completed
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise MissingExtraError(
            "a Dask cluster needs distributed", next_step="pip install 'heterobuild[dask]'"
        ) from error
    address = _address(Path(scheduler_file))
    try:
        client = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise _no_scheduler(scheduler_file, "no scheduler answers") from error
    with client:
        jobs = {
            client.submit(part_text, spec, shard, count, pure=False, retries=2): shard
            for shard in shards
        }
        finished = as_completed(list(jobs))  # type: ignore[no-untyped-call]
        try:
            for number, done in enumerate(finished, 1):
                write_part(done.result(), part_path(folder, jobs[done], count))
                progress(f"screening: {number} of {len(jobs)} shards")
        except (KilledWorker, FutureCancelledError) as error:
            raise IncompleteError(
                "the cluster lost a shard",
                measured=" ".join(str(error).split())[:200],
                next_step="finished parts are kept; run again with --resume",
            ) from error


def _address(path: Path) -> str:
    """Return the address that a scheduler file holds."""
    if not path.is_file():
        raise _no_scheduler(path, "there is no such scheduler file")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return str(content["address"])
    except (ValueError, KeyError, TypeError) as error:
        raise _no_scheduler(path, "this is no scheduler file, and no scheduler answers") from error


def _no_scheduler(path: str | Path, what: str) -> UsageError:
    return UsageError(
        what,
        where=str(path),
        next_step="start one with dask scheduler --scheduler-file FILE, or leave the option out",
    )
