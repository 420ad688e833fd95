"""Whether a model fits in memory, judged before it is built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.model import Estimate

_MILLION = 1_000_000
_UNLIMITED = 1 << 60
"""Control groups without a limit report huge numbers instead of none."""

_FILES = (
    ("memory.max", "memory.current", "inactive_file"),
    ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)
"""Limit, use, and the cache that can be given back: of control groups version 2 and 1."""


def require_memory(estimate: Estimate, *, available: int | None = None) -> None:
    """Refuse a model that does not fit in memory.

    Parameters
    ----------
    estimate : Estimate
        Atoms and bytes that the model needs.
    available : int, optional
        Bytes that may be used; by default those that the system has free. Where the system does
        not tell, nothing is refused.

    Raises
    ------
    UsageError
        If it needs more; the message says what fits.
    """
    free = available_memory() if available is None else available
    if free is None or estimate.memory <= free:
        return
    fitting = int(estimate.atoms * free / estimate.memory)
    raise UsageError(
        "the model does not fit in memory",
        measured=estimate_text(estimate),
        allowed=f"{_size(free)}, which is free now, for about {_atoms(fitting)}",
        next_step=f"make the model smaller, or use a machine with {_size(estimate.memory)} free",
    )


def estimate_text(estimate: Estimate) -> str:
    """Return an estimate in words.

    Parameters
    ----------
    estimate : Estimate
        Atoms and bytes that a model needs.

    Returns
    -------
    str
        Such as ``about 12.3 million atoms, 9.1 GB of memory``.
    """
    return f"about {_atoms(estimate.atoms)}, {_size(estimate.memory)} of memory"


def available_memory(
    proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")
) -> int | None:
    """Return how many bytes this process can still use.

    Parameters
    ----------
    proc : pathlib.Path, optional
        Where the kernel tells about processes and memory.
    groups : pathlib.Path, optional
        Where it tells about control groups, which containers and batch systems use as limits.

    Returns
    -------
    int or None
        The least of the memory that is free and what the control groups leave. Without `proc`
        the memory of the machine, where the system tells it; else None.
    """
    known = [*_free(proc), *_left(proc, groups)]
    return min(known) if known else _installed()


def _free(proc: Path) -> Iterator[int]:
    """Yield the memory that the kernel could give away."""
    for line in _text(proc / "meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield 1024 * int(line.split()[1])


def _left(proc: Path, groups: Path) -> Iterator[int]:
    """Yield what the limits of the process's control groups and those above them leave."""
    for line in _text(proc / "self" / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        limit, use, cache = _FILES[1 if controllers else 0]
        folder = str(groups / "memory" if controllers else groups)
        yield from _left_in(folder, limit, use, cache)
        for name in path.strip("/").split("/") if path.strip("/") else ():
            folder = f"{folder}/{name}"
            yield from _left_in(folder, limit, use, cache)


def _left_in(folder: str, limit: str, use: str, cache: str) -> Iterator[int]:
    """Yield what the limit of one control group leaves; cached files make way."""
    most = _text(f"{folder}/{limit}").strip()
    used = _text(f"{folder}/{use}").strip() if most.isdigit() else ""
    if used.isdigit() and int(most) < _UNLIMITED:
        words = (line.split() for line in _text(f"{folder}/memory.stat").splitlines())
        cached = sum(int(word[1]) for word in words if len(word) == 2 and word[0] == cache)
        yield max(int(most) - int(used) + cached, 0)


def _installed() -> int | None:
    """Return the memory of the machine, where the system tells it."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _text(path: Path | str) -> str:
    """Return what a file of the kernel says, or nothing."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""


def _atoms(number: int) -> str:
    """Return a number of atoms in words, three digits from a million on."""
    return f"{_short(number / _MILLION)} million atoms" if number >= _MILLION else f"{number} atoms"


def _size(number: int) -> str:
    """Return a number of bytes in words."""
    size = number / 1e9
    return f"{_short(size)} GB" if size >= 1 else f"{number / 1e6:.3g} MB"


def _short(value: float) -> str:
    """Return three digits, or all before the point where there are more."""
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"
