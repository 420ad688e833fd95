"""The best arrangement of spacers at a spacing, or at the least one that has room for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.spacers.bodies import cross_section
from heterobuild.spacers.bridging import SHALLOWEST, bridge_faces
from heterobuild.spacers.contact_radii import CONTACT, HYDROGEN_BOND
from heterobuild.spacers.face_search import FAR, join_faces, pack_faces
from heterobuild.spacers.pose_search import Wishes, best_of, refine

if TYPE_CHECKING:
    from heterobuild.spacers.galleries import Gallery
    from heterobuild.spacers.pose_search import Arrangement

MOST_ADDED = 2.0
"""Å by which a layer may grow beyond its estimate before the search gives up: estimates are good to
0.6 Å, and all spacers of the library but the bent OLA need less than 0.8 Å."""

MOST_WISHED = 6.0
"""Å by which it may grow where poses are fixed or the two faces kept apart."""

TRIED = 6

_STEP = 0.25
_FINE = 0.05
_HOPEFUL = 0.75


def arrange(
    gallery: Gallery, thickness: float, wishes: Wishes, *, grow: bool, tried: int = TRIED
) -> tuple[Arrangement, float]:
    """Find an arrangement without short contacts.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    thickness : float
        Wanted distance of the terminal halide planes in Å.
    wishes : Wishes
        What is fixed.
    grow : bool
        Whether the distance may grow to the least one at which the spacers have room.
    tried : int, optional
        Arrangements that are refined. Six take seconds; more may find wider contacts.

    Returns
    -------
    Arrangement
        The best that was found.
    float
        The distance in Å, at least `thickness`.

    Raises
    ------
    UsageError
        If the spacers are too wide for the squares, or do not fit at the spacing.
    """
    two_headed = gallery.spacer.two_headed
    packed = [] if two_headed else pack_faces(gallery, wishes)
    if not two_headed:
        best = refined(_one_face(gallery), packed, FAR, wishes, tried)
        if best is None or best.clearance < 1:
            raise too_wide(gallery, 0.0 if best is None else best.clearance, wishes)
        if None in gallery.walls:
            return best, 0.0
    most = _largest(gallery, thickness, wishes, grow=grow)
    closest = 0.0
    for distance in np.arange(thickness, most + 1e-9, _FINE if two_headed else _STEP).tolist():
        if two_headed:
            joined = bridge_faces(gallery, distance, wishes)
        else:
            joined = join_faces(gallery, packed, distance)
        best = refined(gallery, joined, distance, wishes, tried)
        closest = max(closest, 0.0 if best is None else best.clearance)
        if best is not None and best.clearance >= 1:
            return _tightened(gallery, best, distance, thickness, wishes)
        if distance == thickness and most > thickness and not two_headed:
            widest = refined(gallery, join_faces(gallery, packed, most), most, wishes, tried)
            if widest is None or widest.clearance < 1:
                closest = max(closest, 0.0 if widest is None else widest.clearance)
                break
    raise _no_room(gallery, thickness, most, closest)


def refined(
    gallery: Gallery,
    found: list[Arrangement],
    thickness: float,
    wishes: Wishes,
    tried: int = TRIED,
) -> Arrangement | None:
    """Refine the most promising arrangements.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    found : list of Arrangement
        Best first.
    thickness : float
        Distance of the terminal halide planes in Å.
    wishes : Wishes
        What is fixed.
    tried : int, optional
        How many are refined.

    Returns
    -------
    Arrangement or None
        The best; None where nothing comes near to fitting.
    """
    hopeful = [entry for entry in found[:tried] if entry.clearance > _HOPEFUL]
    if not hopeful:
        return None
    rough = [refine(gallery, entry, thickness, wishes, rounds=6) for entry in hopeful]
    return refine(gallery, best_of(rough, 1)[0], thickness, wishes)


def _one_face(gallery: Gallery) -> Gallery:
    """Return the gallery with vacuum in place of the face above, where there are two."""
    if None in gallery.walls:
        return gallery
    walls, pockets = (gallery.walls[0], None), (gallery.pockets[0], gallery.pockets[1][:0])
    return replace(gallery, walls=walls, pockets=pockets)


def _largest(gallery: Gallery, thickness: float, wishes: Wishes, *, grow: bool) -> float:
    """Return the largest distance that may be tried."""
    if not grow:
        return thickness
    if gallery.spacer.two_headed:
        return max(thickness, gallery.spacer.length - 2 * SHALLOWEST)
    usual = wishes == Wishes() and gallery.interdigitation
    return thickness + (MOST_ADDED if usual else MOST_WISHED)


def _tightened(
    gallery: Gallery, found: Arrangement, distance: float, least: float, wishes: Wishes
) -> tuple[Arrangement, float]:
    """Bring the faces nearer in small steps as long as the spacers have room."""
    while distance - _FINE >= least - 1e-9 and not gallery.spacer.two_headed:
        nearer = refine(gallery, found, distance - _FINE, wishes, fresh=True)
        if nearer.clearance < 1:
            break
        found, distance = nearer, distance - _FINE
    return found, distance


def too_wide(gallery: Gallery, clearance: float, wishes: Wishes) -> UsageError:
    """Return the error of a spacer that does not fit beside its neighbours in the sheet.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    clearance : float
        The best that was found.
    wishes : Wishes
        What is fixed; where there is anything, the pose is blamed and not the width.

    Returns
    -------
    UsageError
        With the areas and the shortest contact.
    """
    name = gallery.spacer.molecule.name
    area = abs(float(np.linalg.det(gallery.square)))
    nearest = f"{clearance * CONTACT:.2f}" if clearance else f"far less than {CONTACT:g}"
    contacts = f"contacts of {nearest} of the van der Waals sum in the best pose"
    allowed = f"contacts from {CONTACT:g} of it ({HYDROGEN_BOND:g} in hydrogen bonds)"
    if wishes != Wishes():
        return UsageError(
            f"{name} does not fit beside its neighbours in the pose that was given",
            measured=contacts,
            allowed=allowed,
            next_step="leave tilt, azimuth, roll and depth open, or some of them",
        )
    return UsageError(
        f"{name} is too wide for the square of halides it hangs in",
        measured=f"cross-section {cross_section(gallery.spacer):.1f} Å² in a square of "
        f"{area:.1f} Å², {contacts}",
        allowed=allowed,
        next_step="take a slimmer spacer, or a larger in-plane length or a smaller depth",
    )


def _no_room(gallery: Gallery, thickness: float, most: float, clearance: float) -> UsageError:
    """Return the error of a gallery that is too narrow."""
    return UsageError(
        f"{gallery.spacer.molecule.name} does not fit between the sheets",
        measured=f"{thickness:.2f} Å between the planes of terminal halides"
        + (f" and up to {most:.2f} Å" if most > thickness else "")
        + f", contacts of {clearance * CONTACT:.2f} of the van der Waals sum in the best pose",
        allowed=f"contacts from {CONTACT:g} of it ({HYDROGEN_BOND:g} in hydrogen bonds)",
        next_step="give a larger gap, or another conformer of the spacer as a file"
        if most > thickness
        else "leave the spacing open, or change tilt, azimuth, roll, depth or the offset",
    )
