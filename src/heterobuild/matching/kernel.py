"""The batched search: a neighbour search of superlattices in the upper half-plane.

Two superlattices with complex numbers τ, τ' and half log areas s, s' map onto one another with
the principal logarithmic strains h ± d/2, where h = s' − s and d is the hyperbolic distance of τ
and τ'. A search for all maps within a strain is therefore a search for neighbours; the only care
is that a film basis near an edge of the fundamental domain also fits substrates across it, so
the film enters with all its images near the domain.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.images import images_near_domain
from heterobuild.matching.neighbours import neighbours
from heterobuild.matching.superlattices import lattice_points, whole_matrices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.superlattices import LatticePoints

ROUNDING = 1e-9
"""Strains above the limit by less than this still count: a limit of 0.05 includes 0.05."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RawMatches:
    """All pairs of superlattices that fit, one entry a map, maps that differ by −1 once.

    Parameters
    ----------
    film, substrate : (k,) int array
        Surfaces of the pair.
    film_matrix, substrate_matrix : (k, 2, 2) int array
        Vectors of the common cell in surface vectors; the substrate's basis is reduced.
    log_strain : (k,) float array
        Larger absolute principal logarithmic strain.
    film_area, area : (k,) float array
        Unstrained areas of the film and the substrate supercell in Å².
    film_point, substrate_point : (k,) int array
        Serial numbers of the superlattices, for counting pairs.
    """

    film: IntArray
    substrate: IntArray
    film_matrix: IntArray
    substrate_matrix: IntArray
    log_strain: FloatArray
    film_area: FloatArray
    area: FloatArray
    film_point: IntArray
    substrate_point: IntArray

    def take(self, index: IntArray) -> RawMatches:
        """Return some of the pairs.

        Parameters
        ----------
        index : (m,) int array
            Which ones.

        Returns
        -------
        RawMatches
            The chosen pairs.
        """
        return RawMatches(
            **{entry.name: getattr(self, entry.name)[index] for entry in fields(self)}
        )


def join_surfaces(
    films: Sequence[FloatArray], substrates: Sequence[FloatArray], limits: MatchLimits
) -> RawMatches:
    """Find all common cells of all films with all substrates.

    Parameters
    ----------
    films, substrates : sequence of (2, 2) float array
        Surface cells in Å, row vectors, right-handed.
    limits : MatchLimits
        Only `max_strain` and `max_area` are used here.

    Returns
    -------
    RawMatches
        Every pair of superlattices and every proper map between them within the limits.

    Examples
    --------
    >>> from heterobuild.matching.limits import MatchLimits
    >>> raw = join_surfaces([5.874 * np.eye(2)], [5.68 * np.eye(2)], MatchLimits(max_area=40))
    >>> len(raw.film), raw.log_strain.round(4).tolist()
    (2, [0.0336, 0.0336])
    """
    points = lattice_points([*films, *substrates], limits.max_area)
    start = np.searchsorted(points.surface, len(films))
    below = points.take(slice(start, None))
    below.surface[:] -= len(films)
    return _join(points.take(slice(start)), below, films, substrates, limits.max_strain)


def join_range(
    film: FloatArray, substrate: FloatArray, limits: MatchLimits, above: float, up_to: float
) -> RawMatches:
    """Find the common cells of one pair in a range of substrate areas.

    Parameters
    ----------
    film, substrate : (2, 2) float array
        Surface cells in Å, row vectors, right-handed.
    limits : MatchLimits
        Only `max_strain` and `max_area` are used here.
    above, up_to : float
        The range of the substrate's area in Å².

    Returns
    -------
    RawMatches
        As `join_surfaces`.
    """
    below = lattice_points([substrate], up_to, above=above)
    slack = np.exp(2 * (limits.max_strain + ROUNDING)) * (1 + 1e-9)
    most = min(limits.max_area, up_to * slack)
    points = lattice_points([film], most, above=above / slack)
    return _join(points, below, [film], [substrate], limits.max_strain)


def _join(
    above: LatticePoints,
    below: LatticePoints,
    films: Sequence[FloatArray],
    substrates: Sequence[FloatArray],
    max_strain: float,
) -> RawMatches:
    strain = max_strain + ROUNDING
    images, source = images_near_domain(above, 2 * strain)
    i, j, found = neighbours(images, below, strain)
    return RawMatches(
        film=images.surface[i],
        substrate=below.surface[j],
        film_matrix=whole_matrices(images, films)[i],
        substrate_matrix=whole_matrices(below, substrates)[j],
        log_strain=found,
        film_area=np.exp(2 * images.size[i]),
        area=np.exp(2 * below.size[j]),
        film_point=source[i],
        substrate_point=j,
    )
