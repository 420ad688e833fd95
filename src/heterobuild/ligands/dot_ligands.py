"""The ligands of dots inside a matrix, which stand where its spacers or A cations stood."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.errors import UsageError
from heterobuild.labels import KIND, MOLECULE, REGION, SITE, Site, rigid_units
from heterobuild.ligands.exchanging import exchange_molecules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.model import Heterostructure

REACH = 8.0
"""Å from a dot within which ligands stand where nothing else is asked for: its first cages."""


def judge_reach_used(reach: float, ligands: Mapping[str, float]) -> None:
    """Refuse a reach of ligands where there are none.

    Parameters
    ----------
    reach : float
        Distance in Å from another region; `REACH` where it was not given.
    ligands : mapping of str to float
        The ligands.

    Raises
    ------
    UsageError
        If a reach was given that counts for nothing.
    """
    if reach != REACH and not ligands:
        raise UsageError(
            "ligand_reach means nothing without ligands",
            where="ligand_reach",
            measured=f"{reach:g} Å",
            next_step="leave ligand_reach out, or name ligands",
        )


def ligands_at_walls(
    built: Heterostructure, ligands: Mapping[str, float], *, reach: float, seed: int
) -> Heterostructure:
    """Put ligands around dots, in place of spacers of the matrix, or else of its A cations.

    Of A cations only those at the surface of the matrix count: its own B cations leave a side of
    them open. Spacers and cations of the dots stay.

    Parameters
    ----------
    built : Heterostructure
        Dots in their matrix; left unchanged.
    ligands : mapping of str to float
        Ligands, and the share of the places that each takes; none leaves the model as it is.
    reach : float
        Distance in Å from another region up to which places count.
    seed : int
        Seed of the choice.

    Returns
    -------
    Heterostructure
        The model with its ligands, the exchange in its ledger and a step.

    Raises
    ------
    UsageError
        If the model holds nothing that a ligand could replace, or charges differ.
    NothingFitsError
        If the ligands do not find room; with the fraction that does.
    """
    if not ligands:
        return built
    matrix = max(region.code for region in built.regions)
    among = _replaceable(built, matrix)
    try:
        found = exchange_molecules(
            built, ligands, among=among, within=reach, region=matrix, seed=seed, where="dots"
        )
    except UsageError as error:
        error.where = {"": "ligands", "within": "ligand_reach"}.get(error.where, error.where)
        raise
    if found is built:
        raise UsageError(
            f"the ligands round to none of the {among} around the dots",
            where="ligands",
            measured=", ".join(f"{name} {share:g}" for name, share in ligands.items()),
            next_step="give larger shares, or a larger ligand_reach",
        )
    return found


def _replaceable(built: Heterostructure, matrix: int) -> str:
    """Return the most frequent spacer of the matrix, else its most frequent A cation."""
    atoms = built.atoms
    names = ["", *(molecule.name for molecule in built.molecules)]
    _, first = rigid_units(atoms.arrays[MOLECULE])
    first = first[atoms.arrays[REGION][first] == matrix]
    for site in (Site.SPACER, Site.A):
        rows = first[atoms.arrays[SITE][first] == site]
        kinds = atoms.arrays[KIND][rows]
        found = Counter(
            names[kind] or str(chemical_symbols[number])
            for kind, number in zip(kinds.tolist(), atoms.numbers[rows].tolist(), strict=True)
        )
        if found:
            return min(found, key=lambda name: (-found[name], name))
    raise UsageError(
        "the matrix has neither spacers nor A cations that ligands could replace",
        where="ligands",
        measured=f"{np.unique(atoms.arrays[SITE]).tolist()} as codes of sites",
        next_step="leave the ligands out",
    )
