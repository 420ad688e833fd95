"""``heterobuild crystals tilt``: a perovskite in any of Glazer's tilt systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from heterobuild.cli.crystal_options import file_options
from heterobuild.cli.crystal_output import tell_files, write_crystal
from heterobuild.cli.screen import complain, print_lines

if TYPE_CHECKING:
    from heterobuild.model import Compound, Crystal
    from heterobuild.tilts.angles import TiltAngles


@click.command()
@click.argument("name")
@click.option(
    "--glazer",
    metavar="SYMBOL",
    help='Tilt system along the three pseudo-cubic axes, such as "a0a0c+". [default: that of the '
    "compound]",
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
    glazer: str | None,
    angles: tuple[float, float, float] | None,
    bond: float | None,
    formats: tuple[str, ...],
    output: str,
    force: bool,
    allow_failed_checks: bool,
) -> None:
    """Tilt the octahedra of a perovskite as wanted, and write its conventional cell.

    NAME is a crystal of the library or any ABX3 formula. Of a measured phase the B–X length is
    kept, and the angles, where none are given.
    """
    from heterobuild.cli.portrait import portrait, portrait_lines

    crystal = _tilted(name, glazer, angles, bond)
    print_lines(portrait_lines(portrait(crystal)))
    files = write_crystal(
        crystal, formats, output, force=force, allow_failed_checks=allow_failed_checks
    )
    tell_files(crystal, files, output)


def _tilted(
    name: str,
    glazer: str | None,
    angles: tuple[float, float, float] | None,
    bond: float | None,
) -> Crystal:
    """Build the tilted crystal of a name."""
    from heterobuild.chemistry.compounds import parse_compound
    from heterobuild.compounds import load_crystal
    from heterobuild.errors import UsageError
    from heterobuild.prototypes.abx3 import tilted_perovskite
    from heterobuild.tilts.angles import mean_bond_length

    crystal = load_crystal(name)
    compound = parse_compound(crystal.formula)
    if compound.prototype != "abx3" or compound.mixed:
        raise UsageError(
            f"{crystal.name} is no pure perovskite ABX3",
            where="NAME",
            next_step="tilt an end member, such as CsPbBr3",
        )
    crystal, tilts = _network(crystal, compound)
    a, b, x = (compound.on(site).parent for site in ("A", "B", "X"))
    if angles is None:
        angles = tilts.angles if glazer in (None, tilts.symbol) else _estimated(a, b, x, glazer)
    system = glazer or tilts.symbol
    return tilted_perovskite(
        *(a, b, x),
        system=system,
        angles=angles,
        length=2 * (bond or mean_bond_length(crystal)),
    )


def _network(crystal: Crystal, compound: Compound) -> tuple[Crystal, TiltAngles]:
    """Return the crystal, or a perovskite of the same compound, with its tilts."""
    from heterobuild.compounds import load_crystal
    from heterobuild.errors import UsageError
    from heterobuild.tilts.angles import tilt_angles

    try:
        return crystal, tilt_angles(crystal)
    except UsageError:
        for phase in ("orthorhombic", "gamma", "tetragonal", "cubic"):
            try:
                other = load_crystal(f"{compound.formula}:{phase}")
                found = tilt_angles(other)
            except UsageError:
                continue
            complain(f"note: {crystal.name} is no perovskite; {other.name} is tilted")
            return other, found
        raise


def _estimated(a: str, b: str, x: str, glazer: str | None) -> tuple[float, float, float]:
    """Estimate the angles of another tilt system from the tolerance factor."""
    from heterobuild.errors import UsageError
    from heterobuild.tilts.trends import estimate_tilts

    try:
        first, second, third = estimate_tilts(a, b, x, glazer or "").angles
    except (UsageError, KeyError) as error:
        raise UsageError(
            f"no angles are known for the tilt system {glazer}",
            where="--angles",
            next_step="give the three angles, such as --angles 9 7 9",
        ) from error
    return first, second, third
