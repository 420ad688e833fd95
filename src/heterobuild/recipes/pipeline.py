"""The way from a recipe to files: load the crystals, cut the slabs, build, check, write."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from heterobuild.errors import HeterobuildError, OutputError
from heterobuild.provenance import make_provenance
from heterobuild.recipes.inputs import (
    copies_to_write,
    crystal_location,
    input_files,
    input_parts,
    read_inputs,
    with_copies,
    write_copies,
)
from heterobuild.recipes.own_molecules import own_molecules
from heterobuild.recipes.places import checks_failed, locate
from heterobuild.recipes.sources import data_files
from heterobuild.recipes.writing import as_yaml, recipe_as_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from heterobuild.model import Crystal, Heterostructure, Report, Slab
    from heterobuild.provenance import Provenance
    from heterobuild.recipes.nodes import Keys
    from heterobuild.recipes.records import Recipe

    Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class RunResult:
    """What a recipe gave.

    Parameters
    ----------
    recipe : Recipe
        The recipe, complete: the crystals by their full names.
    slabs : mapping of str to Slab
        The parts, by name.
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
    """

    recipe: Recipe
    slabs: Mapping[str, Slab]
    built: Heterostructure
    report: Report
    provenance: Provenance
    remarks: tuple[str, ...]
    files: tuple[str, ...]
    folder: Path | None = None


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
    _say(progress, "writing the files")
    inputs = read_inputs(recipe)
    with _at(recipe, ("export",)):
        write(
            result.built,
            folder,
            recipe.export.formats,
            provenance=result.provenance,
            recipe_text=as_yaml(result.provenance.recipe),
            report=result.report,
            species_order=recipe.export.species_order,
            freeze_layers=recipe.export.freeze_layers,
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
    with own_molecules(recipe):
        return _dry_run(recipe, progress)


def _dry_run(recipe: Recipe, progress: Progress | None) -> RunResult:
    """Build and check, with the user's own molecules known."""
    _say(progress, "loading the crystals")
    recipe, crystals, remarks = _load(recipe)
    try:
        return _built(recipe, crystals, remarks, progress)
    except HeterobuildError as error:
        for remark in remarks:
            error.add_note(remark)
        raise


def _built(
    recipe: Recipe,
    crystals: dict[str, Crystal],
    remarks: tuple[str, ...],
    progress: Progress | None,
) -> RunResult:
    """Cut, build and check; an error also tells what the names of the crystals meant."""
    from heterobuild.validation import check

    _say(progress, "cutting the slabs")
    slabs = {name: _cut(recipe, name, crystal) for name, crystal in crystals.items()}
    _say(progress, "building the interface")
    with _at(recipe, ("build",)):
        built = recipe.build.build(**slabs, name=recipe.name, seed=recipe.seed)
    _say(progress, "checking")
    report = check(built, crystals={crystal.name: crystal for crystal in crystals.values()})
    provenance = make_provenance(
        recipe_as_dict(with_copies(recipe)),
        seed=recipe.seed,
        data_files=data_files(crystals, read_inputs(recipe), input_parts(recipe)),
        steps=built.steps,
    )
    return RunResult(
        recipe=recipe,
        slabs=slabs,
        built=built,
        report=report,
        provenance=provenance,
        remarks=remarks,
        files=file_names(recipe),
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
        Structure files, record, recipe, and copies of the user's own structure files.

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

    return exporters.file_names(recipe.name, recipe.export.formats)


def _load(recipe: Recipe) -> tuple[Recipe, dict[str, Crystal], tuple[str, ...]]:
    """Load the crystals, name those of the library by their full names, and fix the faces.

    A short name is loaded a second time by its full one, so that the recipe as written and
    the complete one give the same result; what the library says about the choice is a remark.
    """
    from heterobuild.compounds import load_crystal
    from heterobuild.slabs import face_indices

    parts, crystals = dict(recipe.parts), {}
    remarks: dict[str, None] = {}
    for name, options in recipe.parts.items():
        with _at(recipe, ("parts", name, "crystal")):
            location = crystal_location(options.crystal, recipe.document.folder)
            crystal = load_crystal(location, cations=options.cations, seed=recipe.seed)
            if isinstance(location, str) and crystal.name != location:
                said = crystal.notices
                crystal = load_crystal(crystal.name, cations=options.cations, seed=recipe.seed)
                remarks |= dict.fromkeys(note for note in said if note not in crystal.notices)
                parts[name] = replace(options, crystal=crystal.name)
        with _at(recipe, ("parts", name, "miller")):
            parts[name] = replace(parts[name], miller=face_indices(crystal, options.miller))
        crystals[name] = crystal
    return replace(recipe, parts=parts), crystals, tuple(remarks)


def _cut(recipe: Recipe, name: str, crystal: Crystal) -> Slab:
    """Cut the slab of one part."""
    from heterobuild.slabs import cut_slab

    options = recipe.parts[name]
    with _at(recipe, ("parts", name)):
        return cut_slab(
            crystal,
            options.miller,
            layers=options.layers,
            thickness=options.thickness,
            bottom=options.bottom,
            top=options.top,
            symmetric=options.symmetric,
            cations=options.cations,
            mixing=options.mixing,
            seed=recipe.seed,
        )


@contextmanager
def _at(recipe: Recipe, keys: Keys) -> Iterator[None]:
    """Give errors of other modules their place in the recipe."""
    try:
        yield
    except OutputError:
        raise
    except HeterobuildError as error:
        locate(error, recipe.document, keys)
        raise


def _say(progress: Progress | None, step: str) -> None:
    """Report a step, where somebody listens."""
    if progress is not None:
        progress(step)
