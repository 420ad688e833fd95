"""How far halides and A cations of a perovskite are from where untilted octahedra would have them.

Without tilts a bridging halide stands midway between its two B cations, and an A cation at the
centre of the eight B cations of its cage. Both points are known of the endless crystal, so they
are known of the outermost planes of a slab too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.labels import MOLECULE, SITE, Site
from heterobuild.slabs.orientation import crystal_to_slab
from heterobuild.tilts.octahedra import REACH

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.model import Stacking

CAGE = 1.2
"""Longest A–B as a fraction of the pseudo-cubic edge: the cage ends at 0.87, the next B cations
begin at 1.66."""

SAME_SITE = 0.01
"""Å within which an atom of a slab is at a site of its crystal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TiltSites:
    """The halides and single A cations of one repeat of a stacking.

    Parameters
    ----------
    cell : (3, 3) float array
        Surface vectors and repeat in Å.
    site : (n,) int array
        Site code, A or X.
    positions : (n, 3) float array
        Where they are, in Å in the frame of the slab.
    ideal : (n, 3) float array
        Where they would be without tilts.
    span : (n, 3) float array
        Vector in Å between the two B cations of a halide; zero for A cations.
    layers : int
        Planes of B cations in one repeat.
    lowest : float
        Height in Å of the lowest of these planes.
    """

    cell: FloatArray
    site: IntArray
    positions: FloatArray
    ideal: FloatArray
    span: FloatArray
    layers: int
    lowest: float

    @property
    def spacing(self) -> float:
        """Distance in Å of two planes of B cations."""
        return float(self.cell[2, 2] / self.layers)


def pseudocubic_axes_of(stacking: Stacking) -> FloatArray | None:
    """Return the pseudo-cubic axes of a crystal in the frame of its slab.

    Parameters
    ----------
    stacking : Stacking
        The crystal as planes.

    Returns
    -------
    (3, 3) float array or None
        Rows in Å; None where the crystal has no such axes.
    """
    crystal = stacking.crystal
    if crystal.pseudocubic is None:
        return None
    axes: FloatArray = crystal.pseudocubic @ crystal.cell @ crystal_to_slab(stacking)
    return axes


def tilt_sites(stacking: Stacking) -> TiltSites:
    """Find where the halides and A cations of a perovskite would be without tilts.

    Parameters
    ----------
    stacking : Stacking
        The crystal as planes.

    Returns
    -------
    TiltSites
        The sites of one repeat. Molecules are not among them.

    Raises
    ------
    UsageError
        If the crystal is no three-dimensional network of octahedra.

    Examples
    --------
    >>> from heterobuild.compounds import load_crystal
    >>> from heterobuild.slabs import stack_planes
    >>> sites = tilt_sites(stack_planes(load_crystal("CsPbBr3_cubic"), "001"))
    >>> len(sites.site), float(np.abs(sites.positions - sites.ideal).max())
    (4, 0.0)
    """
    atoms, axes = stacking.atoms, pseudocubic_axes_of(stacking)
    if axes is None:
        raise _no_network(stacking, "a crystal without pseudo-cubic axes")
    ion = atoms.arrays[MOLECULE] == 0
    code = atoms.arrays[SITE]
    metals, halides, cations = (
        np.flatnonzero(ion & (code == site)) for site in (Site.B, Site.X, Site.A)
    )
    edge = float(np.linalg.norm(axes, axis=1).min())
    bridged = _neighbours(atoms.positions, stacking.cell, halides, metals, REACH * edge)
    if not len(halides) or any(len(found) != 2 for found in bridged):
        raise _no_network(stacking, "halides that do not join two octahedra")
    caged = _neighbours(atoms.positions, stacking.cell, cations, metals, CAGE * edge)
    held = [number for number, found in enumerate(caged) if len(found) == 8]
    spans = np.array([found[0] - found[1] for found in bridged])
    offsets = [found.mean(axis=0) for found in (*bridged, *(caged[number] for number in held))]
    index = np.concatenate([halides, cations[held]])
    planes = np.unique(stacking.plane[metals])
    heights = atoms.positions[metals][stacking.plane[metals] == planes[0], 2]
    return TiltSites(
        cell=stacking.cell,
        site=code[index],
        positions=atoms.positions[index],
        ideal=atoms.positions[index] + np.round(offsets, 9) + 0.0,
        span=np.concatenate([spans, np.zeros((len(held), 3))]),
        layers=len(planes),
        lowest=float(heights.mean()),
    )


def sites_of(positions: FloatArray, code: IntArray, sites: TiltSites) -> IntArray:
    """Tell at which site of the crystal each atom stands.

    Parameters
    ----------
    positions : (n, 3) float array
        Places in Å in the frame of the slab, unstrained.
    code : (n,) int array
        Site code of each, A or X.
    sites : TiltSites
        The sites of one repeat.

    Returns
    -------
    (n,) int array
        Number of the site; -1 where there is none of this kind.
    """
    from scipy.spatial import cKDTree

    found = np.full(len(positions), -1, dtype=np.int64)
    inverse = np.linalg.inv(sites.cell)
    for kind in np.unique(code):
        mine, theirs = np.flatnonzero(code == kind), np.flatnonzero(sites.site == kind)
        if not len(theirs):
            continue
        tree = cKDTree(_wrapped(sites.positions[theirs] @ inverse), boxsize=np.ones(3))
        fractions = _wrapped(positions[mine] @ inverse)
        nearest = theirs[tree.query(fractions)[1]]
        apart = fractions - sites.positions[nearest] @ inverse
        apart = np.linalg.norm((apart - np.rint(apart)) @ sites.cell, axis=1)
        found[mine] = np.where(apart < SAME_SITE, nearest, -1)
    return found


def _wrapped(fractions: FloatArray) -> FloatArray:
    """Return fractions in [0, 1)."""
    inside = np.mod(fractions, 1.0)
    inside[inside >= 1.0] = 0.0
    return inside


def _neighbours(
    positions: FloatArray, cell: FloatArray, centres: IntArray, others: IntArray, reach: float
) -> list[FloatArray]:
    """Return the vectors in Å from each centre to the other atoms within reach."""
    from vesin import NeighborList

    points = np.ascontiguousarray(np.vstack([positions[centres], positions[others]]))
    first, second, vectors = NeighborList(cutoff=reach, full_list=True).compute(
        points=points, box=np.ascontiguousarray(cell), periodic=True, quantities="ijD"
    )
    first, count = np.asarray(first, dtype=np.int64), len(centres)
    bond = (first < count) & (np.asarray(second, dtype=np.int64) >= count)
    first, vectors = first[bond], np.asarray(vectors)[bond]
    order = np.argsort(first, kind="stable")
    ends = np.searchsorted(first[order], np.arange(1, count + 1))
    return np.split(vectors[order], ends)[:count]


def _no_network(stacking: Stacking, measured: str) -> UsageError:
    return UsageError(
        f"tilts of {stacking.crystal.name} cannot follow those of another crystal",
        where="tilts",
        measured=measured,
        allowed="three-dimensional perovskites ABX3 on both sides of the wall",
        next_step="use tilts: kept",
    )
