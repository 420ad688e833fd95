"""Find every common in-plane cell of two surfaces within limits: complete, never mirrored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.classes import class_of_maps, turn_angles
from heterobuild.matching.kernel import join_surfaces
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.orientation import wanted_rotations
from heterobuild.matching.ranking import Found
from heterobuild.matching.surfaces import surface_of

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.kernel import RawMatches
    from heterobuild.matching.surfaces import Side, Surface
    from heterobuild.model import Match


def find_matches(
    film: Side, substrate: Side, limits: MatchLimits | None = None
) -> tuple[Match, ...]:
    """Find the common cells of two surfaces.

    A match is a map of the film lattice onto the substrate lattice; each distinct map appears
    once, with its smallest common cell. Maps that differ by a rotation about the normal which
    leaves the film's or the substrate's crystal as it is (for bare cells: the plane lattice)
    are the same match. No film is ever mirrored.

    Parameters
    ----------
    film, substrate : Slab, (Crystal, face) or (2, 2) float array
        Slabs, crystals with Miller indices, or surface cells in Å as row vectors,
        right-handed.
    limits : MatchLimits, optional
        What the common cell may cost.

    Returns
    -------
    tuple of Match
        First the Pareto front of strain against size, then the rest, each by size, strain and
        rotation. Size is the number of atoms of two slabs, else the area. Empty where nothing
        fits.

    Raises
    ------
    UsageError
        If a cell is singular, left-handed or not finite, or a limit asks for what bare cells
        do not have.

    Examples
    --------
    >>> square = np.diag([5.874, 5.874])
    >>> best = find_matches(square, np.diag([5.68, 5.68]))[0]
    >>> best.film.tolist(), round(best.strains[0], 4), best.rotation
    ([[1, 0], [0, 1]], -0.033, 0.0)
    """
    bounds = limits or MatchLimits()
    above, below = surface_of(film, "film"), surface_of(substrate, "substrate")
    raw = join_surfaces([above.cell], [below.cell], bounds)
    return distinct_matches(raw, above, below, bounds)


def distinct_matches(
    raw: RawMatches, above: Surface, below: Surface, bounds: MatchLimits
) -> tuple[Match, ...]:
    """Merge the raw pairs of two surfaces into distinct matches.

    Parameters
    ----------
    raw : RawMatches
        Pairs of superlattices of one film and one substrate.
    above, below : Surface
        Film and substrate.
    bounds : MatchLimits
        The remaining limits: atoms, misfit angle, rotation, orientation relation.

    Returns
    -------
    tuple of Match
        In the order of `find_matches`.

    Raises
    ------
    UsageError
        If a limit asks for what bare cells do not have.
    """
    ours, theirs, source = _both_signs(raw, above, below, bounds)
    angles = turn_angles(ours @ above.cell, theirs @ below.cell)
    kept = wanted_rotations(angles, above, below, bounds)
    ours, theirs, source, angles = ours[kept], theirs[kept], source[kept], angles[kept]
    classes = class_of_maps(ours, theirs, above.turns, below.turns)
    first = _representatives(classes, raw.area[source], angles)
    leading = np.where(theirs[first, 0, 0] != 0, theirs[first, 0, 0], theirs[first, 0, 1])
    sign = np.where(leading < 0, -1, 1)[:, None, None]
    found = Found(
        film=sign * ours[first],
        substrate=sign * theirs[first],
        rotation=angles[first],
        multiplicity=_multiplicities(classes, raw, source),
        cells=(above.cell, below.cell),
        atoms=None if above.atoms is None or below.atoms is None else (above.atoms, below.atoms),
    )
    return found.matches(found.ranking(bounds))


def surface_area(side: Side) -> float:
    """Return the area of a surface's primitive cell.

    Parameters
    ----------
    side : Slab, (Crystal, face) or (2, 2) float array
        See `find_matches`.

    Returns
    -------
    float
        Area in Å².
    """
    return surface_of(side).area


def _both_signs(
    raw: RawMatches, film: Surface, substrate: Surface, limits: MatchLimits
) -> tuple[IntArray, IntArray, IntArray]:
    """Return the maps, and their turned ones by 180° where these may differ or be wanted."""
    source = np.arange(len(raw.film))
    either = film.has_half_turn or substrate.has_half_turn
    if either and limits.rotation is None and limits.parallel is None:
        ours = raw.film_matrix
        turned = np.abs(turn_angles(ours @ film.cell, raw.substrate_matrix @ substrate.cell)) > 90
        return np.where(turned[:, None, None], -ours, ours), raw.substrate_matrix, source
    ours = np.concatenate([raw.film_matrix, -raw.film_matrix])
    theirs = np.concatenate([raw.substrate_matrix, raw.substrate_matrix])
    return ours, theirs, np.concatenate([source, source])


def _representatives(classes: IntArray, area: FloatArray, angles: FloatArray) -> IntArray:
    """Return for each class its smallest cell, turned least."""
    size = np.abs(np.round(angles, 6))
    order = np.lexsort((-np.sign(angles), size, np.round(area, 6), classes))
    _, first = np.unique(classes[order], return_index=True)
    return order[first]


def _multiplicities(classes: IntArray, raw: RawMatches, source: IntArray) -> IntArray:
    """Return for each class the number of its pairs of superlattices."""
    if not len(classes):
        return np.zeros(0, dtype=np.int64)
    span = int(raw.substrate_point.max()) + 1
    pair = raw.film_point[source] * span + raw.substrate_point[source]
    order = np.lexsort((pair, classes))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(classes[order]) != 0) | (np.diff(pair[order]) != 0)
    return np.bincount(classes[order][fresh])
