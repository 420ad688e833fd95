"""A spinner on a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 1.0
"""Seconds before anything shows: quick work stays silent."""

_INTERVAL = 0.1
_SIGNS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


@contextmanager
def spinner() -> Iterator[Callable[[str], None]]:
    """Show the running step on the standard error, if that is a terminal.

    Yields
    ------
    callable
        To be called with the name of each step.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    step = ["starting"]
    done = threading.Event()
    painter = threading.Thread(target=_paint, args=(step, done), daemon=True)
    painter.start()
    try:
        yield lambda name: step.__setitem__(0, name)
    finally:
        done.set()
        painter.join()


def _paint(step: list[str], done: threading.Event) -> None:
    """Repaint the line until the work is done, then clear it."""
    if done.wait(PATIENCE):
        return
    turn = 0
    while not done.wait(_INTERVAL):
        sys.stderr.write(f"\r\x1b[2K{_SIGNS[turn % len(_SIGNS)]} {step[0]}")
        sys.stderr.flush()
        turn += 1
    sys.stderr.write("\r\x1b[2K")
    sys.stderr.flush()
