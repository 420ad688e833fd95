"""Positions of a CIF file that several ions share, and disorder that cannot be built."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.formulas import unit_formula
from heterobuild.chemistry.ions import charge_table, site_table
from heterobuild.errors import StructureFileError
from heterobuild.labels import Site
from heterobuild.model import Mixture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

FULL = 0.999
"""Occupancies above this are full: refinements round to three digits."""

SAME_PLACE = 1e-3
"""Fractions of the cell within which two rows are one position."""

SUM = 0.01
"""By how much the occupancies of one position may miss one, for rounding."""

_NAMED = 5


def mixed_sites(
    names: Sequence[str],
    numbers: IntArray,
    sites: FloatArray,
    occupancies: FloatArray,
    *,
    file: str,
) -> tuple[BoolArray, tuple[Mixture, ...]]:
    """Read positions that several ions of one charge share; refuse any other disorder.

    Parameters
    ----------
    names : sequence of str
        Label of each row.
    numbers : (n,) int array
        Atomic numbers.
    sites : (n, 3) float array
        Fractional coordinates.
    occupancies : (n,) float array
        Occupancies; nan counts as full.
    file : str
        Name of the file, for messages.

    Returns
    -------
    (n,) bool array
        Rows to keep: of a shared position the one with the largest share.
    tuple of Mixture
        The shares; empty for an ordered structure.

    Raises
    ------
    StructureFileError
        If a position is partly empty, shared by ions of different charge or by parts of
        molecules, or if positions with one parent have different shares.

    Examples
    --------
    >>> keep, mixtures = mixed_sites(
    ...     ["Pb1", "Br1", "I1"],
    ...     np.array([82, 35, 53]),
    ...     np.array([[0, 0, 0], [0.5, 0, 0], [0.5, 0, 0]]),
    ...     np.array([1.0, 0.4, 0.6]),
    ...     file="x.cif",
    ... )
    >>> keep.tolist(), mixtures[0].parent, mixtures[0].shares
    ([True, False, True], 'I', (('I', 0.6), ('Br', 0.4)))
    """
    occupancies = np.where(np.isfinite(occupancies), occupancies, 1.0)
    partial = np.flatnonzero(occupancies < FULL)
    keep = np.ones(len(numbers), dtype=bool)
    found: dict[int, set[tuple[tuple[str, float], ...]]] = defaultdict(set)
    for rows in _positions(sites, partial):
        order = sorted(rows, key=lambda row: (-occupancies[row], numbers[row]))
        if not _can_be_mixed(numbers[order], occupancies[order]):
            raise _disordered(names, occupancies, partial, file)
        total = occupancies[order].sum()
        shares = tuple(
            (chemical_symbols[numbers[row]], round(float(occupancies[row] / total), 6))
            for row in order
        )
        keep[order[1:]] = False
        found[int(numbers[order[0]])].add(shares)
    full = set(numbers[occupancies >= FULL].tolist())
    for parent, kinds in found.items():
        if len(kinds) > 1 or parent in full:
            raise _unequal(chemical_symbols[parent], file)
    return keep, tuple(
        Mixture(
            site=Site(site_table()[parent]).name,
            parent=chemical_symbols[parent],
            shares=kinds.pop(),
        )
        for parent, kinds in sorted(found.items())
    )


def mixed_formula(counts: Mapping[str, int], mixtures: Sequence[Mixture]) -> str:
    """Write a formula in which groups stand for the parents.

    Parameters
    ----------
    counts : mapping of str to int
        Number of each ion or molecule in one formula unit, parents for the shared ones.
    mixtures : sequence of Mixture
        Which of them are shared.

    Returns
    -------
    str
        The formula.

    Examples
    --------
    >>> halides = Mixture(site="X", parent="I", shares=(("I", 0.6), ("Br", 0.4)))
    >>> mixed_formula({"Cs": 1, "Pb": 1, "I": 3}, [halides])
    'CsPb(I0.6Br0.4)3'
    """
    text = unit_formula(counts)
    for mixture in mixtures:
        inner = "".join(f"{ion}{share:g}" for ion, share in mixture.shares)
        group = inner if counts.get(mixture.parent) == 1 else f"({inner})"
        text = re.sub(rf"{mixture.parent}(?![a-z])", group, text, count=1)
    return text


def _positions(sites: FloatArray, partial: IntArray) -> list[list[int]]:
    """Gather the partly occupied rows by position."""
    groups: list[list[int]] = []
    for row in partial.tolist():
        for group in groups:
            offset = sites[row] - sites[group[0]]
            if np.abs(offset - np.round(offset)).max() < SAME_PLACE:
                group.append(row)
                break
        else:
            groups.append([row])
    return groups


def _can_be_mixed(numbers: IntArray, occupancies: FloatArray) -> bool:
    """Tell whether ions of one role and charge fill a position together."""
    ions = charge_table()[numbers]
    return bool(
        len(numbers) > 1
        and len(set(numbers.tolist())) == len(numbers)
        and abs(occupancies.sum() - 1) < SUM
        and (ions == ions[0]).all()
        and ions[0] != 0
        and (site_table()[numbers] == site_table()[numbers[0]]).all()
    )


def _disordered(
    names: Sequence[str], occupancies: FloatArray, partial: IntArray, file: str
) -> StructureFileError:
    """Make the error for disorder that is no mixed site."""
    listed = [f"{names[row]} ({occupancies[row]:g})" for row in partial[:_NAMED]]
    more = f" and {len(partial) - _NAMED} more" if len(partial) > _NAMED else ""
    return StructureFileError(
        "the structure is disordered",
        where=file,
        measured=f"occupancies below 1: {', '.join(listed)}{more}",
        allowed="fully occupied sites, or ions of one charge that fill a position together",
        next_step="delete all but one of the alternative positions and set occupancies to 1",
    )


def _unequal(parent: str, file: str) -> StructureFileError:
    """Make the error for positions of one parent with different shares."""
    return StructureFileError(
        f"positions on which {parent} has the largest share are shared differently",
        where=file,
        allowed="the same shares on all of them",
        next_step="give all of them the mean occupancies, or make an ordered cell by hand",
    )
