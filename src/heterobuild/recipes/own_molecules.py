"""The user's own molecules, known while their recipe runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from heterobuild.chemistry.molecules import extra_molecules
from heterobuild.errors import HeterobuildError
from heterobuild.labels import Site
from heterobuild.recipes.inputs import molecule_path
from heterobuild.recipes.places import locate, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.model import Molecule
    from heterobuild.recipes.records import Recipe

CATIONS = ("spacer", "A")
"""Roles that only a cation can have."""


@contextmanager
def own_molecules(recipe: Recipe) -> Iterator[None]:
    """Add the molecules of a recipe to the library while the block runs.

    Parameters
    ----------
    recipe : Recipe
        The recipe.

    Yields
    ------
    None
        Formulas know the molecules inside the block.

    Raises
    ------
    RecipeError
        If a molecule has no or two origins, or a spacer is no cation; with the place.
    HeterobuildError
        If a SMILES or a file cannot be used, or a name is taken; with the place.
    """
    made = []
    for name in recipe.molecules:
        try:
            molecule = _molecule(recipe, name)
        except HeterobuildError as error:
            locate(error, recipe.document, ("molecules", name))
            raise
        made.append((molecule, Site[_role(recipe, name).upper()]))
    try:
        with extra_molecules(made):
            yield
    except HeterobuildError as error:
        if "of a molecule cannot be used" in str(error):
            locate(error, recipe.document, ("molecules",))
        raise


def _role(recipe: Recipe, name: str) -> str:
    """Return the role of a molecule: as given, else by whether the build names it a ligand."""
    ligands = getattr(recipe.build, "ligands", ())
    return recipe.molecules[name].site or ("ligand" if name in ligands else "spacer")


def _molecule(recipe: Recipe, name: str) -> Molecule:
    """Make one molecule."""
    options = recipe.molecules[name]
    keys = ("molecules", name)
    if (options.smiles is None) == (options.file is None):
        raise problem(
            recipe.document,
            keys,
            f"the molecule {name} needs a SMILES or a file, and not both",
            next_step="write smiles: CCCCCC[NH3+], or file: and charge:",
        )
    if options.smiles is not None:
        from heterobuild.chemistry.smiles import molecule_from_smiles

        molecule = molecule_from_smiles(name, options.smiles)
    else:
        molecule = _from_file(recipe, name)
    if options.charge is not None and options.charge != molecule.charge:
        raise problem(
            recipe.document,
            (*keys, "charge"),
            f"the molecule {name} has another charge",
            measured=f"{molecule.charge:+g} e by its SMILES",
            next_step="correct one of the two",
        )
    role = _role(recipe, name)
    if role in CATIONS and molecule.charge <= 0:
        raise problem(
            recipe.document,
            keys,
            f"{name} is no cation, so it cannot stand on an {role} site",
            measured=f"{molecule.charge:+g} e",
            next_step="write the charged form, such as [NH3+], or give it another site",
        )
    return molecule


def _from_file(recipe: Recipe, name: str) -> Molecule:
    """Read one molecule from its file."""
    from heterobuild.chemistry.molecule_files import molecule_from_file

    options = recipe.molecules[name]
    if options.charge is None:
        raise problem(
            recipe.document,
            ("molecules", name),
            f"the charge of the molecule {name} is missing",
            next_step="write charge: 1",
        )
    return molecule_from_file(name, molecule_path(recipe, name), options.charge)
