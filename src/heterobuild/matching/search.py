"""Find every common in-plane cell of two surfaces within limits.

For each superlattice of the substrate, with a reduced basis s1, s2, every pair of film lattice
vectors p, q of nearly the same lengths is a candidate: p → s1, q → s2 is a map of the film onto
the substrate, and all maps whose principal strains are within the limit are found in this way,
because such a map changes no length by more than that limit. Reflections are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.lattice_plane import reduce_plane, superlattices
from heterobuild.geometry.strain import polar, principal_strains, rotation_angle
from heterobuild.matching.limits import MatchLimits
from heterobuild.model import Match, Slab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heterobuild.arrays import FloatArray, IntArray

    Surface: TypeAlias = Slab | FloatArray


def find_matches(
    film: Surface, substrate: Surface, limits: MatchLimits | None = None
) -> tuple[Match, ...]:
    """Find the common cells of two surfaces, smallest area first.

    A match is a map of the film lattice onto the substrate lattice; each distinct map appears
    once, with its smallest common cell. Maps that differ by a rotation about the normal which
    leaves the film's or the substrate's crystal as it is (for bare cells: the plane lattice)
    are the same match. No film is ever mirrored.

    Parameters
    ----------
    film, substrate : Slab or (2, 2) float array
        Slabs, or surface cells in Å as row vectors in one right-handed frame.
    limits : MatchLimits, optional
        Largest strain and area.

    Returns
    -------
    tuple of Match
        Sorted by area, strain, rotation; empty where nothing fits.

    Raises
    ------
    UsageError
        If a cell is singular, left-handed or not finite.

    Examples
    --------
    >>> square = np.diag([5.874, 5.874])
    >>> best = find_matches(square, np.diag([5.68, 5.68]))[0]
    >>> best.film.tolist(), round(best.strains[0], 4), best.rotation
    ([[1, 0], [0, 1]], -0.033, 0.0)
    """
    bounds = limits or MatchLimits()
    cells = _plane_cell(film, "film"), _plane_cell(substrate, "substrate")
    turns = _turns(film, cells[0]), _turns(substrate, cells[1])
    found: dict[tuple[int, ...], tuple[IntArray, IntArray]] = {}
    for fitting, theirs in _candidates(*cells, bounds):
        angles = np.abs(_angles(fitting @ cells[0], theirs @ cells[1]))
        ours = fitting[np.argsort(np.round(angles, 6), kind="stable")]
        for key, chosen in zip(*_distinct(ours, theirs, *turns), strict=True):
            found.setdefault(tuple(key.tolist()), (ours[chosen], theirs))
    matches = [_match(ours, theirs, *cells) for ours, theirs in found.values()]
    return tuple(sorted(matches, key=_rank))


def surface_area(surface: Surface) -> float:
    """Return the area of a surface's primitive cell.

    Parameters
    ----------
    surface : Slab or (2, 2) float array
        See `find_matches`.

    Returns
    -------
    float
        Area in Å².
    """
    return float(np.linalg.det(_plane_cell(surface, "surface")))


def _plane_cell(surface: Surface, side: str) -> FloatArray:
    cell = (
        surface.stacking.cell[:2, :2] if isinstance(surface, Slab) else np.asarray(surface, float)
    )
    if cell.shape != (2, 2) or not np.isfinite(cell).all():
        raise UsageError(
            "a surface cell is two finite vectors in the plane",
            where=side,
            measured=np.array2string(cell),
            next_step="give a (2, 2) array in Å",
        )
    area = float(np.linalg.det(cell))
    if area < 1e-3 * float(np.abs(cell).max()) ** 2:
        raise UsageError(
            "a surface cell must be right-handed and not flat",
            where=side,
            measured=f"area {area:g} Å²",
            next_step="swap the two vectors, or give independent ones",
        )
    return cell


def _candidates(
    film: FloatArray, substrate: FloatArray, limits: MatchLimits
) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield the film vectors (k, 2, 2) that fit each superlattice of the substrate."""
    per_cell = float(np.linalg.det(substrate))
    for index in range(1, int(limits.max_area / per_cell * (1 + 1e-9)) + 1):
        for form in superlattices(index):
            theirs = reduce_plane(form @ substrate) @ form
            ours = _fitting_vectors(theirs @ substrate, film, limits)
            if len(ours):
                yield ours, theirs


def _fitting_vectors(target: FloatArray, film: FloatArray, limits: MatchLimits) -> IntArray:
    """Return every pair of film lattice vectors that maps onto the target within the limits."""
    stretch = np.exp(limits.max_strain * (1 + 1e-9))
    lengths = np.linalg.norm(target, axis=1)
    points = _points_within(film, float(lengths.max()) * stretch)
    size = np.linalg.norm(points @ film, axis=1)
    near = [points[(size <= length * stretch) & (size >= length / stretch)] for length in lengths]
    pairs = np.stack(
        [np.repeat(near[0], len(near[1]), axis=0), np.tile(near[1], (len(near[0]), 1))], axis=1
    )
    cells = np.linalg.det(pairs)
    limit = limits.max_area / float(np.linalg.det(film)) * (1 + 1e-9)
    small: IntArray = pairs[(cells > 0.5) & (cells <= limit)]
    if not len(small):
        return small
    maps = np.linalg.solve(small @ film, target[None])
    strain = np.abs(np.log1p(principal_strains(maps))).max(axis=1)
    fitting: IntArray = small[strain <= limits.max_strain * (1 + 1e-9)]
    return fitting


def _points_within(cell: FloatArray, radius: float) -> IntArray:
    """Return all lattice points other than the origin within a radius."""
    area = abs(float(np.linalg.det(cell)))
    reach = [int(radius * np.linalg.norm(cell[1 - i]) / area) + 1 for i in range(2)]
    i, j = np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing="ij")
    points = np.column_stack([i.ravel(), j.ravel()])
    size = np.linalg.norm(points @ cell, axis=1)
    inside: IntArray = points[(size <= radius) & (size > 0)]
    return inside


def _distinct(
    ours: IntArray, theirs: IntArray, film: IntArray, substrate: IntArray
) -> tuple[IntArray, IntArray]:
    """Return keys of the maps modulo the rotations of both surfaces, and the first of each.

    The rational map between lattice coordinates, ours⁻¹ @ theirs, does not depend on the basis
    of the common cell; it is kept as integers over their greatest common divisor.
    """
    (a, b), (c, d) = ours[:, 0].T, ours[:, 1].T
    adjugate = np.stack([np.stack([d, -b], axis=1), np.stack([-c, a], axis=1)], axis=1)
    whole = np.einsum("gab,nbc,hcd->nghad", film, adjugate @ theirs, substrate)
    flat = whole.reshape(len(ours), -1, 4)
    cells = np.broadcast_to((a * d - b * c)[:, None, None], (*flat.shape[:2], 1))
    keys = np.concatenate([cells, flat], axis=2)
    keys = keys // np.gcd.reduce(keys, axis=2, keepdims=True)
    order = np.lexsort(keys.transpose(2, 0, 1)[::-1], axis=-1)
    least = keys[np.arange(len(keys)), order[:, -1]]
    unique, first = np.unique(least, axis=0, return_index=True)
    return unique, first


def _angles(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """Return the turn in degrees of each map."""
    left, _, right = np.linalg.svd(np.linalg.solve(ours, theirs[None]))
    rotation = left @ right
    angles: FloatArray = np.degrees(np.arctan2(rotation[:, 0, 1], rotation[:, 0, 0]))
    return angles


def _turns(surface: Surface, cell: FloatArray) -> IntArray:
    """Return the proper rotations of a slab's crystal, or of a bare plane lattice."""
    if isinstance(surface, Slab):
        return surface.stacking.turns
    points = _points_within(cell, float(np.linalg.norm(cell, axis=1).max()) * 1.001)
    size = np.linalg.norm(points @ cell, axis=1)
    metric = cell @ cell.T
    tolerance = 1e-4 * float(metric.max())
    first, second = (points[np.abs(size**2 - metric[i, i]) < tolerance] for i in range(2))
    choices = np.stack(
        [np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))], axis=1
    )
    same = (
        np.abs(choices @ metric @ choices.transpose(0, 2, 1) - metric).max(axis=(1, 2)) < tolerance
    )
    turns: IntArray = choices[same & (np.linalg.det(choices) > 0)]
    return turns


def _match(ours: IntArray, theirs: IntArray, film: FloatArray, substrate: FloatArray) -> Match:
    deformation = np.linalg.solve(ours @ film, theirs @ substrate)
    strains = principal_strains(deformation)
    _, rotation = polar(deformation)
    return Match(
        film=ours,
        substrate=theirs,
        area=float(np.linalg.det(theirs @ substrate)),
        film_area=float(np.linalg.det(ours @ film)),
        strains=(float(strains[0]), float(strains[1])),
        log_strain=float(np.abs(np.log1p(strains)).max()),
        rotation=rotation_angle(rotation),
        deformation=deformation,
    )


def _rank(match: Match) -> tuple[object, ...]:
    return (
        round(match.area, 4),
        round(match.log_strain, 8),
        round(abs(match.rotation), 4),
        -round(match.rotation, 4),
        match.film.tolist(),
        match.substrate.tolist(),
    )
