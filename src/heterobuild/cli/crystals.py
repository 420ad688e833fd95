"""``heterobuild crystals``: list, show and export what the library holds or formulas mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from heterobuild.cli.crystal_options import (
    MOLECULE_OPTION,
    file_options,
    molecules_of,
    parse_dopant,
    parse_repeat,
)
from heterobuild.cli.crystal_output import tell_files, write_crystal
from heterobuild.cli.crystals_layered import layered
from heterobuild.cli.crystals_tilt import tilt
from heterobuild.cli.screen import complain, print_json, print_lines, table

if TYPE_CHECKING:
    from heterobuild.crystals.library import CrystalEntry


@click.group()
def crystals() -> None:
    """List, show and export crystals: of the library, of your files, of any formula."""


@crystals.command("list")
@click.option("--family", help="Only this family, such as abx3.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(family: str | None, *, as_json: bool) -> None:
    """List the crystals: name, phase, temperature, and how far the data can be trusted."""
    from dataclasses import asdict

    from heterobuild.crystals import list_crystals

    entries = list_crystals(family)
    if as_json:
        print_json([asdict(entry) for entry in entries])
        return
    head = ("name", "formula", "phase", "family", "T in K", "stable", "holds", "confidence")
    print_lines(table([head, *map(_row, entries)]))


def _row(entry: CrystalEntry) -> tuple[str, ...]:
    """Return one line of the list."""
    return (
        entry.name,
        entry.formula,
        entry.phase,
        entry.family,
        "" if entry.temperature is None else f"{entry.temperature:g}",
        "yes" if entry.room_temperature else "",
        "atoms" if entry.has_atoms else "cell, atoms by model",
        entry.confidence,
    )


@crystals.command()
@click.argument("name")
@click.option("--miller", metavar="HKL", help='List the terminations of a face, such as "0 0 1".')
@MOLECULE_OPTION
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def show(name: str, miller: str | None, molecules: tuple[str, ...], *, as_json: bool) -> None:
    """Show what is known of a crystal: cell, source, trust, density, bonds, tilts, band edges.

    NAME is one of the library, the path of a structure file, or any formula: of a mixed compound
    such as "FA0.85Cs0.15Pb(Br0.4I0.6)3" the cell is mixed from its end members, of one that
    nobody measured it is estimated from radii.
    """
    from heterobuild.cli.portrait import portrait, portrait_lines
    from heterobuild.compounds import load_crystal

    with molecules_of(molecules):
        crystal = load_crystal(name)
        facts = portrait(crystal, miller)
    if as_json:
        print_json(facts)
        return
    print_lines(portrait_lines(facts))
    for notice in crystal.notices:
        complain(f"note: {notice}")


@crystals.command()
@click.argument("name")
@click.option(
    "--repeat",
    metavar="A,B,C",
    help="Copies of the conventional cell; of a mixed crystal the fewest that fit by default.",
)
@click.option(
    "--order",
    metavar="RULE",
    default="random",
    show_default=True,
    help='How ions are spread over mixed sites: random, sqs, rock-salt, "planes 001", "rows 100".',
)
@click.option(
    "--dope",
    metavar="ION=FRACTION",
    help="Dope the supercell, such as Bi=0.125: the share of the sites that the ion takes.",
)
@click.option(
    "--dope-site",
    type=click.Choice(["A", "B", "X"]),
    default="B",
    show_default=True,
    help="Sites of the dopant.",
)
@click.option(
    "--compensation",
    metavar="RULE",
    default="",
    help="What makes up for the charge of the dopant: vacancy-A, vacancy-B, vacancy-X or "
    "co-dopant:ION.",
)
@click.option(
    "--cations",
    type=click.Choice(["aligned", "dipole-cancelled", "random"]),
    default="aligned",
    show_default=True,
    help="How MA and FA are turned.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed.")
@MOLECULE_OPTION
@file_options
def export(
    name: str,
    *,
    repeat: str | None,
    order: str,
    dope: str | None,
    dope_site: str,
    compensation: str,
    cations: str,
    seed: int,
    molecules: tuple[str, ...],
    formats: tuple[str, ...],
    output: str,
    force: bool,
    allow_failed_checks: bool,
) -> None:
    """Write the conventional cell of a crystal, or a supercell of it.

    NAME is one of the library, the path of a structure file, or any formula.
    """
    from heterobuild.alloys.dopants import dope as doped
    from heterobuild.compounds import load_crystal
    from heterobuild.compounds.supercells import supercell

    copies = parse_repeat(repeat)
    with molecules_of(molecules):
        crystal = load_crystal(name, cations=cations, seed=seed)
        if dope is not None:
            dopant = parse_dopant(dope, dope_site, compensation)
            crystal = doped(crystal, dopant, repeat=copies, cations=cations, seed=seed)
        else:
            if order != "random" and not crystal.mixtures:
                complain(f"note: --order has no effect, {crystal.name} has no mixed sites")
            crystal = supercell(crystal, copies, rule=order, cations=cations, seed=seed)
        files = write_crystal(
            crystal, formats, output, force=force, allow_failed_checks=allow_failed_checks
        )
    tell_files(crystal, files, output)


crystals.add_command(tilt)
crystals.add_command(layered)
