"""The distance between the facing planes of two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.part import has_b_site, height_of, part_atoms, plane_of
from heterobuild.assembly.registry import shortest
from heterobuild.chemistry.ions import radius_table, vdw_table
from heterobuild.labels import CHARGE, MOLECULE, SITE, Site

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.assembly.part import Part
    from heterobuild.model import BoolArray, FloatArray, IntArray

MOLECULE_CONTACT = 0.8
"""Fraction of the van der Waals sum that a molecule keeps from its neighbours."""

HYDROGEN_BOND = 0.7
"""The same for a hydrogen on N or O and a halide."""

FACING_DEPTH = 8.0
"""Å; atoms deeper than this below a facing plane touch nothing beyond it."""

UNKNOWN_RADIUS = 1.5
"""Å for an element without a tabulated radius."""


def continued_spacing(lower: Part, upper: Part) -> tuple[float, str]:
    """Return the plane spacing across an interface where the network runs on.

    The bond across is B–X. Its length is that of the crystal whose halide bridges, so the
    spacing of the part that ends without B cations is taken; the mean where that is undecided.

    Parameters
    ----------
    lower, upper : Part
        The parts, strained.

    Returns
    -------
    spacing : float
        Distance of the facing planes in Å.
    reason : str
        Whose spacing it is.
    """
    ours = abs(height_of(lower, lower.top + lower.step) - height_of(lower, lower.top))
    theirs = abs(height_of(upper, upper.bottom) - height_of(upper, upper.bottom - upper.step))
    below = has_b_site(plane_of(lower, lower.top))
    above = has_b_site(plane_of(upper, upper.bottom))
    if below and not above:
        return theirs, f"plane spacing of the {upper.name}, whose halide bridges"
    if above and not below:
        return ours, f"plane spacing of the {lower.name}, whose halide bridges"
    return (ours + theirs) / 2, "mean plane spacing of both parts"


def touching_distance(lower: Part, upper: Part, cell: FloatArray, shift: FloatArray) -> float:
    """Return the distance of the facing planes at which the first two atoms touch.

    Ions are spheres of their ionic radii (A cations with twelve neighbours); the atoms of
    molecules keep 0.8 of the van der Waals sum, 0.7 for N–H…halide.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    cell : (2, 2) float array
        Common cell in Å.
    shift : (2,) float array
        In-plane shift of the upper part in Å.

    Returns
    -------
    float
        Distance of the facing planes in Å.
    """
    below = _facing(lower, top=True)
    above = _facing(upper, top=False)
    contact = _contact_distances(below, above)
    widest = float(contact.max())
    images = _images(cell, widest)
    highest = -np.inf
    for translation in images:
        flat = above.positions[None, :, :2] + shift - below.positions[:, None, :2]
        flat = shortest(flat, cell) + translation
        room = contact**2 - (flat**2).sum(axis=-1)
        rise = above.positions[None, :, 2] - below.positions[:, None, 2]
        needed = np.where(room > 0, np.sqrt(np.maximum(room, 0)) - rise, -np.inf)
        highest = max(highest, float(needed.max()))
    return highest


def _facing(part: Part, *, top: bool) -> Atoms:
    """Return the atoms of one common cell near the facing plane, whose height becomes 0."""
    atoms = part_atoms(part)
    edge = height_of(part, part.top if top else part.bottom)
    depth = (edge - atoms.positions[:, 2]) * (1 if top else -1)
    near = atoms[np.flatnonzero(depth < FACING_DEPTH)]
    count = len(near)
    tiled = near.repeat((len(part.cells), 1, 1))
    tiled.positions = np.tile(near.positions, (len(part.cells), 1)) + np.repeat(
        part.cells, count, axis=0
    )
    tiled.positions[:, 2] -= edge
    return tiled


def _contact_distances(below: Atoms, above: Atoms) -> FloatArray:
    first, second = _radii(below), _radii(above)
    ionic = first[0][:, None] + second[0][None, :]
    bound = (first[2] > 0)[:, None] | (second[2] > 0)[None, :]
    soft = MOLECULE_CONTACT * (first[1][:, None] + second[1][None, :])
    hydrogen = _acidic(below)[:, None] & _halide(above)[None, :]
    hydrogen |= _halide(below)[:, None] & _acidic(above)[None, :]
    soft[hydrogen] *= HYDROGEN_BOND / MOLECULE_CONTACT
    distances: FloatArray = np.where(bound, soft, ionic)
    return distances


def _radii(atoms: Atoms) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return ionic radii, van der Waals radii and molecule ids."""
    ionic = radius_table()[atoms.numbers].copy()
    large = atoms.arrays[SITE] == Site.A
    ionic[large] = radius_table(12)[atoms.numbers[large]]
    return (
        np.nan_to_num(ionic, nan=UNKNOWN_RADIUS),
        np.nan_to_num(vdw_table()[atoms.numbers], nan=UNKNOWN_RADIUS),
        atoms.arrays[MOLECULE],
    )


def _acidic(atoms: Atoms) -> BoolArray:
    """Return which atoms are hydrogens of a molecule whose head can give a hydrogen bond."""
    hydrogen = (atoms.numbers == 1) & (atoms.arrays[MOLECULE] > 0)
    polar = np.flatnonzero(np.isin(atoms.numbers, (7, 8)) & (atoms.arrays[MOLECULE] > 0))
    near = np.zeros(len(atoms), dtype=bool)
    index = np.flatnonzero(hydrogen)
    if index.size and polar.size:
        gaps = atoms.positions[index][:, None] - atoms.positions[polar][None]
        near[index] = (np.linalg.norm(gaps, axis=-1) < 1.25).any(axis=1)
    return near


def _halide(atoms: Atoms) -> BoolArray:
    halide: BoolArray = (atoms.arrays[CHARGE] == -1) & (atoms.arrays[MOLECULE] == 0)
    return halide


def _images(cell: FloatArray, reach: float) -> FloatArray:
    area = abs(float(np.linalg.det(cell)))
    count = [int(reach * np.linalg.norm(cell[1 - i]) / area) + 1 for i in range(2)]
    steps = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in count), indexing="ij"), axis=-1)
    images: FloatArray = steps.reshape(-1, 2) @ cell
    return images
