"""``heterobuild mismatch``: say whether one crystal fits on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from heterobuild.cli.screen import complain, print_json, print_lines

if TYPE_CHECKING:
    from heterobuild.screening.mismatch import Faces


@click.command()
@click.argument("film", metavar="FILM")
@click.argument("substrate", metavar="SUBSTRATE")
@click.option(
    "--film-face", metavar="HKL", help="Face of the film. [default: 001 of the pseudo-cubic axes]"
)
@click.option(
    "--substrate-face",
    metavar="HKL",
    help="Face of the substrate. [default: 001 of the pseudo-cubic axes]",
)
@click.option("--all-faces", is_flag=True, help="Compare all faces with indices up to 1.")
@click.option(
    "--temperature", type=float, metavar="K", help="Show the misfit at this temperature too."
)
@click.option(
    "--max-area",
    type=float,
    default=200.0,
    show_default=True,
    metavar="AREA",
    help="Largest common cell in Å².",
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def mismatch(
    film: str,
    substrate: str,
    *,
    film_face: str | None,
    substrate_face: str | None,
    all_faces: bool,
    temperature: float | None,
    max_area: float,
    as_json: bool,
) -> None:
    """Say whether FILM fits on SUBSTRATE: misfit, strained side, band alignment.

    FILM and SUBSTRATE are names such as CsPbBr3 or structure files. A face is written as 001,
    or as 001pc along the pseudo-cubic axes. Misfits are (film − substrate) / substrate.
    """
    from heterobuild.cli.mismatch_text import mismatch_as_dict, mismatch_lines, other_phases
    from heterobuild.errors import UsageError
    from heterobuild.screening.mismatch import mismatch as compare

    if all_faces and (film_face or substrate_face):
        raise UsageError(
            "--all-faces takes no chosen face",
            next_step="leave out --film-face and --substrate-face, or --all-faces",
        )
    faces: Faces = "all" if all_faces else (film_face, substrate_face)
    found = compare(film, substrate, faces, temperature=temperature, max_area=max_area)
    if as_json:
        print_json(mismatch_as_dict(found))
        return
    print_lines(mismatch_lines(found))
    for notice in found.notices:
        if notice not in other_phases(found):
            complain(f"note: {notice}")
