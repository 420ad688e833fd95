"""``heterobuild crystals layered``: a layered phase built as wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from heterobuild.cli.crystal_options import MOLECULE_OPTION, file_options, molecules_of
from heterobuild.cli.crystal_output import tell_files, write_crystal
from heterobuild.cli.screen import print_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from heterobuild.model import Crystal

_NUMBERS = {
    "rotation": "Turn of the octahedra about the normal in degrees.",
    "tilt": "Turn of the octahedra about the second axis of the cell in degrees.",
    "length": "In-plane pseudo-cubic length in Å.",
    "gap": "Distance of facing planes of terminal halides in Å.",
    "spacer_tilt": "Tilt of the spacers from the normal in degrees.",
    "azimuth": "Direction in the plane in which spacers lean, in degrees.",
    "roll": "Turn of the spacers about their own axis in degrees.",
    "depth": "How far heads of spacers lie below the plane of terminal halides, in Å.",
}


def _number_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command one option for each number that may be chosen."""
    for name, text in reversed(_NUMBERS.items()):
        function = click.option(
            f"--{name.replace('_', '-')}", type=float, help=f"{text} [default: by the model]"
        )(function)
    return function


@click.command()
@click.argument("formula")
@_number_options
@click.option(
    "--offset",
    nargs=2,
    type=float,
    metavar="X Y",
    help="Shift of every second sheet in pseudo-cubic edges, such as 0.5 0. [default: 0.5 0.5 "
    "for Ruddlesden–Popper, 0 0 for Dion–Jacobson phases]",
)
@click.option(
    "--no-interdigitation",
    is_flag=True,
    help="Keep spacers of the two faces from reaching between one another.",
)
@click.option("--flip", is_flag=True, help="Lean the spacers to the other side of the normal.")
@MOLECULE_OPTION
@file_options
def layered(
    formula: str,
    *,
    offset: tuple[float, float] | None,
    no_interdigitation: bool,
    flip: bool,
    molecules: tuple[str, ...],
    formats: tuple[str, ...],
    output: str,
    force: bool,
    allow_failed_checks: bool,
    **numbers: float | None,
) -> None:
    """Build a Ruddlesden–Popper or Dion–Jacobson phase with sheets and spacers as wanted.

    FORMULA is one such as PEA2MAPb2I7 or "BA2MAn-1PbnI3n+1, n = 3". What is not given comes from
    measured phases and the model.
    """
    from heterobuild.cli.portrait import portrait, portrait_lines

    chosen = {name: value for name, value in numbers.items() if value is not None}
    with molecules_of(molecules):
        crystal = _built(
            formula,
            chosen | {"offset": offset, "interdigitation": not no_interdigitation, "flip": flip},
        )
        print_lines(portrait_lines(portrait(crystal)))
        files = write_crystal(
            crystal, formats, output, force=force, allow_failed_checks=allow_failed_checks
        )
    tell_files(crystal, files, output)


def _built(formula: str, chosen: dict[str, Any]) -> Crystal:
    """Build the crystal of a formula."""
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.layered import LayeredOptions, build_layered

    return build_layered(parse_compound(formula), options=LayeredOptions(**chosen))
