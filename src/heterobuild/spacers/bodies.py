"""Organic spacers as rigid bodies: head group at the origin, molecular axis along z.

A spacer hangs with its charged head in the square of four terminal halides of a sheet. One with a
single charge has one head; one with two has a head for either sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.chemistry.bonds import find_bonds
from heterobuild.errors import UsageError
from heterobuild.spacers.contact_radii import contact_radii

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray
    from heterobuild.model import Molecule

POCKET = 3.7
"""Å; the sum of the van der Waals radii of N and I. What lies nearer to the N shares the space
between the terminal halides with them."""

_GRID = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class Spacer:
    """A spacer in its own frame.

    Parameters
    ----------
    molecule : Molecule
        The molecule.
    body : (n, 3) float array
        Coordinates in Å, turned but not mirrored: the head is the origin, and the axis from head
        to tail, or to the second head, is +z.
    length : float
        Distance in Å between the two heads of a diammonium spacer; 0 for others.
    heavy, donor, head : (n,) bool array
        Atoms that are no hydrogen; hydrogens on N or O; hydrogens on a head.
    """

    molecule: Molecule
    body: FloatArray
    length: float
    heavy: BoolArray
    donor: BoolArray
    head: BoolArray

    @property
    def two_headed(self) -> bool:
        """Whether one molecule spans the layer, with a head at either end."""
        return self.length > 0

    @property
    def heads(self) -> FloatArray:
        """Places of the heads in Å; the same twice for a spacer with one."""
        return np.array([[0.0, 0.0, 0.0], [0.0, 0.0, self.length]])


@lru_cache(maxsize=64)
def as_spacer(molecule: Molecule) -> Spacer:
    """Turn a molecule into the frame of a spacer.

    Parameters
    ----------
    molecule : Molecule
        A cation with a head group and a charge of 1 or 2.

    Returns
    -------
    Spacer
        The rigid body. The axis of a spacer with one head is the long principal axis of its
        non-hydrogen atoms; of one with two, the line between the two heads farthest apart.

    Raises
    ------
    UsageError
        If it is no cation, has no head, or two charges on one head.

    Examples
    --------
    >>> from heterobuild.chemistry.molecules import load_molecule
    >>> spacer = as_spacer(load_molecule("4AMP"))
    >>> spacer.two_headed, round(spacer.length, 1)
    (True, 5.3)
    """
    _require_cation(molecule)
    first, second = _heads(molecule)
    positions, heavy = molecule.positions, molecule.numbers != 1
    axis = positions[heavy] - positions[heavy].mean(axis=0)
    principal = np.linalg.svd(axis)[2]
    if second is None:
        along = principal[0]
        along = along * np.sign(along @ (positions[heavy].mean(axis=0) - first) or 1.0)
    else:
        along = (second - first) / np.linalg.norm(second - first)
    across = principal[1] - (principal[1] @ along) * along
    across /= np.linalg.norm(across)
    rotation = np.stack([across, np.cross(along, across), along])
    donor, head = _donors(molecule)
    return Spacer(
        molecule=molecule,
        body=(positions - first) @ rotation.T,
        length=0.0 if second is None else float(np.linalg.norm(second - first)),
        heavy=heavy,
        donor=donor,
        head=head,
    )


def turn_over(spacer: Spacer) -> Spacer:
    """Return a spacer with two heads standing on the other one.

    Parameters
    ----------
    spacer : Spacer
        The spacer.

    Returns
    -------
    Spacer
        The same molecule, turned by 180° about an axis across.
    """
    body = (spacer.body - [0.0, 0.0, spacer.length]) * [1.0, -1.0, -1.0]
    return replace(spacer, body=body)


def _require_cation(molecule: Molecule) -> None:
    """Refuse what cannot hang with a cationic head in a sheet."""
    charge = round(molecule.charge)
    if charge not in {1, 2} or not molecule.head or (molecule.numbers != 1).sum() < 2:
        raise UsageError(
            f"{molecule.name} cannot be a spacer",
            measured=f"charge {molecule.charge:+g}, {len(molecule.head)} head atoms",
            allowed="organic cations of charge +1 or +2 with a head group",
            next_step="give an ammonium such as BA, PEA or 4AMP",
        )


def _heads(molecule: Molecule) -> tuple[FloatArray, FloatArray | None]:
    """Return the place of the head, and of the second one of a doubly charged spacer."""
    points = molecule.positions[list(molecule.head)]
    if round(molecule.charge) == 1:
        return points.mean(axis=0), None
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    i, j = np.unravel_index(int(gaps.argmax()), gaps.shape)
    if gaps[i, j] < POCKET:
        raise UsageError(
            f"the two heads of {molecule.name} are too near to bridge two sheets",
            measured=f"{gaps[i, j]:.2f} Å",
            allowed=f"more than {POCKET} Å",
            next_step="give a diammonium with its charges at both ends, such as 4AMP",
        )
    return points[i], points[j]


def _donors(molecule: Molecule) -> tuple[BoolArray, BoolArray]:
    """Tell which atoms are hydrogens on N or O, and which of them are on a head."""
    bonds, _ = find_bonds(molecule.numbers, molecule.positions)
    pairs = np.concatenate([bonds, bonds[:, ::-1]])
    pairs = pairs[molecule.numbers[pairs[:, 0]] == 1]
    donor = np.zeros(len(molecule.numbers), dtype=np.bool_)
    head = donor.copy()
    donor[pairs[np.isin(molecule.numbers[pairs[:, 1]], (7, 8)), 0]] = True
    head[pairs[np.isin(pairs[:, 1], molecule.head), 0]] = True
    return donor, head & donor


def outer_volume(spacer: Spacer) -> float:
    """Return the van der Waals volume of a spacer outside the pockets of its heads.

    Parameters
    ----------
    spacer : Spacer
        The spacer.

    Returns
    -------
    float
        In Å³, of the part farther than `POCKET` from every head; on a grid of 0.2 Å, good to
        2 %.

    Examples
    --------
    >>> from heterobuild.chemistry.molecules import load_molecule
    >>> round(outer_volume(as_spacer(load_molecule("BA"))), -1)
    40.0
    """
    points = _inside(spacer)
    gaps = np.linalg.norm(points[:, None] - spacer.heads[None], axis=2).min(axis=1)
    return float((gaps > POCKET).sum() * _GRID**3)


def cross_section(spacer: Spacer) -> float:
    """Return the largest cross-section of a spacer across its axis.

    Parameters
    ----------
    spacer : Spacer
        The spacer.

    Returns
    -------
    float
        Area in Å² of the widest slice through the van der Waals body, perpendicular to the axis.

    Examples
    --------
    >>> from heterobuild.chemistry.molecules import load_molecule
    >>> cross_section(as_spacer(load_molecule("BA"))) < 25.0
    True
    """
    slices = np.round(_inside(spacer)[:, 2] / _GRID).astype(np.int64)
    return float(np.bincount(slices - slices.min()).max() * _GRID**2)


@lru_cache(maxsize=64)
def _inside(spacer: Spacer) -> FloatArray:
    """Return the points of a grid that lie inside the van der Waals body."""
    radii = contact_radii(spacer.molecule.numbers)
    low = np.floor((spacer.body - radii[:, None]).min(axis=0) / _GRID).astype(int)
    high = np.ceil((spacer.body + radii[:, None]).max(axis=0) / _GRID).astype(int)
    reach = int(np.ceil(radii.max() / _GRID)) + 1
    steps = np.stack(np.meshgrid(*[np.arange(-reach, reach + 1)] * 3, indexing="ij"), axis=-1)
    steps = steps.reshape(-1, 3)
    nearest = np.rint(spacer.body / _GRID).astype(int)
    offsets = nearest * _GRID - spacer.body
    squares = np.sum((steps * _GRID) ** 2, axis=1)[None] + np.sum(offsets**2, axis=1)[:, None]
    squares += 2 * _GRID * offsets @ steps.T
    atom, step = np.nonzero(squares < radii[:, None] ** 2)
    filled = np.zeros(high - low + 1, dtype=np.bool_)
    filled[tuple((nearest[atom] + steps[step] - low).T)] = True
    points: FloatArray = (np.argwhere(filled) + low) * _GRID
    return points
