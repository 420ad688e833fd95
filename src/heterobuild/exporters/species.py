"""The order of the chemical elements in POSCAR files and of the atom types in LAMMPS files.

The order does not depend on the composition: alkali and alkaline-earth metals, then the other
metals and semimetals by atomic number, then the halides, then the elements of the molecules.
A perovskite thus reads Cs, Pb, Br, C, N, H.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from heterobuild.errors import UsageError
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import IntArray

FIRST = ("Li", "Na", "K", "Rb", "Cs", "Fr", "Be", "Mg", "Ca", "Sr", "Ba", "Ra")
LAST = ("F", "Cl", "Br", "I", "At", "C", "N", "H", "O", "P", "S", "Se", "Te")
CANONICAL = (
    *FIRST,
    *(symbol for symbol in chemical_symbols[1:] if symbol not in {*FIRST, *LAST}),
    *LAST,
)


def ordered_species(numbers: IntArray, order: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the elements of a structure in the order of its files.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers of the atoms.
    order : sequence of str, optional
        Order wanted; every element of the structure must be in it. Empty, the default, for
        the canonical order.

    Returns
    -------
    tuple of str
        With an order, that order, absent elements included; else the elements present.

    Raises
    ------
    UsageError
        If the order names an element twice, lacks one, or holds something else.

    Examples
    --------
    >>> ordered_species(np.array([35, 82, 55, 1, 6, 7]))
    ('Cs', 'Pb', 'Br', 'C', 'N', 'H')
    """
    present = {chemical_symbols[e] for e in np.flatnonzero(np.bincount(numbers))}
    if not order:
        return tuple(symbol for symbol in CANONICAL if symbol in present)
    for symbol in order:
        if symbol not in CANONICAL:
            raise UsageError(
                f"{symbol!r} is not a chemical element",
                where="species_order",
                next_step=suggest(symbol, CANONICAL),
            )
    if len(set(order)) < len(order):
        raise UsageError(
            "an element is named twice", where="species_order", measured=", ".join(order)
        )
    if lacking := [symbol for symbol in CANONICAL if symbol in present.difference(order)]:
        raise UsageError(
            "the order lacks elements of the structure",
            where="species_order",
            measured=", ".join(order),
            next_step=f"add {', '.join(lacking)}",
        )
    return tuple(order)


def ranks(numbers: IntArray, species: Sequence[str]) -> IntArray:
    """Return the place of each atom's element in an order.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers of the atoms.
    species : sequence of str
        Elements in order; holds all elements of the atoms.

    Returns
    -------
    (n,) int array
        Places, from 0.
    """
    table = np.full(len(chemical_symbols), -1, dtype=np.int64)
    table[[atomic_numbers[symbol] for symbol in species]] = np.arange(len(species))
    return table[numbers]
