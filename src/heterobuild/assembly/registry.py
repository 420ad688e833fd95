"""Where the upper part lies over the lower one: network continued, or opposite ions facing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.assembly.gap import touching_distance
from heterobuild.assembly.part import Plane, height_of, plane_of
from heterobuild.assembly.part_kinds import has_spacers
from heterobuild.labels import Site

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray
    from heterobuild.assembly.part import Part

CONTINUES_WITHIN = 1.0
"""Å; octahedra tilted by 20° move a halide by 1 Å, a missing bond moves it by 3 Å."""

SCREENING = 3.0
"""Å; decay length of the point-charge energy, about one metal–halide bond, so that facing
planes decide and the energy converges within a few cells."""

FACING_DISTANCE = 3.0
"""Å between facing planes while registries are compared, a typical plane spacing."""

FEW_CANDIDATES = 48
"""Registries of a sheet compared at most: they differ by some hundredths of an Å."""

MOST_CANDIDATES = 256
"""Registries compared at most; larger common cells average over all registries anyway."""


def misplacement(lower: Part, upper: Part, cell: FloatArray, shift: FloatArray) -> float:
    """Return how far the upper part is from continuing the lower one's sequence of planes.

    The plane that would follow on the lower part is compared with the lowest plane of the
    upper part, and the plane that would precede the upper part with the highest of the lower.

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
        Largest in-plane distance in Å between units of the same role; infinite where the
        planes differ in kind.
    """
    return max(
        _distance(ours, theirs, cell, shift) for ours, theirs in _continuations(lower, upper)
    )


def continuing_shift(lower: Part, upper: Part, cell: FloatArray) -> tuple[FloatArray, float]:
    """Find the in-plane shift of the upper part that best continues the lower one.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    cell : (2, 2) float array
        Common cell in Å.

    Returns
    -------
    shift : (2,) float array
        The shift in Å, the shortest of equally good ones.
    misplacement : float
        What remains, see `misplacement`.
    """
    ours, theirs = _continuations(lower, upper)[0]
    if not len(ours.role) or sorted(ours.role) != sorted(theirs.role):
        return np.zeros(2), np.inf
    roles, counts = np.unique(ours.role, return_counts=True)
    rarest = roles[np.argmin(counts)]
    anchor = theirs.centres[theirs.role == rarest][0, :2]
    shifts = shortest(ours.centres[ours.role == rarest][:, :2] - anchor, cell)
    shifts = np.array([shift + _mean_offset(ours, theirs, cell, shift) for shift in shifts])
    errors = np.array([misplacement(lower, upper, cell, shift) for shift in shifts])
    order = np.lexsort((np.linalg.norm(shifts, axis=1).round(6), errors.round(6)))
    best = order[0]
    return np.round(shifts[best], 9) + 0.0, float(errors[best])


def facing_shift(lower: Part, upper: Part, cell: FloatArray) -> FloatArray:
    """Find the in-plane shift that lets opposite ions face one another.

    Of the shifts that put an ion of one part over an ion or a quarter-cell point of the other
    the one with the least screened point-charge energy between the two outermost planes of
    either part is taken.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    cell : (2, 2) float array
        Common cell in Å.

    Returns
    -------
    (2,) float array
        The shift in Å; zero where no shift is better by more than 1 meV/Å².
    """
    below, above = _outer(lower, top=True), _outer(upper, top=False)
    candidates = candidate_shifts(lower, upper, cell)
    energies = np.array([_energy(below, above, cell, shift) for shift in candidates])
    length = np.linalg.norm(candidates, axis=1).round(6)
    area = abs(float(np.linalg.det(cell)))
    step = np.round(energies / area / 1e-3)
    order = np.lexsort((candidates[:, 1], candidates[:, 0], length, step))
    best: FloatArray = candidates[order[0]]
    return best


def candidate_shifts(lower: Part, upper: Part, cell: FloatArray) -> FloatArray:
    """Return the in-plane shifts that are compared where the network does not continue.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    cell : (2, 2) float array
        Common cell in Å.

    Returns
    -------
    (k, 2) float array
        Shifts in Å that put a unit of the upper part over a unit of the lower one, or over a
        quarter point of its surface cell; the zero shift first.
    """
    below, above = _outer(lower, top=True), _outer(upper, top=False)
    _, index = np.unique(above[1], return_index=True)
    over_ions = below[0][:, None, :2] - above[0][None, np.sort(index), :2]
    quarters = np.stack(np.meshgrid(*[np.arange(4) / 4] * 2, indexing="ij"), axis=-1).reshape(-1, 2)
    grid = quarters @ (lower.slab.stacking.cell[:2] @ lower.deformation)[:, :2]
    every = shortest(np.concatenate([np.zeros((1, 2)), over_ions.reshape(-1, 2), grid]), cell)
    _, first = np.unique(every.round(3), axis=0, return_index=True)
    return every[np.sort(first)][:MOST_CANDIDATES]


def hollow_shift(lower: Part, upper: Part, cell: FloatArray, whole: FloatArray) -> FloatArray:
    """Find the in-plane shift that brings two parts closest before their atoms touch.

    It is for sheets that carry no charge, which nothing but dispersion draws to their place.

    Parameters
    ----------
    lower, upper : Part
        The parts.
    cell, whole : (2, 2) float array
        Common cell, and in-plane cell of the result, in Å.

    Returns
    -------
    (2,) float array
        The shift in Å, the shortest of those within 0.01 Å of the closest.
    """
    candidates = candidate_shifts(lower, upper, cell)[:FEW_CANDIDATES]
    distance = np.array([touching_distance(lower, upper, whole, one) for one in candidates])
    length = np.linalg.norm(candidates, axis=1).round(6)
    order = np.lexsort((candidates[:, 1], candidates[:, 0], length, np.round(distance / 0.01)))
    best: FloatArray = candidates[order[0]]
    return best


def shortest(vectors: FloatArray, cell: FloatArray) -> FloatArray:
    """Return the shortest in-plane images of vectors.

    Parameters
    ----------
    vectors : (..., 2) float array
        Vectors in Å.
    cell : (2, 2) float array
        Reduced lattice vectors in Å.

    Returns
    -------
    (..., 2) float array
        The images with fractions in [−½, ½), which is exact enough for a reduced cell when
        distances well below half a cell edge matter.
    """
    fractions = vectors @ np.linalg.inv(cell)
    wrapped: FloatArray = (fractions - np.floor(fractions + 0.5 + 1e-9)) @ cell
    return wrapped


def _continuations(lower: Part, upper: Part) -> list[tuple[Plane, Plane]]:
    """Return what would follow on either part beside what is there.

    Where only one part has spacers, their ammonium groups are the A cations of its outer
    octahedra, so the network alone is compared.
    """
    pairs = [
        (plane_of(lower, lower.top + lower.step), plane_of(upper, upper.bottom)),
        (plane_of(lower, lower.top), plane_of(upper, upper.bottom - upper.step)),
    ]
    if has_spacers(lower.slab) == has_spacers(upper.slab):
        return pairs
    return [(_network(first), _network(second)) for first, second in pairs]


def _network(plane: Plane) -> Plane:
    """Return the units of a plane that octahedra are made of."""
    inside = np.isin(plane.role // 2, (Site.B, Site.X))
    return Plane(
        centres=plane.centres[inside], role=plane.role[inside], charge=plane.charge[inside]
    )


def _distance(ours: Plane, theirs: Plane, cell: FloatArray, shift: FloatArray) -> float:
    if not len(ours.role) or sorted(ours.role) != sorted(theirs.role):
        return float("inf")
    worst = 0.0
    for role in np.unique(ours.role):
        gaps = _gaps(ours, theirs, cell, shift, role)
        size = np.linalg.norm(gaps, axis=-1)
        worst = max(worst, float(size.min(axis=0).max()), float(size.min(axis=1).max()))
    return worst


def _gaps(ours: Plane, theirs: Plane, cell: FloatArray, shift: FloatArray, role: int) -> FloatArray:
    """Return the vectors in Å from shifted units of the second plane to those of the first."""
    first = ours.centres[ours.role == role][:, :2]
    second = theirs.centres[theirs.role == role][:, :2] + shift
    return shortest(first[:, None] - second[None], cell)


def _mean_offset(ours: Plane, theirs: Plane, cell: FloatArray, shift: FloatArray) -> FloatArray:
    """Return the mean remaining offset, so that tilts on both sides are met halfway."""
    offsets = []
    for role in np.unique(ours.role):
        gaps = _gaps(ours, theirs, cell, shift, role)
        nearest = np.linalg.norm(gaps, axis=-1).argmin(axis=0)
        offsets.append(gaps[nearest, np.arange(gaps.shape[1])])
    mean: FloatArray = np.concatenate(offsets).mean(axis=0)
    return mean


def _outer(part: Part, *, top: bool) -> tuple[FloatArray, FloatArray]:
    """Return positions and charges of the two outermost planes, the facing one at height 0."""
    edge = part.top if top else part.bottom
    inward = -part.step if top else part.step
    numbers = [edge, edge + inward] if part.slab.count > 1 else [edge]
    planes = [plane_of(part, number) for number in numbers]
    centres = np.concatenate([plane.centres for plane in planes])
    centres[:, 2] -= height_of(part, edge)
    return centres, np.concatenate([plane.charge for plane in planes])


def _energy(
    below: tuple[FloatArray, FloatArray],
    above: tuple[FloatArray, FloatArray],
    cell: FloatArray,
    shift: FloatArray,
) -> float:
    """Return the screened Coulomb energy of one common cell in eV."""
    reach = 4 * SCREENING
    area = abs(float(np.linalg.det(cell)))
    images = [int(reach * np.linalg.norm(cell[1 - i]) / area) + 1 for i in range(2)]
    steps = np.stack(
        np.meshgrid(*(np.arange(-n, n + 1) for n in images), indexing="ij"), axis=-1
    ).reshape(-1, 2)
    offset = above[0] + np.append(shift, FACING_DISTANCE)
    flat = shortest(offset[None, :, :2] - below[0][:, None, :2], cell)
    lateral = flat[:, :, None] + steps @ cell
    rise = (offset[None, :, 2] - below[0][:, None, 2])[:, :, None]
    distance = np.sqrt((lateral**2).sum(axis=-1) + rise**2)
    pair = np.exp(-distance / SCREENING) / distance
    return float(14.3996 * np.einsum("i,j,ijk->", below[1], above[1], pair))
