"""Repeat crystals: copies of the cell, the most cubic choice, molecules oriented afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from heterobuild.crystals.turned_cations import turn_cations
from heterobuild.errors import UsageError
from heterobuild.labels import repeat as repeat_atoms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray
    from heterobuild.model import Crystal, Step

Repeat: TypeAlias = tuple[int, int, int]

LONGEST = 3.0
"""Ratio of the longest edge of a supercell to its shortest, beyond which a larger one is taken:
an ion must not meet its own image much sooner along one axis."""


def repeat_crystal(crystal: Crystal, repeat: Repeat) -> Crystal:
    """Repeat the conventional cell of a crystal.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    repeat : tuple of int
        Copies along its axes.

    Returns
    -------
    Crystal
        The same crystal in the larger cell, in P1.

    Raises
    ------
    MissingAtomsError
        If only the cell of the crystal is known.
    UsageError
        If a number of the repeat is below 1.
    """
    if min(repeat) < 1:
        raise UsageError(
            "a supercell has at least one cell along each axis",
            where="repeat",
            measured=repeat,
            next_step="use (2, 2, 2)",
        )
    cell = np.diag(repeat) @ crystal.cell
    steps = np.stack(np.meshgrid(*map(np.arange, repeat), indexing="ij"), axis=-1).reshape(-1, 3)
    axes = crystal.pseudocubic
    return replace(
        crystal,
        name=f"{crystal.name}_{repeat_label(repeat)}",
        cell=cell,
        atoms=repeat_atoms(crystal.require_atoms(), steps @ crystal.cell, cell),
        space_group="P1",
        space_group_number=1,
        pseudocubic=None if axes is None else axes / np.array(repeat, dtype=np.float64),
        z=crystal.z * int(np.prod(repeat)),
    )


def finished_supercell(
    crystal: Crystal, added: Sequence[str], step: Step, *, cations: str, seed: int
) -> Crystal:
    """Orient the molecules of a supercell whose ions were drawn, and tell the counts.

    Parameters
    ----------
    crystal : Crystal
        The supercell.
    added : sequence of str
        Molecules that were put into it.
    step : Step
        What was drawn; it becomes a notice.
    cations : str
        Rule that orients molecular cations.
    seed : int
        Its seed.

    Returns
    -------
    Crystal
        The supercell.

    Raises
    ------
    UnknownNameError
        If the rule is not known.
    """
    placed = tuple(dict.fromkeys((*crystal.placed, *added)))
    notices = (*crystal.notices, f"{crystal.name}: {step.choice}")
    return turn_cations(replace(crystal, placed=placed, notices=notices), cations, seed=seed)


def most_cubic(cell: FloatArray, cells: int) -> Repeat | None:
    """Return the repeat with a number of cells whose edges differ least.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    cells : int
        Number of cells.

    Returns
    -------
    tuple of int or None
        Copies along the axes; None where one edge is more than `LONGEST` times another, and
        longer in proportion than in the cell itself.

    Examples
    --------
    >>> most_cubic(6.0 * np.eye(3), 8), most_cubic(6.0 * np.eye(3), 7)
    ((2, 2, 2), None)
    """
    edges = np.linalg.norm(cell, axis=1)
    divisors = [n for n in range(1, cells + 1) if cells % n == 0]
    choices = [(a, b, cells // (a * b)) for a in divisors for b in divisors if cells % (a * b) == 0]

    def ratio(choice: Repeat) -> tuple[float, Repeat]:
        lengths = edges * choice
        return round(float(lengths.max() / lengths.min()), 6), choice

    best = min(choices, key=ratio)
    own = float(edges.max() / edges.min())
    return best if ratio(best)[0] <= max(LONGEST, own) else None


def compact_repeats(cell: FloatArray, cells: int, ratio: float) -> list[Repeat]:
    """Return the compact supercells with at most a number of cells, small ones first.

    Parameters
    ----------
    cell : (3, 3) float array
        Cell in Å.
    cells : int
        Most cells.
    ratio : float
        Largest ratio of the longest edge to the shortest; where that of the cell itself is larger,
        that one.

    Returns
    -------
    list of tuple of int
        Copies along the axes, by number of cells, then the most cubic first.

    Examples
    --------
    >>> compact_repeats(6.0 * np.eye(3), 4, 2.0)
    [(1, 1, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 2, 2), (2, 1, 2), (2, 2, 1)]
    """
    edges = np.linalg.norm(cell, axis=1)
    limit = max(ratio, float(edges.max() / edges.min())) + 1e-6
    found = []
    for a in range(1, cells + 1):
        for b in range(1, cells // a + 1):
            for c in range(1, cells // (a * b) + 1):
                lengths = edges * (a, b, c)
                own = round(float(lengths.max() / lengths.min()), 6)
                if own <= limit:
                    found.append((a * b * c, own, (a, b, c)))
    return [repeat for _, _, repeat in sorted(found)]


def pseudocubic_axes(crystal: Crystal) -> FloatArray:
    """Return the lattice along which ordered patterns are counted.

    Parameters
    ----------
    crystal : Crystal
        Any crystal.

    Returns
    -------
    (3, 3) float array
        Pseudo-cubic axes in Å, rows; those of the cell where there are none.
    """
    axes: FloatArray = (
        crystal.cell if crystal.pseudocubic is None else crystal.pseudocubic @ crystal.cell
    )
    return axes


def repeat_label(repeat: Repeat) -> str:
    """Write a repeat as people do.

    Parameters
    ----------
    repeat : tuple of int
        Copies along the axes.

    Returns
    -------
    str
        Such as ``2x2x5``.
    """
    return "x".join(map(str, repeat))
