"""All common cells of many surfaces at once, of which each pair keeps its best few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import UsageError
from heterobuild.geometry.strain import principal_strains
from heterobuild.matching.kernel import join_surfaces
from heterobuild.matching.pareto import on_front

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching import MatchLimits
    from heterobuild.matching.kernel import RawMatches

STRAIN_STEP = 1e-6
"""Logarithmic strains closer than this are equal; cells are known to 1e-4 at best."""

AREA_STEP = 1e-3
"""Areas in Å² closer than this are equal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PairMatches:
    """The best matches of pairs of surfaces, sorted by film, substrate and area.

    Parameters
    ----------
    film, substrate : (k,) int array
        Surfaces of the pair.
    film_matrix, substrate_matrix : (k, 2, 2) int array
        Rows are the common cell's vectors in surface vectors of either side.
    strains : (k, 2) float array
        Principal engineering strains of the film when it takes all the strain, larger first.
    log_strain : (k,) float array
        Larger absolute principal logarithmic strain.
    film_strain : (k, 2, 2) float array
        Logarithmic strain ln U of the film in the frame of its surface cell.
    rotation : (k,) float array
        Turn of the film about the normal in degrees, above −90 and up to 90, or in the window
        that was asked for.
    film_area, area : (k,) float array
        Unstrained areas of the film and the substrate supercell in Å².
    """

    film: IntArray
    substrate: IntArray
    film_matrix: IntArray
    substrate_matrix: IntArray
    strains: FloatArray
    log_strain: FloatArray
    film_strain: FloatArray
    rotation: FloatArray
    film_area: FloatArray
    area: FloatArray


def match_surfaces(films: FloatArray, substrates: FloatArray, limits: MatchLimits) -> PairMatches:
    """Match all films with all substrates; each pair keeps its Pareto front.

    A match stays if no other of its pair has a smaller cell and no more strain. The size of a
    cell is the larger one of the two unstrained areas. Of several with the same area and strain
    the one with the smallest rotation stays, then the counter-clockwise one.

    Parameters
    ----------
    films, substrates : (n, 2, 2) float array
        Surface cells in Å, row vectors, right-handed.
    limits : MatchLimits
        Largest strain, area and misfit angle, and the window of rotations; of a match and the
        same turned by 180°, which bare cells do not tell apart, the one in the window is given.

    Returns
    -------
    PairMatches
        The matches.

    Raises
    ------
    UsageError
        If a limit needs more than surface cells, see `require_bare_limits`.

    Examples
    --------
    >>> from heterobuild.matching import MatchLimits
    >>> found = match_surfaces(
    ...     5.874 * np.eye(2)[None], 5.68 * np.eye(2)[None], MatchLimits(max_area=40)
    ... )
    >>> found.strains.round(4).tolist(), found.film_matrix.tolist()
    ([[-0.033, -0.033]], [[[1, 0], [0, 1]]])
    """
    require_bare_limits(limits)
    raw = _wanted(join_surfaces(list(films), list(substrates), limits), films, substrates, limits)
    pair = raw.film * len(substrates) + raw.substrate
    size = np.rint(np.maximum(raw.area, raw.film_area) / AREA_STEP).astype(np.int64)
    strain = np.rint(raw.log_strain / STRAIN_STEP).astype(np.int64)
    kept = np.flatnonzero(on_front(pair, size, strain))
    ours, theirs = raw.film_matrix[kept], raw.substrate_matrix[kept]
    maps = np.linalg.solve(ours @ films[raw.film[kept]], theirs @ substrates[raw.substrate[kept]])
    turn = _rotations(maps)
    shown = _shown_rotations(turn, limits.rotation)
    over = np.abs(shown - turn) > 90
    ours[over] *= -1
    maps[over] *= -1
    turn = shown
    order = np.lexsort(
        (
            *theirs.reshape(-1, 4).T[::-1],
            *ours.reshape(-1, 4).T[::-1],
            -turn,
            np.abs(turn),
            size[kept],
            pair[kept],
        )
    )
    same = np.column_stack([pair[kept], size[kept]])[order]
    first = order[np.append(True, (same[1:] != same[:-1]).any(axis=1))] if len(order) else order
    chosen = kept[first]
    return PairMatches(
        film=raw.film[chosen],
        substrate=raw.substrate[chosen],
        film_matrix=ours[first],
        substrate_matrix=theirs[first],
        strains=principal_strains(maps[first]),
        log_strain=raw.log_strain[chosen],
        film_strain=_stretches(maps[first]),
        rotation=turn[first],
        film_area=raw.film_area[chosen],
        area=raw.area[chosen],
    )


def require_bare_limits(limits: MatchLimits) -> None:
    """Refuse limits that need more than the surface cells of a screen.

    Parameters
    ----------
    limits : MatchLimits
        The limits.

    Raises
    ------
    UsageError
        If the number of atoms, an orientation relation or a parity is limited.
    """
    for name, given, instead in (
        ("max_atoms", limits.max_atoms is not None, "limit max_area, or sort by atoms"),
        ("parallel", limits.parallel is not None, "use rotation, or match single pairs of faces"),
        ("parity", limits.parity != "any", "match single pairs of faces with this limit"),
    ):
        if given:
            raise UsageError(
                f"a screen compares surface cells and cannot keep to {name}",
                where="limits",
                measured=f"{name}={getattr(limits, name)}",
                allowed="max_strain, max_area, rotation, max_misfit_angle",
                next_step=f"leave {name} out; {instead}",
            )


def _wanted(
    raw: RawMatches, films: FloatArray, substrates: FloatArray, limits: MatchLimits
) -> RawMatches:
    """Keep the matches within the window of rotations and the misfit angle."""
    if limits.rotation is None and limits.max_misfit_angle is None:
        return raw
    ours = raw.film_matrix @ films[raw.film]
    maps = np.linalg.solve(ours, raw.substrate_matrix @ substrates[raw.substrate])
    kept = ~np.isnan(_shown_rotations(_rotations(maps), limits.rotation))
    if limits.max_misfit_angle is not None:
        large, small = 1 + principal_strains(maps).T
        kept &= 90 - 2 * np.degrees(np.arctan2(small, large)) <= limits.max_misfit_angle
    return raw.take(np.flatnonzero(kept))


def _shown_rotations(turn: FloatArray, window: tuple[float, float] | None) -> FloatArray:
    """Return each turn, or that by 180° more or less: the least one in the window, or NaN."""
    turns = np.round(turn[:, None] + np.array([0.0, -180.0, 180.0]), 4)
    if window is None:
        fine = (turns > -90) & (turns <= 90)
    else:
        fine = (turns >= window[0] - 1e-4) & (turns <= window[1] + 1e-4)
    best = np.where(fine, np.abs(turns), np.inf).argmin(axis=1)[:, None]
    found = np.take_along_axis(np.where(fine, turns, np.nan), best, axis=1)[:, 0]
    shown: FloatArray = found + 0.0
    return shown


def _stretches(maps: FloatArray) -> FloatArray:
    """Return ½ ln(G Gᵀ) of each map G = U R: the logarithm of U, in the film's frame."""
    values, vectors = np.linalg.eigh(maps @ maps.transpose(0, 2, 1))
    scaled = vectors * (np.log(values) / 2)[:, None, :]
    strains: FloatArray = scaled @ vectors.transpose(0, 2, 1)
    return strains


def _rotations(maps: FloatArray) -> FloatArray:
    """Return the turn of each map in degrees, rounded so that equal ones compare equal."""
    turn = np.arctan2(maps[:, 0, 1] - maps[:, 1, 0], maps[:, 0, 0] + maps[:, 1, 1])
    rounded: FloatArray = np.round(np.degrees(turn), 4) + 0.0
    return rounded
