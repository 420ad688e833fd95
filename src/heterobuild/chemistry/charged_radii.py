"""Ionic radii at a given formal charge, of the ions of a compound."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from heterobuild.chemistry.ions import ion_table, ionic_radius
from heterobuild.chemistry.valences import balanced_charges
from heterobuild.data_files import read_toml
from heterobuild.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heterobuild.model import Compound

_ROMAN = {"IV": 4, "VI": 6, "VIII": 8}


def charged_radius(symbol: str, charge: int, coordination: int = 6) -> float:
    """Return the effective ionic radius at a formal charge.

    Parameters
    ----------
    symbol : str
        Element such as ``Sn``, or molecular ion such as ``MA``.
    charge : int
        Formal charge in e.
    coordination : int, optional
        Coordination number, octahedral by default; the nearest that is tabulated is taken.

    Returns
    -------
    float
        Radius in Å.

    Raises
    ------
    UnknownNameError
        If no radius is known at this charge.

    Examples
    --------
    >>> charged_radius("Sn", 4), charged_radius("Sn", 2), charged_radius("Cs", 1, 12)
    (0.69, 1.1, 1.88)
    """
    usual = ion_table().get(symbol)
    if usual is not None and usual.charge == charge:
        return ionic_radius(symbol, coordination)
    radii = _other_charges().get((symbol, charge))
    if radii is None:
        raise UnknownNameError(
            f"no radius is known for {symbol} of charge {charge:+d}",
            where="structures/radii.toml",
            next_step="give the crystal as a CIF file",
        )
    return radii[min(radii, key=lambda number: (abs(number - coordination), number))]


def compound_charges(compound: Compound) -> Mapping[str, int]:
    """Return the formal charges of the ions of a compound.

    Parameters
    ----------
    compound : Compound
        A pure compound.

    Returns
    -------
    mapping of str to int
        Charge in e by ion.

    Raises
    ------
    UsageError
        If no charges make it neutral.
    """
    amounts = {ion: n for site in compound.sublattices for ion, n in site.amounts}
    charges = balanced_charges(amounts)
    if charges is None:
        raise UsageError(
            "no known formal charges make the compound neutral",
            where=compound.formula,
            next_step="correct the formula",
        )
    return charges


@cache
def _other_charges() -> Mapping[tuple[str, int], Mapping[int, float]]:
    """Return the radii of unusual charges."""
    return MappingProxyType(
        {
            (entry["symbol"], int(entry["charge"])): {
                _ROMAN[number]: float(radius) for number, radius in entry["radii"].items()
            }
            for entry in read_toml("radii.toml")["other_charges"]
        }
    )
