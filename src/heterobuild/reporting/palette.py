"""Colours and radii of the pictures.

The hues follow the usual colours of the elements (bromine brown, chlorine green, iodine and
caesium violet, nitrogen blue), softened so that they sit well beside one another on white.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from ase.data import chemical_symbols
from ase.data.colors import jmol_colors

from heterobuild.chemistry.elements import covalent_table
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray

_ELEMENTS = {
    "H": "#f2f2f0",
    "C": "#3f444c",
    "N": "#3f6fd1",
    "O": "#d9483b",
    "F": "#8fd0a8",
    "S": "#e2bf3a",
    "Cl": "#6cb85c",
    "Br": "#a85a3c",
    "I": "#7d4aa3",
    "Cs": "#8e7cc3",
    "Rb": "#b06fb0",
    "K": "#9d7fd6",
    "Pb": "#858d9c",
    "Sn": "#5f7f8c",
    "Ge": "#6f8f8f",
}
REGIONS = ("#3d7ea6", "#e08e45", "#5a9e6f", "#b65c80", "#8c7aa9", "#9a8c5a")
_SOFTENING = 0.25
_SHARE = {Site.A: 0.36, Site.B: 0.42, Site.X: 0.52}
_MOLECULE_SHARE = 0.62


def rgb(colour: str) -> FloatArray:
    """Return a colour as numbers.

    Parameters
    ----------
    colour : str
        Six hexadecimal digits after ``#``.

    Returns
    -------
    (3,) float array
        Red, green and blue from 0 to 1.

    Examples
    --------
    >>> rgb("#ff0000").tolist()
    [1.0, 0.0, 0.0]
    """
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0


def element_colours() -> FloatArray:
    """Return the colour of each element.

    Returns
    -------
    (119, 3) float array
        Red, green and blue from 0 to 1, by atomic number; elements without a colour of their
        own have that of Jmol, a quarter towards white.
    """
    table = np.ones((len(chemical_symbols), 3))
    n = min(len(table), len(jmol_colors))
    table[:n] = (1 - _SOFTENING) * jmol_colors[:n] + _SOFTENING
    for symbol, colour in _ELEMENTS.items():
        table[chemical_symbols.index(symbol)] = rgb(colour)
    return table


def region_colour(code: int) -> FloatArray:
    """Return the colour of a region.

    Parameters
    ----------
    code : int
        Its code, from 1; the colours repeat after the sixth.

    Returns
    -------
    (3,) float array
        Red, green and blue from 0 to 1.
    """
    return rgb(REGIONS[(code - 1) % len(REGIONS)])


def drawn_radii(numbers: IntArray, site: IntArray, molecule: IntArray) -> FloatArray:
    """Return the radii of the spheres: shares of the covalent radii, so that bonds show.

    Parameters
    ----------
    numbers, site, molecule : (n,) int array
        Atomic number, role and molecule id of each atom.

    Returns
    -------
    (n,) float array
        Radii in Å.
    """
    share = np.full(len(numbers), 0.45)
    for role, value in _SHARE.items():
        share[site == role] = value
    share[molecule > 0] = _MOLECULE_SHARE
    radii: FloatArray = covalent_table()[numbers] * share
    return radii
