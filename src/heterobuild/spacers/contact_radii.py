"""How near atoms of spacers may come to other units: van der Waals radii, ionic ones of metals.

The limits are those below which the check of contacts warns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.elements import vdw_table
from heterobuild.chemistry.ions import radius_table

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray

CONTACT = 0.8
HYDROGEN_BOND = 0.7
"""Shortest allowed contact of a spacer with any other unit as a fraction of the sum of the van
der Waals radii, and the same for a hydrogen on N or O that points to an acceptor."""

HEAD_CONTACT = 0.88
"""Shortest allowed contact of a head N and a halide as a fraction of the sum of the van der Waals
radii: 3.06 Å for N and Cl, 3.10 Å for Br, 3.26 Å for I. The N–H…Cl bridges of layered chlorides
are 3.2 to 3.4 Å long."""

_ACCEPTORS = (7, 8, 9, 16, 17, 34, 35, 53)
_NON_METALS = (1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 33, 34, 35, 53)
_UNKNOWN_RADIUS = 1.5


def contact_radii(numbers: IntArray) -> FloatArray:
    """Return the radius of each atom in contacts with spacers.

    Parameters
    ----------
    numbers : (n,) int array
        Atomic numbers.

    Returns
    -------
    (n,) float array
        In Å: van der Waals radii of non-metals, ionic ones of metals, 1.5 where unknown.

    Examples
    --------
    >>> contact_radii(np.array([1, 53, 82])).tolist()
    [1.2, 2.04, 1.19]
    """
    ionic = radius_table()[numbers]
    metal = ~np.isin(numbers, _NON_METALS) & ~np.isnan(ionic)
    others = np.nan_to_num(vdw_table()[numbers], nan=_UNKNOWN_RADIUS)
    radii: FloatArray = np.where(metal, ionic, others)
    return radii


def contact_sums(
    numbers: tuple[IntArray, IntArray], donors: tuple[BoolArray, BoolArray]
) -> tuple[FloatArray, BoolArray]:
    """Return the sums of radii of two sets of atoms, and which pairs may be hydrogen bonds.

    Parameters
    ----------
    numbers : two int arrays, (n,) and (m,)
        Atomic numbers.
    donors : two bool arrays, (n,) and (m,)
        Hydrogens on N or O.

    Returns
    -------
    (n, m) float array
        Sums in Å.
    (n, m) bool array
        Pairs of such a hydrogen and an acceptor.
    """
    first, second = contact_radii(numbers[0]), contact_radii(numbers[1])
    accepts = [np.isin(entry, _ACCEPTORS) for entry in numbers]
    bridge = donors[0][:, None] & accepts[1][None, :]
    bridge = bridge | (accepts[0][:, None] & donors[1][None, :])
    return first[:, None] + second[None, :], bridge


def contact_floors(
    numbers: tuple[IntArray, IntArray], donors: tuple[BoolArray, BoolArray]
) -> FloatArray:
    """Return the shortest allowed distances between two sets of atoms.

    Parameters
    ----------
    numbers, donors : two arrays each, (n,) and (m,)
        As in `contact_sums`.

    Returns
    -------
    (n, m) float array
        In Å.
    """
    sums, bridge = contact_sums(numbers, donors)
    return sums * np.where(bridge, HYDROGEN_BOND, CONTACT)
