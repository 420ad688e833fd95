"""Where the sites of a perovskite would be if it went on beyond its wall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.tilt_sites import sites_of, tilt_sites
from heterobuild.errors import UsageError
from heterobuild.labels import MOLECULE, SITE, Site

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, FloatArray, IntArray
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.assembly.tilt_sites import TiltSites

SAME_PLACE = 2.0
"""Å in the plane; sites of one kind in a plane are at least 4 Å apart."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TiltIons:
    """The halides and single A cations of a part.

    Parameters
    ----------
    index : (n,) int array
        Atoms of the part.
    kind : (n,) int array
        Site code, A or X.
    ideal : (n, 3) float array
        Places in Å without tilts, before stacking.
    displacement : (n, 3) float array
        How far they are from there, in Å.
    span : (n,) float array
        Distance in Å of the two B cations of a halide; 0 for A cations.
    spacing : float
        Distance in Å of two planes of B cations.
    metals : (m,) float array
        Heights of the B cations in Å.
    """

    index: IntArray
    kind: IntArray
    ideal: FloatArray
    displacement: FloatArray
    span: FloatArray
    spacing: float
    metals: FloatArray

    def octahedra(self, sign: int) -> FloatArray:
        """Return the distances from a wall, counted in octahedra.

        Parameters
        ----------
        sign : int
            1 where the wall is below the part, -1 where it is above.

        Returns
        -------
        (n,) float array
            In steps of one half; 1 for the first octahedron.
        """
        heights = self.metals * sign
        first = float(heights[heights < heights.min() + self.spacing / 2].mean())
        place: FloatArray = np.rint(2 * (self.ideal[:, 2] * sign - first) / self.spacing + 2) / 2
        return place


@dataclass(frozen=True, kw_only=True, eq=False)
class Continued:
    """What a crystal has at the places of another one beyond its wall.

    Parameters
    ----------
    displacement : (n, 3) float array
        Displacements by its tilts in Å, those of halides scaled with the distance of the B
        cations; nan where it has no such ion.
    offset : (n, 2) float array
        In-plane vectors in Å from the places to its own ones.
    found : (n,) bool array
        Where it has an ion of the kind.
    """

    displacement: FloatArray
    offset: FloatArray
    found: BoolArray


def tilt_ions(part: Part) -> TiltIons:
    """Return the ions of a part that tilts move.

    Parameters
    ----------
    part : Part
        A part made of a three-dimensional perovskite.

    Returns
    -------
    TiltIons
        The ions; molecules are not among them.

    Raises
    ------
    UsageError
        If the crystal is no three-dimensional network of octahedra.
    """
    sites = tilt_sites(part.slab.stacking)
    positions, code = part.atoms.positions, part.atoms.arrays[SITE]
    single = part.atoms.arrays[MOLECULE] == 0
    index = np.flatnonzero(single & np.isin(code, (Site.X, Site.A)))
    site = sites_of(positions[index] @ np.linalg.inv(part.deformation), code[index], sites)
    index, site = index[site >= 0], site[site >= 0]
    own = (sites.positions - sites.ideal)[site] @ part.deformation
    return TiltIons(
        index=index,
        kind=code[index],
        ideal=positions[index] - own,
        displacement=own,
        span=np.linalg.norm(sites.span[site] @ part.deformation, axis=1),
        spacing=sites.spacing * abs(float(part.deformation[2, 2])),
        metals=positions[code == Site.B, 2],
    )


def continued(
    part: Part,
    frame: Frame,
    ions: TiltIons,
    *,
    near: IntArray,
    shift: FloatArray,
    sign: int,
) -> Continued:
    """Return what a crystal would have at the places of the ions of its neighbour.

    Parameters
    ----------
    part : Part
        The crystal that goes on.
    frame : Frame
        The in-plane cell.
    ions : TiltIons
        The ions of the neighbour.
    near : (n,) int array
        Which of them are wanted.
    shift : (2,) float array
        In-plane vector in Å from the frame of the neighbour to that of the part.
    sign : int
        1 where the neighbour is above, -1 where it is below.

    Returns
    -------
    Continued
        Displacements and offsets.

    Raises
    ------
    UsageError
        If the two crystals have no halides at common places.
    """
    from scipy.spatial import cKDTree

    sites = tilt_sites(part.slab.stacking)
    place, kind = ions.octahedra(sign)[near], ions.kind[near]
    flat, height, number = _lattice_beyond(part, sites, frame, sign, float(place.max()))
    own = (sites.positions - sites.ideal) @ part.deformation
    lengths = np.linalg.norm(sites.span @ part.deformation, axis=1)
    lift = 10 * SAME_PLACE
    tree = cKDTree(np.column_stack([flat, lift * height, 10 * lift * sites.site[number]]))
    inside = _inside(ions.ideal[near, :2] + shift, frame)
    asked = np.column_stack([inside, lift * place, 10 * lift * kind])
    distance, nearest = (np.atleast_1d(found) for found in tree.query(asked))
    halide = kind == Site.X
    if (distance[halide] > SAME_PLACE).any():
        raise UsageError(
            f"the octahedra of the {part.name} do not lie over those across the wall",
            where="tilts",
            measured=f"{float(distance[halide].max()):.2f} Å apart",
            allowed=f"up to {SAME_PLACE:g} Å",
            next_step="use fewer tilt_planes, or tilts: kept",
        )
    site = number[nearest]
    scale = np.ones(len(site))
    scale[halide] = ions.span[near][halide] / lengths[site[halide]]
    displacement: FloatArray = own[site] * scale[:, None]
    displacement[distance > SAME_PLACE] = np.nan
    return Continued(
        displacement=displacement,
        offset=flat[nearest] - inside,
        found=distance <= SAME_PLACE,
    )


def _lattice_beyond(
    part: Part, sites: TiltSites, frame: Frame, sign: int, last: float
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return in-plane places, octahedra from the wall and site of a crystal continued beyond it."""
    turn = 1 if part.upright else -1
    rise = sign * turn
    metals = part.atoms.positions[part.atoms.arrays[SITE] == Site.B, 2] * sign
    scale = abs(float(part.deformation[2, 2]))
    edge = float(metals[metals > metals.max() - 0.5 * sites.spacing * scale].mean())
    ideal = sites.ideal @ part.deformation
    height = (ideal[:, 2] * sign - edge) / (sites.spacing * scale)
    lowest, highest = (0.0 - height.max()) / sites.layers, (last - height.min()) / sites.layers
    repeats = np.arange(int(np.floor(lowest)), int(np.ceil(highest)) + 1)
    step = rise * (sites.cell[2] @ part.deformation)
    shape = (len(repeats), len(part.cells), len(ideal))
    flat = (
        ideal[None, None, :, :2]
        + part.cells[None, :, None, :2]
        + (repeats[:, None] * step[:2])[:, None, None]
    )
    above = np.broadcast_to(height + sites.layers * repeats[:, None, None], shape).ravel()
    number = np.broadcast_to(np.arange(len(ideal)), shape).ravel()
    above = np.rint(2 * above) / 2
    inside = _inside(flat.reshape(-1, 2), frame)
    near = (above >= 0) & (above <= last)
    images = np.stack(np.meshgrid([-1, 0, 1], [-1, 0, 1], indexing="ij"), -1).reshape(-1, 2)
    every = (inside[near][None] + (images @ frame.cell)[:, None]).reshape(-1, 2)
    return every, np.tile(above[near], 9), np.tile(number[near], 9)


def _inside(places: FloatArray, frame: Frame) -> FloatArray:
    """Return the images of places inside the common cell."""
    fractions = places @ np.linalg.inv(frame.cell)
    inside: FloatArray = (fractions - np.floor(fractions)) @ frame.cell
    return inside
