"""Rotations of octahedra measured plane by plane across the walls of a stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.registry import shortest
from heterobuild.assembly.tilt_sites import pseudocubic_axes_of
from heterobuild.labels import MOLECULE, REGION, SITE, Site, take
from heterobuild.tilts.angles import RESOLVED, tilt_patterns
from heterobuild.tilts.octahedra import measure_octahedra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ase import Atoms

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.assembly.contact import Contact
    from heterobuild.assembly.filling import Frame
    from heterobuild.assembly.part import Part
    from heterobuild.tilts.octahedra import Octahedra


OFF_SITES = (0.1234567, 0.0912345)
"""Fractions of the common cell by which its border is moved away from symmetric places."""

REACHED = 6.0
"""Å above and below the B cations of a part up to which its halides are looked for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PlaneTilts:
    """The tilts of one plane of octahedra.

    Parameters
    ----------
    part : str
        Name of the part.
    plane : int
        Number of the plane in the part, from below, from 1.
    octahedra : int
        How many have corners enough to be measured.
    amplitudes : (3,) float array
        Rotation about each axis in degrees, with the sense of the pattern; nan where none could
        be measured.
    signs : str
        "+", "-" or "0" for each axis.
    """

    part: str
    plane: int
    octahedra: int
    amplitudes: FloatArray
    signs: str


def plane_tilts(
    atoms: Atoms, parts: Sequence[Part], contacts: Sequence[Contact]
) -> tuple[list[PlaneTilts], list[Octahedra]]:
    """Measure the tilts in each plane of octahedra of the parts that share a network.

    Parameters
    ----------
    atoms : ase.Atoms
        The finished stack; parts have the region codes 1, 2, … from below.
    parts : sequence of Part
        The parts from below to above.
    contacts : sequence of Contact
        The contact of each part with the next; one more where the stack is endless.

    Returns
    -------
    planes : list of PlaneTilts
        From below to above; none of crystals without pseudo-cubic axes.
    octahedra : list of Octahedra
        The octahedra of each part, in the same order of parts.
    """
    joined = {
        number % len(parts)
        for index, contact in enumerate(contacts)
        if contact.continues
        for number in (index, index + 1)
    }
    planes: list[PlaneTilts] = []
    measured: list[Octahedra] = []
    frame: FloatArray | None = None
    last: tuple[FloatArray, IntArray] | None = None
    for index, part in enumerate(parts):
        axes = pseudocubic_axes_of(part.slab.stacking)
        centres = _ions(atoms, Site.B, index + 1)
        if index not in joined or axes is None or not len(centres):
            last = None
            continue
        axes = _like(axes @ part.deformation, _upright() if frame is None else frame)
        frame = axes
        found = _octahedra(atoms, centres, _neighbours(index, parts, contacts), axes)
        places = atoms.positions[centres]
        cells = _numbers(places, axes, np.asarray(atoms.cell)[:2, :2], last)
        last = (places, cells)
        measured.append(found)
        patterns = _patterns(cells, np.asarray(atoms.cell)[:2] @ np.linalg.inv(axes))
        least = 0.3 * float(np.abs(axes[:, 2]).max())
        planes += _planes(part.name, _in_planes(places[:, 2], least), found, patterns)
    return planes, measured


def _neighbours(index: int, parts: Sequence[Part], contacts: Sequence[Contact]) -> list[int]:
    """Return the codes of a part and of those that its network continues into."""
    below, above = (wall % len(parts) for wall in (index - 1, index))
    walls = {below: below, above: (above + 1) % len(parts)}
    going_on = [
        part for wall, part in walls.items() if wall < len(contacts) and contacts[wall].continues
    ]
    return [index + 1, *(part + 1 for part in going_on)]


def _octahedra(atoms: Atoms, centres: IntArray, regions: list[int], axes: FloatArray) -> Octahedra:
    """Measure the octahedra of a part, in a cell as high as the part.

    Neighbours are searched in the whole cell else, for each part of a tall stack anew.
    """
    cell, places = np.asarray(atoms.cell), atoms.positions[centres]
    low, high = places[:, 2].min() - REACHED, places[:, 2].max() + REACHED
    halides = _ions(atoms, Site.X, None)
    halides = halides[np.isin(atoms.arrays[REGION][halides], regions)]
    points = atoms.positions[halides]
    images = [points + k * cell[2] for k in ((-1, 0, 1) if atoms.pbc[2] else (0,))]
    near = [image[(image[:, 2] > low) & (image[:, 2] < high)] for image in images]
    corners = np.concatenate(near)
    height = np.array([0.0, 0.0, high - low + 2 * REACHED])
    return measure_octahedra(
        np.concatenate([places, corners]) - [0.0, 0.0, low],
        np.array([cell[0], cell[1], height]),
        (True, True, False),
        centres=np.arange(len(places)),
        corners=np.arange(len(places), len(places) + len(corners)),
        axes=axes,
    )


def one_copy(atoms: Atoms, frame: Frame) -> Atoms:
    """Return the octahedra of one common cell, which the copies of the cell repeat.

    Parameters
    ----------
    atoms : ase.Atoms
        A stack in the whole in-plane cell.
    frame : Frame
        The in-plane cell.

    Returns
    -------
    ase.Atoms
        B cations and halides in the common cell.
    """
    ions = (atoms.arrays[MOLECULE] == 0) & np.isin(atoms.arrays[SITE], (Site.B, Site.X))
    fractions = atoms.positions[:, :2] @ np.linalg.inv(frame.cell) + OFF_SITES
    inside = np.flatnonzero(ions & (np.mod(fractions, frame.repeats) < 1).all(axis=1))
    cell = np.array(atoms.cell)
    cell[:2, :2] = frame.cell
    found = take(atoms, inside)
    found.set_cell(cell)
    return found


def _ions(atoms: Atoms, site: Site, region: int | None) -> IntArray:
    """Return the ions on a kind of site, of one region or of all."""
    chosen = (atoms.arrays[SITE] == site) & (atoms.arrays[MOLECULE] == 0)
    if region is not None:
        chosen &= atoms.arrays[REGION] == region
    return np.flatnonzero(chosen)


def _upright() -> FloatArray:
    """Return the directions that the first part's axes are named after, nearly x, y and z.

    Slightly turned, so that axes at 45° to x and y have names that do not depend on rounding.
    """
    cosine, sine = np.cos(0.1), np.sin(0.1)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]])


def _like(axes: FloatArray, frame: FloatArray) -> FloatArray:
    """Return axes in the order and sense of a frame: the last one first, then the nearest."""
    cosines = axes @ frame.T / np.linalg.norm(axes, axis=1)[:, None]
    cosines /= np.linalg.norm(frame, axis=1)
    upright = int(np.abs(cosines[:, 2]).argmax())
    rest = [row for row in range(3) if row != upright]
    first = rest[int(np.abs(cosines[rest, 0]).argmax())]
    third = axes[upright] * np.sign(cosines[upright, 2])
    along = axes[first] * (np.sign(cosines[first, 0]) or 1.0)
    (other,) = (row for row in rest if row != first)
    across = axes[other] * np.sign(np.linalg.det([along, axes[other], third]))
    return np.array([along, across, third])


def _numbers(
    places: FloatArray,
    axes: FloatArray,
    cell: FloatArray,
    below: tuple[FloatArray, IntArray] | None,
) -> IntArray:
    """Return numbers of octahedra along the axes that go on from those of the part below."""
    inverse = np.linalg.inv(axes)
    numbers: IntArray = np.rint((places - places[0]) @ inverse).astype(np.int64)
    if below is None:
        return numbers
    lowest = int(places[:, 2].argmin())
    steps = places[lowest] - below[0]
    flat = shortest(steps[:, :2], cell)
    nearest = int((np.hypot(*flat.T) + np.abs(steps[:, 2])).argmin())
    start = below[1][nearest] + np.rint(steps[nearest] @ inverse).astype(np.int64)
    numbers += start - numbers[lowest]
    return numbers


def _patterns(cells: IntArray, vectors: FloatArray) -> FloatArray:
    """Return both patterns of tilts, in phase and antiphase, zero where the cell forbids them."""
    fits = [(pattern > 0).all(axis=0) for pattern in tilt_patterns(np.rint(vectors).astype(int))]
    shape = (len(cells), 3)
    return np.array(
        [
            np.broadcast_to(pattern * fit, shape)
            for pattern, fit in zip(tilt_patterns(cells), fits, strict=True)
        ]
    )


def _in_planes(heights: FloatArray, least: float) -> IntArray:
    """Return the number of the plane of each octahedron, from below."""
    order = np.argsort(heights, kind="stable")
    number = np.empty(len(heights), dtype=np.int64)
    number[order] = np.cumsum(np.diff(heights[order], prepend=heights[order[0]]) > least)
    return number


def _planes(
    part: str, number: IntArray, found: Octahedra, patterns: FloatArray
) -> list[PlaneTilts]:
    """Return the amplitudes in each plane.

    About the normal both patterns look alike within a plane; they differ from plane to plane, so
    the next planes help to choose.
    """
    known = ~np.isnan(found.rotations).any(axis=1)
    count = int(number.max()) + 1
    sums = np.zeros((2, count, 3))
    for pattern, total in zip(patterns, sums, strict=True):
        np.add.at(total, number[known], pattern[known] * found.rotations[known])
    whole = np.bincount(number[known], minlength=count)
    means = np.full_like(sums, np.nan)
    means[:, whole > 0] = sums[:, whole > 0] / whole[whole > 0, None]
    planes = []
    for plane in range(count):
        around = [n for n in (plane - 1, plane, plane + 1) if 0 <= n < count and whole[n]]
        pooled = np.abs(means[:, around].sum(axis=1))
        in_phase = pooled[0] >= pooled[1] - 1e-6
        amplitudes = np.where(in_phase, means[0, plane], means[1, plane])
        signs = "".join(
            ("+" if sense else "-") if abs(size) >= RESOLVED else "0"
            for size, sense in zip(amplitudes, in_phase, strict=True)
        )
        planes.append(
            PlaneTilts(
                part=part,
                plane=plane + 1,
                octahedra=int(whole[plane]),
                amplitudes=amplitudes,
                signs=signs,
            )
        )
    return planes
