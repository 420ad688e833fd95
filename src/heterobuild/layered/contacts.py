"""Contacts of spacers with everything else in a finished model, through thin sheets as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.labels import MOLECULE, SITE, Site
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND, contact_radii

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray

_REACH = 3.4
"""Å; longer than any allowed contact: C–I at 0.8 of the sum of radii is 3.0."""

_BOND = 1.25
_DONORS = (7, 8)
_ACCEPTORS = (7, 8, 9, 16, 17, 34, 35, 53)
_ROUNDING = 1e-6


def shortest_contact(atoms: Atoms, role: Site = Site.SPACER) -> tuple[float, int, int]:
    """Find the shortest contact of a molecule with another unit, over its shortest allowed length.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms with whole molecules, periodic in three directions.
    role : Site, optional
        Which molecules; spacers by default.

    Returns
    -------
    ratio : float
        Distance over 0.8 of the sum of van der Waals radii, or over 0.7 of it for a hydrogen on N
        or O and an acceptor; infinite where nothing is near.
    first, second : int
        The two atoms; −1 where there are none.
    """
    i, j, lengths, inside = _pairs(atoms)
    numbers, molecule = atoms.numbers, atoms.arrays[MOLECULE]
    bonded = inside & (lengths < _BOND)
    donor = np.zeros(len(numbers), dtype=np.bool_)
    for hydrogen, partner in ((i[bonded], j[bonded]), (j[bonded], i[bonded])):
        donor[hydrogen[(numbers[hydrogen] == 1) & np.isin(numbers[partner], _DONORS)]] = True
    chosen = (atoms.arrays[SITE] == role) & (molecule > 0)
    outer = np.flatnonzero(~inside & (chosen[i] | chosen[j]))
    if not len(outer):
        return np.inf, -1, -1
    i, j, lengths = i[outer], j[outer], lengths[outer]
    accepts = np.isin(numbers, _ACCEPTORS)
    bridge = (donor[i] & accepts[j]) | (accepts[i] & donor[j])
    radii = contact_radii(numbers)
    floors = (radii[i] + radii[j]) * np.where(bridge, HYDROGEN_BOND, CONTACT)
    worst = int(np.argmin(lengths / floors))
    return float(lengths[worst] / floors[worst]), int(i[worst]), int(j[worst])


def require_room(atoms: Atoms, name: str) -> None:
    """Refuse a model in which a spacer is too near to anything.

    The packing sees one gap at a time; heads that reach deep into a sheet from either side, or
    into its cages, show in the whole crystal only.

    Parameters
    ----------
    atoms : ase.Atoms
        As in `shortest_contact`.
    name : str
        Name of the crystal.

    Raises
    ------
    UsageError
        If a contact is below 0.8 of the sum of van der Waals radii, 0.7 for hydrogen bonds.
    """
    ratio, first, second = shortest_contact(atoms)
    if ratio < 1.0 - _ROUNDING:
        symbols = atoms.symbols
        raise UsageError(
            "spacers have no room in this crystal",
            where=name,
            measured=f"{symbols[first]}–{symbols[second]} at {ratio:.2f} of the shortest allowed "
            "contact",
            allowed=f"{CONTACT} of the sum of van der Waals radii, {HYDROGEN_BOND} in hydrogen "
            "bonds",
            next_step="take thicker sheets, less depth of the heads, or another spacer",
        )


def _pairs(atoms: Atoms) -> tuple[IntArray, IntArray, FloatArray, BoolArray]:
    """Return neighbours, their distances, and whether they belong to one molecule."""
    from vesin import NeighborList

    i, j, shifts, lengths = NeighborList(cutoff=_REACH, full_list=False).compute(
        points=np.ascontiguousarray(atoms.positions),
        box=np.ascontiguousarray(atoms.cell),
        periodic=True,
        quantities="ijSd",
    )
    i, j = i.astype(np.int64), j.astype(np.int64)
    molecule = atoms.arrays[MOLECULE]
    inside = (molecule[i] > 0) & (molecule[i] == molecule[j]) & (shifts == 0).all(axis=1)
    return i, j, lengths, inside
