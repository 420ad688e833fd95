"""What a recipe needs before anything is built: crystals, slabs, and how large it becomes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from heterobuild.errors import HeterobuildError, UsageError
from heterobuild.memory import require_memory
from heterobuild.recipes.inputs import crystal_location, located_build
from heterobuild.recipes.kinds import further_parts
from heterobuild.recipes.own_molecules import own_molecules
from heterobuild.recipes.places import located, problem
from heterobuild.recipes.records import SlabOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from heterobuild.model import Crystal, Estimate, Heterostructure, Slab
    from heterobuild.recipes.records import PartOptions, Recipe

    Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A recipe with everything that it is built from.

    Parameters
    ----------
    recipe : Recipe
        The recipe, complete: the crystals by their full names.
    crystals : mapping of str to Crystal
        The crystals of the parts.
    slabs : mapping of str to Slab
        The parts that are cut, by name.
    remarks : tuple of str
        What the user should know about the recipe, such as which phase a formula meant.
    estimate : Estimate or None
        Atoms and memory of the model, where the architecture tells them.
    """

    recipe: Recipe
    crystals: Mapping[str, Crystal]
    slabs: Mapping[str, Slab]
    remarks: tuple[str, ...]
    estimate: Estimate | None


def plan_recipe(recipe: Recipe, *, progress: Progress | None = None) -> Plan:
    """Load the crystals of a recipe, cut its slabs, and estimate its size.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    progress : callable, optional
        Called with the name of each step.

    Returns
    -------
    Plan
        What `build_plan` builds.

    Raises
    ------
    HeterobuildError
        Any error of the parts; with the place in the recipe where one key is to blame.
    """
    if recipe.study is not None:
        raise problem(
            recipe.document,
            ("enumerate",),
            "this recipe is a study of several models",
            next_step="run it as one: heterobuild run, or run_study in Python",
        )
    with own_molecules(recipe):
        say(progress, "loading the crystals")
        recipe, crystals, remarks = _load(recipe)
        with noted(remarks):
            cut = {
                name: part for name, part in recipe.parts.items() if isinstance(part, SlabOptions)
            }
            if cut:
                say(progress, "cutting the slabs")
            slabs = {
                name: cut_part(recipe, name, part, crystals[name]) for name, part in cut.items()
            }
            plan = Plan(
                recipe=recipe, crystals=crystals, slabs=slabs, remarks=remarks, estimate=None
            )
            return replace(plan, estimate=_estimate(plan))


def require_room(plan: Plan) -> None:
    """Refuse a model that does not fit in memory, before it is built.

    Parameters
    ----------
    plan : Plan
        The recipe with its parts; where its architecture tells no size, nothing is refused.

    Raises
    ------
    RecipeError
        If more memory is needed than is free; the message says what fits.
    """
    if plan.estimate is None:
        return
    try:
        require_memory(plan.estimate)
    except UsageError as error:
        raise problem(
            plan.recipe.document,
            ("build",),
            error.what,
            measured=error.measured,
            allowed=error.allowed,
            next_step=error.next_step,
        ) from None


def built_parts(plan: Plan) -> Heterostructure:
    """Let the architecture of a recipe join its parts.

    Parameters
    ----------
    plan : Plan
        The recipe with its parts.

    Returns
    -------
    Heterostructure
        The model.

    Raises
    ------
    HeterobuildError
        Any error of the architecture; with the place in the recipe.
    """
    recipe, parts = plan.recipe, _parts(plan)
    free = further_parts(recipe.kind) is not None
    names = {"names": tuple(parts)} if free else {}
    with located(recipe.document, ("build",)):
        built: Heterostructure = located_build(recipe).build(
            *parts.values(), name=recipe.name, seed=recipe.seed, **names
        )
    return built


def _parts(plan: Plan) -> dict[str, Slab | Crystal]:
    """Return what the architecture takes, in its order: slabs, or crystals as they are."""
    return {name: plan.slabs.get(name, plan.crystals[name]) for name in plan.recipe.parts}


def _estimate(plan: Plan) -> Estimate | None:
    """Ask the architecture how large the model becomes, where it can tell."""
    architecture = located_build(plan.recipe)
    if not hasattr(architecture, "estimate"):
        return None
    with located(plan.recipe.document, ("build",)):
        estimate: Estimate = architecture.estimate(*_parts(plan).values())
    return estimate


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
        cations = _cations(recipe, options)
        with located(recipe.document, ("parts", name, "crystal")):
            location = crystal_location(options.crystal, recipe.document.folder)
            crystal = load_crystal(location, cations=cations, seed=recipe.seed)
            if isinstance(location, str) and crystal.name != location:
                said = crystal.notices
                crystal = load_crystal(crystal.name, cations=cations, seed=recipe.seed)
                remarks |= dict.fromkeys(note for note in said if note not in crystal.notices)
                parts[name] = replace(options, crystal=crystal.name)
        part = parts[name]
        if isinstance(part, SlabOptions):
            with located(recipe.document, ("parts", name, "miller")):
                parts[name] = replace(part, miller=face_indices(crystal, part.miller))
        crystals[name] = crystal
    return replace(recipe, parts=parts), crystals, tuple(remarks)


def _cations(recipe: Recipe, options: PartOptions) -> str:
    """Return the rule that orients molecular cations: that of the part, else of the whole."""
    if isinstance(options, SlabOptions):
        return options.cations
    return str(getattr(recipe.build, "cations", SlabOptions.cations))


def cut_part(recipe: Recipe, name: str, options: SlabOptions, crystal: Crystal) -> Slab:
    """Cut the slab of one part.

    Parameters
    ----------
    recipe : Recipe
        The recipe.
    name : str
        Name of the part.
    options : SlabOptions
        How it is cut.
    crystal : Crystal
        Its crystal.

    Returns
    -------
    Slab
        The slab.

    Raises
    ------
    HeterobuildError
        Any error of the cut; with the place in the recipe.
    """
    from heterobuild.slabs import cut_slab
    from heterobuild.slabs.caps import cap_slab
    from heterobuild.slabs.lamellae import fill_slab

    with located(recipe.document, ("parts", name)):
        slab = cut_slab(
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
        slab = fill_slab(slab, options.inside, expansion=options.expansion)
        return cap_slab(
            slab,
            top=options.cap_top,
            bottom=options.cap_bottom,
            coverage=options.cap_coverage,
        )


@contextmanager
def noted(remarks: Iterable[str]) -> Iterator[None]:
    """Let errors also tell what the names of the crystals meant.

    Parameters
    ----------
    remarks : iterable of str
        What is told.

    Yields
    ------
    None
        Errors inside the block get the remarks as notes.
    """
    try:
        yield
    except HeterobuildError as error:
        for remark in remarks:
            error.add_note(remark)
        raise


def say(progress: Progress | None, step: str) -> None:
    """Report a step, where somebody listens.

    Parameters
    ----------
    progress : callable or None
        Who listens.
    step : str
        Name of the step.
    """
    if progress is not None:
        progress(step)
