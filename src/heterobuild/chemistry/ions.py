"""Ions: formal charge, ionic radius, usual site.

Ionic radii and charges come from ``structures/radii.toml``: effective radii of Shannon
(10.1107/S0567739476001551), and effective radii of molecular ions (10.1039/C4SC02211D). The
tables by atomic number are read-only arrays for loops over many atoms; nan marks an element
without a value. The radii of neutral atoms come from `heterobuild.chemistry.elements` and can
be imported from here as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from ase.data import atomic_numbers

from heterobuild.chemistry.elements import (
    ELEMENTS,
    covalent_radius,
    covalent_table,
    vdw_radius,
    vdw_table,
)
from heterobuild.data_files import read_toml
from heterobuild.errors import UnknownNameError
from heterobuild.labels import Site
from heterobuild.registry import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Confidence

__all__ = [
    "Ion",
    "charge_table",
    "covalent_radius",
    "covalent_table",
    "formal_charge",
    "ion_table",
    "ionic_radius",
    "radius_table",
    "site_role",
    "site_table",
    "vdw_radius",
    "vdw_table",
]

_ROMAN = {"II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
_ROMAN |= {"X": 10, "XI": 11, "XII": 12}


@dataclass(frozen=True, kw_only=True)
class Ion:
    """One ion of the table.

    Parameters
    ----------
    symbol : str
        Element, or short name of a molecular ion such as ``MA``.
    charge : int
        Formal charge in e.
    site : Site
        Usual role in the structure.
    radii : mapping of int to float
        Radius in Å by coordination number; the effective radius of a molecular ion has key 0.
    default : int
        Coordination number that is used when none is asked for.
    confidence : {"high", "medium", "low"}
        Trust in the radii.
    notes : str
        What a careful user should know.
    """

    symbol: str
    charge: int
    site: Site
    radii: Mapping[int, float]
    default: int
    confidence: Confidence
    notes: str


@cache
def ion_table() -> Mapping[str, Ion]:
    """Return all ions of the data file by symbol.

    Returns
    -------
    mapping of str to Ion
        Elements first, then molecular ions; read-only.
    """
    content = read_toml("radii.toml")
    ions = {}
    for symbol, entry in content["ions"].items():
        radii = {_ROMAN[number]: float(value) for number, value in entry["radii"].items()}
        ions[symbol] = _ion(symbol, entry, radii, _ROMAN[entry.get("default", "VI")])
    for symbol, entry in content["molecular_ions"].items():
        ions[symbol] = _ion(symbol, entry, {0: float(entry["radius"])}, 0)
    return MappingProxyType(ions)


def _ion(symbol: str, entry: Mapping[str, str], radii: dict[int, float], default: int) -> Ion:
    """Make the record of one entry."""
    confidence: Confidence = entry["confidence"]  # type: ignore[assignment]
    return Ion(
        symbol=symbol,
        charge=int(entry["charge"]),
        site=Site[entry["site"]],
        radii=MappingProxyType(radii),
        default=default,
        confidence=confidence,
        notes=entry.get("notes", ""),
    )


def _find(symbol: str) -> Ion:
    """Return one ion, or say which ones there are."""
    table = ion_table()
    if symbol not in table:
        raise UnknownNameError(
            f"no formal charge and ionic radius are known for {symbol!r}",
            where="structures/radii.toml",
            next_step=suggest(symbol, table),
        )
    return table[symbol]


def ionic_radius(symbol: str, coordination: int | None = None) -> float:
    """Return the effective ionic radius.

    Parameters
    ----------
    symbol : str
        Element such as ``Pb``, or molecular ion such as ``MA``.
    coordination : int, optional
        Coordination number. By default 6, the one of B cations and halides in octahedral
        networks, for which all common radii are tabulated; 4 for Cu and Si, which are
        tetrahedral in their halides and oxides. Ask for 12 to get the A cation of a cubic
        perovskite. Where the number asked for is not tabulated the nearest is taken, the
        smaller of two. Molecular ions have one effective radius for all.

    Returns
    -------
    float
        Radius in Å.

    Raises
    ------
    UnknownNameError
        If the ion is not in the table.

    Examples
    --------
    >>> ionic_radius("Pb"), ionic_radius("Cs", 12), ionic_radius("Cu"), ionic_radius("MA")
    (1.19, 1.88, 0.6, 2.17)
    """
    ion = _find(symbol)
    wanted = ion.default if coordination is None else coordination
    nearest = min(ion.radii, key=lambda number: (abs(number - wanted), number))
    return ion.radii[nearest]


def formal_charge(symbol: str) -> int:
    """Return the usual formal charge of an ion.

    Parameters
    ----------
    symbol : str
        Element such as ``Pb``, or molecular ion such as ``MA``.

    Returns
    -------
    int
        Charge in e.

    Raises
    ------
    UnknownNameError
        If the ion is not in the table.

    Examples
    --------
    >>> formal_charge("Pb"), formal_charge("Br"), formal_charge("FA")
    (2, -1, 1)
    """
    return _find(symbol).charge


def site_role(symbol: str) -> Site:
    """Return the usual role of an ion in the structure.

    Parameters
    ----------
    symbol : str
        Element such as ``Pb``, or molecular ion such as ``MA``.

    Returns
    -------
    Site
        Its site; `Site.OTHER` for a symbol that the table of ions does not hold.

    Examples
    --------
    >>> site_role("Cs").name, site_role("Pb").name, site_role("I").name, site_role("C").name
    ('A', 'B', 'X', 'OTHER')
    """
    ion = ion_table().get(symbol)
    return Site.OTHER if ion is None else ion.site


@cache
def radius_table(coordination: int | None = None) -> FloatArray:
    """Return the ionic radii by atomic number.

    The entry of nitrogen, sulfur and oxygen is that of N3-, S2- and O2-: mask the atoms of
    molecules and use `vdw_table` for them.

    Parameters
    ----------
    coordination : int, optional
        As in `ionic_radius`.

    Returns
    -------
    (119,) float array
        Radii in Å, nan where unknown; read-only.

    Examples
    --------
    >>> radius_table()[[82, 35]].tolist()
    [1.19, 1.96]
    """
    table = np.full(ELEMENTS, np.nan)
    for symbol in _elements():
        table[atomic_numbers[symbol]] = ionic_radius(symbol, coordination)
    return _frozen(table)


@cache
def charge_table() -> FloatArray:
    """Return the usual formal charges by atomic number.

    Returns
    -------
    (119,) float array
        Charges in e, nan where unknown; read-only. As in `radius_table`, the entries of N, S
        and O do not hold inside molecules.
    """
    table = np.full(ELEMENTS, np.nan)
    for symbol in _elements():
        table[atomic_numbers[symbol]] = formal_charge(symbol)
    return _frozen(table)


@cache
def site_table() -> IntArray:
    """Return the usual sites by atomic number.

    Returns
    -------
    (119,) int array
        Values of `Site`; read-only.
    """
    table = np.full(ELEMENTS, int(Site.OTHER), dtype=np.int64)
    for symbol in _elements():
        table[atomic_numbers[symbol]] = site_role(symbol)
    table.flags.writeable = False
    return table


def _elements() -> list[str]:
    """Return the ions of the table that are single elements."""
    return [symbol for symbol in ion_table() if symbol in atomic_numbers]


def _frozen(table: FloatArray) -> FloatArray:
    """Make an array read-only."""
    table.flags.writeable = False
    return table
