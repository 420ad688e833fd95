"""The table of ``heterobuild match``: the best matches, what its numbers are, what to do next."""

from __future__ import annotations

import math
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from heterobuild.cli.screen import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heterobuild.matching import MatchLimits
    from heterobuild.model import Crystal, Match
    from heterobuild.screening.alignment import Alignment

    FacePair = tuple[tuple[int, int, int], tuple[int, int, int]]
    Found = Sequence[tuple[FacePair, Match]]

HEADS = (
    ("film", "substrate", "area", "misfit", "film strained by", "turn", "film", "substrate"),
    ("face", "face", "Å²", "log. %", "eng. %", "°", "cell", "cell"),
)

LEGEND = (
    "log.: largest |ln σ| of either side, as --max-strain; "
    "eng.: σ − 1 of the film if it alone strains"
)
"""What the two strains are, σ the principal stretches of the film."""


def match_lines(
    crystals: tuple[Crystal, Crystal],
    named: tuple[str, str],
    found: Found,
    counts: tuple[int, int, int],
    limits: MatchLimits,
) -> list[str]:
    """Return the table of the best matches as lines of up to 100 columns.

    Parameters
    ----------
    crystals : tuple of Crystal
        Film and substrate.
    named : tuple of str
        What the user called them.
    found : sequence of (faces, Match)
        The best matches of each pair of faces.
    counts : tuple of int
        Number of all matches, of pairs of faces, and of rows to show at most.
    limits : MatchLimits
        The limits of the search.

    Returns
    -------
    list of str
        Heading, rows, legend, band alignment, and the command that builds the first row.
    """
    from heterobuild.matching.miss_words import describe_limits
    from heterobuild.screening.alignment import align_bands

    front, rest = _chosen(found)
    chosen = [*front, *rest][: max(counts[2], 1)]
    lines = [f"  {line}" for line in table([*HEADS, *(_row(*found[i]) for i in chosen)])]
    best = len(HEADS) + min(len(front), len(chosen))
    names = " on ".join(crystal.name for crystal in crystals)
    return [
        f"{names}: {_number(counts[0], 'match', 'es')} on {_number(counts[1], 'pair')} of faces",
        f"within {describe_limits(limits)}",
        "",
        *lines[:best],
        *([""] if len(lines) > best else []),
        *lines[best:],
        "",
        LEGEND,
        *_shown(len(chosen), len(front), len(front) + len(rest), counts[0]),
        bands_line(align_bands(*crystals)),
        "the first row is built by",
        *build_command(crystals, named, *found[chosen[0]], limits),
    ]


def _chosen(found: Found) -> tuple[list[int], list[int]]:
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


def _row(pair: FacePair, entry: Match) -> tuple[str, ...]:
    """Return the cells of one match."""
    from heterobuild.slabs import miller_label

    larger, smaller = (f"{100 * strain:+.2f}".replace("-", "−") for strain in entry.strains)
    return (
        *(miller_label(face) for face in pair),
        f"{entry.area:.1f}",
        f"{100 * entry.log_strain:.2f}",
        f"{larger} and {smaller}",
        f"{entry.rotation:.2f}".replace("-", "−"),
        *("[{} {}; {} {}]".format(*cell.ravel()) for cell in (entry.film, entry.substrate)),
    )


def _shown(shown: int, front: int, offered: int, count: int) -> list[str]:
    """Say how many matches are shown of how many, and which."""
    if shown == count:
        return [f"{_number(count, 'match', 'es')} shown, all there are"]
    text = (
        f"{shown} of {count} matches shown: {min(front, shown)} that none beats in area and strain"
    )
    if shown > front:
        text += f", {shown - front} smallest of other faces"
    more = f"{offered - shown} more with --rows {offered}; " if offered > shown else ""
    return [text, f"  {more}all with --json"]


def bands_line(bands: Alignment) -> str:
    """Return the band alignment of two crystals in one line.

    Parameters
    ----------
    bands : Alignment
        What is known.

    Returns
    -------
    str
        Type and offsets of the free surfaces.
    """
    conduction, valence = bands.conduction_offset, bands.valence_offset
    if conduction is None or valence is None or bands.uncertainty is None:
        sides = (("film", bands.film), ("substrate", bands.substrate))
        known = [name for name, edges in sides if edges and None not in (edges.cbm, edges.vbm)]
        unknown = " and ".join(name for name, _ in sides if name not in known)
        return f"bands: alignment unknown, no tabulated band edges of the {unknown or 'pair'}"
    offsets = f"conduction {conduction:+.2f} eV, valence {valence:+.2f} eV".replace("-", "−")
    return f"bands: type {bands.kind}; film − substrate {offsets}, ± {bands.uncertainty:.2f} eV"


def build_command(
    crystals: tuple[Crystal, Crystal],
    named: tuple[str, str],
    pair: FacePair,
    entry: Match,
    limits: MatchLimits,
) -> list[str]:
    """Return the command that builds a match.

    Its limits are so tight that no other match is within them; where only the turn tells matches
    apart, the rotation is given too.

    Parameters
    ----------
    crystals : tuple of Crystal
        Film and substrate.
    named : tuple of str
        What the user called them.
    pair : tuple of Miller indices
        The faces.
    entry : Match
        The match.
    limits : MatchLimits
        The limits of the search.

    Returns
    -------
    list of str
        Lines for a shell.
    """
    from heterobuild.matching import MatchLimits, find_matches
    from heterobuild.matching.surfaces import surface_of

    tight = MatchLimits(
        max_strain=math.ceil(entry.log_strain * 1e5) / 1e5 or 1e-5,
        max_area=math.ceil(max(entry.area, entry.film_area) * 100) / 100,
        parity=limits.parity,
    )
    film, substrate = (surface_of(side) for side in zip(crystals, pair, strict=True))
    windowed = limits.rotation is not None or limits.parallel is not None
    if windowed or len(find_matches(film, substrate, tight)) > 1:
        low, high = math.floor(entry.rotation * 100) / 100, math.ceil(entry.rotation * 100) / 100
        tight = replace(tight, rotation=(low, high))
    return [
        " ".join(("  heterobuild build vertical", *map(shlex.quote, named), "\\")),
        f"    --film-miller {_face(pair[0])} --substrate-miller {_face(pair[1])} \\",
        f"    --max-strain {tight.max_strain:g} --max-area {tight.max_area:.10g}"
        + (" --parity even" if tight.parity == "even" else "")
        + (" --rotation={:g},{:g}".format(*tight.rotation) if tight.rotation else "")
        + " -o DIR",
    ]


def _number(count: int, noun: str, plural: str = "s") -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}{plural}"


def _face(face: tuple[int, int, int]) -> str:
    return '"{} {} {}"'.format(*face)
