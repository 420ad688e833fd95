"""Where one film fits on a reference surface, with the images of its matches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.matching.intersections import lattice_forms
from heterobuild.matching.orientation import wanted_rotations
from heterobuild.matching.pareto import SAME_STRAIN
from heterobuild.matching.search import find_matches

if TYPE_CHECKING:
    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.surfaces import Surface
    from heterobuild.model import Match


@dataclass(frozen=True, kw_only=True, eq=False)
class Placements:
    """Superlattices of a reference on which one film fits, each with its least strained match.

    Parameters
    ----------
    forms : (k, 3) int array
        The superlattices, see `heterobuild.matching.intersections.lattice_forms`.
    matches : tuple of Match
        Matches of the film on the reference.
    match, turn : (k,) int array
        Which match it is, and which rotation of the reference surface follows it.
    """

    forms: IntArray
    matches: tuple[Match, ...]
    match: IntArray
    turn: IntArray

    def __len__(self) -> int:
        """Return the number of superlattices."""
        return len(self.forms)


def placements(film: Surface, reference: Surface, limits: MatchLimits) -> Placements:
    """Return the least strained match of each superlattice of the reference.

    Parameters
    ----------
    film, reference : Surface
        The surfaces.
    limits : MatchLimits
        The limits.

    Returns
    -------
    Placements
        Matches and their images under the rotations of the reference surface, no two on the
        same superlattice.
    """
    matches = find_matches(film, reference, limits)
    if not matches:
        none = np.zeros(0, dtype=np.int64)
        return Placements(forms=none.reshape(0, 3), matches=(), match=none, turn=none)
    cells = np.array([match.substrate for match in matches])
    count, turns = len(matches), reference.turns
    forms = lattice_forms((cells[:, None] @ turns).reshape(-1, 2, 2))
    angles = np.array([match.rotation for match in matches])[:, None] + _angles(reference)
    angles = _within_half_a_turn(angles).ravel()
    strains = np.rint([match.log_strain / SAME_STRAIN for match in matches]).astype(np.int64)
    strain = np.repeat(strains, len(turns))
    order = np.lexsort((np.abs(angles).round(6), strain, *forms.T))
    if limits.rotation is not None or limits.parallel is not None:
        order = order[wanted_rotations(angles[order], film, reference, limits)]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (forms[order[1:]] != forms[order[:-1]]).any(axis=1)
    match, turn = np.divmod(np.sort(order[fresh]), len(turns))
    return Placements(
        forms=forms.reshape(count, -1, 3)[match, turn], matches=matches, match=match, turn=turn
    )


def placed_match(places: Placements, number: int, reference: Surface) -> Match:
    """Return the match of one superlattice, turned by its rotation of the reference surface.

    Parameters
    ----------
    places : Placements
        Where a film fits.
    number : int
        Which superlattice.
    reference : Surface
        The reference.

    Returns
    -------
    Match
        The match on this superlattice.
    """
    match: Match = places.matches[int(places.match[number])]
    turn = int(places.turn[number])
    angle = match.rotation + _angles(reference)[turn]
    rotation = np.linalg.solve(reference.cell, reference.turns[turn] @ reference.cell)
    return replace(
        match,
        substrate=match.substrate @ reference.turns[turn],
        deformation=match.deformation @ rotation,
        rotation=float(_within_half_a_turn(angle)),
    )


def _angles(reference: Surface) -> FloatArray:
    """Return the angles in degrees of the rotations of a surface."""
    rotations = np.linalg.inv(reference.cell) @ reference.turns @ reference.cell
    angles: FloatArray = np.degrees(np.arctan2(rotations[:, 0, 1], rotations[:, 0, 0]))
    return angles


def _within_half_a_turn(angles: FloatArray) -> FloatArray:
    """Return angles in degrees above −180 and up to 180, without digits that are noise."""
    wrapped: FloatArray = np.round(angles - 360 * np.ceil(angles / 360 - 0.5 - 1e-9), 9) + 0.0
    return wrapped
