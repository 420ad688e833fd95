"""One defect as it is made: what goes, what comes, what makes room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Guest:
    """An ion or molecule that is put in.

    Parameters
    ----------
    name : str
        Element or molecule.
    positions : (k, 3) float array
        Its atoms in Å.
    charge : float
        Formal charge in e.
    region, layer, site : int
        Its labels.
    """

    name: str
    positions: FloatArray
    charge: float
    region: int
    layer: int
    site: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Change:
    """One defect, as it is made.

    Parameters
    ----------
    name : str
        Name as in the field.
    point : (3,) float array
        Its place in Å.
    charge : float
        Charge in e against the undisturbed crystal.
    removed : int
        Unit that goes; -1 for none.
    guest : Guest or None
        What comes in.
    moved : tuple of int and (3,) float array, or None
        Unit that makes room, and its shift in Å.
    partner_of : int
        Number of the request that it compensates; -1 for a defect that was asked for.
    """

    name: str
    point: FloatArray
    charge: float
    removed: int = -1
    guest: Guest | None = None
    moved: tuple[int, FloatArray] | None = None
    partner_of: int = -1
