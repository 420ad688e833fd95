"""The distance between the facing planes of two parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.part import has_b_site, height_of, plane_of
from heterobuild.assembly.part_kinds import dispersion_bound
from heterobuild.chemistry.ions import radius_table, vdw_table
from heterobuild.labels import CHARGE, MOLECULE, SITE, Site, take

if TYPE_CHECKING:
    from ase import Atoms

    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.assembly.part import Part

MOLECULE_CONTACT = 0.8
"""Fraction of the van der Waals sum that a molecule keeps from its neighbours."""

SHEET_CONTACT = 0.95
"""The same for an atom of a sheet such as graphene: the planes of graphite are 3.35 Å apart, and
two van der Waals radii of carbon make 3.54 Å."""

HYDROGEN_BOND = 0.7
"""The same for a hydrogen on N or O and a halide."""

FACING_DEPTH = 8.0
"""Å; atoms deeper than this below a facing plane touch nothing beyond it."""

LONGEST_N_H = 1.25
"""Å; N–H and O–H bonds are 1.0 Å long, the next hydrogens 2 Å away."""

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


def touching_distance(
    lower: Part,
    upper: Part,
    whole: FloatArray,
    shift: FloatArray,
    *,
    molecules: bool = False,
) -> float:
    """Return the distance of the facing planes at which the first two atoms touch.

    Ions are spheres of their ionic radii (A cations beside B cations with twelve neighbours);
    the atoms of molecules keep 0.8 of the sum of van der Waals radii, 0.7 for N–H…halide, where
    a cation counts with its ionic radius. Atoms of sheets such as graphene keep 0.95 of the
    van der Waals sum, where A cations count with their ionic radius, and other metals with the
    mean of both radii.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    whole : (2, 2) float array
        In-plane cell of the result in Å.
    shift : (2,) float array
        In-plane shift of the upper part in Å.
    molecules : bool, optional
        Whether only pairs with an atom of a molecule count.

    Returns
    -------
    float
        Distance of the facing planes in Å; −∞ where no pair counts.
    """
    below = _facing(lower, top=True)
    above = _facing(upper, top=False)
    widest = 2 * max(float(kind.max()) for atoms in (below, above) for kind in _radii(atoms)[:3])
    flat = np.concatenate([below.positions[:, :2], above.positions[:, :2] + shift])
    i, j, lateral = _flat_pairs(flat, whole, widest)
    cross = (i < len(below)) & (j >= len(below))
    i, j, lateral = i[cross], j[cross] - len(below), lateral[cross]
    room = _contact_distances(below, above, i, j) ** 2 - lateral**2
    rise = above.positions[j, 2] - below.positions[i, 2]
    near = room > 0
    if molecules:
        near &= (below.arrays[MOLECULE][i] > 0) | (above.arrays[MOLECULE][j] > 0)
    return float((np.sqrt(room[near]) - rise[near]).max(initial=-np.inf))


def _flat_pairs(
    points: FloatArray, whole: FloatArray, reach: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return all pairs of points, periodic in the plane, whose in-plane distance is in reach."""
    from vesin import NeighborList

    box = np.zeros((3, 3))
    box[:2, :2] = whole
    box[2, 2] = 3 * reach
    positions = np.column_stack([points, np.zeros(len(points))])
    i, j, distance = NeighborList(cutoff=reach, full_list=True).compute(
        positions, box, [True, True, False], "ijd"
    )
    return i.astype(np.int64), j.astype(np.int64), distance


def _facing(part: Part, *, top: bool) -> Atoms:
    """Return the atoms near the facing plane, whose height becomes 0."""
    edge = height_of(part, part.top if top else part.bottom)
    depth = (edge - part.atoms.positions[:, 2]) * (1 if top else -1)
    near = take(part.atoms, np.flatnonzero(depth < FACING_DEPTH))
    near.positions[:, 2] -= edge
    return near


def _contact_distances(below: Atoms, above: Atoms, i: IntArray, j: IntArray) -> FloatArray:
    """Return the distance in Å at which the atoms of each pair touch."""
    first, second = _radii(below), _radii(above)
    ionic = first[0][i] + second[0][j]
    bound = (below.arrays[MOLECULE][i] > 0) | (above.arrays[MOLECULE][j] > 0)
    hydrogen = (_acidic(below)[i] & _halide(above)[j]) | (_halide(below)[i] & _acidic(above)[j])
    soft = np.where(hydrogen, HYDROGEN_BOND, MOLECULE_CONTACT) * (first[1][i] + second[1][j])
    sheet = dispersion_bound(below)[i] | dispersion_bound(above)[j]
    flat = SHEET_CONTACT * (first[2][i] + second[2][j])
    distances: FloatArray = np.where(sheet, flat, np.where(bound, soft, ionic))
    return distances


def _radii(atoms: Atoms) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return radii among ions, towards molecules, and towards sheets.

    Towards molecules a cation keeps its ionic radius, towards sheets only an A cation does; a
    bare metal at a surface is neither ion nor atom, so the mean of both radii is taken (Pb 1.9,
    Al 1.4 Å). Anything else has its van der Waals radius.
    """
    sites = atoms.arrays[SITE]
    ionic = radius_table()[atoms.numbers].copy()
    caged = (sites == Site.A) & (sites == Site.B).any()
    ionic[caged] = radius_table(12)[atoms.numbers[caged]]
    soft = vdw_table()[atoms.numbers].copy()
    flat = soft.copy()
    cation = (atoms.arrays[MOLECULE] == 0) & (atoms.arrays[CHARGE] > 0)
    soft[cation & (sites != Site.INTERLAYER)] = ionic[cation & (sites != Site.INTERLAYER)]
    bare = cation & ~np.isin(sites, (Site.A, Site.INTERLAYER)) & np.isfinite(ionic)
    flat[bare] = (ionic[bare] + flat[bare]) / 2
    large = cation & (sites == Site.A)
    flat[large] = ionic[large]
    known = [np.nan_to_num(radii, nan=UNKNOWN_RADIUS) for radii in (ionic, soft, flat)]
    return known[0], known[1], known[2]


def _acidic(atoms: Atoms) -> BoolArray:
    """Return which atoms are hydrogens on N or O of a molecule."""
    bound = atoms.arrays[MOLECULE] > 0
    hydrogen, polar = (np.flatnonzero(bound & np.isin(atoms.numbers, z)) for z in ((1,), (7, 8)))
    near = np.zeros(len(atoms), dtype=bool)
    if hydrogen.size and polar.size:
        from scipy.spatial import KDTree

        distance, _ = KDTree(atoms.positions[polar]).query(atoms.positions[hydrogen])
        near[hydrogen] = distance < LONGEST_N_H
    return near


def _halide(atoms: Atoms) -> BoolArray:
    halide: BoolArray = (atoms.arrays[CHARGE] == -1) & (atoms.arrays[MOLECULE] == 0)
    return halide
