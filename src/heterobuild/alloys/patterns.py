"""How ions are distributed over the sites that they share: at random or in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.alloys.ordered import ordered
from heterobuild.errors import UnknownNameError, UsageError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray

RULES = ("random", "sqs", "rock-salt", "planes", "rows")
"""Names of the rules; planes and rows take a direction, such as ``planes 001``."""

ORDERED = ("rock-salt", "planes", "rows")
"""Rules whose pattern fits into some cells only."""

_RULE = re.compile(r"(\S+?)(?:\s+\[?\s*(-?\d)[\s,]*(-?\d)[\s,]*(-?\d)\s*\]?)?")


def parse_rule(rule: str) -> tuple[str, tuple[int, int, int]]:
    """Read a rule of distribution.

    Parameters
    ----------
    rule : str
        A name of `RULES`, with three indices after planes and rows.

    Returns
    -------
    name : str
        Its name.
    indices : tuple of int
        Indices in the lattice; (0, 0, 1) where none are given.

    Raises
    ------
    UnknownNameError
        If there is no such rule.
    UsageError
        If the indices do not fit the rule.

    Examples
    --------
    >>> parse_rule("planes 110"), parse_rule("random")
    (('planes', (1, 1, 0)), ('random', (0, 0, 1)))
    """
    match = _RULE.fullmatch(rule.strip())
    name = match[1] if match else rule
    if name not in RULES or match is None:
        raise UnknownNameError(
            f"unknown rule {rule!r} for the distribution of ions", next_step=suggest(name, RULES)
        )
    given = match[2] is not None
    indices = (int(match[2]), int(match[3]), int(match[4])) if given else (0, 0, 1)
    axis = sorted(map(abs, indices)) == [0, 0, 1]
    if (
        (given and name not in ("planes", "rows"))
        or not any(indices)
        or (name == "rows" and not axis)
    ):
        raise UsageError(
            f"the indices of the rule {rule!r} do not fit it",
            allowed="planes with a direction such as 110; rows along an axis such as 100",
            next_step="use planes 001",
        )
    return name, indices


def spread(
    rule: str,
    counts: IntArray,
    centres: FloatArray,
    atoms: Atoms,
    *,
    lattice: FloatArray | None,
    rng: np.random.Generator,
) -> IntArray:
    """Return the ion of each site.

    Parameters
    ----------
    rule : str
        See `parse_rule`.
    counts : (k,) int array
        Number of sites of each ion.
    centres : (m, 3) float array
        Where the sites are, in Å.
    atoms : ase.Atoms
        Gives cell and periodic directions.
    lattice : (3, 3) float array or None
        Lattice of the ordered rules in Å, rows; None takes the cell of the atoms.
    rng : numpy.random.Generator
        Generator.

    Returns
    -------
    (m,) int array
        Ion 0 … k − 1 of each site; every ion has its number of sites.

    Raises
    ------
    UsageError
        If the pattern does not fit into the cell.
    """
    name, indices = parse_rule(rule)
    if name == "random":
        return rng.permutation(np.repeat(np.arange(len(counts)), counts))
    if name == "sqs":
        from heterobuild.alloys.quasirandom import quasirandom

        return quasirandom(counts, centres, atoms, rng)
    axes = np.asarray(atoms.cell if lattice is None else lattice, dtype=np.float64)
    return ordered(name, indices, counts, centres, atoms=atoms, axes=axes)
