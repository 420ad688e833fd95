"""Give a stack of parts its vacuum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.model import Step

if TYPE_CHECKING:
    from ase import Atoms


def add_vacuum(atoms: Atoms, vacuum: float) -> tuple[Atoms, Step]:
    """Centre the atoms along the normal between two halves of the vacuum.

    Parameters
    ----------
    atoms : ase.Atoms
        The stack; left unchanged.
    vacuum : float
        Distance in Å from the highest atom to the periodic image of the lowest one.

    Returns
    -------
    atoms : ase.Atoms
        The stack in its cell; not periodic along the normal.
    step : Step
        What was done.
    """
    lowest, highest = (float(edge(atoms.positions[:, 2])) for edge in (np.min, np.max))
    slab = atoms.copy()
    slab.positions[:, 2] += vacuum / 2 - lowest
    cell = np.array(atoms.cell)
    cell[2] = [0.0, 0.0, highest - lowest + vacuum]
    slab.set_cell(cell)
    slab.pbc = (True, True, False)
    return slab, Step(
        name="vacuum",
        choice="half below and half above the atoms",
        values={"vacuum_A": vacuum, "thickness_A": round(highest - lowest, 6)},
    )


def judge_vacuum(vacuum: float) -> None:
    """Refuse a vacuum that no model can have.

    Parameters
    ----------
    vacuum : float
        Empty distance in Å.

    Raises
    ------
    UsageError
        If it is not more than 0 and at most 1000 Å.
    """
    if not 0 < vacuum <= 1000:
        raise UsageError(
            "vacuum is out of range",
            where="vacuum",
            measured=vacuum,
            allowed="more than 0 and at most 1000 Å",
            next_step="use 15",
        )
