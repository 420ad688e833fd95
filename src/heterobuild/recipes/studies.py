"""A recipe with ``enumerate``: every distinct interface in a folder of its own, and one table."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import HeterobuildError, RecipeError
from heterobuild.recipes.inputs import with_copies
from heterobuild.recipes.own_molecules import own_molecules
from heterobuild.recipes.pipeline import build_plan, file_names, run_recipe
from heterobuild.recipes.places import checks_failed, located
from heterobuild.recipes.planning import cut_part, noted, plan_recipe, say
from heterobuild.recipes.study_rows import (
    TABLES,
    failed_row,
    row_of_record,
    row_of_result,
    write_tables,
)
from heterobuild.recipes.writing import recipe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.model import Slab
    from heterobuild.recipes.planning import Plan, Progress
    from heterobuild.recipes.records import Recipe, SlabOptions
    from heterobuild.recipes.study_rows import StudyRow
    from heterobuild.variants import Side, Variant


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """The distinct interfaces of a recipe.

    Parameters
    ----------
    recipe : Recipe
        The recipe, complete: the crystals by their full names.
    rows : tuple of StudyRow
        One for each variant, in their order.
    remarks : tuple of str
        What the user should know about the recipe.
    folder : pathlib.Path or None
        Where the folders are; None after a dry run.
    kept : tuple of str
        Labels of the variants whose folders were there already.
    errors : tuple of HeterobuildError
        Why variants failed.
    """

    recipe: Recipe
    rows: tuple[StudyRow, ...]
    remarks: tuple[str, ...]
    folder: Path | None
    kept: tuple[str, ...]
    errors: tuple[HeterobuildError, ...]


def study_recipes(
    recipe: Recipe, *, progress: Progress | None = None
) -> tuple[Recipe, tuple[tuple[Variant, Recipe], ...], tuple[str, ...]]:
    """Return the recipe of every distinct interface.

    Parameters
    ----------
    recipe : Recipe
        A recipe with ``enumerate``.
    progress : callable, optional
        Called with the name of each step.

    Returns
    -------
    recipe : Recipe
        The recipe, complete.
    variants : tuple of (Variant, Recipe)
        Each variant, and the recipe that builds it alone.
    remarks : tuple of str
        What the names of the crystals meant.

    Raises
    ------
    RecipeError
        If the recipe does not ask for variants.
    NothingFitsError
        If nothing fits within the limits.
    HeterobuildError
        Any error of the parts; with the place in the recipe.
    """
    from heterobuild.variants import distinct_interfaces

    if recipe.study is None:
        raise RecipeError("the recipe does not ask for variants", next_step="add enumerate: true")
    plan = plan_recipe(replace(recipe, study=None), progress=progress)
    with own_molecules(recipe), noted(plan.remarks), located(recipe.document, ("build",)):
        variants = distinct_interfaces(
            _side(plan, "film"),
            _side(plan, "substrate"),
            plan.recipe.build,
            recipe.study,
            seed=recipe.seed,
            progress=progress,
        )
    found = tuple((variant, _recipe(plan.recipe, variant)) for variant in variants)
    return replace(plan.recipe, study=recipe.study), found, plan.remarks


def run_study(
    recipe: Recipe,
    folder: str | Path | None,
    *,
    force: bool = False,
    allow_failed_checks: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Study:
    """Build every distinct interface of a recipe, each in a folder of its own, and a table.

    Folders that hold the same variant already are kept as they are, so that a study that was
    interrupted goes on. Each folder appears whole or not at all.

    Parameters
    ----------
    recipe : Recipe
        A recipe with ``enumerate``.
    folder : str, pathlib.Path or None
        Folder of the study; None builds and checks without writing.
    force : bool, optional
        Whether all variants are built again and their files replaced.
    allow_failed_checks : bool, optional
        Whether to write variants of which a check found an error; their rows say so.
    jobs : int, optional
        Number of processes.
    progress : callable, optional
        Called with the name of each step.

    Returns
    -------
    Study
        The rows of the table; those that could not be built hold the reason.

    Raises
    ------
    NothingFitsError
        If nothing fits within the limits.
    OutputError
        If a folder holds other files, and `force` is not set; nothing is written.
    HeterobuildError
        Any error of the parts; with the place in the recipe.
    """
    complete, found, remarks = study_recipes(recipe, progress=progress)
    target = None if folder is None else Path(folder)
    tasks = [
        _Task(
            variant=_plain(variant),
            recipe=one,
            folder=None if target is None else target / variant.label,
            force=force,
            allow=allow_failed_checks,
        )
        for variant, one in found
    ]
    kept = [target is not None and not force and _is_complete(task) for task in tasks]
    if target is not None:
        _check_folders(target, tasks, kept, force=force)
        target.mkdir(exist_ok=True)
    rows: dict[int, StudyRow] = {}
    errors: dict[int, HeterobuildError] = {}
    for number, (task, known) in enumerate(zip(tasks, kept, strict=True)):
        if known and task.folder is not None:
            rows[number] = row_of_record(task.variant, task.folder, status="built")
    left = [number for number, known in enumerate(kept) if not known]
    done = _run([tasks[number] for number in left], jobs)
    for count, (number, (row, error)) in enumerate(zip(left, done, strict=True), 1):
        rows[number] = row
        if error is not None:
            errors[number] = error
        say(progress, f"{_bar(count, len(left))} {count} of {len(left)} interfaces")
    ordered = tuple(rows[number] for number in range(len(tasks)))
    if target is not None:
        write_tables(ordered, target)
    return Study(
        recipe=complete,
        rows=ordered,
        remarks=remarks,
        folder=target,
        kept=tuple(task.variant.label for task, known in zip(tasks, kept, strict=True) if known),
        errors=tuple(errors[number] for number in sorted(errors)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Task:
    """One variant to be built, here or in another process."""

    variant: Variant
    recipe: Recipe
    folder: Path | None
    force: bool
    allow: bool


def _plain(variant: Variant) -> Variant:
    """Return a variant that can be sent to another process, which cuts by the recipe."""
    sides = {name: replace(getattr(variant, name), slab=None) for name in ("film", "substrate")}
    return replace(variant, **sides)


def _side(plan: Plan, name: str) -> Side:
    """Return how a part of the recipe is cut."""
    from heterobuild.variants import Side

    options: SlabOptions = plan.recipe.parts[name]  # type: ignore[assignment]

    def cut(side: Side) -> Slab:
        return cut_part(plan.recipe, name, _options(options, side), side.crystal)

    return Side(
        crystal=plan.crystals[name],
        miller=options.miller,
        cut={key: getattr(options, key) for key in ("bottom", "top", "symmetric")},
        slab=cut,
    )


def _options(options: SlabOptions, side: Side) -> SlabOptions:
    """Return the options of a part with the face and the ends of a variant."""
    ends = {key: side.cut.get(key) for key in ("bottom", "top")}
    return replace(options, miller=side.miller, **ends)  # type: ignore[arg-type]


def _recipe(recipe: Recipe, variant: Variant) -> Recipe:
    """Return the recipe that builds one variant alone."""
    parts = dict(recipe.parts)
    for name, side in (("film", variant.film), ("substrate", variant.substrate)):
        parts[name] = _options(parts[name], side)  # type: ignore[arg-type]
    name = f"{recipe.name}-{variant.label}"
    return replace(
        recipe,
        name=name if len(name) <= 100 else variant.label,
        parts=parts,
        build=variant.architecture,
        study=None,
    )


def _is_complete(task: _Task) -> bool:
    """Tell whether a folder holds a variant already."""
    folder, names = task.folder, file_names(task.recipe)
    if folder is None or not all((folder / name).is_file() for name in names):
        return False
    written = (folder / "recipe.yaml").read_text(encoding="utf-8")
    return written == recipe_text(with_copies(task.recipe))


def _check_folders(
    target: Path, tasks: Sequence[_Task], kept: Sequence[bool], *, force: bool
) -> None:
    """Refuse to replace files of others, before anything is built."""
    from heterobuild.exporters import check_writable

    check_writable(target, TABLES, force=force or any(kept))
    for task, known in zip(tasks, kept, strict=True):
        if task.folder is not None and task.folder.exists() and not known:
            check_writable(task.folder, file_names(task.recipe), force=force)


def _run(tasks: Sequence[_Task], jobs: int) -> Iterator[tuple[StudyRow, HeterobuildError | None]]:
    """Yield the rows of variants in their order, built here or in several processes."""
    if jobs == 1 or len(tasks) < 2:
        yield from map(_build, tasks)
        return
    with ProcessPoolExecutor(
        max_workers=min(jobs, len(tasks)), mp_context=get_context("spawn")
    ) as pool:
        yield from pool.map(_build, tasks)


def _build(task: _Task) -> tuple[StudyRow, HeterobuildError | None]:
    """Build one variant; what goes wrong is told in its row."""
    try:
        if task.folder is not None:
            run_recipe(task.recipe, task.folder, force=task.force, allow_failed_checks=task.allow)
            return row_of_record(task.variant, task.folder, status="built"), None
        result = build_plan(plan_recipe(task.recipe))
        if not result.report.passed and not task.allow:
            raise checks_failed(result.report)
        return row_of_result(task.variant, result, status="built"), None
    except HeterobuildError as error:
        return failed_row(task.variant, error), error


def _bar(done: int, count: int) -> str:
    """Return a bar of what is done."""
    filled = 20 * done // count
    return "█" * filled + "░" * (20 - filled)
