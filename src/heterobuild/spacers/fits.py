"""How well spacers fit into the gallery between two sheets, judged for many poses at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.spacers.clearances import clearances, nearest, plane_shifts, with_images
from heterobuild.spacers.contact_radii import HEAD_CONTACT, contact_radii
from heterobuild.spacers.galleries import ABOVE, BELOW, head_nitrogens
from heterobuild.spacers.poses import IDENTITY, Image, image_of, place

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.spacers.galleries import Gallery

HEAD_DEPTH = 0.55
"""Å; depth of the N below the plane of terminal halides: 0.572 in BA2PbI4, 0.571 ± 0.022 in
PEA2PbI4, 0.498 ± 0.087 in (R-MBA)2PbI4, the phases of the library with refined molecules."""

HIGHEST = -0.5
"""Å; least depth, above the plane of terminal halides, of heads in small squares."""

FARTHEST_LEAN = 1.4
"""Å; farthest place of an N from the middle of its square; up to 1.31 in the same phases."""

DEPTH_RANGE = 0.35
"""Å by which the depth of either head of a spacer with two may deviate."""

_FARTHEST_CONTACT = 3.4
_ENOUGH = 1.2
_AMPLE = 1.03
_NITROGEN, _IODINE = 7, 53
_BONDED = 0.84


def head_depth(gallery: Gallery) -> float:
    """Return how deep heads lie below the planes of terminal halides.

    `HEAD_DEPTH` holds for I; the depth below other halides is less in the ratio of the sums of the
    van der Waals radii of N and halide, as the distance of N and halide is. In small squares, such
    as those of Cu or Mn and Cl, a N in the middle is raised until it is far enough from the
    bridging halides.

    Parameters
    ----------
    gallery : Gallery
        The gallery.

    Returns
    -------
    float
        Depth in Å, the same for both faces; negative above the plane.
    """
    depths = [HEAD_DEPTH]
    nitrogen, iodine = contact_radii(np.array([_NITROGEN, _IODINE]))
    for face, wall in enumerate(gallery.walls):
        if wall is None:
            continue
        terminal = contact_radii(np.array([wall.terminal]))[0]
        depths.append(HEAD_DEPTH * (nitrogen + terminal) / (nitrogen + iodine))
        floors = _AMPLE * HEAD_CONTACT * (wall.reach - contact_radii(np.array([1])) + nitrogen)
        for pocket in gallery.pockets[face]:
            aside = np.linalg.norm(wall.halides[0, :, :2] - pocket, axis=1)
            inward = wall.halides[0, :, 2] * (1.0 if face == ABOVE else -1.0)
            rise = np.sqrt(np.maximum(floors**2 - aside**2, 0.0))
            depths.append(float((inward - rise)[aside < floors].min(initial=np.inf)))
    return float(max(min(depths), HIGHEST))


@dataclass(frozen=True, kw_only=True)
class Role:
    """A place in the gallery, and the images that lead from the first pose to its own.

    Parameters
    ----------
    face : int
        `BELOW` or `ABOVE`.
    pocket : int
        Pocket of that face, 0 or 1.
    images : tuple of Image
        Applied one after the other.
    """

    face: int
    pocket: int
    images: tuple[Image, ...] = (IDENTITY,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """How well poses fit.

    Parameters
    ----------
    clearance : (k,) float array
        Least distance over shortest allowed one; below 1 also where a rule of the gallery is
        broken: interdigitation, a N of a head too near to a halide, or a second head out of its
        pocket.
    bonding : (k,) float array
        Mean over the hydrogens of the heads of the distance to the nearest halide, over the sum
        of radii; 0 without such hydrogens.
    overlap : (k,) float array
        Height in Å by which the non-hydrogen atoms of the spacers of either face interdigitate;
        negative where there is room between them.
    """

    clearance: FloatArray
    bonding: FloatArray
    overlap: FloatArray

    def score(self) -> FloatArray:
        """Return the number that is made as large as possible.

        Returns
        -------
        (k,) float array
            The clearance, up to 1.2 (0.96 of the sum of van der Waals radii, as in measured
            crystals), less half of what hydrogen bonds are longer than in crystals.
        """
        worse: FloatArray = np.minimum(self.clearance, _ENOUGH) - 0.5 * np.maximum(
            self.bonding - _BONDED, 0.0
        )
        return worse


def coordinates(
    gallery: Gallery,
    poses: FloatArray,
    role: Role,
    thickness: float,
    *,
    points: FloatArray | None = None,
) -> FloatArray:
    """Return the coordinates of the spacer in one role for many poses.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    poses : (k, 6) float array
        Poses of the first spacer.
    role : Role
        The place.
    thickness : float
        Distance of the terminal halide planes in Å.
    points : (n, 3) float array, optional
        Points in the frame of the spacer in Å; its atoms by default.

    Returns
    -------
    (k, n, 3) float array
        In Å; z = 0 is the lower terminal plane.
    """
    for image in role.images:
        if image != IDENTITY:
            poses = image_of(poses, image)
    above = role.face == ABOVE
    body = gallery.spacer.body if points is None else points
    placed = place(body, poses, square=gallery.square, down=above)
    placed[..., :2] += gallery.pockets[role.face][role.pocket]
    placed[..., 2] += thickness * above
    return placed


def fit_poses(
    gallery: Gallery,
    poses: FloatArray,
    roles: tuple[Role, ...],
    thickness: float,
    *,
    below_known: bool = False,
) -> Fit:
    """Judge poses by the contacts of all roles with one another and with the sheets.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    poses : (k, 6) float array
        Poses of the first spacer.
    roles : tuple of Role
        Places that are filled.
    thickness : float
        Distance of the terminal halide planes in Å.
    below_known : bool, optional
        Leave out the contacts within the lower face, where they are known already.

    Returns
    -------
    Fit
        The judgement of each pose.
    """
    placed = [coordinates(gallery, poses, role, thickness) for role in roles]
    least = np.full(len(poses), np.inf)
    for (points, role), (face, wall) in product(
        zip(placed, roles, strict=True), enumerate(gallery.walls)
    ):
        if wall is not None and not (below_known and face == role.face == BELOW):
            height = np.array([0.0, 0.0, thickness * (face == ABOVE)])
            least = np.minimum(least, clearances(points - height, wall.atoms, wall.floors))
            heads = points[:, head_nitrogens(gallery.spacer)] - height
            bridged = clearances(heads, wall.halides, wall.bridges)
            least = np.minimum(least, np.where(bridged < 1, bridged, np.inf))
    for i, j in combinations_with_replacement(range(len(roles)), 2):
        if not (below_known and roles[i].face == roles[j].face == BELOW):
            shifts = _shifts(gallery, placed[i], placed[j])
            shifts = _half(shifts) if i == j else shifts
            images = with_images(placed[j], shifts)
            floors = np.tile(gallery.floors, (1, len(shifts)))
            least = np.minimum(least, clearances(placed[i], images, floors))
    overlap = _overlap(gallery, placed, roles)
    if not gallery.interdigitation:
        least = np.minimum(least, 1.0 - overlap)
    if gallery.spacer.two_headed:
        least = np.minimum(least, _second_head(gallery, poses, roles, thickness))
    bonding = _bonding(gallery, placed, roles, thickness)
    return Fit(clearance=least, bonding=bonding, overlap=overlap)


def _second_head(
    gallery: Gallery, poses: FloatArray, roles: tuple[Role, ...], thickness: float
) -> FloatArray:
    """Return 1 less what the second heads lie off the pockets above beyond what is allowed."""
    least = np.full(len(poses), np.inf)
    pocket = gallery.pockets[ABOVE][0]
    inverse = np.linalg.inv(gallery.square)
    for role in roles:
        ends = coordinates(gallery, poses, role, thickness, points=gallery.spacer.heads)[:, 1]
        steps = (ends[:, :2] - pocket) @ inverse
        lean = np.linalg.norm((steps - np.rint(steps)) @ gallery.square, axis=1)
        depth = np.abs(ends[:, 2] - thickness - HEAD_DEPTH)
        beyond = np.maximum(lean - FARTHEST_LEAN, depth - DEPTH_RANGE)
        least = np.minimum(least, np.where(beyond > 0, 1.0 - beyond, np.inf))
    return least


def _shifts(gallery: Gallery, first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the translations under which two spacers may touch in any of the poses."""
    middle = (first.mean(axis=1) - second.mean(axis=1))[:, None, :2]
    apart = np.linalg.norm(middle, axis=-1).max()
    spans = [
        np.linalg.norm((p - p.mean(axis=1, keepdims=True))[..., :2], axis=-1).max()
        for p in (first, second)
    ]
    return plane_shifts(gallery.cell, float(apart + sum(spans)) + _FARTHEST_CONTACT)


def _half(shifts: FloatArray) -> FloatArray:
    """Keep one of each two opposite translations, and not the zero one."""
    forward = (shifts[:, 0] > 1e-9) | ((np.abs(shifts[:, 0]) <= 1e-9) & (shifts[:, 1] > 1e-9))
    half: FloatArray = shifts[forward]
    return half


def _bonding(
    gallery: Gallery, placed: list[FloatArray], roles: tuple[Role, ...], thickness: float
) -> FloatArray:
    """Return the mean relative distance from hydrogens of the heads to halides."""
    head = gallery.spacer.head
    if not head.any():
        return np.zeros(len(placed[0]))
    total = np.zeros(len(placed[0]))
    for points, role in zip(placed, roles, strict=True):
        ratios = np.full((len(points), int(head.sum())), np.inf)
        for face, wall in enumerate(gallery.walls):
            if wall is not None and (face == role.face or gallery.spacer.two_headed):
                height = np.array([0.0, 0.0, thickness * (face == ABOVE)])
                distances = nearest(points[:, head] - height, wall.halides)
                ratios = np.minimum(ratios, distances / wall.reach.mean())
        total += ratios.mean(axis=1)
    return total / len(placed)


def _overlap(gallery: Gallery, placed: list[FloatArray], roles: tuple[Role, ...]) -> FloatArray:
    """Return how far the spacers of one face reach between those of the other."""
    heavy = gallery.spacer.heavy
    tops = [p[:, heavy, 2].max(axis=1) for p, r in zip(placed, roles, strict=True) if not r.face]
    ends = [p[:, heavy, 2].min(axis=1) for p, r in zip(placed, roles, strict=True) if r.face]
    if not tops or not ends:
        return np.full(len(placed[0]), -np.inf)
    overlap: FloatArray = np.max(tops, axis=0) - np.min(ends, axis=0)
    return overlap
