"""The smallest superlattice of a reference surface on which several other surfaces fit at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from heterobuild.geometry.lattice_plane import reduce_plane
from heterobuild.matching.intersections import (
    MOST_LATTICES,
    Lattices,
    intersect,
    lattice_forms,
)
from heterobuild.matching.pareto import SAME_AREA, SAME_STRAIN, front_of
from heterobuild.matching.placements import placed_match, placements
from heterobuild.matching.surfaces import surface_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.matching.limits import MatchLimits
    from heterobuild.matching.placements import Placements
    from heterobuild.matching.surfaces import Side, Surface
    from heterobuild.model import Match


@dataclass(frozen=True, kw_only=True, eq=False)
class CommonCell:
    """One cell that a reference surface shares with several other surfaces.

    Parameters
    ----------
    reference : (2, 2) int array
        Rows are the common cell's vectors in surface vectors of the reference.
    films : (n, 2, 2) int array
        The same in surface vectors of each other surface.
    matches : tuple of Match
        How each of them fits on the reference, in a cell of its own that the common cell
        repeats; n of them.
    area : float
        Area of the unstrained superlattice of the reference in Å².
    log_strain : float
        Largest absolute principal logarithmic strain of all matches.
    """

    reference: IntArray
    films: IntArray
    matches: tuple[Match, ...]
    area: float
    log_strain: float


def single_cell(match: Match) -> CommonCell:
    """Return the common cell of two surfaces as one match has it.

    Parameters
    ----------
    match : Match
        The match of a film on the reference.

    Returns
    -------
    CommonCell
        The cell of the match, in its own setting.
    """
    return CommonCell(
        reference=match.substrate,
        films=match.film[None],
        matches=(match,),
        area=match.area,
        log_strain=match.log_strain,
    )


def common_cells(
    films: Sequence[Side], reference: Side, limits: MatchLimits
) -> tuple[CommonCell, ...]:
    """Find the common cells of several surfaces on one reference.

    Each film is matched to the reference. Its coincidence lattice is a superlattice of the
    reference, and a cell that all share is the intersection of one superlattice a film; so every
    common cell within the limits is found. Matches that a rotation of the reference surface
    turns into one another are different here, because they meet the other films differently.

    Parameters
    ----------
    films : sequence of Slab, (Crystal, face) or (2, 2) float array
        The surfaces, see `find_matches`; there may be none.
    reference : Slab, (Crystal, face) or (2, 2) float array
        The surface that the others are matched to.
    limits : MatchLimits
        Largest strain of each film on the reference and largest common cell. The window of
        rotation and the orientation relation hold for every film.

    Returns
    -------
    tuple of CommonCell
        Of each superlattice of the reference the least strained combination; first the Pareto
        front of strain against area, then the rest, each by area and strain. Empty where
        nothing fits.

    Raises
    ------
    UsageError
        If a surface or a limit cannot be used, see `find_matches`.

    Examples
    --------
    >>> from heterobuild.matching import MatchLimits
    >>> base, double, triple = np.eye(2) * 5, np.diag([10.0, 5.0]), np.diag([15.0, 5.0])
    >>> best = common_cells([double, triple], base, MatchLimits(max_strain=0.01, max_area=200))[0]
    >>> best.area, best.reference.tolist()
    (150.0, [[1, 0], [0, 6]])
    """
    below = surface_of(reference, "reference")
    surfaces = [surface_of(film, "film") for film in films]
    placed = [placements(surface, below, limits) for surface in surfaces]
    return cells_of(placed, surfaces, below, limits, most_area=limits.max_area)


def cells_of(
    placed: Sequence[Placements],
    films: Sequence[Surface],
    reference: Surface,
    limits: MatchLimits,
    *,
    most_area: float,
) -> tuple[CommonCell, ...]:
    """Intersect the superlattices of all films.

    Parameters
    ----------
    placed : sequence of Placements
        Where each film fits on the reference.
    films : sequence of Surface
        The films.
    reference : Surface
        The reference.
    limits : MatchLimits
        Its `max_atoms` holds for all surfaces together.
    most_area : float
        Largest area in Å² of the common cell.

    Returns
    -------
    tuple of CommonCell
        In the order of `common_cells`.
    """
    most = int(most_area / reference.area * (1 + 1e-9))
    lattices = Lattices.of_reference()
    for places in placed:
        if not len(lattices) or not len(places):
            return ()
        strains = np.array([places.matches[index].log_strain for index in places.match])
        lattices = intersect(lattices, places.forms, strains, most=most)
    found = [
        _cell(
            form, [placed_match(placed[k], j, reference) for k, j in enumerate(chosen)], reference
        )
        for form, chosen in zip(lattices.forms[:MOST_LATTICES], lattices.chosen, strict=False)
    ]
    found = _distinct(found, reference)
    if limits.max_atoms is not None:
        found = [cell for cell in found if _atoms(cell, films, reference) <= limits.max_atoms]
    return _ranked(found)


def _cell(form: IntArray, matches: Sequence[Match], reference: Surface) -> CommonCell:
    """Return the common cell of a superlattice of the reference, in its shortest vectors."""
    rows = np.array([[form[0], form[1]], [0, form[2]]])
    rows = reduce_plane(rows @ reference.cell) @ rows
    films = [np.rint(rows @ np.linalg.solve(match.substrate, match.film)) for match in matches]
    return CommonCell(
        reference=rows,
        films=np.array(films, dtype=np.int64).reshape(-1, 2, 2),
        matches=tuple(matches),
        area=float(form[0] * form[2]) * reference.area,
        log_strain=max((match.log_strain for match in matches), default=0.0),
    )


def _distinct(cells: Sequence[CommonCell], reference: Surface) -> list[CommonCell]:
    """Keep one of the cells that a rotation of the reference surface turns into one another."""
    kept: dict[tuple[object, ...], CommonCell] = {}
    for cell in cells:
        forms = lattice_forms(cell.reference @ reference.turns)
        strains = [round(match.log_strain / SAME_STRAIN) for match in cell.matches]
        kept.setdefault((*min(map(tuple, forms.tolist())), *strains), cell)
    return list(kept.values())


def _atoms(cell: CommonCell, films: Sequence[Surface], reference: Surface) -> int:
    """Return the number of atoms of all slabs in a common cell."""
    matrices = [cell.reference, *cell.films]
    surfaces = [reference, *films]
    return sum(
        round(abs(float(np.linalg.det(matrix)))) * (surface.atoms or 0)
        for matrix, surface in zip(matrices, surfaces, strict=True)
    )


def _ranked(cells: Sequence[CommonCell]) -> tuple[CommonCell, ...]:
    """Return the Pareto front first, then the rest, each by area and strain."""
    front = cell_front(cells)
    area, strain = _steps(cells)
    order = np.lexsort((strain, area)).tolist()
    rest = [place for place in order if place not in set(front)]
    return tuple(cells[place] for place in (*front, *rest))


def cell_front(cells: Sequence[CommonCell]) -> list[int]:
    """Return which common cells no other beats in both area and strain.

    Parameters
    ----------
    cells : sequence of CommonCell
        Common cells in any order.

    Returns
    -------
    list of int
        Their places, growing area, falling strain.
    """
    places: list[int] = front_of(*_steps(cells)).tolist()
    return places


def _steps(cells: Sequence[CommonCell]) -> tuple[IntArray, IntArray]:
    """Return area and strain in steps within which they count as equal."""
    values: FloatArray = np.array([(cell.area, cell.log_strain) for cell in cells]).reshape(-1, 2)
    area, strain = np.rint(values / [SAME_AREA, SAME_STRAIN]).astype(np.int64).T
    return area, strain
