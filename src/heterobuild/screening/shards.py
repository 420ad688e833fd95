"""One shard of a screen: a pure function of its specification, and a part file of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.screening.part_files import Part, part_content, part_path, write_part
from heterobuild.screening.rows import task_rows
from heterobuild.screening.specification import fingerprint, shard_tasks

if TYPE_CHECKING:
    from pathlib import Path

    from heterobuild.screening.specification import ScreenSpec


def part_text(spec: ScreenSpec, shard: int, count: int) -> str:
    """Compute one shard of a screen.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.
    shard, count : int
        Number of the shard, from 1, and of all shards.

    Returns
    -------
    str
        Content of the part file; it depends on nothing but the arguments and the files named.

    Raises
    ------
    UsageError
        If there is no such shard.
    """
    skipped: dict[str, str] = {}
    tasks = shard_tasks(spec, shard, count)
    rows = tuple(row for task in tasks for row in task_rows(spec, task, skipped))
    materials = (*spec.films, *spec.substrates)
    return part_content(
        Part(
            screen=fingerprint(spec),
            shard=shard,
            count=count,
            skipped=skipped,
            films=[material.name for material in spec.films],
            substrates=[material.name for material in spec.substrates],
            files={material.name: material.path for material in materials if material.path},
            max_strain=spec.limits.max_strain,
            max_area=spec.limits.max_area,
            rows=rows,
        )
    )


def run_shard(spec: ScreenSpec, shard: int, count: int, folder: str | Path) -> Path:
    """Compute one shard and write its part file, whole or not at all.

    Shards may run in any order, at the same time, on any machine that sees the folder.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.
    shard, count : int
        Number of the shard, from 1, and of all shards.
    folder : str or Path
        Folder of the parts; it is made where it is missing.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If there is no such shard.
    OutputError
        If the file cannot be written.
    """
    return write_part(part_text(spec, shard, count), part_path(folder, shard, count))
