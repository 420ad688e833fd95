"""Find every common in-plane cell of two surfaces within limits: complete, never mirrored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.classes import class_of_maps
from heterobuild.matching.kernel import join_surfaces
from heterobuild.matching.limits import MatchLimits
from heterobuild.matching.maps import maps_between
from heterobuild.matching.orientation import has_even_vectors, wanted_rotations
from heterobuild.matching.ranking import Found, cell_counts, ranked_matches, turn_order
from heterobuild.matching.search_size import require_few_pairs
from heterobuild.matching.surfaces import surface_of

if TYPE_CHECKING:
    from heterobuild.arrays import BoolArray, IntArray
    from heterobuild.matching.kernel import RawMatches
    from heterobuild.matching.maps import Maps
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
        If a cell is singular, left-handed or not finite, a limit asks for what bare cells do
        not have, or the search would not fit into memory.

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
    require_few_pairs(len(raw.film))
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
    maps = _both_turns(raw, above, below, bounds)
    rotation = maps.rotation
    if bounds.rotation is not None or bounds.parallel is not None:
        kept = wanted_rotations(rotation, above, below, bounds).nonzero()[0]
        maps, rotation = maps.take(kept), rotation[kept]
    if not len(rotation):
        return ()
    if bounds.parity == "even":
        maps = maps.take(has_even_vectors(maps.film, maps.substrate, above, below).nonzero()[0])
        rotation = maps.rotation
        if not len(rotation):
            return ()
    names = class_of_maps(maps.film, maps.substrate, above.turns, below.turns)
    span = int(raw.substrate_point.max()) + 1
    pair = (raw.film_point * span + raw.substrate_point)[maps.source]
    # Of each class its smallest cell, turned least.
    order = np.lexsort((pair, turn_order(rotation, 1e-6), cell_counts(maps.substrate), names))
    fresh = _changes(names[order])
    first = order[fresh]
    found = Found(
        maps=maps.take(first),
        rotation=rotation[first],
        multiplicity=_multiplicities(fresh.cumsum() - 1, pair[order]),
    )
    return ranked_matches(found, above, below, bounds)


def _both_turns(raw: RawMatches, film: Surface, substrate: Surface, limits: MatchLimits) -> Maps:
    """Return the maps, and their turned ones by 180° where these may differ or be wanted."""
    maps = maps_between(raw.film_matrix, raw.substrate_matrix, film.cell, substrate.cell)
    either = film.has_half_turn or substrate.has_half_turn
    if either and limits.rotation is None and limits.parallel is None:
        # Within 10⁻⁹ degrees of a quarter turn there is nothing to choose.
        far = maps.alike.real < -1e-11 * np.abs(maps.alike.imag)
        return maps.turned(1 - 2 * far)
    return maps.take(np.tile(maps.source, 2)).turned(np.repeat([1, -1], len(raw.film)))


def _multiplicities(classes: IntArray, pair: IntArray) -> IntArray:
    """Return for each class the number of its pairs of superlattices."""
    span = int(pair.max()) + 1
    entries = classes * span + pair
    entries.sort()
    return np.bincount(entries[_changes(entries)] // span)


def _changes(values: IntArray) -> BoolArray:
    """Return where the first of equal values stands, which follow one another."""
    first = np.ones(len(values), dtype=bool)
    first[1:] = values[1:] != values[:-1]
    return first
