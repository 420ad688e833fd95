"""``heterobuild crystals``: list, show and export what the library holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from heterobuild.cli.screen import complain, print_json, print_lines, table

if TYPE_CHECKING:
    from heterobuild.crystals.library import CrystalEntry
    from heterobuild.model import Crystal, Heterostructure


@click.group()
def crystals() -> None:
    """List, show and export the crystals of the library."""


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
        "atoms" if entry.has_atoms else "cell only",
        entry.confidence,
    )


@crystals.command()
@click.argument("name")
@click.option("--miller", metavar="HKL", help='List the terminations of a face, such as "0 0 1".')
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def show(name: str, miller: str | None, *, as_json: bool) -> None:
    """Show what is known of a crystal: cell, source, trust, density, bonds, band edges."""
    from heterobuild.cli.portrait import portrait, portrait_lines
    from heterobuild.compounds import load_crystal

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
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT",
    help="Format to write: cif, poscar, lammps or extxyz; may be repeated. [default: cif]",
)
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder for the files.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
def export(name: str, formats: tuple[str, ...], output: str, *, force: bool) -> None:
    """Write the conventional cell of a crystal."""
    from heterobuild.compounds import load_crystal
    from heterobuild.exporters.formats import ExportOptions, find_exporter, suffix
    from heterobuild.exporters.output_folder import staged

    crystal = load_crystal(name)
    built = _as_structure(crystal)
    exports = {
        f"{built.name}.{suffix(entry)}": find_exporter(entry)(built, ExportOptions())
        for entry in formats or ("cif",)
    }
    with staged(output, tuple(exports), force=force) as staging:
        for file, content in exports.items():
            (staging / file).write_bytes(b"".join(content.chunks))
    print_lines(f"{output}/{file}" for file in exports)
    for notice in crystal.notices:
        complain(f"note: {notice}")


def _as_structure(crystal: Crystal) -> Heterostructure:
    """Return the conventional cell as a structure of one region, for the exporters."""
    import re

    import numpy as np

    from heterobuild import labels
    from heterobuild.model import Heterostructure, Region

    atoms = crystal.require_atoms().copy()
    for name in (labels.REGION, labels.LAYER):
        atoms.arrays[name] = np.ones(len(atoms), dtype=np.int64)
    region = Region(
        code=1,
        name="bulk",
        crystal=crystal.name,
        formula=crystal.formula,
        cell=crystal.cell,
        strain=np.zeros((3, 3)),
    )
    return Heterostructure(
        name=re.sub(r"[^A-Za-z0-9._+-]+", "-", crystal.name).strip("-."),
        atoms=atoms,
        regions=(region,),
        molecules=crystal.molecules,
        notices=crystal.notices,
    )
