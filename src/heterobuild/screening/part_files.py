"""Parts of a table: one file a shard, written whole, that can be put together in any order."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heterobuild.errors import HeterobuildError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.screening.rows import Row

FOLDER = "parts"
"""Name of the folder of parts inside the folder of results."""


class IncompleteError(HeterobuildError):
    """Some shards of a screen are missing or failed."""

    exit_code = 6


@dataclass(frozen=True, kw_only=True)
class Part:
    """The content of one part file.

    Parameters
    ----------
    screen : str
        Fingerprint of the screen.
    shard, count : int
        Number of the shard, from 1, and of all shards.
    skipped : dict of str
        Materials that cannot be used, with the reason.
    films, substrates : list of str
        Names of the materials in the order of the table.
    files : dict of str
        Paths of the user's files by the names of the materials.
    max_strain, max_area : float
        Limits of the search, a fraction and Å².
    rows : tuple of tuple of str
        The rows.
    """

    screen: str
    shard: int
    count: int
    skipped: dict[str, str]
    films: list[str]
    substrates: list[str]
    files: dict[str, str]
    max_strain: float
    max_area: float
    rows: tuple[Row, ...]


_KEYS = {entry.name for entry in fields(Part)} - {"rows"} | {"sha256"}


def part_content(part: Part) -> str:
    """Return the content of a part file: a head in JSON, then the rows.

    Parameters
    ----------
    part : Part
        The part.

    Returns
    -------
    str
        The content; with the SHA-256 of the rows a file that was cut or changed is found out.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(part.rows)
    head = {name: getattr(part, name) for name in _KEYS - {"sha256"}}
    head["sha256"] = _digest(text.getvalue())
    return json.dumps(head, sort_keys=True) + "\n" + text.getvalue()


def part_path(folder: str | Path, shard: int, count: int) -> Path:
    """Return the path of a part file.

    Parameters
    ----------
    folder : str or Path
        Folder of the parts.
    shard, count : int
        Number of the shard, from 1, and of all shards.

    Returns
    -------
    Path
        The path.

    Examples
    --------
    >>> part_path("parts", 3, 12).name
    'part-03-of-12.csv'
    """
    return Path(folder) / f"part-{shard:0{len(str(count))}}-of-{count}.csv"


def write_part(text: str, path: Path) -> Path:
    """Write one file under another name, then rename it.

    Parameters
    ----------
    text : str
        The content.
    path : Path
        The file; its folder is made where it is missing.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the disk is full or refuses; other parts stay as they are.
    """
    waiting = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with waiting.open("w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise OutputError(
            "the disk is full" if full else "a part of the table cannot be written",
            where=str(path),
            measured=error.strerror or str(error),
            next_step="finished parts are kept; make room and run again with --resume",
        ) from error
    return path


def finished_shards(folder: str | Path, screen: str, count: int) -> tuple[int, ...]:
    """Return the shards whose parts are there and whole.

    Parameters
    ----------
    folder : str or Path
        Folder of the parts; it may be missing.
    screen : str
        Fingerprint of the screen.
    count : int
        Number of shards.

    Returns
    -------
    tuple of int
        Numbers from 1; a damaged part counts as missing, so that it is computed again.

    Raises
    ------
    UsageError
        If the parts belong to another screen, or to another number of shards.
    """
    found: list[int] = []
    for path in _part_files(folder):
        head, body = _split(path)
        if head["screen"] != screen or head["count"] != count:
            raise UsageError(
                "the parts in the folder belong to another screen",
                where=str(folder),
                next_step="choose another folder, give the options of that screen, or start "
                "anew with --force",
            )
        if _digest(body) == head["sha256"]:
            found.append(int(head["shard"]))
    return tuple(sorted(found))


def remove_parts(folder: str | Path) -> None:
    """Remove the parts of a screen, what a killed process left of them, and the empty folder.

    Parameters
    ----------
    folder : str or Path
        Folder of the parts; it may be missing. Other files in it stay.
    """
    place = Path(folder)
    if not place.is_dir():
        return
    for path in place.iterdir():
        if re.fullmatch(r"\.?part-\d+-of-\d+\.csv(-\d+-[0-9a-f]+)?", path.name):
            path.unlink(missing_ok=True)
    with suppress(OSError):  # other files are there
        place.rmdir()


def read_parts(folder: str | Path) -> tuple[Part, ...]:
    """Read all parts of a screen.

    Parameters
    ----------
    folder : str or Path
        Folder of the parts.

    Returns
    -------
    tuple of Part
        All shards, in their order.

    Raises
    ------
    UsageError
        If there are no parts, or they belong to several screens.
    IncompleteError
        If shards are missing or damaged.
    """
    parts = sorted((_read(path) for path in _part_files(folder)), key=lambda part: part.shard)
    if not parts:
        raise UsageError(
            "there are no parts to join",
            where=str(folder),
            next_step="run heterobuild screen --shard 1/N -o DIR first",
        )
    if len({(part.screen, part.count) for part in parts}) > 1:
        raise UsageError(
            "the parts belong to several screens",
            where=str(folder),
            next_step="run each screen into a folder of its own",
        )
    there = {part.shard for part in parts}
    count = parts[0].count
    if missing := [shard for shard in range(1, count + 1) if shard not in there]:
        raise IncompleteError(
            "some shards are missing",
            where=str(folder),
            measured=f"{len(missing)} of {count}: {_listed(missing, count)}",
            next_step=f"run them with --shard {missing[0]}/{count} and so on, then join again",
        )
    return tuple(parts)


def _listed(missing: Sequence[int], count: int) -> str:
    names = [f"{shard}/{count}" for shard in missing[:8]]
    return ", ".join(names) + (", …" if len(missing) > len(names) else "")


def _part_files(folder: str | Path) -> Iterator[Path]:
    place = Path(folder)
    if place.is_dir():
        for path in sorted(place.iterdir()):
            if re.fullmatch(r"part-\d+-of-\d+\.csv", path.name):
                yield path


def _split(path: Path) -> tuple[dict[str, Any], str]:
    """Return the head of a part file, and its rows as text."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        return _parsed(stream.readline(), path), stream.read()


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _parsed(line: str, path: Path) -> dict[str, Any]:
    try:
        head: dict[str, Any] = json.loads(line)
        if head.keys() != _KEYS:
            raise ValueError(line)  # noqa: TRY301  # a part of another version
    except (ValueError, AttributeError) as error:
        raise UsageError(
            "this is no part of a screen", where=str(path), next_step="remove the file"
        ) from error
    return head


def _read(path: Path) -> Part:
    head, body = _split(path)
    if _digest(body) != head.pop("sha256"):
        raise IncompleteError(
            "a part of the table is damaged: rows are missing or changed",
            where=str(path),
            next_step=f"run --shard {head['shard']}/{head['count']}, or all with --resume, again",
        )
    return Part(**head, rows=tuple(map(tuple, csv.reader(io.StringIO(body)))))
