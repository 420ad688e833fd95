"""Shortest contacts of a finished organic layer, counted atom by atom in the cell it was made for.

The search for poses relies on a reduced cell and on images; this count does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.spacers.clearances import plane_shifts
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND, contact_sums
from heterobuild.spacers.galleries import ABOVE, WALL

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.spacers.bodies import Spacer
    from heterobuild.spacers.galleries import Face

_FARTHEST = 3.9
_SAME = 1e-6


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Shortest contacts between units.

    Parameters
    ----------
    contact : float
        Shortest distance between two units over the sum of van der Waals radii (ionic radii of
        metals), hydrogen bonds apart.
    hydrogen_bond : float
        The same for a hydrogen on N or O and an acceptor; infinite where there is none.
    """

    contact: float
    hydrogen_bond: float

    @property
    def allowed(self) -> bool:
        """Whether no contact is below 0.8 and no hydrogen bond below 0.7."""
        return self.contact >= CONTACT - _SAME and self.hydrogen_bond >= HYDROGEN_BOND - _SAME


def shortest_contacts(
    spacer: Spacer,
    positions: FloatArray,
    cell: FloatArray,
    faces: tuple[Face | None, Face | None],
    thickness: float,
) -> Contacts:
    """Measure the shortest contacts of spacers with one another and with the sheets.

    Parameters
    ----------
    spacer : Spacer
        The spacer.
    positions : (k, n, 3) float array
        Coordinates of k of them in Å, z = 0 in the plane of terminal halides below.
    cell : (2, 2) float array
        In-plane vectors in Å.
    faces : two of Face or None
        Faces below and above.
    thickness : float
        Distance between their planes of terminal halides in Å.

    Returns
    -------
    Contacts
        Infinite where nothing is nearer than 3.9 Å.
    """
    count, size = positions.shape[:2]
    points, unit = positions.reshape(-1, 3), np.repeat(np.arange(count), size)
    numbers, donor = np.tile(spacer.molecule.numbers, count), np.tile(spacer.donor, count)
    reach = float(np.ptp(points[:, :2], axis=0).sum()) + _FARTHEST
    shifts = plane_shifts(cell, reach + float(np.linalg.norm(cell, axis=1).sum()))
    others, species, hydrogens, owner = [points], [numbers], [donor], [unit]
    for side, face in enumerate(faces):
        if face is not None:
            lifted = face.positions - [0.0, 0.0, float(face.pockets[:, 2].mean())]
            near = np.abs(lifted[:, 2]) < WALL
            others.append(lifted[near] + [0.0, 0.0, thickness * (side == ABOVE)])
            species.append(face.numbers[near])
            hydrogens.append(np.zeros(int(near.sum()), dtype=np.bool_))
            owner.append(np.full(int(near.sum()), -1))
    return _count(
        (points, numbers, donor, unit),
        (
            np.concatenate(others),
            np.concatenate(species),
            np.concatenate(hydrogens),
            np.concatenate(owner),
        ),
        shifts,
    )


def _count(
    first: tuple[FloatArray, IntArray, BoolArray, IntArray],
    second: tuple[FloatArray, IntArray, BoolArray, IntArray],
    shifts: FloatArray,
) -> Contacts:
    """Compare all pairs; each is positions, numbers, hydrogens on N or O, and molecule."""
    low = first[0].min(axis=0) - _FARTHEST
    high = first[0].max(axis=0) + _FARTHEST
    images = second[0][None] + shifts[:, None]
    kept = np.all((images > low) & (images < high), axis=2)
    shift, index = np.nonzero(kept)
    squares = np.sum(first[0] ** 2, axis=1)[:, None] + np.sum(images[kept] ** 2, axis=1)[None]
    squares = squares - 2.0 * first[0] @ images[kept].T
    own = (first[3][:, None] == second[3][index][None]) & (shift == 0)[None]
    i, j = np.nonzero((squares < _FARTHEST**2) & ~own)
    sums, bridge = contact_sums((first[1], second[1][index]), (first[2], second[2][index]))
    ratios = np.sqrt(np.maximum(squares[i, j], 0.0)) / sums[i, j]
    bonds = bridge[i, j]
    return Contacts(
        contact=float(ratios[~bonds].min(initial=np.inf)),
        hydrogen_bond=float(ratios[bonds].min(initial=np.inf)),
    )
