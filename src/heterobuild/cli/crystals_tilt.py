"""``heterobuild crystals tilt``: a perovskite in any of Glazer's tilt systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from heterobuild.cli.crystal_output import file_options, tell_files, write_crystal
from heterobuild.cli.screen import print_lines

if TYPE_CHECKING:
    from heterobuild.model import Crystal


@click.command()
@click.argument("name")
@click.option(
    "--glazer",
    default="a-b+a-",
    show_default=True,
    metavar="SYMBOL",
    help='Tilt system along the three pseudo-cubic axes, such as "a0a0c+".',
)
@click.option(
    "--angles",
    nargs=3,
    type=float,
    metavar="A B C",
    help="Tilt about each axis in degrees. [default: measured or estimated ones of the compound]",
)
@click.option(
    "--bond",
    type=click.FloatRange(min=0, min_open=True),
    help="Mean B–X length in Å. [default: measured or estimated]",
)
@file_options
def tilt(
    name: str,
    *,
    glazer: str,
    angles: tuple[float, float, float] | None,
    bond: float | None,
    formats: tuple[str, ...],
    output: str,
    force: bool,
) -> None:
    """Tilt the octahedra of a perovskite as wanted, and write its conventional cell.

    NAME is a crystal of the library or any ABX3 formula. Of a measured phase the B–X length is
    kept, and the angles, where none are given.
    """
    from heterobuild.cli.portrait import portrait, portrait_lines

    crystal = _tilted(name, glazer, angles, bond)
    print_lines(portrait_lines(portrait(crystal)))
    files = write_crystal(crystal, formats, output, force=force)
    tell_files(crystal, files, output)


def _tilted(
    name: str, glazer: str, angles: tuple[float, float, float] | None, bond: float | None
) -> Crystal:
    """Build the tilted crystal of a name."""
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.compounds import load_crystal
    from heterobuild.errors import UsageError
    from heterobuild.prototypes.abx3 import tilted_perovskite
    from heterobuild.tilts.angles import mean_bond_length, tilt_angles

    crystal = load_crystal(name)
    compound = parse_compound(crystal.formula)
    if compound.prototype != "abx3" or compound.mixed:
        raise UsageError(
            f"{crystal.name} is no pure perovskite ABX3",
            where="NAME",
            next_step="tilt an end member, such as CsPbBr3",
        )
    if angles is None:
        angles = tilt_angles(crystal).angles
    ions = (compound.on(site).parent for site in ("A", "B", "X"))
    return tilted_perovskite(
        *ions,
        system=glazer,
        angles=angles,
        length=2 * (bond or mean_bond_length(crystal)),
    )
