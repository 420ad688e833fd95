"""Sites and bonds of the cubic perovskite lattice, whose springs have a closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.relaxation.springs import BondTable

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.relaxation.springs import SiteIndices

ARMS = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])
SITES = np.array([[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])


def cubic_lattice(shape: tuple[int, int, int], edge: float) -> BondTable:
    """Make a periodic block of cubic cells.

    Parameters
    ----------
    shape : tuple of int
        Cells along the three axes.
    edge : float
        Edge of the cell in Å.

    Returns
    -------
    BondTable
        Five sites a cell, in the order B, A, X along x, y, z.

    Examples
    --------
    >>> lattice = cubic_lattice((2, 2, 3), 6.0)
    >>> len(lattice.positions), lattice.corners.shape, len(lattice.cavity_bonds[0])
    (60, (12, 6), 144)
    """
    grid = np.array(shape)
    cells = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1).reshape(-1, 3)

    def site(of_cells: IntArray, kind: int) -> SiteIndices:
        x, y, z = (of_cells % grid).T
        return np.asarray(5 * ((x * shape[1] + y) * shape[2] + z) + kind, dtype=np.int32)

    corners = [site(cells + np.minimum(arm, 0), 2 + int(abs(arm).argmax())) for arm in ARMS]
    bonds = []
    for axis in range(3):
        across = np.delete(np.eye(3, dtype=int), axis, axis=0)
        for shares in ((0, 0), (0, 1), (1, 0), (1, 1)):
            vector = (np.array(shares) - 0.5) @ across * edge
            ends = site(cells + np.array(shares) @ across, 2 + axis)
            bonds.append((site(cells, 1), ends, np.tile(vector, (len(cells), 1))))
    cavities, ends, vectors = (np.concatenate([bond[k] for bond in bonds]) for k in range(3))
    return BondTable(
        positions=((cells[:, None] + SITES) * edge).reshape(-1, 3),
        centres=site(cells, 0),
        corners=np.stack(corners, axis=1),
        arms=np.tile(ARMS * edge / 2, (len(cells), 1, 1)),
        cavity_bonds=(cavities, ends, vectors),
    )


def cut_lattice(lattice: BondTable, kept: BoolArray) -> BondTable:
    """Keep some sites, and of the bonds those between them that cross no boundary of the block.

    Parameters
    ----------
    lattice : BondTable
        A lattice.
    kept : (n,) bool array
        Which sites stay.

    Returns
    -------
    BondTable
        The piece, periodic along no axis. Octahedra may lack corners.
    """
    number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    held = kept[lattice.centres]
    centres, corners, arms = lattice.centres[held], lattice.corners[held], lattice.arms[held]
    inside = _direct(lattice.positions, centres[:, None], corners, arms) & (corners >= 0)
    a, x, vectors = lattice.cavity_bonds
    whole = kept[a] & kept[x] & _direct(lattice.positions, a, x, vectors)
    return BondTable(
        positions=lattice.positions[kept],
        centres=number[centres],
        corners=np.where(inside, number[corners], np.int32(-1)),
        arms=arms,
        cavity_bonds=(number[a[whole]], number[x[whole]], vectors[whole]),
    )


def _direct(
    positions: FloatArray, i: SiteIndices, j: SiteIndices, vectors: FloatArray
) -> BoolArray:
    """Tell which vectors lead to the site itself and not to an image."""
    misses = abs(positions[j] - positions[i] - vectors).max(axis=-1)
    direct: BoolArray = misses < 1e-6
    return direct
