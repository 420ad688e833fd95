"""Many recipes of the gallery at once: a folder each, on several processors."""

from __future__ import annotations

import json
import signal
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Literal

from heterobuild.errors import HeterobuildError
from heterobuild.recipes.gallery import gallery_index, gallery_recipe
from heterobuild.recipes.inputs import with_copies
from heterobuild.recipes.pipeline import file_names, run_recipe
from heterobuild.recipes.planning import plan_recipe
from heterobuild.recipes.writing import recipe_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from heterobuild.recipes.records import Recipe

RECORD = "heterobuild.json"
"""File of a folder of results that the facts are read from."""

ATTEMPTS = 3
"""How often a pool is started again after a worker was killed."""


@dataclass(frozen=True, kw_only=True)
class GalleryRow:
    """What came of one recipe. Numbers are None where it failed.

    Parameters
    ----------
    name : str
        Name of the recipe and of its folder.
    status : {"built", "kept", "failed"}
        Kept are folders that held the same result already.
    seconds : float
        Time it took.
    atoms : int or None
        Atoms of the model.
    charge_e : float or None
        Formal charge.
    warnings : int or None
        Findings of the checks that are warnings; with an error nothing is written.
    reason : str
        Why it failed.
    """

    name: str
    status: Literal["built", "kept", "failed"]
    seconds: float = 0.0
    atoms: int | None = None
    charge_e: float | None = None
    warnings: int | None = None
    reason: str = ""


def build_gallery(
    names: Sequence[str],
    folder: Path,
    *,
    force: bool = False,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> tuple[GalleryRow, ...]:
    """Build recipes of the gallery, each into a folder of its own name.

    Folders that hold the same result already are kept, so that a run that was interrupted goes
    on. Each folder appears whole or not at all. A recipe that fails does not stop the others.

    Parameters
    ----------
    names : sequence of str
        The recipes.
    folder : pathlib.Path
        Where the folders go; it is made where it does not exist.
    force : bool, optional
        Whether all are built again and their files replaced.
    jobs : int, optional
        Number of processes.
    progress : callable, optional
        Called with a line of text when a recipe is done.

    Returns
    -------
    tuple of GalleryRow
        One for each recipe, in their order.

    Raises
    ------
    UnknownNameError
        If the gallery lacks one of the recipes; nothing is built.
    """
    for name in names:
        gallery_recipe(name)
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, GalleryRow] = {}
    for row in _rows(_large_first(names), folder, force=force, jobs=jobs):
        rows[row.name] = row
        if progress is not None:
            progress(f"{_bar(len(rows), len(names))} {len(rows)} of {len(names)}: {row.name}")
    return tuple(rows[name] for name in names)


def _large_first(names: Sequence[str]) -> list[str]:
    """Return names in the order of their sizes, so that no process ends long after the others."""
    index = gallery_index()
    return sorted(names, key=lambda name: (-index.get(name, {"atoms": 0})["atoms"], name))


def _rows(names: Sequence[str], folder: Path, *, force: bool, jobs: int) -> Iterator[GalleryRow]:
    """Yield a row when its recipe is done, built here or in several processes."""
    if jobs == 1 or len(names) < 2:
        for name in names:
            yield _build(name, folder, force=force)
        return
    left = list(names)
    for _ in range(ATTEMPTS):
        try:
            for row in _pooled(tuple(left), folder, force=force, jobs=jobs):
                left.remove(row.name)
                yield row
        except BrokenProcessPool:
            continue
        return
    for name in left:
        yield GalleryRow(
            name=name,
            status="failed",
            reason="worker processes were killed again and again. Next: a smaller -j",
        )


def _pooled(names: Sequence[str], folder: Path, *, force: bool, jobs: int) -> Iterator[GalleryRow]:
    """Yield rows of a pool; on any trouble those not yet begun are given up."""
    pool = ProcessPoolExecutor(
        max_workers=min(jobs, len(names)),
        mp_context=get_context("spawn"),
        initializer=_ignore_interrupts,
    )
    try:
        waiting = [pool.submit(_build, name, folder, force=force) for name in names]
        for done in as_completed(waiting):
            yield done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which lets the running recipes finish."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _build(name: str, folder: Path, *, force: bool) -> GalleryRow:
    """Build one recipe; what goes wrong is told in its row."""
    start, target = time.perf_counter(), folder / name
    try:
        recipe = gallery_recipe(name)
        kept = not force and _is_complete(recipe, target)
        if not kept:
            run_recipe(recipe, target, force=force)
    except HeterobuildError as error:
        seconds = round(time.perf_counter() - start, 2)
        reason = " ".join(str(error).split())
        return GalleryRow(name=name, status="failed", seconds=seconds, reason=reason)
    record = json.loads((target / RECORD).read_text(encoding="utf-8"))
    levels = [finding["level"] for finding in record["report"]["findings"]]
    return GalleryRow(
        name=name,
        status="kept" if kept else "built",
        seconds=round(time.perf_counter() - start, 2),
        atoms=record["atoms"],
        charge_e=record["formal_charge_e"],
        warnings=levels.count("warning"),
    )


def _is_complete(recipe: Recipe, folder: Path) -> bool:
    """Tell whether a folder holds the result of a recipe already."""
    if not all((folder / name).is_file() for name in (*file_names(recipe), RECORD)):
        return False
    written = (folder / "recipe.yaml").read_text(encoding="utf-8")
    return written == recipe_text(with_copies(plan_recipe(recipe).recipe))


def _bar(done: int, count: int, *, width: int = 20) -> str:
    """Return a bar of what is done."""
    filled = width * done // count
    return "█" * filled + "░" * (width - filled)
