"""Sizes of atoms by element: van der Waals and covalent radii.

Van der Waals radii are those of Alvarez (10.1039/C3DT50599E), covalent ones those of Cordero et
al. (10.1039/B801115J), both as tabulated in ASE. The tables by atomic number are read-only arrays
for loops over many atoms; nan marks an element without a value.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers, covalent_radii

from heterobuild.errors import UnknownNameError

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray

ELEMENTS = 119
_UNKNOWN_COVALENT = 0.2


def vdw_radius(symbol: str) -> float:
    """Return the van der Waals radius of Alvarez, 10.1039/C3DT50599E.

    Parameters
    ----------
    symbol : str
        Chemical element.

    Returns
    -------
    float
        Radius in Å.

    Raises
    ------
    UnknownNameError
        If the element is unknown or has no value.

    Examples
    --------
    >>> vdw_radius("H"), vdw_radius("C"), vdw_radius("I")
    (1.2, 1.77, 2.04)
    """
    return _of_element(symbol, vdw_table(), "van der Waals")


def covalent_radius(symbol: str) -> float:
    """Return the covalent radius of Cordero et al., 10.1039/B801115J.

    Parameters
    ----------
    symbol : str
        Chemical element.

    Returns
    -------
    float
        Radius in Å.

    Raises
    ------
    UnknownNameError
        If the element is unknown or has no value.

    Examples
    --------
    >>> covalent_radius("C"), covalent_radius("N"), covalent_radius("H")
    (0.76, 0.71, 0.31)
    """
    return _of_element(symbol, covalent_table(), "covalent")


def _of_element(symbol: str, table: FloatArray, what: str) -> float:
    """Look one element up in a table by atomic number."""
    number = atomic_numbers.get(symbol, 0)
    value = float(table[number])
    if np.isnan(value):
        raise UnknownNameError(
            f"no {what} radius is known for {symbol!r}",
            next_step="use the symbol of a chemical element, such as Pb",
        )
    return value


@cache
def vdw_table() -> FloatArray:
    """Return the van der Waals radii by atomic number.

    Returns
    -------
    (119,) float array
        Radii in Å, nan where unknown; read-only.
    """
    from ase.data.vdw_alvarez import vdw_radii

    table = np.full(ELEMENTS, np.nan)
    table[1 : len(vdw_radii)] = vdw_radii[1:ELEMENTS]
    table.flags.writeable = False
    return table


@cache
def covalent_table() -> FloatArray:
    """Return the covalent radii by atomic number.

    Returns
    -------
    (119,) float array
        Radii in Å, nan where unknown; read-only.
    """
    table = np.array(covalent_radii, dtype=np.float64)
    table[table <= _UNKNOWN_COVALENT] = np.nan
    table.flags.writeable = False
    return table
