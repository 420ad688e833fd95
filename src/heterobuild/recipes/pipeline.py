"""The way from a recipe to files: plan, build, check, write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.provenance import make_provenance
from heterobuild.recipes.inputs import (
    copies_to_write,
    input_files,
    input_parts,
    read_inputs,
    with_copies,
    write_copies,
)
from heterobuild.recipes.own_molecules import own_molecules
from heterobuild.recipes.places import checks_failed, located
from heterobuild.recipes.planning import built_parts, noted, plan_recipe, require_room, say
from heterobuild.recipes.point_defects import (
    both_ends,
    final_files,
    final_names,
    first_name,
    with_point_defects,
)
from heterobuild.recipes.sources import data_files
from heterobuild.recipes.writing import as_yaml, recipe_as_dict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.model import Estimate, Heterostructure, Report, Slab
    from heterobuild.provenance import Provenance
    from heterobuild.recipes.planning import Plan, Progress
    from heterobuild.recipes.records import Recipe


@dataclass(frozen=True, kw_only=True, eq=False)
class RunResult:
    """What a recipe gave.

    Parameters
    ----------
    recipe : Recipe
        The recipe, complete: the crystals by their full names.
    slabs : mapping of str to Slab
        The parts that are slabs, by name.
    built : Heterostructure
        The model.
    report : Report
        The findings of the checks.
    provenance : Provenance
        What it was made from.
    remarks : tuple of str
        What the user should know about the recipe, such as which phase a formula meant.
    files : tuple of str
        Names of the files, written or, in a dry run, to be written.
    folder : pathlib.Path or None
        Where the files are; None after a dry run.
    estimate : Estimate or None
        The size that was expected, where the architecture tells it.
    final : Heterostructure or None
        The model at the end of a hop, where the recipe asks for one.
    """

    recipe: Recipe
    slabs: Mapping[str, Slab]
    built: Heterostructure
    report: Report
    provenance: Provenance
    remarks: tuple[str, ...]
    files: tuple[str, ...]
    folder: Path | None = None
    estimate: Estimate | None = None
    final: Heterostructure | None = None


def run_recipe(
    recipe: Recipe,
    folder: str | Path,
    *,
    force: bool = False,
    allow_failed_checks: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Build what a recipe describes, check it, and write its files.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    folder : str or pathlib.Path
        Folder for the files; made where it does not exist.
    force : bool, optional
        Whether files of the same names may be replaced.
    allow_failed_checks : bool, optional
        Whether to write the files although a check found an error; the report says so.
    progress : callable, optional
        Called with the name of each step.

    Returns
    -------
    RunResult
        The model, its report and the names of its files.

    Raises
    ------
    HeterobuildError
        Any error of the parts; with the place in the recipe where one key is to blame.
    ChecksFailedError
        If a check found an error and `allow_failed_checks` is not set; nothing is written.
    OutputError
        If the folder cannot be written or files would be replaced; nothing is written.
    """
    from heterobuild.exporters import check_writable, write

    folder = Path(folder)
    copies = copies_to_write(recipe, folder)
    check_writable(folder, (*_result_names(recipe), *copies), force=force)
    result = dry_run(recipe, progress=progress)
    if not result.report.passed and not allow_failed_checks:
        raise checks_failed(result.report)
    say(progress, "writing the files")
    inputs = read_inputs(recipe)
    with located(recipe.document, ("export",)):
        write(
            result.built,
            folder,
            recipe.export.formats,
            provenance=result.provenance,
            recipe_text=as_yaml(result.provenance.recipe),
            report=result.report,
            species_order=recipe.export.species_order,
            freeze_layers=recipe.export.freeze_layers,
            lammps_style=recipe.export.lammps_style,
            copies=final_files(recipe, result.final),
            force=force,
        )
    write_copies({name: inputs[name] for name in copies}, folder, force=force)
    return replace(result, folder=folder)


def dry_run(recipe: Recipe, *, progress: Progress | None = None) -> RunResult:
    """Build and check what a recipe describes, and write nothing.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    progress : callable, optional
        Called with the name of each step.

    Returns
    -------
    RunResult
        The model, its report and the names that its files would have.

    Raises
    ------
    HeterobuildError
        Any error of the parts; with the place in the recipe where one key is to blame.
    """
    return build_plan(plan_recipe(recipe, progress=progress), progress=progress)


def build_plan(plan: Plan, *, progress: Progress | None = None) -> RunResult:
    """Build and check what was planned, and write nothing.

    Parameters
    ----------
    plan : Plan
        The recipe with its parts.
    progress : callable, optional
        Called with the name of each step.

    Returns
    -------
    RunResult
        The model, its report and the names that its files would have.

    Raises
    ------
    UsageError
        If the model would not fit in memory.
    HeterobuildError
        Any error of the architecture; with the place in the recipe where one key is to blame.
    """
    from heterobuild.validation import check

    recipe, crystals = plan.recipe, plan.crystals
    with own_molecules(recipe), noted(plan.remarks):
        require_room(plan)
        say(progress, "building the model")
        built, final = with_point_defects(recipe, built_parts(plan))
        say(progress, "checking")
        known = {crystal.name: crystal for crystal in crystals.values()}
        report = check(built, crystals=known)
        if final is not None:
            report = both_ends(report, check(final, crystals=known))
        provenance = make_provenance(
            recipe_as_dict(with_copies(recipe)),
            seed=recipe.seed,
            data_files=data_files(crystals, read_inputs(recipe), input_parts(recipe)),
            steps=built.steps,
        )
    return RunResult(
        recipe=recipe,
        slabs=plan.slabs,
        built=built,
        report=report,
        provenance=provenance,
        remarks=plan.remarks,
        files=file_names(recipe),
        estimate=plan.estimate,
        final=final,
    )


def file_names(recipe: Recipe) -> tuple[str, ...]:
    """Return the names of all files that a recipe gives.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Returns
    -------
    tuple of str
        Structure files, record, recipe, and copies of the user's own files.

    Raises
    ------
    UnknownNameError
        If a format is unknown.
    RecipeError
        If the names of structure files do not fit.
    """
    return (*_result_names(recipe), *input_files(recipe))


def _result_names(recipe: Recipe) -> tuple[str, ...]:
    """Return the names of the files that the exporters write."""
    from heterobuild import exporters

    names = exporters.file_names(first_name(recipe), recipe.export.formats)
    return (*names, *final_names(recipe))
