"""Supercells of any crystal, mixed sites filled with whole ions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.alloys.repeats import repeat_crystal
from heterobuild.crystals.turned_cations import turn_cations

if TYPE_CHECKING:
    from heterobuild.model import Crystal


def supercell(
    crystal: Crystal,
    repeat: tuple[int, int, int] | None = None,
    *,
    rule: str = "random",
    cations: str = "aligned",
    seed: int = 0,
) -> Crystal:
    """Repeat the conventional cell of a crystal.

    Parameters
    ----------
    crystal : Crystal
        The crystal; left unchanged.
    repeat : tuple of int, optional
        Copies along the three axes. By default one, and for a mixed crystal the fewest in which
        its shares are whole numbers, see `heterobuild.alloys.supercells.smallest_repeat`.
    rule : str, optional
        How ions are spread over mixed sites: ``random``, ``sqs``, ``rock-salt``, ``planes 001``,
        ``rows 100``, see `heterobuild.alloys.decoration.decorate`.
    cations : {"aligned", "dipole-cancelled", "random"}, optional
        How molecules of free orientation are turned in the supercell.
    seed : int, optional
        Seed of what is random.

    Returns
    -------
    Crystal
        The supercell; one ion stands on each site.

    Raises
    ------
    UsageError
        If the supercell is too small for the shares.
    MissingAtomsError
        If only the cell is known.

    Examples
    --------
    >>> from heterobuild.compounds.loading import load_crystal
    >>> cell = supercell(load_crystal("CsPb(Br0.5I0.5)3:cubic"), (2, 1, 1))
    >>> cell.atoms.get_chemical_formula()
    'Br3Cs2I3Pb2'
    """
    if crystal.mixtures:
        from heterobuild.alloys.supercells import alloy_supercell

        return alloy_supercell(crystal, repeat, rule=rule, cations=cations, seed=seed)
    copies = repeat or (1, 1, 1)
    if copies == (1, 1, 1):
        crystal.require_atoms()
        return crystal
    larger = repeat_crystal(crystal, copies)
    named = replace(
        larger,
        space_group=crystal.space_group,
        space_group_number=crystal.space_group_number,
    )
    return turn_cations(named, cations, seed=seed)
