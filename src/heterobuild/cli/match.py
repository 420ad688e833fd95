"""``heterobuild match``: the common cells of two crystals, and on which faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.progress import spinner
from heterobuild.cli.screen import complain, print_json, print_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heterobuild.matching import MatchLimits
    from heterobuild.model import Crystal, Match

    FacePair = tuple[tuple[int, int, int], tuple[int, int, int]]

_HEAD = (
    "film",
    "substrate",
    "area Å²",
    "strain %",
    "along",
    "",
    "turn °",
    "film cell",
    "substrate cell",
)


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
@click.option("--rows", type=int, default=12, show_default=True, help="Matches to show.")
@click.option("--json", "as_json", is_flag=True, help="Print all matches as JSON.")
def match(
    film: str,
    substrate: str,
    *,
    film_face: str | None,
    substrate_face: str | None,
    max_index: int,
    max_strain: float,
    max_area: float,
    rows: int,
    as_json: bool,
) -> None:
    """List the common in-plane cells of FILM on SUBSTRATE.

    First those that no other beats in both area and strain, over all faces; then the smallest
    one of each other pair of faces. Strains are those of the film if it takes all the misfit.
    """
    from heterobuild.compounds import load_crystal
    from heterobuild.matching import MatchLimits

    limits = MatchLimits(max_strain=max_strain, max_area=max_area)
    crystals = load_crystal(film), load_crystal(substrate)
    pairs = _face_pairs(crystals, (film_face, substrate_face), max_index)
    count, found = _search(crystals, pairs, limits, keep_all=as_json)
    if as_json:
        print_json({"film": crystals[0].name, "substrate": crystals[1].name} | _as_dict(found))
    else:
        print_lines(_lines(crystals, count, found, pairs=len(pairs), limits=limits, rows=rows))
    for notice in dict.fromkeys(note for crystal in crystals for note in crystal.notices):
        complain(f"note: {notice}")


def _face_pairs(
    crystals: tuple[Crystal, Crystal], faces: tuple[str | None, str | None], max_index: int
) -> list[FacePair]:
    """Return the faces asked for, and all distinct ones where none is."""
    from heterobuild.screening.faces import distinct_faces
    from heterobuild.slabs import face_indices

    choices = [
        distinct_faces(crystal, max_index) if face is None else (face_indices(crystal, face),)
        for crystal, face in zip(crystals, faces, strict=True)
    ]
    return [(ours, theirs) for ours in choices[0] for theirs in choices[1]]


def _search(
    crystals: tuple[Crystal, Crystal],
    pairs: Sequence[FacePair],
    limits: MatchLimits,
    *,
    keep_all: bool,
) -> tuple[int, list[tuple[FacePair, Match]]]:
    """Return the number of matches, and all or the best of each pair of faces."""
    from heterobuild.matching import choose_match, pareto_front, stream_matches
    from heterobuild.matching.surfaces import surface_of
    from heterobuild.slabs import miller_label

    faces = [
        {face: surface_of((crystal, face)) for face in dict.fromkeys(pair[side] for pair in pairs)}
        for side, crystal in enumerate(crystals)
    ]
    count, found = 0, []
    with spinner() as say:
        for pair in pairs:
            name = f"matching {miller_label(pair[0])} on {miller_label(pair[1])}"
            stream = stream_matches(
                faces[0][pair[0]], faces[1][pair[1]], limits, progress=_saying(say, name)
            )
            best: list[Match] = []
            for entry in stream:
                count += 1
                best.append(entry)
                if not keep_all and len(best) > MOST_HELD:
                    best = list(pareto_front(best))
            kept = best if keep_all else pareto_front(best)
            found += [(pair, entry) for entry in kept]
    if not found:
        choose_match(faces[0][pairs[0][0]], faces[1][pairs[0][1]], limits)
    return count, found


def _saying(say: Callable[[str], None], name: str) -> Callable[[float], None]:
    """Return a function that tells how far a search is."""
    return lambda part: say(f"{name}, {part:.0%}")


def _chosen(found: list[tuple[FacePair, Match]]) -> tuple[list[int], list[int]]:
    """Return the Pareto front of all, and the smallest match of each pair of faces not on it."""
    from heterobuild.matching import pareto_indices

    size = [(round(entry.area, 4), round(entry.log_strain, 8)) for _, entry in found]
    front = pareto_indices([entry for _, entry in found])
    shown = {found[i][0] for i in front}
    rest: dict[FacePair, int] = {}
    for i in sorted(range(len(found)), key=size.__getitem__):
        if found[i][0] not in shown:
            rest.setdefault(found[i][0], i)
    return front, sorted(rest.values(), key=lambda i: size[i][::-1])


def _lines(
    crystals: tuple[Crystal, Crystal],
    count: int,
    found: list[tuple[FacePair, Match]],
    *,
    pairs: int,
    limits: MatchLimits,
    rows: int,
) -> list[str]:
    """Return the table."""
    front, rest = _chosen(found)
    chosen = [*front, *rest][: max(rows, 1)]
    cells = [_HEAD, *(_row(*found[i]) for i in chosen)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(_HEAD))]
    table = [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    names = " on ".join(crystal.name for crystal in crystals)
    most = f"strain up to {100 * limits.max_strain:g} %, area up to {limits.max_area:g} Å²"
    return [
        f"{names}: {count} matches on {pairs} pairs of faces, {most}",
        "",
        *table[: len(front) + 1],
        *([""] if len(chosen) > len(front) else []),
        *table[len(front) + 1 :],
    ]


def _row(pair: FacePair, entry: Match) -> tuple[str, ...]:
    """Return the cells of one match."""
    from heterobuild.slabs import miller_label

    larger, smaller = (f"{100 * strain:+.2f}".replace("-", "−") for strain in entry.strains)
    return (
        *(miller_label(face) for face in pair),
        f"{entry.area:.1f}",
        f"{100 * entry.log_strain:.2f}",
        larger,
        smaller,
        f"{entry.rotation:.2f}".replace("-", "−"),
        str(entry.film.tolist()),
        str(entry.substrate.tolist()),
    )


def _as_dict(found: list[tuple[FacePair, Match]]) -> dict[str, Any]:
    """Return all matches as plain data, those without a better one first."""
    front, _ = _chosen(found)
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
