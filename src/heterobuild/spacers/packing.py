"""Organic layers: spacers between two inorganic faces, as rigid units with the head in a pocket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.spacers.arranging import arrange
from heterobuild.spacers.bodies import as_spacer, turn_over
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND
from heterobuild.spacers.fits import HEAD_DEPTH, Role, coordinates
from heterobuild.spacers.galleries import ABOVE, BELOW, Face, chessboard, make_gallery
from heterobuild.spacers.layer_contacts import Contacts, shortest_contacts
from heterobuild.spacers.layer_thickness import organic_thickness
from heterobuild.spacers.library_poses import adapt, library_arrangement
from heterobuild.spacers.packing_options import check_bridge, check_layer, check_pose
from heterobuild.spacers.pose_search import Arrangement, Wishes
from heterobuild.spacers.poses import DEPTH, IDENTITY, Image, image_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.estimates.lengths import Estimate
    from heterobuild.model import Molecule
    from heterobuild.spacers.galleries import Gallery

__all__ = ["Face", "Packing", "pack_spacers"]

_HALF_TURN = Image(quarter=2)


@dataclass(frozen=True, kw_only=True, eq=False)
class Packing:
    """One organic layer.

    Parameters
    ----------
    positions : (k, n, 3) float array
        Coordinates in Å of k molecules of n atoms, in the order of the atoms of the molecule;
        those on the face below first. z = 0 is the plane of its terminal halides, z =
        `thickness` that of the face above. Molecules are whole.
    face : (k,) int array
        0 for a head in the face below, 1 above; spacers with two heads count as below.
    pocket : (k,) int array
        Pocket of that face.
    thickness : float
        Distance in Å between the planes of terminal halides; 0 beside vacuum.
    estimate : Estimate or None
        Where the distance was not given, what it was predicted to be.
    added : float
        What the distance is larger in Å than predicted or given, because there was no room.
    depth : float
        How far the heads lie below the plane of terminal halides, in Å.
    tilt : float
        Angle in degrees between the molecular axis and the normal.
    overlap : float
        Height in Å by which the non-hydrogen atoms of both faces interdigitate; negative where
        there is room between them, nan where only one face has spacers.
    contacts : Contacts
        Shortest contacts as fractions of the sums of van der Waals radii.
    """

    positions: FloatArray
    face: IntArray
    pocket: IntArray
    thickness: float
    estimate: Estimate | None
    added: float
    depth: float
    tilt: float
    overlap: float
    contacts: Contacts


def pack_spacers(
    molecule: Molecule,
    *,
    cell: FloatArray,
    below: Face | None,
    above: Face | None,
    spacing: float | None = None,
    tilt: float | None = None,
    azimuth: float | None = None,
    roll: float | None = None,
    depth: float | None = None,
    interdigitation: bool = True,
    flip: bool = False,
    grow: bool = True,
    without: Collection[str] = (),
) -> Packing:
    """Place spacers between two faces.

    Spacers are rigid and only ever rotated, so chiral ones keep their hand. A spacer with one
    head hangs in every pocket of both faces; one with two stands between a pocket below and one
    above. The search widens the shortest contact up to 0.96 of the sum of van der Waals radii
    and turns the hydrogens of the heads to halides. No contact is below 0.8 of the sum, or 0.7
    for a hydrogen on N or O that points to an acceptor. Spacers of the library start from poses
    that were found before; they are judged again in every crystal.

    Parameters
    ----------
    molecule : Molecule
        A cation with a charge of 1 or 2.
    cell : (2, 2) float array
        In-plane vectors in Å.
    below, above : Face or None
        The face under the layer and the one over it; only the relief of the one above counts, not
        its height. None stands for vacuum on that side.
    spacing : float or None, optional
        Distance in Å between the planes of terminal halides; None predicts it, see
        `heterobuild.spacers.layer_thickness.organic_thickness`.
    tilt, azimuth, roll : float or None, optional
        Pose of the first spacer in degrees: angle of its axis to the normal, direction of the
        tilt counted from the first pseudo-cubic axis (along x, or -45° from it in the √2 × √2
        cell), turn about the axis. None leaves them to the search. With two heads the tilt
        follows from the spacing.
    depth : float or None, optional
        Depth of the N below the plane of terminal halides in Å; 0.55 by default, as measured.
    interdigitation : bool, optional
        Whether spacers of the two faces may reach between one another.
    flip : bool, optional
        Turn the layer by 180° about the normal; a spacer with two heads is turned over, so that
        its other head points down.
    grow : bool, optional
        Whether the spacing may become larger where the spacers have no room.
    without : collection of str, optional
        Names or formulas of phases that the prediction must not use.

    Returns
    -------
    Packing
        The layer.

    Raises
    ------
    UsageError
        If the molecule is no spacer, is too wide for the square or too short for the gap, has no
        room at a spacing that may not grow, or a number is impossible.
    """
    check_layer(below, above, spacing, depth)
    check_pose(tilt, azimuth, roll)
    spacer = as_spacer(molecule)
    if spacer.two_headed:
        spacer = turn_over(spacer) if flip else spacer
        check_bridge(spacer, below, above, tilt, depth)
    gallery = make_gallery(spacer, cell, below, above, interdigitation=interdigitation)
    wishes = Wishes(tilt=tilt, azimuth=azimuth, roll=roll, depth=depth)
    estimate = None
    if None in gallery.walls:
        wanted = 0.0
    elif spacing is None:
        estimate = _estimate(gallery, wishes, without)
        wanted = estimate.value
    else:
        wanted = spacing
    known = library_arrangement(gallery, wanted, grow=grow) if wishes == Wishes() else None
    found, distance = known or arrange(gallery, wanted, wishes, grow=grow)
    if flip and not spacer.two_headed:
        found, distance = _turned(gallery, found, distance)
    filled = _fill(gallery, cell, (below, above), found, distance)
    _require_room(filled, molecule)
    return replace(filled, estimate=estimate, added=distance - wanted)


def _estimate(gallery: Gallery, wishes: Wishes, without: Collection[str]) -> Estimate:
    """Predict the distance of the faces; heads of bridges that are less deep need more of it."""
    area = abs(float(np.linalg.det(gallery.square)))
    estimate = organic_thickness(gallery.spacer.molecule, area, without=without)
    if gallery.spacer.two_headed and wishes.depth is not None:
        return replace(estimate, value=estimate.value + 2 * (HEAD_DEPTH - wishes.depth))
    return estimate


def _require_room(packing: Packing, molecule: Molecule) -> None:
    """Refuse a layer with short contacts: the cell does not repeat like its squares."""
    if not packing.contacts.allowed:
        found = packing.contacts
        raise UsageError(
            f"no layer of {molecule.name} without short contacts was found for this cell",
            measured=f"{found.contact:.2f} of the van der Waals sum, "
            f"{found.hydrogen_bond:.2f} in hydrogen bonds",
            allowed=f"{CONTACT:g} and {HYDROGEN_BOND:g}",
            next_step="take the 1 × 1 or √2 × √2 cell of the squares, or a multiple of it",
        )


def _turned(gallery: Gallery, found: Arrangement, distance: float) -> tuple[Arrangement, float]:
    """Turn a layer by 180° about the normal, and adapt it where the halides differ."""
    turned = replace(found, pose=image_of(found.pose[None], _HALF_TURN)[0])
    adapted = adapt(gallery, turned, distance)
    if adapted.clearance < 1:
        raise UsageError(
            f"turned by 180°, {gallery.spacer.molecule.name} does not fit between these sheets",
            measured=f"contacts of {adapted.clearance * CONTACT:.2f} of the van der Waals sum",
            allowed=f"from {CONTACT:g} of it",
            next_step="leave out flip, or give the azimuth",
        )
    return adapted, distance


def _fill(
    gallery: Gallery,
    cell: FloatArray,
    faces: tuple[Face | None, Face | None],
    found: Arrangement,
    thickness: float,
) -> Packing:
    """Put a molecule into every pocket."""
    blocks, sides, pockets = [], [], []
    for side, face in enumerate(faces):
        if face is None or (side == ABOVE and gallery.spacer.two_headed):
            continue
        colours = chessboard(face.pockets, cell, gallery.square)
        if len(gallery.pockets[side]) == 1:
            colours = np.zeros_like(colours)
        for colour in range(len(gallery.pockets[side])):
            chosen = np.flatnonzero(colours == colour)
            images = (found.beside,) * colour + (found.across,) * (side == ABOVE)
            role = Role(face=side, pocket=colour, images=images or (IDENTITY,))
            points = coordinates(gallery, found.pose[None], role, thickness)
            steps = np.zeros((len(chosen), 1, 3))
            steps[:, 0, :2] = face.pockets[chosen, :2] - gallery.pockets[side][colour]
            blocks.append(points + steps)
            sides.append(np.full(len(chosen), side))
            pockets.append(chosen)
    positions = np.concatenate(blocks)
    return Packing(
        positions=positions,
        face=np.concatenate(sides).astype(np.int64),
        pocket=np.concatenate(pockets).astype(np.int64),
        thickness=thickness,
        estimate=None,
        added=0.0,
        depth=float(found.pose[DEPTH]),
        tilt=float(found.pose[0]),
        overlap=_overlap(gallery, positions, np.concatenate(sides)),
        contacts=shortest_contacts(gallery.spacer, positions, cell, faces, thickness),
    )


def _overlap(gallery: Gallery, positions: FloatArray, face: IntArray) -> float:
    """Return how far the spacers of the two faces reach between one another in Å."""
    heights = positions[:, gallery.spacer.heavy, 2]
    if face.min() == face.max():
        return float("nan")
    return float(heights[face == BELOW].max() - heights[face == ABOVE].min())
