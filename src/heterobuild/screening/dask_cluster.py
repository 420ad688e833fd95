"""Shards on the workers of a Dask cluster that is already running."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from heterobuild.errors import MissingExtraError, UsageError
from heterobuild.screening.part_files import IncompleteError, part_path, write_part
from heterobuild.screening.shards import part_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heterobuild.screening.specification import ScreenSpec

PATIENCE = 30
"""Seconds to wait for an answer of the scheduler, and then for its first worker."""


_LOGGERS = ("distributed", "tornado", "asyncio")


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
        If the file is missing, no scheduler answers there, or it has no workers.
    IncompleteError
        If the cluster was lost; finished parts are kept.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError(
            "a Dask cluster needs distributed", next_step="pip install 'heterobuild[dask]'"
        ) from error
    del distributed
    address = _address(Path(scheduler_file))
    with _quiet(), _connected(address, scheduler_file) as client:
        _require_workers(client, scheduler_file)
        jobs = {
            client.submit(part_text, spec, shard, count, pure=False, retries=2): shard
            for shard in shards
        }
        for number, (done, text) in enumerate(_results(list(jobs)), 1):
            write_part(text, part_path(folder, jobs[done], count))
            progress(f"screening: {number} of {len(jobs)} shards")


def _results(jobs: list[Any]) -> Iterator[tuple[Any, str]]:
    """Yield jobs and what they return, as they finish."""
    from distributed import as_completed
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    finished = iter(as_completed(jobs))  # type: ignore[no-untyped-call]
    while True:
        try:
            done = next(finished, None)
            text = None if done is None else done.result()
        except (KilledWorker, FutureCancelledError, OSError) as error:
            raise IncompleteError(
                "the cluster lost a shard",
                measured=" ".join(str(error).split())[:200],
                next_step="finished parts are kept; run again with --resume",
            ) from error
        if text is None:
            return
        yield done, text


@contextmanager
def _connected(address: str, place: str | Path) -> Iterator[Any]:
    """Give a client; something else at the address may make it hang, so it has a thread."""
    found: Queue[Any] = Queue()
    Thread(target=_connect, args=(address, found), daemon=True).start()
    try:
        client = found.get(timeout=PATIENCE + 1)
    except Empty:
        client = None
    if client is None or isinstance(client, BaseException):
        raise _no_scheduler(place, f"no scheduler answers at {address}") from client
    try:
        yield client
    finally:
        with suppress(Exception):  # a scheduler that died cannot say goodbye
            client.close(timeout=5)


def _connect(address: str, found: Queue[Any]) -> None:
    from distributed import Client

    try:
        found.put(Client(address, timeout=PATIENCE))  # type: ignore[no-untyped-call]
    except BaseException as error:  # noqa: BLE001  # whatever an unknown server provokes
        found.put(error)


def _require_workers(client: Any, place: str | Path) -> None:
    """Refuse a cluster on which nothing would ever run."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise UsageError(
            "the scheduler has no workers",
            where=str(place),
            measured=f"none within {PATIENCE} s",
            next_step="start some with dask worker --scheduler-file FILE",
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Dask logs of lost connections off the screen; the error says what happened."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith(_LOGGERS)]
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


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
