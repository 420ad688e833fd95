"""Refuse models whose molecules on A have no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heterobuild.errors import UsageError
from heterobuild.labels import Site
from heterobuild.layered.contacts import shortest_contact
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND

if TYPE_CHECKING:
    from heterobuild.model import Crystal

CLOSEST = 0.875
"""Share of the shortest contact of spacers that a molecule on A must leave, whose orientation is
not relaxed: 0.70 of the sum of van der Waals radii, 0.61 for hydrogen bonds. MAPbI3 to FAGeI3 are
above 0.95; MAMgF3, FACaF3, FAPbF3 and GUAPbF3 are below 0.85."""


def require_room_on_a(crystal: Crystal, *, reason: str = "") -> Crystal:
    """Refuse a crystal in which a molecule on A is too near to anything.

    Parameters
    ----------
    crystal : Crystal
        A crystal with atoms.
    reason : str, optional
        What makes the molecule too large, such as the tolerance factor.

    Returns
    -------
    Crystal
        The same crystal.

    Raises
    ------
    UsageError
        If a contact is below 0.70 of the sum of van der Waals radii, 0.61 for hydrogen bonds.
    """
    if not crystal.molecules:
        return crystal
    atoms = crystal.require_atoms()
    ratio, first, second = shortest_contact(atoms, Site.A)
    if ratio < CLOSEST:
        pair = f"{atoms.symbols[first]}–{atoms.symbols[second]}"
        raise UsageError(
            f"{', '.join(m.name for m in crystal.molecules)} has no room in this structure type",
            where=crystal.name,
            measured=f"a contact {pair} at {ratio:.2f} of the shortest usual one"
            + (f"; {reason}" if reason else ""),
            allowed=f"from {CLOSEST:g} of it, {CLOSEST * CONTACT:.2f} of the sum of van der Waals "
            f"radii, {CLOSEST * HYDROGEN_BOND:.2f} in hydrogen bonds",
            next_step="take a smaller A cation or a larger halide, or give the crystal as a CIF "
            "file",
        )
    return crystal
