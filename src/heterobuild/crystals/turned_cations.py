"""A crystal with its placed molecules turned by a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.crystals.cations import orient_cations, pseudocubic_directions
from heterobuild.seeds import generator

if TYPE_CHECKING:
    from heterobuild.model import Crystal


def turn_cations(crystal: Crystal, rule: str = "aligned", *, seed: int = 0) -> Crystal:
    """Copy a crystal and turn the molecules whose orientation is a modelling choice.

    Parameters
    ----------
    crystal : Crystal
        The crystal; left unchanged.
    rule : {"aligned", "dipole-cancelled", "random"}, optional
        See `heterobuild.crystals.cations.orient_cations`.
    seed : int, optional
        Seed of the random rule; the stream of random numbers belongs to the crystal's name.

    Returns
    -------
    Crystal
        The same crystal with arrays of its own.

    Raises
    ------
    UnknownNameError
        If there is no such rule.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> crystal = load_phase("MAPbCl3")
    >>> turned = turn_cations(crystal, "random", seed=4)
    >>> turned.atoms is crystal.atoms, len(turned.atoms) == len(crystal.atoms)
    (False, True)
    """
    atoms = None if crystal.atoms is None else crystal.atoms.copy()
    if atoms is not None and crystal.placed:
        atoms, _ = orient_cations(
            atoms,
            crystal.molecules,
            placed=crystal.placed,
            rule=rule,
            axes=pseudocubic_directions(crystal.cell, crystal.pseudocubic),
            rng=generator(seed, f"cations of {crystal.name}"),
        )
    return replace(
        crystal,
        atoms=atoms,
        cell=crystal.cell.copy(),
        pseudocubic=None if crystal.pseudocubic is None else crystal.pseudocubic.copy(),
    )
