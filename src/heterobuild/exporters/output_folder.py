"""Files that appear whole or not at all.

All files of a result are first written into a hidden staging folder on the same file system
and flushed to the disk. A new folder then appears by one rename. In a folder that exists each
file is moved into place by a rename of its own. Whatever goes wrong before, the target is as
it was; what a killed run leaves is hidden and removed by the next run into the same target.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import OutputError
from heterobuild.exporters.interruption import ending_cleanly, uninterrupted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARK = ".heterobuild-"
_LISTED = 6


def check_writable(folder: str | Path, names: Sequence[str], *, force: bool) -> None:
    """Make sure that files can be written, before any work is done.

    Parameters
    ----------
    folder : str or Path
        Folder of the result. It need not exist, its parent must.
    names : sequence of str
        Names of all files that will be written into it.
    force : bool
        Whether files that exist may be replaced.

    Raises
    ------
    OutputError
        If a name is unusable or a file would be overwritten, the folder is a file, its parent
        is missing, or permission to write is lacking.
    """
    path = Path(folder)
    _check_names(names)
    with _telling(path):
        _check_place(path)
        present = [name for name in names if os.path.lexists(path / name)]
        _check_present(path, present, force=force)


def _check_present(path: Path, present: Sequence[str], *, force: bool) -> None:
    if folders := [name for name in present if (path / name).is_dir()]:
        raise OutputError(
            "a folder stands where a file has to go",
            where=str(path),
            measured=", ".join(folders),
            next_step="choose another output folder",
        )
    if present and not force:
        listed = ", ".join(present[:_LISTED])
        more = f" and {len(present) - _LISTED} more" if len(present) > _LISTED else ""
        raise OutputError(
            "files would be overwritten",
            where=str(path),
            measured=listed + more,
            next_step="choose another output folder, or replace them with --force",
        )


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        bad = name in {"", ".", ".."} or name.startswith(("-", ".")) or not name.isprintable()
        if bad or any(mark in name for mark in '/\\:*?"<>|') or len(os.fsencode(name)) > 255:
            raise OutputError(
                "a file cannot have this name",
                where="the name of the result",
                measured=repr(name),
                allowed='up to 255 bytes without / \\ : * ? " < > |, not starting with - or .',
                next_step="change the name in the recipe",
            )
    if len({name.casefold() for name in names}) < len(names):
        raise OutputError("two files would have the same name", measured=", ".join(names))


@contextmanager
def _telling(folder: str | Path) -> Iterator[None]:
    """Turn what the system refuses into a clear message."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise OutputError(
            "the disk is full" if full else "the files cannot be written",
            where=str(folder),
            measured=error.strerror or str(error),
            next_step=("free some space or " if full else "") + "choose another output folder",
        ) from error


def _check_place(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise OutputError(
            "the output folder is a file", where=str(path), next_step="choose another name"
        )
    if path.is_symlink() and not path.exists():
        raise OutputError("the output folder is a link to nowhere", where=str(path))
    parent = path.absolute().parent
    if not path.exists() and not parent.is_dir():
        what = "is a file" if os.path.lexists(parent) else "does not exist"
        raise OutputError(
            f"the parent of the output folder {what}",
            where=str(path),
            measured=str(path.parent),
            next_step=f"make it first: mkdir -p {path.parent}",
        )
    place = path if path.exists() else parent
    if not os.access(place, os.W_OK | os.X_OK):
        raise OutputError(
            "no permission to write", where=str(place), next_step="choose another output folder"
        )


@contextmanager
def staged(folder: str | Path, names: Sequence[str], *, force: bool = False) -> Iterator[Path]:
    """Give a folder to write files into, and move them into place at the end.

    Parameters
    ----------
    folder : str or Path
        Where the files shall appear together.
    names : sequence of str
        Names of the files; all of them have to be written inside the block.
    force : bool, optional
        Whether files that exist may be replaced; False by default.

    Yields
    ------
    Path
        The staging folder.

    Raises
    ------
    OutputError
        As `check_writable`; or if the disk is full or any other write fails. The target is
        then as it was before.
    """
    check_writable(folder, names, force=force)
    with ending_cleanly(), _telling(folder):
        target = Path(folder).resolve()
        whole = _appears_whole(target)
        place = target.parent if whole else target
        prefix = f".{target.name[:100]}{_MARK}" if whole else _MARK
        _remove_leftovers(place, prefix)
        staging = place / f"{prefix}{os.getpid()}-{secrets.token_hex(4)}"
        lock = -1
        try:
            staging.mkdir()
            lock = _locked(staging)
            yield staging
            _flush(staging, names)
            check_writable(target, names, force=force)
            with uninterrupted():
                if whole:
                    _move_whole(staging, target)
                else:
                    _move_each(staging, target, names)
        finally:
            with uninterrupted():
                shutil.rmtree(staging, ignore_errors=True)
                if lock >= 0:
                    os.close(lock)


def _appears_whole(target: Path) -> bool:
    """Return whether the folder can appear by one rename: it is new, or empty and not in use."""
    if not target.exists():
        return True
    if os.name != "posix" or any(target.iterdir()) or target == Path.cwd() or target.is_mount():
        return False
    return os.access(target.parent, os.W_OK | os.X_OK)


def _move_whole(staging: Path, target: Path) -> None:
    if target.exists():
        shutil.copymode(target, staging)
    staging.rename(target)
    _flush_folder(target.parent)


def _move_each(staging: Path, target: Path, names: Sequence[str]) -> None:
    """Replace file by file; when one cannot be replaced, the old ones come back."""
    backup = staging / ".before"
    backup.mkdir()
    new = [name for name in names if not os.path.lexists(target / name)]
    for name in names:
        with suppress(OSError):  # no old file, or no hard links here
            os.link(target / name, backup / name, follow_symlinks=False)
    moved: list[str] = []
    try:
        for name in names:
            (staging / name).replace(target / name)
            moved.append(name)
    except OSError:
        for name in moved:
            with suppress(OSError):
                if name in new:
                    (target / name).unlink()
                else:
                    (backup / name).replace(target / name)
        raise
    _flush_folder(target)


def _flush(staging: Path, names: Sequence[str]) -> None:
    for name in names:
        with (staging / name).open("rb") as file:
            os.fsync(file.fileno())
    _flush_folder(staging)


def _flush_folder(folder: Path) -> None:
    with suppress(OSError):  # some systems cannot open or flush a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _locked(folder: Path) -> int:
    """Mark a staging folder as in use until the handle is closed or the process ends."""
    try:
        import fcntl
    except ImportError:
        return -1
    handle = -1
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            handle = -1
    return handle


def _remove_leftovers(place: Path, prefix: str) -> None:
    """Remove staging folders of killed runs; those of living runs are locked and stay."""
    with suppress(OSError):  # a folder may be writable and not readable
        for old in place.iterdir():
            if not old.name.startswith(prefix) or old.is_symlink() or not old.is_dir():
                continue
            handle = _locked(old)
            if handle >= 0:
                shutil.rmtree(old, ignore_errors=True)
                os.close(handle)
