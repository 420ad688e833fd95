"""Rows of the table of a screen: text with fixed numbers of digits, so that bytes compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from heterobuild.errors import StructureFileError
from heterobuild.screening.alignment import align_bands
from heterobuild.screening.face_stiffness import energy_densities
from heterobuild.screening.pairs import match_surfaces
from heterobuild.screening.specification import BLOCK
from heterobuild.screening.surfaces import UNKNOWN, lower_confidence, surfaces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heterobuild.arrays import FloatArray, IntArray
    from heterobuild.screening.pairs import PairMatches
    from heterobuild.screening.specification import ScreenSpec
    from heterobuild.screening.surfaces import Surfaces

COLUMNS = (
    "film",
    "film_face",
    "substrate",
    "substrate_face",
    "film_matrix",
    "substrate_matrix",
    "strain_1",
    "strain_2",
    "log_strain",
    "rotation_deg",
    "film_area_A2",
    "area_A2",
    "film_atoms_per_A",
    "substrate_atoms_per_A",
    "mismatch",
    "film_energy_meV_per_A3",
    "elastic_constants",
    "alignment",
    "confidence",
    "atoms_known",
)
"""Names of the columns, see the guide to screening."""

Row = tuple[str, ...]


def task_rows(spec: ScreenSpec, task: tuple[int, int], skipped: dict[str, str]) -> Iterator[Row]:
    """Yield the rows of one task: one film on a block of substrates.

    A crystal on itself is left out.

    Parameters
    ----------
    spec : ScreenSpec
        The screen.
    task : (int, int)
        Number of the film, and of the first substrate of the block.
    skipped : dict of str
        Materials that cannot be used, with the reason; this function adds to it.

    Yields
    ------
    tuple of str
        One value a column.
    """
    block = spec.substrates[task[1] : task[1] + BLOCK]
    film = next(_usable(spec, [task[0]], skipped, films=True), None)
    numbers = range(task[1], task[1] + len(block))
    others = [
        surfaces
        for surfaces in _usable(spec, numbers, skipped, films=False)
        if film is None or surfaces.name != film.name
    ]
    if film is None or not others:
        return
    cells = np.concatenate([surfaces.cells for surfaces in others])
    found = match_surfaces(film.cells, cells, spec.limits)
    yield from _rows(film, others, found)


def _usable(
    spec: ScreenSpec, numbers: Sequence[int], skipped: dict[str, str], *, films: bool
) -> Iterator[Surfaces]:
    """Yield the faces of those crystals that can be read."""
    for number in numbers:
        material = (spec.films if films else spec.substrates)[number]
        try:
            yield surfaces_of(material, spec.max_index)
        except StructureFileError as error:
            skipped[material.name] = str(error)


def _rows(film: Surfaces, others: Sequence[Surfaces], found: PairMatches) -> Iterator[Row]:
    """Yield matches as text, sorted by crystal, faces and area."""
    places = [(other, face) for other in others for face in other.faces]
    owner = np.repeat(np.arange(len(others)), [len(other.faces) for other in others])
    mismatch = _mismatch(found.strains)
    energy = energy_densities(film.stiffness, found.film, found.film_strain)
    facts = [_facts(film, other) for other in others]
    order = np.lexsort((found.area, found.substrate, found.film, owner[found.substrate]))
    for k in order.tolist():
        other, face = places[found.substrate[k]]
        alignment, confidence, atoms = facts[owner[found.substrate[k]]]
        yield (
            film.name,
            face_text(film.faces[found.film[k]]),
            other.name,
            face_text(face),
            _matrix_text(found.film_matrix[k]),
            _matrix_text(found.substrate_matrix[k]),
            _fixed(found.strains[k, 0], 6),
            _fixed(found.strains[k, 1], 6),
            _fixed(found.log_strain[k], 6),
            _fixed(found.rotation[k], 3),
            _fixed(found.film_area[k], 3),
            _fixed(found.area[k], 3),
            _atoms(film, float(found.film_area[k])),
            _atoms(other, float(found.area[k])),
            _fixed(mismatch[k], 6),
            _fixed(energy[k], 6),
            film.elastic_constants,
            alignment,
            confidence,
            atoms,
        )


def face_text(face: Sequence[int]) -> str:
    """Return Miller indices with blanks, which no spreadsheet takes for a number.

    Parameters
    ----------
    face : sequence of int
        Miller indices.

    Returns
    -------
    str
        Such as ``1 -1 0``.
    """
    return " ".join(str(index) for index in face)


def _facts(film: Surfaces, other: Surfaces) -> Row:
    """Return what holds for all matches of two crystals."""
    edges = film.has_band_edges and other.has_band_edges
    known = {(True, True): "both", (True, False): "film", (False, True): "substrate"}
    return (
        align_bands(film.crystal, other.crystal).kind if edges else UNKNOWN,
        lower_confidence(film.confidence, other.confidence),
        known.get((film.crystal.atoms is not None, other.crystal.atoms is not None), "none"),
    )


def _mismatch(strains: FloatArray) -> FloatArray:
    """Return (film − substrate) / substrate along the worse principal direction."""
    both = 1 / (1 + strains) - 1
    worse = np.argmax(np.abs(both) - 1e-9 * np.arange(2), axis=1)
    values: FloatArray = np.take_along_axis(both, worse[:, None], axis=1)[:, 0]
    return values


def _matrix_text(matrix: IntArray) -> str:
    (a, b), (c, d) = matrix.tolist()
    return f"{a} {b}; {c} {d}"


def _fixed(value: float, digits: int) -> str:
    return f"{round(float(value), digits) + 0.0:.{digits}f}"


def _atoms(surfaces: Surfaces, area: float) -> str:
    return "" if surfaces.density is None else _fixed(surfaces.density * area, 3)
