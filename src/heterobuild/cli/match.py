"""``heterobuild match``: the common cells of two crystals, and on which faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.progress import spinner
from heterobuild.cli.screen import complain, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.matching import MatchLimits
    from heterobuild.matching.surfaces import Surface
    from heterobuild.model import Crystal, Match

    FacePair = tuple[tuple[int, int, int], tuple[int, int, int]]

MOST_HELD = 99
"""Matches of one pair of faces that are held at once where only the best are shown."""


@click.command()
@click.argument("film", metavar="FILM")
@click.argument("substrate", metavar="SUBSTRATE")
@click.option("--film-face", metavar="HKL", help="Face of the film, such as 001 or 001pc.")
@click.option("--substrate-face", metavar="HKL", help="Face of the substrate.")
@click.option(
    "--max-index", type=int, default=1, show_default=True, help="Largest index of a face not given."
)
@click.option(
    "--max-strain", type=float, default=0.05, show_default=True, help="Largest strain, a fraction."
)
@click.option(
    "--max-area", type=float, default=400.0, show_default=True, help="Largest common cell in Å²."
)
@click.option(
    "--max-misfit-angle", type=float, help="Largest change of a right angle by strain, in degrees."
)
@click.option(
    "--rotation", metavar="LIST", help="Window of the film's turn in degrees, such as -5,5."
)
@click.option(
    "--parallel",
    metavar="LIST",
    help="Directions of film and substrate that shall be parallel, such as [[1,0,0],[1,1,0]]; "
    "faces without them are left out.",
)
@click.option(
    "--parity",
    type=click.Choice(["any", "even"]),
    default="any",
    show_default=True,
    help="Even: only cells that repeat alternating tilts.",
)
@click.option("--rows", type=int, default=12, show_default=True, help="Matches to show.")
@click.option("--json", "as_json", is_flag=True, help="Print all matches as JSON.")
def match(
    film: str,
    substrate: str,
    *,
    film_face: str | None,
    substrate_face: str | None,
    max_index: int,
    rows: int,
    as_json: bool,
    **given: Any,
) -> None:
    """List the common in-plane cells of FILM on SUBSTRATE.

    First those that no other beats in both area and strain, over all faces; then the smallest
    one of each other pair of faces. A number of atoms is a limit of slabs: see build --max-atoms.
    """
    from heterobuild.cli.match_table import match_lines
    from heterobuild.compounds import load_crystal

    limits = _limits(**given)
    crystals = load_crystal(film), load_crystal(substrate)
    pairs = _face_pairs(crystals, (film_face, substrate_face), max_index, limits)
    count, found = _search(crystals, pairs, limits, keep_all=as_json)
    if as_json:
        print_json({"film": crystals[0].name, "substrate": crystals[1].name} | _as_dict(found))
    else:
        named = (film, substrate)
        print_lines(match_lines(crystals, named, found, (count, len(pairs), rows), limits))
    for notice in dict.fromkeys(note for crystal in crystals for note in crystal.notices):
        complain(f"note: {notice}")


def _limits(*, rotation: str | None, parallel: str | None, **given: Any) -> MatchLimits:
    """Read lists as ``build`` does."""
    from heterobuild.cli.options import option_value
    from heterobuild.matching import MatchLimits

    lists = {"rotation": rotation, "parallel": parallel}
    for name, text in lists.items():
        if text is not None:
            given[name] = _tuples(option_value("vertical", ("build", "limits", name), text))
    return MatchLimits(**given)


def _tuples(value: Any) -> Any:
    """Return lists as tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _face_pairs(
    crystals: tuple[Crystal, Crystal],
    faces: tuple[str | None, str | None],
    max_index: int,
    limits: MatchLimits,
) -> list[FacePair]:
    """Return the faces asked for, and where none is, all distinct ones with the directions."""
    from heterobuild.screening.faces import distinct_faces
    from heterobuild.slabs import face_indices

    choices: list[tuple[tuple[int, int, int], ...]] = []
    for side, (crystal, face) in enumerate(zip(crystals, faces, strict=True)):
        if face is not None:
            choices.append((face_indices(crystal, face),))
            continue
        every = distinct_faces(crystal, max_index)
        axis = (0, 0, 0) if limits.parallel is None else limits.parallel[side]
        inside = tuple(
            hkl for hkl in every if not sum(h * u for h, u in zip(hkl, axis, strict=True))
        )
        choices.append(inside or every)
    return [(ours, theirs) for ours in choices[0] for theirs in choices[1]]


def _search(
    crystals: tuple[Crystal, Crystal],
    pairs: Sequence[FacePair],
    limits: MatchLimits,
    *,
    keep_all: bool,
) -> tuple[int, list[tuple[FacePair, Match]]]:
    """Return the number of matches, and all or the best of each pair of faces."""
    from heterobuild.matching import no_match, pareto_front, stream_matches
    from heterobuild.matching.surfaces import surface_of
    from heterobuild.slabs import miller_label

    faces: list[dict[Any, Surface]] = [
        {face: surface_of((crystal, face)) for face in dict.fromkeys(pair[side] for pair in pairs)}
        for side, crystal in enumerate(crystals)
    ]
    surfaces = [(faces[0][ours], faces[1][theirs]) for ours, theirs in pairs]
    names = [f"{miller_label(ours)} on {miller_label(theirs)}" for ours, theirs in pairs]
    count, found = 0, []
    with spinner() as say:
        for pair, sides, name in zip(pairs, surfaces, names, strict=True):
            best: list[Match] = []
            for entry in stream_matches(*sides, limits, progress=_saying(say, f"matching {name}")):
                count += 1
                best.append(entry)
                if not keep_all and len(best) > MOST_HELD:
                    best = list(pareto_front(best))
            kept = best if keep_all else pareto_front(best)
            found += [(pair, entry) for entry in kept]
        if not found:
            say("looking for the nearest misses")
            raise no_match(surfaces, limits, names)
    return count, found


def _saying(say: Callable[[str], None], name: str) -> Callable[[float], None]:
    """Return a function that tells how far a search is."""
    return lambda part: say(f"{name}, {part:.0%}")


def _as_dict(found: list[tuple[FacePair, Match]]) -> dict[str, Any]:
    """Return all matches as plain data, those without a better one first."""
    from heterobuild.matching import pareto_indices

    front = pareto_indices([entry for _, entry in found])
    best = set(front)
    rest = (i for i in range(len(found)) if i not in best)
    return {
        "matches": [
            {
                "film_face": list(found[i][0][0]),
                "substrate_face": list(found[i][0][1]),
                "pareto": i in best,
                "film": found[i][1].film.tolist(),
                "substrate": found[i][1].substrate.tolist(),
                "area_angstrom2": found[i][1].area,
                "film_area_angstrom2": found[i][1].film_area,
                "log_strain": found[i][1].log_strain,
                "strains": list(found[i][1].strains),
                "rotation_deg": found[i][1].rotation,
                "multiplicity": found[i][1].multiplicity,
            }
            for i in (*front, *rest)
        ]
    }
