"""Shards on the processors of this machine."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.screening.part_files import IncompleteError, part_path
from heterobuild.screening.shards import run_shard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from heterobuild.screening.specification import ScreenSpec

ATTEMPTS = 3
"""How often a pool is started again after a worker was killed."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def worker_count(jobs: str | int) -> int:
    """Return the number of processes to use.

    Parameters
    ----------
    jobs : int or "auto"
        A number, or "auto" for the processors that this process may use.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    UsageError
        If it is neither.

    Examples
    --------
    >>> worker_count("3"), worker_count("auto") >= 1
    (3, True)
    """
    if jobs == "auto":
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    if not str(jobs).isdecimal() or int(jobs) < 1:
        raise UsageError(
            "the number of processes is a positive integer or auto",
            where="jobs",
            measured=repr(jobs),
            next_step="write -j 4 or -j auto",
        )
    return int(jobs)


def run_here(
    spec: ScreenSpec,
    shards: Sequence[int],
    count: int,
    folder: Path,
    *,
    workers: int,
    progress: Callable[[str], None],
) -> None:
    """Run shards in this process, or in several of this machine.

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
    workers : int
        Number of processes; with 1, or with one shard, no other process is started.
    progress : callable
        Called with a line of text when a shard is done.

    Raises
    ------
    IncompleteError
        If workers were killed again and again.
    OutputError
        If a part cannot be written.
    """
    left = list(shards)
    if workers == 1 or len(left) < 2:
        for number, shard in enumerate(left, 1):
            run_shard(spec, shard, count, folder)
            progress(f"screening: {number} of {len(left)} shards")
        return
    for _ in range(ATTEMPTS):
        try:
            _run_pool(spec, left, count, folder, workers=workers, progress=progress)
        except BrokenProcessPool:
            left = [shard for shard in left if not part_path(folder, shard, count).exists()]
        else:
            return
    raise IncompleteError(
        "worker processes were killed again and again",
        measured=f"{len(left)} of {count} shards are missing",
        next_step="give more memory or a smaller -j, then run again with --resume",
    )


def _run_pool(
    spec: ScreenSpec,
    shards: Sequence[int],
    count: int,
    folder: Path,
    *,
    workers: int,
    progress: Callable[[str], None],
) -> None:
    """Run shards in a pool; on any trouble those not yet begun are given up."""
    pool = ProcessPoolExecutor(
        max_workers=min(workers, len(shards)),
        mp_context=get_context("spawn"),
        initializer=_ignore_interrupts,
    )
    with _one_thread_each():
        try:
            waiting = [pool.submit(run_shard, spec, shard, count, folder) for shard in shards]
            for number, done in enumerate(as_completed(waiting), 1):
                done.result()
                progress(f"screening: {number} of {len(shards)} shards")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which lets the running shards finish."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let workers start with one BLAS thread, so that they do not crowd one another."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
