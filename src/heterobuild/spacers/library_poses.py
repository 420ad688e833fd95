"""Poses of the library's spacers that were found before, from ``structures/spacer_poses.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from ase.data import chemical_symbols

from heterobuild.chemistry.molecules import list_molecules, load_molecule
from heterobuild.data_files import read_toml
from heterobuild.spacers.bodies import as_spacer
from heterobuild.spacers.fits import head_depth
from heterobuild.spacers.galleries import ABOVE, BELOW
from heterobuild.spacers.pose_search import (
    Arrangement,
    Wishes,
    bound_poses,
    judge_poses,
    refine,
    roles_of,
)
from heterobuild.spacers.poses import DEPTH, Image

if TYPE_CHECKING:
    from heterobuild.spacers.galleries import Gallery

FILE = "spacer_poses.toml"

COMFORTABLE = 1.05
"""Clearance (0.84 of the van der Waals sum) from which a known pose is taken as it is."""

_LOSS = 0.02
_LEVER = 0.3
_SAME = 0.011
_COMPARED = 4
_OFFSET_TOLERANCE = 0.1
_GROWTH = 0.8
_STEP = 0.1


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownPose:
    """A pose of the library, compared with a gallery.

    Parameters
    ----------
    arrangement : Arrangement
        As found in its own gallery.
    apart : float
        How far that gallery is from the one that is asked for.
    thickness : float
        Distance in Å of its terminal halide planes.
    grown : bool
        Whether it is the same gallery and had to grow to this distance.
    """

    arrangement: Arrangement
    apart: float
    thickness: float
    grown: bool


def library_arrangement(
    gallery: Gallery, thickness: float, *, grow: bool
) -> tuple[Arrangement, float] | None:
    """Return the known arrangement of a spacer, adapted to a gallery.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    thickness : float
        Wanted distance of the terminal halide planes in Å.
    grow : bool
        Whether the distance may grow.

    Returns
    -------
    tuple of Arrangement and float, or None
        The arrangement and the distance in Å; None where the library has none that fits here.
    """
    known = known_poses(gallery, thickness)
    if not known:
        return None
    growing = grow and None not in gallery.walls
    for entry in known[:_COMPARED]:
        distance = entry.thickness if growing and entry.grown else thickness
        judged, enough = _judged(gallery, entry.arrangement, distance)
        if judged.clearance >= enough:
            return judged, distance
    steps = int(_GROWTH / _STEP) if growing else 0
    for step in range(steps + 1):
        distance = thickness + step * _STEP
        for entry in known[:_COMPARED]:
            adapted = adapt(gallery, entry.arrangement, distance)
            if adapted.clearance >= 1:
                return adapted, distance
    return None


def adapt(gallery: Gallery, start: Arrangement, thickness: float) -> Arrangement:
    """Judge an arrangement in a gallery, and refine it where contacts became shorter.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    start : Arrangement
        The arrangement, with its clearance where it was found.
    thickness : float
        Distance of the terminal halide planes in Å.

    Returns
    -------
    Arrangement
        With its clearance in this gallery.
    """
    judged, enough = _judged(gallery, start, thickness)
    return judged if judged.clearance >= enough else refine(gallery, judged, thickness, Wishes())


def _judged(gallery: Gallery, start: Arrangement, thickness: float) -> tuple[Arrangement, float]:
    """Judge an arrangement as it is, and tell from which clearance it may stay so."""
    roles = roles_of(gallery, start.beside, start.across)
    poses = bound_poses(gallery, start.pose[None], thickness)
    judged = judge_poses(gallery, poses, roles, thickness, start)[0]
    return judged, max(1.0, min(COMFORTABLE, start.clearance - _LOSS))


def known_poses(gallery: Gallery, thickness: float) -> list[KnownPose]:
    """Return the poses that the library holds for a spacer, halide and offset.

    Parameters
    ----------
    gallery : Gallery
        The gallery.
    thickness : float
        Wanted distance of the terminal halide planes in Å.

    Returns
    -------
    list of KnownPose
        That of the most similar gallery first; empty for other molecules, halides or offsets.
    """
    molecule = gallery.spacer.molecule
    if molecule.name not in list_molecules():
        return []
    library = as_spacer(load_molecule(molecule.name))
    if not np.array_equal(library.body, gallery.spacer.body):
        return []
    entries = _entries().get((molecule.name, halide_of(gallery), offset_of(gallery)), ())
    if not entries or max(len(places) for places in gallery.pockets) != 2:
        return []
    length = float(np.sqrt(abs(np.linalg.det(gallery.square))))
    depth = None if gallery.spacer.two_headed else head_depth(gallery)
    found = []
    for entry in entries:
        apart = abs(entry["length"] - length), abs(entry["wanted"] - thickness)
        known = KnownPose(
            arrangement=_arrangement(entry, depth),
            apart=round(apart[0] + _LEVER * apart[1], 6),
            thickness=float(entry["thickness"]),
            grown=max(apart) < _SAME and entry["thickness"] > entry["wanted"],
        )
        found.append(known)
    return sorted(found, key=lambda known: (known.apart, known.thickness))


def _arrangement(entry: dict[str, Any], depth: float | None) -> Arrangement:
    """Read an entry, with another depth of the heads if it is given."""
    pose = np.array(entry["pose"], dtype=np.float64)
    if depth is not None:
        pose[DEPTH] = depth
    return Arrangement(
        pose=pose,
        beside=_image(entry["beside"]),
        across=_image(entry["across"]),
        clearance=float(entry["clearance"]),
    )


def halide_of(gallery: Gallery) -> str:
    """Return the terminal halide of a gallery, the heavier one where they differ.

    Parameters
    ----------
    gallery : Gallery
        The gallery.

    Returns
    -------
    str
        Its symbol.
    """
    numbers = [wall.terminal for wall in gallery.walls if wall is not None]
    return str(chemical_symbols[max(numbers)])


def offset_of(gallery: Gallery) -> tuple[float, float] | None:
    """Return the offset of the pockets above in units of the square.

    Parameters
    ----------
    gallery : Gallery
        The gallery.

    Returns
    -------
    tuple of float or None
        0 or ½ along either axis, (½, ½) beside vacuum; None for anything between.
    """
    if None in gallery.walls:
        return 0.5, 0.5
    steps = gallery.pockets[ABOVE][0] - gallery.pockets[BELOW][0]
    parts = steps @ np.linalg.inv(gallery.square)
    halves = np.rint(2 * parts)
    if np.abs(parts - halves / 2).max() > _OFFSET_TOLERANCE:
        return None
    first, second = (halves % 2 / 2).tolist()
    return first, second


def _image(entry: list[Any]) -> Image:
    """Read an image: quarter turns, mirrored, half roll."""
    quarter, mirrored, half_roll = entry
    return Image(quarter=int(quarter), mirrored=bool(mirrored), half_roll=bool(half_roll))


@cache
def _entries() -> dict[tuple[str, str, tuple[float, float] | None], list[dict[str, Any]]]:
    """Return the entries of the file by spacer, halide and offset."""
    found: dict[tuple[str, str, tuple[float, float] | None], list[dict[str, Any]]] = {}
    for entry in read_toml(FILE)["poses"]:
        key = entry["spacer"], entry["halide"], tuple(entry["offset"])
        found.setdefault(key, []).append(entry)
    return found
