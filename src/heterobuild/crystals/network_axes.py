"""Pseudo-cubic axes of a network of corner-sharing octahedra, found from its atoms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.labels import MOLECULE, SITE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import FloatArray

REACH = 8.0
"""Å; longer than any B–X–B bridge of a halide perovskite (6.4 Å)."""

ALIKE = 1.15
"""Ratio up to which B–B distances are the bridges of one network."""

BRIDGING = 0.3
"""Distance of X from the middle of B–B as a fraction of B–B; a tilt of 20° moves it by 0.18."""

UPRIGHT = 0.2
"""Largest cosine between two bridges; the axes of tilted networks are within 5° of 90°."""

DENOMINATOR = 12
"""Axes are multiples of 1/12 of the cell edges in all perovskite superstructures of the field."""


def network_axes(atoms: Atoms) -> FloatArray | None:
    """Find the pseudo-cubic axes of a three-dimensional perovskite.

    Each B cation of such a network has six others near it, bridged by X, along three directions
    at about right angles.

    Parameters
    ----------
    atoms : ase.Atoms
        Labelled atoms of a crystal.

    Returns
    -------
    (3, 3) float array or None
        Axes as fractions of the cell, rows, right-handed; the third is the one along an edge of
        the cell where there is just one such. None where the network is another.

    Examples
    --------
    >>> from heterobuild.crystals import load_phase
    >>> network_axes(load_phase("CsPbBr3_orthorhombic").require_atoms())
    array([[ 0.5,  0. ,  0.5],
           [ 0.5,  0. , -0.5],
           [ 0. ,  0.5,  0. ]])
    >>> network_axes(load_phase("Cs4PbBr6").require_atoms()) is None
    True
    """
    single = atoms.arrays[MOLECULE] == 0
    metals = atoms.positions[single & (atoms.arrays[SITE] == Site.B)]
    halides = atoms.positions[single & (atoms.arrays[SITE] == Site.X)]
    if not len(metals) or not len(halides):
        return None
    cell = np.asarray(atoms.cell)
    bridges = _bridges(metals, halides, cell)
    if len(bridges) != 6:
        return None
    fractions = bridges @ np.linalg.inv(cell)
    rounded = np.rint(fractions * DENOMINATOR) / DENOMINATOR
    if np.abs(fractions - rounded).max() > 0.25 / DENOMINATOR:
        return None
    return _right_handed(rounded, cell)


def _bridges(metals: FloatArray, halides: FloatArray, cell: FloatArray) -> FloatArray:
    """Return the vectors from the first B cation to its bridged neighbours."""
    images = _images(cell)
    vectors = (metals[:, None] + images[None]).reshape(-1, 3) - metals[0]
    length = np.linalg.norm(vectors, axis=1)
    shortest = length[length > 1.0].min(initial=REACH)
    near = vectors[(length > 1.0) & (length < min(ALIKE * shortest, REACH))]
    anions = (halides[:, None] + images[None]).reshape(-1, 3) - metals[0]
    middle = np.linalg.norm(near[:, None] / 2 - anions[None], axis=-1).min(axis=1)
    bridged: FloatArray = near[middle < BRIDGING * shortest]
    return bridged


def _images(cell: FloatArray) -> FloatArray:
    """Return the translations that bring every neighbour within reach."""
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    counts = [int(np.ceil(REACH / height)) for height in heights]
    steps = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in counts), indexing="ij"), axis=-1)
    images: FloatArray = steps.reshape(-1, 3) @ cell
    return images


def _right_handed(fractions: FloatArray, cell: FloatArray) -> FloatArray | None:
    """Return one of each ± pair as a right-handed frame, or None where they are no such pairs."""
    positive = fractions[[next(x > 0 for x in row if abs(x) > 1e-9) for row in fractions]]
    if len(positive) != 3:
        return None
    axes = positive[np.lexsort((positive[:, 1], positive[:, 2], -positive[:, 0]))]
    along = np.flatnonzero((np.abs(axes) > 1e-9).sum(axis=1) == 1)
    if len(along) == 1:
        axes = np.roll(axes, 2 - int(along[0]), axis=0)
    units = axes @ cell
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    if np.abs(units @ units.T - np.eye(3)).max() > UPRIGHT:
        return None
    if np.linalg.det(units) < 0:
        axes[[0, 1]] = axes[[1, 0]]
    frame: FloatArray = axes + 0.0
    return frame
