"""How well one crystal fits on another: lattice, faces, bands, temperature."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal, TypeAlias

from heterobuild.chemistry.expansion import EXPANSION, FAR_APART
from heterobuild.crystals.cubes import cube_of
from heterobuild.errors import UsageError
from heterobuild.model import Crystal
from heterobuild.screening.alignment import align_bands
from heterobuild.screening.face_labels import face_label
from heterobuild.screening.face_misfits import MOST_EDGES, RULE, USUAL_AREA, face_misfit
from heterobuild.screening.faces import distinct_faces
from heterobuild.screening.measured_crystals import load_measured
from heterobuild.screening.thermal import thermal_misfit

if TYPE_CHECKING:
    from pathlib import Path

    from heterobuild.crystals.cubes import Cube
    from heterobuild.screening.alignment import Alignment
    from heterobuild.screening.face_misfits import FaceMisfit
    from heterobuild.screening.thermal import ThermalMisfit

    Faces: TypeAlias = tuple[object, object] | Literal["all"] | None

VERDICTS = {
    "fits": "fits",
    "coincidence": "fits only as a coincidence",
    "too large": "too large for epitaxy by the field's 5 % rule",
}

SHOWN = 2
"""Other pairs of faces that a verdict names."""

SMALLEST = 5e-5
"""Misfit that is shown as 0.00 %."""


@dataclass(frozen=True, kw_only=True)
class EdgeCoincidence:
    """A few edges of the film's cube on a few of the substrate's.

    Parameters
    ----------
    film, substrate : int
        Number of edges.
    misfit : float
        (film − substrate)/substrate of the two lengths, fraction.
    """

    film: int
    substrate: int
    misfit: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Mismatch:
    """How well a film fits on a substrate.

    Parameters
    ----------
    film, substrate : Crystal
        The crystals.
    film_cube, substrate_cube : Cube or None
        Edges to compare; None for crystals without a cube.
    cube_misfit : float or None
        (film − substrate)/substrate of the mean edges, fraction.
    coincidence : EdgeCoincidence or None
        Where the edges themselves do not fit, the smallest few that do.
    faces : tuple of FaceMisfit
        The misfit in the plane of each pair of faces, the best first.
    verdict : str
        Of the best pair of faces, in words; where the default faces do not fit, with those that
        do.
    strained : str
        Which side is compressed and which stretched, in words.
    alignment : Alignment
        Band alignment.
    thermal : ThermalMisfit
        How the misfit follows the temperature.
    notices : tuple of str
        What a careful user should know of the data.
    """

    film: Crystal
    substrate: Crystal
    film_cube: Cube | None
    substrate_cube: Cube | None
    cube_misfit: float | None
    coincidence: EdgeCoincidence | None
    faces: tuple[FaceMisfit, ...]
    verdict: str
    strained: str
    alignment: Alignment
    thermal: ThermalMisfit
    notices: tuple[str, ...]


def mismatch(
    film: Crystal | str | Path,
    substrate: Crystal | str | Path,
    faces: Faces = None,
    *,
    temperature: float | None = None,
    max_area: float = USUAL_AREA,
) -> Mismatch:
    """Compare two crystals: do they fit, how, and where do the carriers go.

    A misfit is (film − substrate)/substrate as a fraction, of lengths as measured.

    Parameters
    ----------
    film, substrate : Crystal, str or pathlib.Path
        Crystals, names of the library, or structure files. Cells are enough.
    faces : tuple or "all", optional
        Face of the film and face of the substrate as `heterobuild.slabs.face_indices` reads
        them, None standing for the default; or ``"all"``, every pair of faces with indices up to
        1. By default pseudo-cubic (001), or (001), of both.
    temperature : float, optional
        Temperature in K at which the misfit is wanted too.
    max_area : float, optional
        Largest common cell in Å²; the default 200 keeps to small coincidences.

    Returns
    -------
    Mismatch
        The comparison.

    Raises
    ------
    UsageError
        If a face, the temperature or the area cannot be used.
    UnknownNameError
        If no crystal has that name.
    StructureFileError
        If a file cannot be used.

    Examples
    --------
    >>> found = mismatch("CsPbBr3", "MAPbCl3")
    >>> found.verdict, round(100 * found.cube_misfit, 2), found.alignment.kind
    ('fits', 2.82, 'I')
    """
    ours, theirs = (
        side if isinstance(side, Crystal) else load_measured(side) for side in (film, substrate)
    )
    cubes = cube_of(ours), cube_of(theirs)
    found = [
        face_misfit(ours, theirs, *pair, max_area=max_area)
        for pair in _face_pairs(ours, theirs, faces)
    ]
    found.sort(key=_rank)
    thermal = thermal_misfit(ours, theirs, temperature)
    return Mismatch(
        film=ours,
        substrate=theirs,
        film_cube=cubes[0],
        substrate_cube=cubes[1],
        cube_misfit=None if None in cubes else _ratio(cubes, 1, 1),
        coincidence=_coincidence(cubes),
        faces=tuple(found),
        verdict=_verdict(ours, theirs, found[0], faces, max_area),
        strained=strained_sides(found[0].misfits),
        alignment=align_bands(ours, theirs),
        thermal=thermal,
        notices=_notices(ours, theirs, thermal),
    )


def strained_sides(misfits: tuple[float, float] | None) -> str:
    """Say which side is compressed and which stretched when the two share one cell.

    Parameters
    ----------
    misfits : tuple of float or None
        Principal misfits.

    Returns
    -------
    str
        One clause.

    Examples
    --------
    >>> strained_sides((0.034, 0.028))
    'the film is compressed, the substrate stretched'
    """
    if misfits is None:
        return "which side is strained is not known"
    signs = {0 if abs(misfit) < SMALLEST else 1 if misfit > 0 else -1 for misfit in misfits}
    if signs == {0}:
        return "neither is strained"
    if signs >= {1, -1}:
        return "the film is compressed along one direction and stretched along the other"
    if 1 in signs:
        return "the film is compressed, the substrate stretched"
    return "the film is stretched, the substrate compressed"


def _verdict(
    film: Crystal, substrate: Crystal, best: FaceMisfit, faces: Faces, max_area: float
) -> str:
    """Return the verdict; where nobody chose the faces, other faces are tried too."""
    if best.verdict != "too large" or faces == "all":
        return VERDICTS[best.verdict]
    if faces not in (None, (None, None)):
        return f"{VERDICTS['too large']}, on these faces"
    others = [
        face_misfit(film, substrate, *pair, max_area=max_area)
        for pair in _face_pairs(film, substrate, "all")
    ]
    others.sort(key=_rank)
    words = f"{_pair_label(film, substrate, best)} does not fit"
    kind = others[0].verdict
    if kind == "too large":
        return f"{VERDICTS[kind]}, on all faces with indices up to 1"
    alike = {face.misfits: face for face in others[::-1] if face.verdict == kind}
    fitting = list(alike.values())[::-1]
    shown = ", ".join(_pair_label(film, substrate, face) for face in fitting[:SHOWN])
    only = "" if kind == "fits" else " only as a coincidence"
    more = f" and {len(fitting) - SHOWN} more" if len(fitting) > SHOWN else ""
    return f"{words}; other faces do{only}: {shown}{more}, see --all-faces"


def _pair_label(film: Crystal, substrate: Crystal, pair: FaceMisfit) -> str:
    """Return the labels of two faces."""
    ours = face_label(film, pair.film_face)
    return f"{ours} on {face_label(substrate, pair.substrate_face)}"


def _face_pairs(film: Crystal, substrate: Crystal, faces: Faces) -> list[tuple[object, object]]:
    """Return the pairs of faces that are meant."""
    if faces is None:
        return [(None, None)]
    if faces == "all":
        pairs = list(product(distinct_faces(film), distinct_faces(substrate)))
        back = [tuple(tuple(-index for index in face) for face in pair) for pair in pairs]
        return [pair for i, pair in enumerate(pairs) if pair not in back[:i]]
    if len(faces) == 2:
        return [(faces[0], faces[1])]
    raise UsageError(
        "faces are a face of the film and a face of the substrate",
        measured=repr(faces),
        next_step='give ("001", "111"), "all", or nothing',
    )


def _rank(face: FaceMisfit) -> tuple[int, float]:
    """Order pairs of faces by verdict, then misfit; ties keep the usual order of faces."""
    misfit = 1.0 if face.misfits is None else abs(face.misfits[0])
    return (list(VERDICTS).index(face.verdict), round(misfit, 6))


def _ratio(cubes: tuple[Cube | None, Cube | None], film: int, substrate: int) -> float:
    """Return the misfit of so many edges on so many."""
    ours, theirs = (cube.mean for cube in cubes if cube is not None)
    return film * ours / (substrate * theirs) - 1


def _coincidence(cubes: tuple[Cube | None, Cube | None]) -> EdgeCoincidence | None:
    """Return the smallest whole numbers of edges that fit where one on one does not."""
    if None in cubes or abs(_ratio(cubes, 1, 1)) <= RULE:
        return None
    counts = product(range(1, MOST_EDGES + 1), repeat=2)
    for film, substrate in sorted(counts, key=lambda pair: (sum(pair), pair)):
        misfit = _ratio(cubes, film, substrate)
        if abs(misfit) <= RULE:
            return EdgeCoincidence(film=film, substrate=substrate, misfit=misfit)
    return None


def _notices(film: Crystal, substrate: Crystal, thermal: ThermalMisfit) -> tuple[str, ...]:
    """Collect what the data themselves say, and temperatures far apart."""
    notices = [*film.notices, *substrate.notices]
    first, second = film.temperature, substrate.temperature
    if thermal.factor is None and first and second and abs(first - second) >= FAR_APART:
        notices.append(
            f"the cells of {film.name} ({first:g} K) and {substrate.name} ({second:g} K) were "
            "measured at different temperatures; thermal expansion alone makes about "
            f"{100 * EXPANSION * abs(first - second):.1f} % of misfit"
        )
    return tuple(dict.fromkeys(notices))
